"""Models that learn from everybody's listening, behind one interface: `fit` gives one, and it can `score`."""
