"""The closed-form item model (EASE) and the linear systems it solves."""
