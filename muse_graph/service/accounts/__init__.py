"""Accounts: who may sign in, and with which rights. They are kept in a file apart from the graph."""
