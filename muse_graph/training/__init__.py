"""Training: the graph read in streams, a model fitted, neighbours written back, the model published."""
