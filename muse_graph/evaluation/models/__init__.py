"""The models that an evaluation compares."""
