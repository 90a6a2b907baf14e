"""What letter groups, words and pairs of words say: letter groups by spelling, words and pairs by their stems."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, repeat

import numpy as np

from nlp.features import LETTERS, LONGEST, SHORTEST, Floats, edged, position_weights
from nlp.kernels import NONE, WIDE, Hashes, Ints, groups, keys_of, pairs, said, slots, totals
from nlp.linear import LinearModel
from nlp.memory import Flags, Memory, Rows
from nlp.prepare import NEGATED
from nlp.sheet import Sheet
from tanggap.errors import ModelError

#: Number of a word that no pair is made of.
UNKNOWN = 0
NOTHING = np.empty((0, 0), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Features of one sort, words or letter groups, with what every model knows of them."""

    features: Sequence[str]
    #: Features x (columns of all models, one of zeros; then, per model and for all, 1 where it knows the feature).
    values: Floats
    #: The columns of the models and the one of zeros.
    width: int

    @classmethod
    def of(cls, features: Sequence[str], models: Sequence[LinearModel]) -> Table:
        """The table of these features."""
        numbers = {feature: number for number, feature in enumerate(features)}
        width = sum(model.columns for model in models) + 1
        values = np.zeros((len(features), width + len(models) + 1), dtype=np.float32)
        values[:, -1], column = 1, 0
        for at, model in enumerate(models):
            rows = np.fromiter(map(numbers.get, model.features, repeat(NONE)), np.intp, len(model.features))
            own = np.flatnonzero(rows != NONE)
            values[rows[own], column : column + model.columns] = model.weights[own]
            values[rows[own], width + at] = 1
            column += model.columns
        return cls(features, values, width)


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What the features of one sort say in a batch."""

    #: Texts x columns of all models and one of zeros.
    products: Floats
    #: Texts x (models and one for all of them): how long the texts are, 1 for those without a known feature.
    lengths: Floats

    @classmethod
    def of(cls, sums: Floats, width: int) -> Said:
        """From sums over the table."""
        squares = sums[:, width:]
        return cls(sums[:, :width], np.sqrt(np.where(squares > 0, squares, 1)))


class LetterColumns:
    """The letter groups of every spelling of a memory, worked out once."""

    def __init__(self, table: Table) -> None:
        """The columns of a table of letter groups; ModelError where their letters are too many to be told apart."""
        self._table = table
        spelled = [group.removeprefix(LETTERS) for group in table.features]
        letters = np.array(sorted(set("".join(spelled))), dtype="U1").view(np.uint32)
        if len(letters) >= 1 << int(WIDE):
            raise ModelError(f"The models hold groups of {len(letters)} different letters; leave rare ones out.")
        #: Number of each code point among the letters of the groups, 0 for one that is in none.
        self._letters = np.zeros(sys.maxunicode + 1, dtype=np.uint16)
        self._letters[letters] = np.arange(1, len(letters) + 1)
        self._keys = keys_of(self._numbered("".join(spelled)), np.cumsum([0, *map(len, spelled)]))
        self._slots = slots(self._keys)
        self._begin(None)

    def _begin(self, memory: Memory | None) -> None:
        self._memory, self._columns, self._ends = memory, array("i"), array("i", [0])
        self._totals = Rows(self._table.values.shape[1])

    def _numbered(self, text: str) -> Hashes:
        """The letters of a text by number."""
        return self._letters[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)].astype(np.uint64)

    def said(self, sheet: Sheet) -> Said:
        """What the letter groups of a batch say."""
        self._keep_up(sheet.memory)
        strength = position_weights(sheet.token_at)
        pieces = np.asarray(sheet.memory.spellings)[sheet.token]
        held = (np.asarray(self._ends), np.asarray(self._columns), self._table.values, self._table.width)
        return Said.of(said(sheet.token_edges, pieces, strength, *held, self._totals.all()), self._table.width)

    def totals(self) -> Floats:
        """Spellings of the memory x columns of the table: what all their letter groups say."""
        return self._totals.all()

    def _keep_up(self, memory: Memory) -> None:
        """Learns the spellings that came to the memory since; begins anew with a new memory."""
        if memory is not self._memory:
            self._begin(memory)
        known = len(self._ends) - 1
        words = list(map(edged, latest(memory.spelt, known)))
        edges = np.cumsum([0, *map(len, words)])
        found, ends = groups(self._numbered("".join(words)), edges, SHORTEST, LONGEST, self._keys, self._slots)
        self._ends.extend((ends + len(self._columns)).tolist())
        self._columns.frombytes(found.tobytes())
        self._totals.extend(totals(np.asarray(self._ends), np.asarray(self._columns), known, self._table.values))


class WordColumns:
    """Words and pairs of words, each denied or not, by the stems of a memory."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._features = {feature: column for column, feature in enumerate(table.features)}
        halves = [(*cut, column) for feature, column in self._features.items() for cut in cuts(feature)]
        words = {word for first, second, _ in halves for word in (first, second)}
        stems = sorted({word.removeprefix(NEGATED) for word in words})
        #: Numbers of the stems that pairs are made of.
        self._numbers = {stem: number for number, stem in enumerate(stems, UNKNOWN + 1)}
        #: Twice the number of a word, and one more where it is denied.
        marks = {word: 2 * self._numbers[word.removeprefix(NEGATED)] + word.startswith(NEGATED) for word in words}
        self._span = 2 * (len(stems) + 1)
        keys = np.array([marks[first] * self._span + marks[second] for first, second, _ in halves], dtype=np.intp)
        order = np.argsort(keys, kind="stable")
        #: Marks of the pairs as one number each, in order, and their columns; above all of them one that is no pair.
        self._keys = np.append(keys[order], self._span**2)
        self._pairs = np.append(np.array([column for *_, column in halves], dtype=np.int32)[order], np.int32(NONE))
        self._begin(None)

    def _begin(self, memory: Memory | None) -> None:
        self._memory, self._known, self._alone = memory, array("i"), array("i")

    def found(self, sheet: Sheet) -> Ints:
        """Words of a batch x 2: the column of each word and of the pair that it opens, NONE where there is none."""
        self._keep_up(sheet.memory)
        stems = np.asarray(sheet.memory.stems)[sheet.word]
        known = (np.asarray(self._alone), np.asarray(self._known), self._keys, self._pairs, self._span)
        return pairs(stems, sheet.denied, sheet.word_text, *known)

    def said(self, sheet: Sheet, found: Ints) -> Said:
        """What the words and pairs of a batch say."""
        every = np.arange(len(found), dtype=np.int32)
        ends = np.arange(0, found.size + 1, 2, dtype=np.int32)
        strength = position_weights(sheet.token_at[sheet.word_token])
        held = (ends, found.ravel(), self._table.values, self._table.width, NOTHING)
        return Said.of(said(sheet.word_edges, every, strength, *held), self._table.width)

    def _keep_up(self, memory: Memory) -> None:
        """Learns the stems that came to the memory since; begins anew with a new memory."""
        if memory is not self._memory:
            self._begin(memory)
        column, stems = self._features.get, latest(memory.stemmed, len(self._known))
        self._known.extend([self._numbers.get(stem, UNKNOWN) for stem in stems])
        self._alone.extend([column(word, NONE) for stem in stems for word in (stem, NEGATED + stem)])


def readable(found: Ints, sheet: Sheet) -> Flags:
    """Per text: whether it holds a word that stands for itself among the features."""
    return np.bincount(sheet.word_text[found[:, 0] != NONE], minlength=len(sheet.chunks)) > 0


def latest(names: dict[str, int], known: int) -> list[str]:
    """The names that came after the first so many."""
    return list(islice(reversed(names), len(names) - known))[::-1]


def cuts(feature: str) -> list[tuple[str, str]]:
    """The pairs of words that read as the feature; the name of an emoji may hold a blank itself."""
    words = feature.split(" ")
    if len(words) == 2:
        return [(words[0], words[1])]
    return [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
