"""The served model: several models and their weights."""
