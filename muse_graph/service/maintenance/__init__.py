"""Loading tables, checking and repairing the graph, health."""
