"""Tracks, artists and genres by id and by text."""
