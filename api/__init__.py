"""The HTTP side."""

from muse_graph.api.app import create_app

__all__ = ["create_app"]
