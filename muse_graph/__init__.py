"""A social music recommender service on a graph database.

Importing this package touches no network, no file and no environment variable.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
