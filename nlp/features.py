"""Prepared texts as counted features: words and word pairs with negation marks, and letter groups of the spelling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from nlp.prepare import Prepared

#: Stands in front of letter groups, and of the spellings they are taken from; no plain word begins with it.
LETTERS = "#"
SHORTEST, LONGEST = 2, 5
#: Letters of one token that are read.
TOKEN_LETTERS = 40
#: Tokens that count fully: a title and its first sentences say what a long text is about.
HEAD = 100
TAIL_WEIGHT = 0.3
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
    #: 1 in the head of a text, less in its tail.
    weight: Floats


class Vectorizer:
    """Finds a fixed list of features in texts and counts them."""

    def __init__(self, features: Sequence[str]) -> None:
        self.features = tuple(features)
        #: Which features are letter groups.
        self.letters = np.array([feature.startswith(LETTERS) for feature in self.features])
        self._index = {feature: number for number, feature in enumerate(self.features)}
        self._known: Callable[[str], list[int]] = lru_cache(maxsize=REMEMBERED)(self._look_up)

    def __contains__(self, feature: str) -> bool:
        return feature in self._index

    def number(self, feature: str) -> int:
        """The column of a known feature."""
        return self._index[feature]

    def _look_up(self, piece: str) -> list[int]:
        """Columns of the known features of a piece."""
        groups = letter_groups(piece) if piece.startswith(LETTERS) else [piece]
        return [self._index[group] for group in groups if group in self._index]

    def occurrences(self, texts: Sequence[Prepared]) -> Occurrences:
        """Where the known features stand in the texts."""
        features: list[int] = []
        spans: list[tuple[int, int, int]] = []
        lengths: list[int] = []
        for row, text in enumerate(texts):
            for piece, first, last in pieces(text):
                if known := self._known(piece):
                    features += known
                    spans.append((row, first, last))
                    lengths.append(len(known))
        table = np.repeat(np.array(spans, dtype=np.int32).reshape(-1, 3), lengths, axis=0)
        return Occurrences(
            texts=len(texts),
            row=table[:, 0],
            feature=np.array(features, dtype=np.int32),
            first=table[:, 1],
            last=table[:, 2],
            weight=np.where(table[:, 1] < HEAD, 1, TAIL_WEIGHT).astype(np.float32),
        )

    def values(self, found: Occurrences) -> sp.csr_matrix:
        """Texts x features: log2(1 + count). Rarity (idf) is folded into the weights when a model is fitted."""
        counts = sp.csr_matrix((found.weight, (found.row, found.feature)), (found.texts, len(self.features)))
        counts.data = np.log2(1 + counts.data)
        return counts


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


def letter_groups(spelling: str) -> list[str]:
    """Groups of two to five letters of one `#spelling`, the edges of the token marked by blanks."""
    word = f" {spelling[1 : 1 + TOKEN_LETTERS]} "
    groups = []
    for size in range(SHORTEST, min(LONGEST, len(word)) + 1):
        groups += [LETTERS + word[at : at + size] for at in range(len(word) - size + 1)]
    return groups


def pieces(text: Prepared) -> Iterator[tuple[str, int, int]]:
    """Words, pairs of neighbouring words and `#spellings`, each with its first and last token."""
    before = ""
    for at, word in enumerate(text.marked):
        yield word, text.sources[at], text.sources[at]
        if before:
            yield f"{before} {word}", text.sources[at - 1], text.sources[at]
        before = word
    for at, token in enumerate(text.tokens):
        yield LETTERS + token.surface.lower(), at, at


def vocabulary(texts: Sequence[Prepared]) -> tuple[str, ...]:
    """The features that enough of the texts hold, in order; house, telephone and ticket numbers are left out."""
    groups = lru_cache(maxsize=REMEMBERED)(letter_groups)
    texts_with: Counter[str] = Counter()
    for text in texts:
        held = {piece for piece, _, _ in pieces(text)}
        spellings = {piece for piece in held if piece.startswith(LETTERS)}
        texts_with.update(held - spellings)
        texts_with.update({group for spelling in spellings for group in groups(spelling)})
    return tuple(sorted(feature for feature, count in texts_with.items() if _kept(feature, count)))


def _kept(feature: str, count: int) -> bool:
    least = MIN_TEXTS_LETTERS if feature.startswith(LETTERS) else MIN_TEXTS
    return count >= least and sum(map(str.isdigit, feature)) < 4
