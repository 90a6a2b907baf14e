"""Which words of a text moved a decision, in the writer's own spelling."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlp.sheet import Sheet

#: Words named per decision, and the share of the strongest one that a word must reach.
MOST = 5
LEAST_SHARE = 0.15

Words = tuple[str, ...]
#: Models x tokens.
Pulls = NDArray[np.float64]


def strongest(pulls: Pulls, sheet: Sheet) -> list[list[Words]]:
    """Per model and text, up to five words that spoke most for the decision, strongest first, each spelling once.

    Args:
        pulls: models x tokens: how much each token spoke for the decision rather than against it.
    """
    texts, models = len(sheet.chunks), len(pulls)
    most = np.zeros((models, texts))
    starts = np.flatnonzero(sheet.token_at == 0)
    if len(starts):
        most[:, sheet.token_text[starts]] = np.maximum.reduceat(pulls, starts, axis=1)
    told = np.asarray(sheet.memory.spellings)[sheet.token] != sheet.memory.spelt.get("", -1)
    model, token = np.nonzero(told & (pulls > 0) & (pulls >= LEAST_SHARE * most[:, sheet.token_text]))
    decision = model * texts + sheet.token_text[token]
    rows = sheet.token[token[np.lexsort((-pulls[model, token], decision))]]
    surfaces = list(map(sheet.memory.surfaces.__getitem__, rows.tolist()))
    spellings = np.asarray(sheet.memory.spellings)[rows].tolist()
    edges = np.searchsorted(decision, np.arange(models * texts + 1)).tolist()
    found = [_first(spellings[begin:end], surfaces[begin:end]) for begin, end in pairwise(edges)]
    return [found[at : at + texts] for at in range(0, len(found), texts)]


def _first(spellings: Sequence[int], surfaces: Sequence[str]) -> Words:
    """The first surfaces of different spelling."""
    if len(set(spellings[:MOST])) < min(MOST, len(spellings)):
        last_first = zip(reversed(spellings), reversed(surfaces), strict=True)
        once = dict(last_first)
        return tuple(once[spelling] for spelling in list(dict.fromkeys(spellings))[:MOST])
    return tuple(surfaces[:MOST])
