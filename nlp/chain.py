"""Learns the tags of words in a row together: the chain that is right against all others that could be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.kernels import Floats, Ints, Numbers
from tanggap.compiled import compiled

#: Passes over the texts; the weights after each of the later half are averaged.
PASSES = 8
#: Length of a step (AdaGrad, Duchi 2011), and what the squares of a weight's steps begin with.
STEP, BEGUN = 0.05, 0.01
#: Pull towards zero, felt by a weight whenever it is moved.
PULL = 0.002
#: Errors of a word that are too small to learn from.
SMALL = 1e-3
#: Logarithm of what cannot be.
NEVER = -1e9

Logs = NDArray[np.float64]


def fitted(lines: Ints, ends: Numbers, tags: Numbers, order: Numbers, rows: int) -> tuple[Floats, Floats]:
    """Weights (rows x 3 tags) and bias of a conditional random field (Lafferty 2001) without weights of transitions.

    Args:
        lines: words x templates: the rows of the weight table that speak for a word.
        ends: where the words of each text begin, and the last ends.
        tags: 0, 1 or 2 for each word; 2 never stands first or after 0.
        order: the texts to learn from, in the order in which they are read.
    """
    weights, bias = np.zeros((rows, 3), dtype=np.float32), np.zeros(3, dtype=np.float32)
    squares, of_bias = np.full_like(weights, BEGUN), np.full_like(bias, BEGUN)
    total, total_bias = np.zeros_like(weights), np.zeros_like(bias)
    for number in range(PASSES):
        _pass(lines, ends, tags, order, weights, bias, squares, of_bias)
        if 2 * number >= PASSES:
            total += weights
            total_bias += bias
    kept = PASSES // 2
    return (total / kept).astype(np.float32), (total_bias / kept).astype(np.float32)


@compiled
def _pass(
    lines: Ints,
    ends: Numbers,
    tags: Numbers,
    order: Numbers,
    weights: Floats,
    bias: Floats,
    squares: Floats,
    of_bias: Floats,
) -> None:
    """One step per word of every text, in place."""
    for text in order:
        first, last = ends[text], ends[text + 1]
        errors = _shares(_margins(lines, first, last, weights, bias))
        for at in range(last - first):
            errors[at, tags[first + at]] -= 1
            if np.abs(errors[at]).sum() < SMALL:
                continue
            for tag in range(3):
                error = errors[at, tag]
                of_bias[tag] += error * error
                bias[tag] -= STEP * error / np.sqrt(of_bias[tag])
                for line in lines[first + at]:
                    slope = error + PULL * weights[line, tag]
                    squares[line, tag] += slope * slope
                    weights[line, tag] -= STEP * slope / np.sqrt(squares[line, tag])


@compiled
def _margins(lines: Ints, first: int, last: int, weights: Floats, bias: Floats) -> Logs:
    """Words x tags: what speaks for each."""
    found = np.zeros((last - first, 3))
    for at in range(last - first):
        for tag in range(3):
            found[at, tag] = bias[tag]
            for line in lines[first + at]:
                found[at, tag] += weights[line, tag]
    return found


@compiled
def _shares(margins: Logs) -> Logs:
    """Words x tags: how likely each is among all chains in which 2 stands neither first nor after 0."""
    size = len(margins)
    before, after = np.zeros((size, 3)), np.zeros((size, 3))
    for at in range(size):
        place = NEVER
        free = 0.0
        if at:
            place = np.logaddexp(before[at - 1, 1], before[at - 1, 2])
            free = np.logaddexp(place, before[at - 1, 0])
        before[at] = margins[at]
        before[at, 0] += free
        before[at, 1] += free
        before[at, 2] += place
    for at in range(size - 2, -1, -1):
        onward = margins[at + 1] + after[at + 1]
        after[at, 0] = np.logaddexp(onward[0], onward[1])
        after[at, 1] = after[at, 2] = np.logaddexp(after[at, 0], onward[2])
    both = before + after
    for at in range(size):
        both[at] = np.exp(both[at] - np.max(both[at]))
        both[at] /= both[at].sum()
    return both
