"""How far a figure could be off by the luck of the texts it was measured on: 95 % bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Draws of a bootstrap, and the quantiles between which 95 % of them lie.
DRAWS = 1_000
QUANTILES = (0.025, 0.975)

Interval = tuple[float, float]


def of_classes(gold: Sequence[str], said: Sequence[str | None], seed: int = 0) -> dict[str, Interval]:
    """Intervals of `macro_f1` and `accuracy` of answers; None is a wrong answer.

    Texts drawn with replacement fill the cells of the confusion matrix as a multinomial does, so the cells are drawn
    instead of the texts.
    """
    if not gold:
        return {"macro_f1": (0.0, 0.0), "accuracy": (0.0, 0.0)}
    labels = sorted(set(gold))
    place = {label: number for number, label in enumerate(labels)}
    other = len(labels)
    cells = np.zeros((other, other + 1))
    for true, answer in zip(gold, said, strict=True):
        cells[place[true], place.get(answer or "", other)] += 1
    drawn = np.random.default_rng(seed).multinomial(len(gold), cells.ravel() / len(gold), DRAWS)
    tables = drawn.reshape(DRAWS, *cells.shape)
    hit = np.diagonal(tables, axis1=1, axis2=2)
    true, told = tables.sum(axis=2), tables[:, :, :other].sum(axis=1)
    there = np.maximum((true > 0).sum(axis=1), 1)
    macro = (2 * hit / np.maximum(true + told, 1) * (true > 0)).sum(axis=1) / there
    return {"macro_f1": _between(macro), "accuracy": _between(hit.sum(axis=1) / len(gold))}


def of_retrieval(gold: Sequence[frozenset[str]], found: Sequence[frozenset[str]], seed: int = 0) -> Interval:
    """The interval of the F1 of sets of strings, texts drawn with replacement."""
    if not gold:
        return 0.0, 0.0
    counts = np.array([(len(g & f), len(g) + len(f)) for g, f in zip(gold, found, strict=True)])
    drawn = np.random.default_rng(seed).multinomial(len(gold), np.full(len(gold), 1 / len(gold)), DRAWS) @ counts
    return _between(2 * drawn[:, 0] / np.maximum(drawn[:, 1], 1))


def of_share(hits: Sequence[bool], seed: int = 0) -> Interval:
    """The interval of a share."""
    if not hits:
        return 0.0, 0.0
    return _between(np.random.default_rng(seed).binomial(len(hits), sum(hits) / len(hits), DRAWS) / len(hits))


def _between(draws: NDArray[Any]) -> Interval:
    low, high = np.quantile(draws, QUANTILES)
    return round(float(low), 4), round(float(high), 4)
