"""Matrix factorisation: alternating least squares and gradient descent."""
