"""Nearest users and items."""
