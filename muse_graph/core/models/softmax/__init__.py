"""A softmax over items, trained by gradient descent."""
