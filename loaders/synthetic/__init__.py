"""A synthetic world of listeners, of any size, the same for the same seed."""

from muse_graph.loaders.synthetic.world import END, world

__all__ = ["END", "world"]
