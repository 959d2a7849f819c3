"""What stands between the network and the application: bodies, queues and time limits of requests."""

from muse_graph.api.front.front import Front

__all__ = ["Front"]
