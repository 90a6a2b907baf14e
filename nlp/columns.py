"""Where the features of the models stand in a batch: letter groups by spelling, words and pairs by their stems."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import scipy.sparse as sp

from nlp.features import LETTERS, Floats, letter_groups, position_weights
from nlp.memory import Flags, Memory, Numbers, spread
from nlp.prepare import NEGATED
from nlp.sheet import Sheet

#: Number of a word that no feature names.
UNKNOWN = 0
#: Column of what is no feature.
NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class LettersFound:
    """Letter groups of a batch, by the distinct spellings that stand in it."""

    #: Spellings x letter groups.
    groups: sp.csr_matrix
    #: Texts x spellings: their weights.
    texts: sp.csr_matrix
    #: Spelling of each token.
    spelling: Numbers

    def counts(self) -> sp.csr_matrix:
        """Texts x letter groups."""
        return sp.csr_matrix(self.texts @ self.groups)


@dataclass(frozen=True, slots=True, eq=False)
class WordsFound:
    """Every place in a batch where a known word or pair of words stands; the arrays run in parallel."""

    text: Numbers
    column: Numbers
    #: First and last token.
    first: Numbers
    last: Numbers
    weight: Floats
    #: Per text: whether it holds a word that stands for itself among the features.
    readable: Flags
    shape: tuple[int, int]

    def counts(self) -> sp.csr_matrix:
        """Texts x words and pairs."""
        return sp.csr_matrix((self.weight, (self.text, self.column)), self.shape)


class LetterColumns:
    """The letter groups of every spelling of a memory, worked out once."""

    def __init__(self, groups: Sequence[str]) -> None:
        self._index = {group: column for column, group in enumerate(groups)}
        self._begin(None)

    def _begin(self, memory: Memory | None) -> None:
        self._memory, self._columns, self._ends = memory, array("i"), array("i", [0])

    def found(self, sheet: Sheet) -> LettersFound:
        """The letter groups of a batch."""
        self._keep_up(sheet.memory)
        present, spelling = np.unique(np.asarray(sheet.memory.spellings)[sheet.token], return_inverse=True)
        rows, lengths = spread(self._ends, present)
        groups = _csr(np.ones(len(rows), np.float32), np.asarray(self._columns)[rows], lengths, len(self._index))
        tokens = np.bincount(sheet.token_text, minlength=len(sheet.chunks))
        return LettersFound(groups, _csr(position_weights(sheet.token_at), spelling, tokens, len(present)), spelling)

    def _keep_up(self, memory: Memory) -> None:
        """Learns the spellings that came to the memory since; begins anew with a new memory."""
        if memory is not self._memory:
            self._begin(memory)
        for spelling in islice(memory.spelt, len(self._ends) - 1, None):
            found = map(self._index.get, letter_groups(LETTERS + spelling))
            self._columns.extend([column for column in found if column is not None])
            self._ends.append(len(self._columns))


class WordColumns:
    """Words and pairs of words, each denied or not, by the stems of a memory."""

    def __init__(self, features: Sequence[str]) -> None:
        self._features = {feature: column for column, feature in enumerate(features)}
        pairs = [
            (first, second, column) for feature, column in self._features.items() for first, second in cuts(feature)
        ]
        stems = sorted({word.removeprefix(NEGATED) for first, second, _ in pairs for word in (first, second)})
        #: Numbers of the stems that pairs are made of.
        self._numbers = {stem: number for number, stem in enumerate(stems, UNKNOWN + 1)}
        self._marks = 2 * (len(stems) + 1)
        keys = [(self._mark(first) * self._marks + self._mark(second), column) for first, second, column in pairs]
        #: Marks of the pairs as one number each, in order, and their columns; above all of them one that is no pair.
        ordered = np.array([*sorted(keys), (self._marks**2, NONE)], dtype=np.intp)
        self._keys, self._pairs = ordered[:, 0].copy(), ordered[:, 1].copy()
        self._begin(None)

    def _begin(self, memory: Memory | None) -> None:
        self._memory, self._known, self._alone = memory, array("i"), array("i")

    def _mark(self, word: str) -> int:
        """Twice the number of a word, and one more where it is denied."""
        return 2 * self._numbers[word.removeprefix(NEGATED)] + word.startswith(NEGATED)

    def found(self, sheet: Sheet) -> WordsFound:
        """The words and pairs of a batch."""
        self._keep_up(sheet.memory)
        stems = np.asarray(sheet.memory.stems)[sheet.word]
        single = np.asarray(self._alone)[2 * stems + sheet.denied]
        marks = 2 * np.asarray(self._known)[stems].astype(np.intp) + sheet.denied
        keys = marks[:-1] * self._marks + marks[1:]
        at = np.searchsorted(self._keys, keys)
        pair = np.where((self._keys[at] == keys) & (sheet.word_text[:-1] == sheet.word_text[1:]), self._pairs[at], NONE)
        alone, together = np.flatnonzero(single != NONE), np.flatnonzero(pair != NONE)
        begins = np.concatenate([alone, together])
        first = sheet.word_token[begins]
        return WordsFound(
            text=sheet.word_text[begins],
            column=np.concatenate([single[alone], pair[together]]),
            first=first,
            last=sheet.word_token[np.concatenate([alone, together + 1])],
            weight=position_weights(sheet.token_at[first]),
            readable=np.bincount(sheet.word_text[alone], minlength=len(sheet.chunks)) > 0,
            shape=(len(sheet.chunks), len(self._features)),
        )

    def _keep_up(self, memory: Memory) -> None:
        """Learns the stems that came to the memory since; begins anew with a new memory."""
        if memory is not self._memory:
            self._begin(memory)
        for stem in islice(memory.stemmed, len(self._known), None):
            self._known.append(self._numbers.get(stem, UNKNOWN))
            self._alone.extend([self._features.get(NEGATED * denied + stem, NONE) for denied in (False, True)])


def cuts(feature: str) -> Iterator[tuple[str, str]]:
    """The pairs of words that read as the feature; the name of an emoji may hold a blank itself."""
    words = feature.split(" ")
    return ((" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words)))


def _csr(values: Floats, columns: Numbers, lengths: Numbers, width: int) -> sp.csr_matrix:
    """A matrix whose rows stand one after another."""
    return sp.csr_matrix((values, columns, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(lengths), width))
