"""Adam, the optimiser of the models that are trained by gradient descent."""

from __future__ import annotations

import numpy as np

from muse_graph.core.types import Float32Array, IntArray

__all__ = ["Adam"]

_MEAN_DECAY, _SQUARE_DECAY, _TINY = 0.9, 0.999, 1e-8


class Adam:
    """Parameters that learn, and the two running means that Adam keeps of their gradients.

    Attributes:
        values: the parameters, changed in place by each step

    Args:
        values: float32 of any shape
        learning_rate: > 0, length of a step
        l2: >= 0, adds this much of the parameters to their gradient
        weight_decay: >= 0, by how much of itself, times the learning rate, a parameter shrinks in a step

    References:
        Kingma and Ba, ICLR 2015; Loshchilov and Hutter, ICLR 2019 (the difference of l2 and weight decay)
    """

    def __init__(
        self, values: Float32Array, learning_rate: float, *, l2: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        self.values = values
        self._learning_rate, self._l2, self._weight_decay = learning_rate, l2, weight_decay
        self._mean, self._square = np.zeros_like(values), np.zeros_like(values)
        self._steps = 0

    def step(self, gradient: Float32Array, lr_scale: float = 1.0) -> None:
        """Move all parameters against their gradient, which is overwritten."""
        if self._l2:
            gradient += self._l2 * self.values
        self._mean += (1 - _MEAN_DECAY) * (gradient - self._mean)
        self._square += (1 - _SQUARE_DECAY) * (gradient**2 - self._square)
        self._move(slice(None), lr_scale)

    def step_rows(self, rows: IntArray, gradient: Float32Array, lr_scale: float = 1.0) -> None:
        """Move some rows, each given once, against their gradient; the others and their means stay."""
        if self._l2:
            gradient = gradient + np.float32(self._l2) * self.values[rows]
        mean_decay, square_decay = np.float32(_MEAN_DECAY), np.float32(_SQUARE_DECAY)
        self._mean[rows] = self._mean[rows] * mean_decay + gradient * np.float32(1 - _MEAN_DECAY)
        self._square[rows] = self._square[rows] * square_decay + gradient**2 * np.float32(1 - _SQUARE_DECAY)
        self._move(rows, lr_scale)

    def _move(self, rows: IntArray | slice, lr_scale: float) -> None:
        self._steps += 1
        rate = self._learning_rate * lr_scale
        unbiased = rate * np.sqrt(1 - _SQUARE_DECAY**self._steps) / (1 - _MEAN_DECAY**self._steps)
        move = np.float32(unbiased) * self._mean[rows] / (np.sqrt(self._square[rows]) + np.float32(_TINY))
        self.values[rows] = self.values[rows] * np.float32(1 - rate * self._weight_decay) - move
