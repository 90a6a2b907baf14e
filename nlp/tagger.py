"""Which words of a text are part of a place: every word weighed with its neighbours and with what the rules say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self
from zlib import crc32

import numpy as np

from nlp import buckets as loops
from nlp.cards import INSTALLED, Card, install, installed
from nlp.features import Floats
from nlp.gazetteer import Index
from nlp.kernels import Hashes, Ints, Numbers
from nlp.leads import Leads, Word
from nlp.stem import base_words
from tanggap.errors import ModelError

#: Name of the model's files.
NAME = "places"
#: Rows of the weight table; what is known of a word is hashed into them (Weinberger 2009).
BUCKETS = 2**18
#: Words before and after that are looked at; as many empty rows stand between texts.
REACH = 2
#: Tags of a word: no place, first of a place, later in one.
OUTSIDE, BEGINS, INSIDE = range(3)
#: Margin of what cannot be otherwise.
CERTAIN = 1e3
#: Distinct spellings remembered.
REMEMBERED = 50_000

#: What is known of a word: itself, its form, whether it is in the dictionary, what it leads, its first three, last
#: three and last two letters, what the lists take it for alone, what stands before it, what the rules take it for.
WORD, FORM, COMMON, LEAD, HEAD, TAIL, LAST, LISTED, GAP, RULED = range(10)
#: What is looked at together: (attribute, offset from the word).
TEMPLATES: tuple[tuple[tuple[int, int], ...], ...] = (
    *(((attribute, offset),) for offset in range(-REACH, REACH + 1) for attribute in (WORD, FORM, COMMON, LEAD, RULED)),
    ((GAP, 0),),
    ((GAP, 1),),
    ((HEAD, 0),),
    ((TAIL, 0),),
    ((LAST, 0),),
    ((WORD, -1), (WORD, 0)),
    ((WORD, 0), (WORD, 1)),
    ((LEAD, -1), (COMMON, 0), (FORM, 0)),
    ((LEAD, -2), (LEAD, -1), (COMMON, 0)),
    ((RULED, -1), (RULED, 0), (RULED, 1)),
    ((GAP, 0), (FORM, 0), (FORM, -1)),
    ((GAP, 0), (COMMON, 0), (COMMON, -1)),
    ((RULED, 0), (COMMON, 0), (FORM, 0)),
    ((GAP, 0), (RULED, 0), (RULED, -1)),
    ((WORD, -1), (COMMON, 0), (FORM, 0)),
    ((WORD, 1), (COMMON, 0), (FORM, 0)),
    ((RULED, 0), (WORD, -1)),
    ((RULED, 0), (WORD, 1)),
    ((LISTED, 0),),
    ((LISTED, -1), (LISTED, 0)),
    ((LISTED, 0), (LISTED, 1)),
    ((WORD, 0), (FORM, 0)),
    ((WORD, 0), (GAP, 1)),
    ((GAP, 0), (WORD, 0)),
    ((LEAD, -1), (WORD, 0)),
)
#: The same as the compiled loops read them.
ENDS = np.cumsum([0, *map(len, TEMPLATES)], dtype=np.int32)
PARTS, OFFSETS = np.array([part for template in TEMPLATES for part in template], dtype=np.int32).T.copy()
SEEDS = np.array([(number + 1) * 0x5851F42D4C957F2D % 2**64 for number in range(len(TEMPLATES))], dtype=np.uint64)
SHIFT = np.uint64(65 - BUCKETS.bit_length())
HASHED = (ENDS, PARTS, OFFSETS, SEEDS, SHIFT)
#: Numbers that tell what a spelling says by itself: for each tag, to words so many places before and after it.
SPOKEN = 3 * (2 * REACH + 1)
#: Templates that look at nothing but the spelling of one word, and the others.
BY_SPELLING = [len(template) == 1 and template[0][0] < GAP for template in TEMPLATES]
ALONE, TOGETHER = (np.flatnonzero(np.equal(BY_SPELLING, wanted)).astype(np.int32) for wanted in (True, False))

Span = tuple[int, int]


class Ruled(NamedTuple):
    """A run of words with what the rules take it for."""

    first: int
    last: int
    label: str


class Reading(NamedTuple):
    """The words of one text with the runs that the rules see in it."""

    words: Sequence[Word]
    ruled: Sequence[Ruled]


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """Weights of every bucket for each tag, learned from texts whose places are marked."""

    #: buckets x tags
    weights: Floats
    bias: Floats
    card: Card

    @classmethod
    def load(cls, directory: Path = INSTALLED) -> Self:
        """The installed tagger.

        Raises:
            ModelError: it is missing, damaged or of another format.
        """
        card, arrays = installed(directory, NAME)
        weights, bias = (arrays.get(name, np.zeros(0)).astype(np.float32) for name in ("weights", "bias"))
        if weights.shape != (BUCKETS, 3) or bias.shape != (3,):
            raise ModelError(f"{directory / NAME}.json: its parts do not fit together; train {NAME} again.")
        return cls(weights, bias, card)

    def save(self, directory: Path) -> None:
        """Installs the tagger beside the other models."""
        install(directory, NAME, {"weights": self.weights.astype(np.float16), "bias": self.bias}, self.card)

    def alone(self, looks: Hashes) -> Floats:
        """What spellings say by themselves to the words around them, by the attributes of each; see `runs`."""
        return loops.alone(looks, ALONE, REACH, self.weights, *HASHED).reshape(len(looks), SPOKEN)

    def runs(self, attributes: Hashes, spelling: Ints, told: Floats) -> list[Span]:
        """First word and the word after the last of every place, counted in rows of `attributes`.

        Args:
            spelling: the row of each word in `told`, which holds what `alone` gives; that of the empty rows is 0.
        """
        shares = told.reshape(len(told), -1, self.weights.shape[1])
        margins = loops.margins(attributes, spelling, shares, TOGETHER, REACH, self.weights, *HASHED)
        margins[REACH : len(attributes) - REACH] += self.bias
        margins[attributes[:, WORD] == 0, OUTSIDE] = CERTAIN
        return runs(in_order(margins))


def attributes_of(texts: Sequence[Reading], leads: Callable[[str], tuple[int, ...]]) -> Hashes:
    """Rows of attributes: the words of all texts one after another, empty rows before, between and after them."""
    numbers: dict[str, int] = {}
    spellings = [numbers.setdefault(word.raw, len(numbers)) for text in texts for word in text.words]
    table = np.array([leads(raw) for raw in numbers], dtype=np.uint64).reshape(-1, GAP)
    gaps = np.array([number_of(word.sign) for text in texts for word in text.words], dtype=np.uint64)
    sizes = np.array([len(text.words) for text in texts], dtype=np.intp)
    return attributes(table[spellings], gaps, sizes, [text.ruled for text in texts])


def attributes(looks: Hashes, gaps: Hashes, sizes: Numbers, ruled: Sequence[Sequence[Ruled]]) -> Hashes:
    """Rows of attributes from those of the words of texts of these sizes, in order, and the runs in each text."""
    found = np.zeros((len(looks) + REACH * (1 + len(sizes)), RULED + 1), dtype=np.uint64)
    rows = rows_of(sizes)
    found[rows, :GAP] = looks
    found[rows, GAP] = gaps
    starts = np.cumsum(sizes + REACH) - sizes
    for start, runs_of in zip(starts.tolist(), ruled, strict=True):
        for first, last, label in runs_of:
            found[start + first, RULED] = number_of("B" + label)
            found[start + first + 1 : start + last, RULED] = number_of("I" + label)
    return found


def rows_of(sizes: Numbers) -> Numbers:
    """The row of each word of texts of these sizes."""
    return np.arange(int(sizes.sum())) + REACH * (1 + np.repeat(np.arange(len(sizes)), sizes))


def buckets(attributes: Hashes) -> Ints:
    """Rows x templates: the line of the weight table of each, for the rows between the first and last empty ones."""
    return loops.buckets(attributes, REACH, *HASHED)


def in_order(margins: Floats) -> Numbers:
    """The best tags in which no place begins in its middle (Viterbi 1967), solved where a place is near."""
    tags: Numbers = margins.argmax(axis=1)
    near = np.flatnonzero(tags)
    for stretch in np.split(near, np.flatnonzero(np.diff(near) > REACH) + 1) if len(near) else ():
        first, last = max(0, int(stretch[0]) - 1), int(stretch[-1]) + 1
        if (tags[first:last] == INSIDE).any():
            tags[first:last] = _best(margins[first:last].tolist())
    return tags


def _best(margins: Sequence[Sequence[float]]) -> list[int]:
    """The tags of a stretch by dynamic programming; INSIDE after OUTSIDE is never chosen."""
    outside, begins, inside = *margins[0][:INSIDE], float("-inf")
    back: list[tuple[int, int]] = []
    for of_outside, of_begins, of_inside in margins[1:]:
        place = BEGINS if begins >= inside else INSIDE
        any_tag = OUTSIDE if outside >= max(begins, inside) else place
        best_place, best = max(begins, inside), max(outside, begins, inside)
        outside, begins, inside = best + of_outside, best + of_begins, best_place + of_inside
        back.append((any_tag, place))
    tags = [max((outside, OUTSIDE), (begins, BEGINS), (inside, INSIDE), key=lambda end: end[0])[1]]
    for any_tag, place in reversed(back):
        tags.append(place if tags[-1] == INSIDE else any_tag)
    return tags[::-1]


def runs(tags: Numbers) -> list[Span]:
    """First row and the row after the last of every tagged place."""
    found: list[Span] = []
    for at in np.flatnonzero(tags).tolist():
        if tags[at] == INSIDE and found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def looks_by(leads: Leads, index: Index) -> Callable[[str], tuple[int, ...]]:
    """The attributes of a spelling that its neighbours do not change."""

    roots = base_words()

    def looks(raw: str) -> tuple[int, ...]:
        low = raw.lower()
        common = "known" if low in roots else "ends" if low in leads.ending else "made" if leads.ordinary(low) else ""
        return (
            crc32(low.encode()) + 1,
            number_of(_form(raw)),
            number_of(common + "+" if low in leads.onward else common),
            number_of(leads.kinds.get(low, "")),
            number_of(low[:3]),
            number_of(low[-3:]),
            number_of(low[-2:]),
            number_of(_listed(index, low)),
        )

    return looks


def _listed(index: Index, low: str) -> str:
    """What a word means alone, and how doubtful it is; "" where no list has it."""
    meanings = index.meanings.get(low)
    return f"L{meanings[0].level}{meanings[0].context}{'t' * meanings[0].town}" if meanings else ""


def _form(raw: str) -> str:
    """Capitals and digits of a word: `d2` for 45, `x` for 4a, `U` for DKI, `C` for Tebet."""
    if not raw.isalpha():
        if raw.isdigit():
            return f"d{min(len(raw), 4)}"
        if any(map(str.isdigit, raw)):
            return "x"
    if raw.isupper():
        return "U" if len(raw) > 1 else "u"
    return "C" if raw[0].isupper() else "l"


@lru_cache(maxsize=REMEMBERED)
def number_of(value: str) -> int:
    """The number of what is known of a word."""
    return crc32(value.encode()) + 1
