"""Loaders: get, transform, load."""
