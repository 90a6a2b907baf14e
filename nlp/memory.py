"""What every chunk of text between two blanks says, learned once and kept as numbers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, NamedTuple

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
    """Numbers for the chunks of texts, in the order in which they are first met."""

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
        if None in found:
            for at in [at for at, number in enumerate(found) if number is None]:
                found[at] = self._number(chunks[at])
        return found  # type: ignore[return-value]

    def _number(self, chunk: str) -> int:
        number = self._numbers.get(chunk)
        if number is None:
            core = self.core(chunk)
            if core is None:
                self._learn(chunk)
            else:
                self._repeat(core, len(chunk) - len(chunk.rstrip(TAIL)))
            number = self._numbers[chunk] = len(self._numbers)
            self._characters += len(chunk) + 1
        return number

    def latest(self, known: int) -> list[str]:
        """The chunks that came after the first so many, in the order of their numbers."""
        return list(islice(reversed(self._numbers), len(self._numbers) - known))[::-1]

    def core(self, chunk: str) -> int | None:
        """The number of a chunk without the signs of TAIL behind it; None where there are none."""
        core = chunk.rstrip(TAIL)
        return self._number(core) if core and core != chunk else None

    def _learn(self, chunk: str) -> None:
        """Adds the rows of a chunk."""

    def _repeat(self, number: int, tail: int) -> None:
        """Adds the rows of a known chunk again, for the same chunk with so many signs of TAIL behind it."""


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

    def _repeat(self, number: int, tail: int) -> None:
        tokens = slice(self.token_ends[number], self.token_ends[number + 1])
        words = slice(self.word_ends[number], self.word_ends[number + 1])
        for said in (self.terms, self.plain, self.latin):
            said.append(said[number])
        self.clause_ends.append(self.clause_ends[number] + tail)
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

    def __init__(self, width: int, dtype: type[np.float32 | np.uint64] = np.float32) -> None:
        self._held, self._count = np.empty((1024, width), dtype=dtype), 0

    def __len__(self) -> int:
        return self._count

    def extend(self, rows: NDArray[Any]) -> None:
        """Adds rows."""
        count = self._count + len(rows)
        if count > len(self._held):
            grown = np.empty((2 * count, self._held.shape[1]), dtype=self._held.dtype)
            grown[: self._count] = self.all()
            self._held = grown
        self._held[self._count : count] = rows
        self._count = count

    def all(self) -> NDArray[Any]:
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
