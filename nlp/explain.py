"""Which words of a text moved a decision, in the writer's own spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nlp.features import Floats, position_weights
from nlp.kernels import NONE, Ints, reasons
from nlp.memory import Numbers
from nlp.sheet import Sheet

#: Words named per decision, and the share of the strongest one that a word must reach.
MOST = 5
LEAST_SHARE = 0.15

Words = tuple[str, ...]
#: Per model: the columns that spoke for and against its decision on each text.
Sides = Sequence[tuple[Numbers, Numbers]]


@dataclass(frozen=True, slots=True, eq=False)
class Spoke:
    """What spellings, words and pairs say to every column of the models."""

    #: Words of the batch x 2: the row of each word and of the pair that it opens in `words`.
    found: Ints
    #: Spellings of the memory x columns, and words and pairs x columns.
    letters: Floats
    words: Floats
    #: Per text: how long it is in letter groups and in words.
    letter_lengths: Floats
    word_lengths: Floats


def strongest(sheet: Sheet, spoke: Spoke, sides: Sides) -> list[list[Words]]:
    """Per model and text, up to five words that spoke most for the decision, strongest first, each spelling once.

    What the spelling of a token says and what its words and pairs say is added up; the two tokens of a pair share it.
    """
    spelling = np.asarray(sheet.memory.spellings)[sheet.token]
    weights = position_weights(sheet.token_at)
    chosen = reasons(
        sheet.token_edges,
        sheet.word_edges,
        spelling,
        sheet.word_token,
        spoke.found,
        spoke.letters,
        spoke.words,
        weights / spoke.letter_lengths[sheet.token_text],
        weights[sheet.word_token] / spoke.word_lengths[sheet.word_text] / np.float32(2),
        np.stack([pro for pro, _ in sides]),
        np.stack([con for _, con in sides]),
        sheet.memory.spelt.get("", NONE),
        MOST,
        LEAST_SHARE,
    )
    told = chosen != NONE
    surfaces = [sheet.memory.surfaces[row] for row in sheet.token[chosen[told]].tolist()]
    ends = np.cumsum(told.sum(axis=2)).tolist()
    words = [tuple(surfaces[begin:end]) for begin, end in pairwise([0, *ends])]
    texts = len(sheet.chunks)
    return [words[at : at + texts] for at in range(0, len(words), texts)]
