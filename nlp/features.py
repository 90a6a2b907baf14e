"""Prepared texts as counted features: words and word pairs with negation marks, and letter groups of the spelling."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from nlp.prepare import Prepared

#: Stands in front of letter groups, and of the spellings they are taken from; no plain word begins with it.
LETTERS = "#"
SHORTEST, LONGEST = 2, 5
#: Letters of one token that are read.
TOKEN_LETTERS = 40
#: Tokens that count fully: a title and its first sentences say what a long text is about. Later ones count less.
HEAD = 40
#: Texts that must hold a word or pair, or a letter group, before it becomes a feature.
MIN_TEXTS = 2
MIN_TEXTS_LETTERS = 3
#: Distinct words, pairs and spellings whose features are remembered.
REMEMBERED = 200_000

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every place in a batch of texts where a known feature stands; the arrays run in parallel."""

    texts: int
    row: Ints
    feature: Ints
    #: First and last token of the feature, counted inside its text.
    first: Ints
    last: Ints
    #: 1 in the head of a text, falling after it.
    weight: Floats


class Vectorizer:
    """Finds a fixed list of features in texts and counts them."""

    def __init__(self, features: Sequence[str]) -> None:
        self.features = tuple(features)
        #: Which features are letter groups.
        self.letters = np.array([feature.startswith(LETTERS) for feature in self.features])
        self._index = {feature: number for number, feature in enumerate(self.features)}
        self._reading = Lock()
        self._forget()

    def __contains__(self, feature: str) -> bool:
        return feature in self._index

    def number(self, feature: str) -> int:
        """The column of a known feature."""
        return self._index[feature]

    def _forget(self) -> None:
        """Empties the memory of pieces: number of each, and the columns of all of them one after another."""
        self._pieces: dict[str, int] = {}
        self._columns = array("i")
        self._ends = array("i", [0])

    def _piece(self, piece: str) -> int:
        """The number under which the columns of a piece are remembered."""
        number = self._pieces.get(piece)
        if number is None:
            number = self._pieces[piece] = len(self._pieces)
            groups = letter_groups(piece) if piece.startswith(LETTERS) else [piece]
            self._columns.extend([self._index[group] for group in groups if group in self._index])
            self._ends.append(len(self._columns))
        return number

    def occurrences(self, texts: Sequence[Prepared]) -> Occurrences:
        """Where the known features stand in the texts."""
        found: list[int] = []
        first: list[int] = []
        last: list[int] = []
        sizes: list[int] = []
        with self._reading:
            if len(self._pieces) > REMEMBERED:
                self._forget()
            for text in texts:
                before = len(found)
                for names, starts, ends in pieces(text):
                    found += map(self._piece, names)
                    first += starts
                    last += ends
                sizes.append(len(found) - before)
            columns, lengths = self._columns_of(np.array(found, dtype=np.intp))
        begins = np.repeat(np.array(first, dtype=np.int32), lengths)
        return Occurrences(
            texts=len(texts),
            row=np.repeat(np.repeat(np.arange(len(texts), dtype=np.int32), sizes), lengths),
            feature=columns,
            first=begins,
            last=np.repeat(np.array(last, dtype=np.int32), lengths),
            weight=position_weights(begins),
        )

    def _columns_of(self, found: NDArray[np.intp]) -> tuple[Ints, Ints]:
        """The columns of remembered pieces one after another, and how many each has."""
        ends = np.array(self._ends, dtype=np.int32)
        lengths = ends[found + 1] - ends[found]
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return np.array(self._columns, dtype=np.int32)[np.repeat(ends[found], lengths) + within], lengths

    def values(self, found: Occurrences) -> sp.csr_matrix:
        """Texts x features: log2(1 + count). Rarity (idf) is folded into the weights when a model is fitted."""
        counts = sp.csr_matrix((found.weight, (found.row, found.feature)), (found.texts, len(self.features)))
        counts.data = np.log2(1 + counts.data)
        return counts


def position_weights(token: NDArray[np.integer[Any]]) -> Floats:
    """1 for the first tokens of a text, then falling as 1 / distance."""
    return np.asarray(HEAD / np.maximum(token, HEAD), dtype=np.float32)


def blocks(letters: NDArray[np.bool_]) -> sp.csr_matrix:
    """Features x 2: 1 where a feature belongs to the words, and where it belongs to the letter groups."""
    return sp.csr_matrix(np.column_stack([~letters, letters]).astype(np.float32))


def lengths_of(values: sp.csr_matrix, members: sp.csr_matrix) -> Floats:
    """Euclidean length of each text inside each block of features; 1 where a text has nothing of the block."""
    squares = (values.power(2) @ members).toarray()
    return np.sqrt(np.where(squares > 0, squares, 1)).astype(np.float32)


def unit(values: sp.csr_matrix, letters: NDArray[np.bool_]) -> sp.csr_matrix:
    """The values with both blocks of every text brought to length 1, so that long texts weigh no more than short."""
    rows = np.repeat(np.arange(values.shape[0]), np.diff(values.indptr))
    lengths = lengths_of(values, blocks(letters))
    scaled = values.data / lengths[rows, letters[values.indices].astype(np.intp)]
    return sp.csr_matrix((scaled.astype(np.float32), values.indices, values.indptr), shape=values.shape)


def edged(spelling: str) -> str:
    """The letters of a spelling that are read, between blanks."""
    return f" {spelling[:TOKEN_LETTERS]} "


def letter_groups(spelling: str) -> list[str]:
    """Groups of two to five letters of one `#spelling`, the edges of the token marked by blanks."""
    word = edged(spelling[1:])
    groups = []
    for size in range(SHORTEST, min(LONGEST, len(word)) + 1):
        groups += [LETTERS + word[at : at + size] for at in range(len(word) - size + 1)]
    return groups


def pieces(text: Prepared) -> Iterator[tuple[Iterable[str], Sequence[int], Sequence[int]]]:
    """Words, pairs of neighbouring words and `#spellings`, each kind with the first and last token of its members."""
    marked, sources = text.marked, text.sources
    yield marked, sources, sources
    yield map(" ".join, pairwise(marked)), sources[:-1], sources[1:]
    every = range(len(text.tokens))
    yield [LETTERS + token.spelling.lower() for token in text.tokens], every, every


def vocabulary(texts: Sequence[Prepared]) -> tuple[str, ...]:
    """The features that enough of the texts hold, in order."""
    groups = lru_cache(maxsize=REMEMBERED)(letter_groups)
    texts_with: Counter[str] = Counter()
    for text in texts:
        held = {name for names, _, _ in pieces(text) for name in names}
        spellings = {piece for piece in held if piece.startswith(LETTERS)}
        texts_with.update(held - spellings)
        texts_with.update({group for spelling in spellings for group in groups(spelling)})
    return tuple(sorted(feature for feature, count in texts_with.items() if _kept(feature, count)))


def keepable(feature: str) -> bool:
    """Whether a feature may stand in a model: house, telephone and ticket numbers may not."""
    return sum(map(str.isdigit, feature)) < 4


def _kept(feature: str, count: int) -> bool:
    least = MIN_TEXTS_LETTERS if feature.startswith(LETTERS) else MIN_TEXTS
    return count >= least and keepable(feature)
