"""What every chunk of text between two blanks says, learned once and kept as numbers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]
Flags = NDArray[np.bool_]

#: Characters of chunks that are remembered; then all are forgotten, so that memory does not grow with the texts.
REMEMBERED = 1_000_000
#: Signs that change nothing in a chunk before them; each ends a clause.
TAIL = ".,"
#: What a word does for its neighbours: denies them, or can be denied.
NEGATES, DENIABLE = 1, 2


class Chunk(NamedTuple):
    """What stands between two blanks; its meaning does not depend on what stands beside it."""

    #: Per token: spelling, and what the language detector makes of it.
    surfaces: Sequence[str]
    voices: Sequence[int]
    #: Per plain word, of which a token may have several or none.
    words: Sequence[str]
    stems: Sequence[str]
    roles: Sequence[int]
    #: Token it comes from, counted in the chunk.
    sources: Sequence[int]
    #: Clauses that end in the chunk before the word, and in the whole chunk.
    ends_before: Sequence[int]
    ends: int
    #: What search and grouping read.
    terms: str
    #: The letters a-z and digits, one blank between their groups.
    latin: str


class Chunks:
    """Numbers for the chunks of texts, each learned when it is first met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._characters = 0

    @property
    def full(self) -> bool:
        """Whether it is time to begin afresh."""
        return self._characters > REMEMBERED

    def numbers(self, text: str) -> list[int]:
        """The chunks of a text by number."""
        chunks = text.split(" ")
        found = list(map(self._numbers.get, chunks))
        if None not in found:
            return found  # type: ignore[return-value]
        pairs = zip(chunks, found, strict=True)
        return [self._number(chunk) if number is None else number for chunk, number in pairs]

    def _number(self, chunk: str) -> int:
        number = self._numbers.get(chunk)
        if number is None:
            core = chunk.rstrip(TAIL)
            if core and core != chunk:
                self._repeat(self._number(core), chunk[len(core) :])
            else:
                self._learn(chunk)
            number = self._numbers[chunk] = len(self._numbers)
            self._characters += len(chunk) + 1
        return number

    def _learn(self, chunk: str) -> None:
        """Adds the rows of a chunk."""
        raise NotImplementedError

    def _repeat(self, number: int, tail: str) -> None:
        """Adds the rows of a known chunk again, for the same chunk with signs of TAIL behind it."""
        raise NotImplementedError


class Memory(Chunks):
    """All chunks seen so far, one after another in long columns; chunk n holds the rows until `ends[n + 1]`."""

    def __init__(self, read: Callable[[str], Chunk]) -> None:
        super().__init__()
        self._read = read
        #: Per chunk.
        self.terms: list[str] = []
        self.plain: list[str] = []
        self.latin: list[str] = []
        self.clause_ends = array("i")
        self.token_ends, self.word_ends = array("i", [0]), array("i", [0])
        #: Per token: spelling as written, and numbers for its lower case and its voice.
        self.surfaces: list[str] = []
        self.spellings, self.voices = array("i"), array("i")
        #: Per word.
        self.words: list[str] = []
        self.stems, self.roles, self.sources, self.ends_before = (array("i") for _ in range(4))
        #: Lower-case spellings and stems with their numbers, in the order of the numbers.
        self.spelt: dict[str, int] = {}
        self.stemmed: dict[str, int] = {}

    def _learn(self, chunk: str) -> None:
        read = self._read(chunk)
        self.terms.append(read.terms)
        self.plain.append(" ".join(read.words))
        self.latin.append(read.latin)
        self.clause_ends.append(read.ends)
        self.surfaces += read.surfaces
        self.voices.extend(read.voices)
        self.spellings.extend([self.spelt.setdefault(each.lower(), len(self.spelt)) for each in read.surfaces])
        self.words += read.words
        self.stems.extend([self.stemmed.setdefault(stem, len(self.stemmed)) for stem in read.stems])
        self.roles.extend(read.roles)
        self.sources.extend(read.sources)
        self.ends_before.extend(read.ends_before)
        self._close()

    def _repeat(self, number: int, tail: str) -> None:
        tokens = slice(self.token_ends[number], self.token_ends[number + 1])
        words = slice(self.word_ends[number], self.word_ends[number + 1])
        for said in (self.terms, self.plain, self.latin):
            said.append(said[number])
        self.clause_ends.append(self.clause_ends[number] + len(tail))
        self.surfaces += self.surfaces[tokens]
        self.words += self.words[words]
        for column in (self.spellings, self.voices):
            column.extend(column[tokens])
        for column in (self.stems, self.roles, self.sources, self.ends_before):
            column.extend(column[words])
        self._close()

    def _close(self) -> None:
        """Ends the rows of a chunk."""
        self.token_ends.append(len(self.surfaces))
        self.word_ends.append(len(self.words))


class Rows:
    """A table that grows at its end; what was read of it before stays as it is."""

    def __init__(self, width: int) -> None:
        self._held, self._count = np.empty((1024, width), dtype=np.float32), 0

    def __len__(self) -> int:
        return self._count

    def extend(self, rows: NDArray[np.float32]) -> None:
        """Adds rows."""
        count = self._count + len(rows)
        if count > len(self._held):
            grown = np.empty((2 * count, self._held.shape[1]), dtype=np.float32)
            grown[: self._count] = self.all()
            self._held = grown
        self._held[self._count : count] = rows
        self._count = count

    def all(self) -> NDArray[np.float32]:
        """The whole table."""
        return self._held[: self._count]


def spread(ends: array[int], numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The rows of the numbered items one after another, and how many each has."""
    edges = np.asarray(ends)
    starts = edges[numbers]
    lengths = edges[numbers + 1] - starts
    return np.arange(int(lengths.sum())) + np.repeat(starts - before(lengths), lengths), lengths


def before(counts: Numbers) -> Numbers:
    """How many stand before each of the counted groups."""
    return np.cumsum(counts) - counts
