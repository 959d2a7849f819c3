"""One module a source of data: each yields the canonical tables."""
