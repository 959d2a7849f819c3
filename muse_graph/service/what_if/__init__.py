"""What a listener would get if something were otherwise."""
