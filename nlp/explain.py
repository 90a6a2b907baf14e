"""Which words of a text moved a decision, in the writer's own spelling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.features import Floats, Occurrences
from nlp.linear import LinearModel
from nlp.prepare import Prepared

#: Words named per decision, and the share of the strongest one that a word must reach.
MOST = 5
LEAST_SHARE = 0.15


def moving_words(
    model: LinearModel,
    weights: Floats,
    margins: Floats,
    decided: NDArray[np.intp],
    found: Occurrences,
    strength: Floats,
    texts: Sequence[Prepared],
) -> list[tuple[str, ...]]:
    """Per text, up to five words that spoke most for the decided label, strongest first.

    Args:
        weights: features x columns of this model and one of zeros, over the features that `found` numbers.
        strength: value of each occurrence before weights.
        decided: number of the chosen label per text.
    """
    spoke_for, spoke_against = model.evidence(margins, decided)
    pull = weights[found.feature, spoke_for[found.row]] - weights[found.feature, spoke_against[found.row]]
    pull *= strength
    lengths = np.array([len(text.tokens) for text in texts], dtype=np.int64)
    ends = np.cumsum(lengths)
    starts = (ends - lengths)[found.row]
    total = int(lengths.sum())
    per_token = np.bincount(starts + found.first, pull / 2, total).astype(np.float64)
    per_token = per_token + np.bincount(starts + found.last, pull / 2, total)
    return [
        _strongest(text, per_token[end - length : end]) for text, length, end in zip(texts, lengths, ends, strict=True)
    ]


def _strongest(text: Prepared, pulls: NDArray[np.float64]) -> tuple[str, ...]:
    """The tokens that pull most, each spelling once."""
    chosen: dict[str, str] = {}
    for at in np.argsort(-pulls, kind="stable"):
        if len(chosen) == MOST or pulls[at] <= 0 or pulls[at] < LEAST_SHARE * pulls.max():
            break
        surface = text.tokens[at].surface
        chosen.setdefault(surface.lower(), surface)
    return tuple(chosen.values())
