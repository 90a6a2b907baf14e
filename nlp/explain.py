"""Which words of a text moved a decision, in the writer's own spelling."""

from __future__ import annotations

import numpy as np

from nlp.features import Floats
from nlp.sheet import Sheet

#: Words named per decision, and the share of the strongest one that a word must reach.
MOST = 5
LEAST_SHARE = 0.15

Words = tuple[str, ...]


def strongest(pulls: Floats, sheet: Sheet) -> list[list[Words]]:
    """Per model and text, up to five words that spoke most for the decision, strongest first, each spelling once.

    Args:
        pulls: tokens x models: how much each token spoke for the decision rather than against it.
    """
    texts, models = len(sheet.chunks), pulls.shape[1]
    most = np.zeros((texts, models))
    starts = np.flatnonzero(sheet.token_at == 0)
    if len(starts):
        most[sheet.token_text[starts]] = np.maximum.reduceat(pulls, starts)
    token, model = np.nonzero((pulls > 0) & (pulls >= LEAST_SHARE * most[sheet.token_text]))
    pull, decision = pulls[token, model], model * texts + sheet.token_text[token]
    order = np.lexsort((-pull, decision))
    rows = sheet.token[token[order]]
    spellings, surfaces = np.asarray(sheet.memory.spellings)[rows].tolist(), sheet.memory.surfaces
    named: list[dict[int, str]] = [{} for _ in range(models * texts)]
    for at, spelling, row in zip(decision[order].tolist(), spellings, rows.tolist(), strict=True):
        words = named[at]
        if len(words) < MOST and spelling not in words:
            words[spelling] = surfaces[row]
    found = [tuple(words.values()) for words in named]
    return [found[at : at + texts] for at in range(0, len(found), texts)]
