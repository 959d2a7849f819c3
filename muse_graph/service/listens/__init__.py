"""Listens as they come in, and what is derived from them."""
