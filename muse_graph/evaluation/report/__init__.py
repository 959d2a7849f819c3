"""Figures, plots and the text of docs/quality.md."""
