"""Tracks and genres for a listener, each with its reasons."""
