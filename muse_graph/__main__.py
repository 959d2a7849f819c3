"""`python -m muse_graph` is the command line."""

from muse_graph.cli import main

# The guard matters: workers of the server are started by importing this module again.
if __name__ == "__main__":
    main()
