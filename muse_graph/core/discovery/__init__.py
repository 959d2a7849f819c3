"""Genre discovery in a friend network."""
