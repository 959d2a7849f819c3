"""One function per use case; each takes the graph first and answers with `muse_graph.answers`."""
