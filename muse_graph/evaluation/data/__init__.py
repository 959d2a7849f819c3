"""Data sets, their splits, and tables of what models may see."""
