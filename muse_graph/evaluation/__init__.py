"""How good the models are, by the protocols of `docs/quality.md`: data sets, splits, protocols, reports."""
