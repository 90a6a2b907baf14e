"""The words of a batch of texts as the finder of places reads them; each chunk between blanks is split only once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import overload

import numpy as np

from nlp.kernels import Hashes
from nlp.leads import Word
from nlp.memory import Chunks, Flags, Numbers, Rows, before, spread
from nlp.mentions import ALONE, FIRST, LEADS, ON, REMEMBERED, SIGNS, Finder, gap_of
from nlp.tagger import GAP, number_of

#: How a word may stand behind the one before it: whether it may go on a name, and the sign between them.
STANDS = tuple((joined, sign) for sign in ("^", " ", "?", *SIGNS) for joined in (False, True))
STAND = {stand: number for number, stand in enumerate(STANDS)}
FREE, AFTER_BLANK, GLUED = STAND[FIRST], STAND[True, " "], STAND[False, "?"]
JOINED = np.array([joined for joined, _ in STANDS])
SIGN_NUMBERS = np.array([number_of(sign) for _, sign in STANDS], dtype=np.uint64)


class LineMemory:
    """The words of all chunks seen so far; chunk n holds those until `ends[n + 1]`."""

    def __init__(self, finder: Finder, looks: Callable[[str], tuple[int, ...]], chunks: Chunks) -> None:
        self.finder, self._looks, self.chunks = finder, looks, chunks
        self._spellings: dict[str, int] = {}
        self.lengths, self.ends = array("i"), array("i", [0])
        #: Per word: its spelling, where it stands in its chunk, how it stands behind the word before, if it is a tag.
        self.spelling, self.start, self.end, self.stand, self.hashtag = (array("i") for _ in range(5))
        #: Per spelling: a word so spelled, how a mention may begin with it, its attributes for the tagger.
        self.words: list[Word] = []
        self.opening, self._looked, self._table = array("i"), array("Q"), Rows(GAP, np.uint64)
        self._pairs: dict[int, bool] = {}

    def keep_up(self) -> None:
        """Learns the chunks that came since."""
        for chunk in self.chunks.latest(len(self.lengths)):
            core = self.chunks.core(chunk)
            if core is None:
                self._learn(chunk)
            else:
                self._repeat(core, len(chunk))

    def _learn(self, chunk: str) -> None:
        for word in self.finder.words(chunk):
            raw, _, _, start, end, joined, hashtag, sign = word
            number = self._spellings.get(raw)
            if number is None:
                number = self._spellings[raw] = len(self.words)
                self.words.append(word)
                self.opening.append(self.finder.opening(word))
                self._looked.extend(self._looks(raw))
            self.spelling.append(number)
            self.start.append(start)
            self.end.append(end)
            self.stand.append(GLUED if start and chunk[start - 1].isalnum() else STAND[joined, sign])
            self.hashtag.append(hashtag)
        self.ends.append(len(self.spelling))
        self.lengths.append(len(chunk))

    def _repeat(self, number: int, length: int) -> None:
        words = slice(self.ends[number], self.ends[number + 1])
        for column in (self.spelling, self.start, self.end, self.stand, self.hashtag):
            column.extend(column[words])
        self.ends.append(len(self.spelling))
        self.lengths.append(length)

    def table(self) -> Hashes:
        """Spellings x attributes that their neighbours do not change."""
        self._table.extend(np.array(self._looked, dtype=np.uint64).reshape(-1, GAP))
        del self._looked[:]
        return self._table.all()

    def opening_pairs(self, pairs: Sequence[int]) -> list[bool]:
        """Whether a mention may begin with two spellings, told as one number, for each of some."""
        if len(self._pairs) > REMEMBERED:
            self._pairs.clear()
        for pair in pairs:
            if pair not in self._pairs:
                first, second = divmod(pair, PAIR)
                self._pairs[pair] = self.finder.opens(self.words[first], self.words[second])
        return list(map(self._pairs.__getitem__, pairs))


#: Above any number of spellings.
PAIR = 2**31


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The words of all texts in order; the arrays run in parallel."""

    memory: LineMemory
    #: First word of each text, and the end of the last.
    edges: Numbers
    spelling: Numbers
    start: Numbers
    end: Numbers
    stand: Numbers
    hashtag: Flags

    @classmethod
    def of(cls, texts: Sequence[str], chunks: Sequence[Sequence[int]], memory: LineMemory) -> Lines:
        """The words of the texts with these chunks."""
        memory.keep_up()
        sizes = np.fromiter(map(len, chunks), dtype=np.intp, count=len(chunks))
        numbers = np.fromiter(chain.from_iterable(chunks), dtype=np.intp, count=int(sizes.sum()))
        text_of = np.repeat(np.arange(len(texts)), sizes)
        word, words = spread(memory.ends, numbers)
        begins = before(np.asarray(memory.lengths)[numbers] + 1)
        begins = np.repeat(begins - begins[before(sizes)][text_of], words)
        first = before(words)[words > 0]
        edges = np.searchsorted(np.repeat(text_of, words), np.arange(len(texts) + 1))
        lines = cls(
            memory=memory,
            edges=edges,
            spelling=np.asarray(memory.spelling)[word],
            start=np.asarray(memory.start)[word] + begins,
            end=np.asarray(memory.end)[word] + begins,
            stand=np.asarray(memory.stand)[word],
            hashtag=np.asarray(memory.hashtag)[word] > 0,
        )
        lines._stand_behind(first, texts)
        return lines

    def _stand_behind(self, first: Numbers, texts: Sequence[str]) -> None:
        """Tells how the first word of each chunk stands behind the chunk before."""
        free = first[self.stand[first] == FREE]
        behind = free[~np.isin(free, self.edges)]
        self.stand[behind] = AFTER_BLANK
        far = behind[self.start[behind] - self.end[behind - 1] > 1]
        text_of = (np.searchsorted(self.edges, far, side="right") - 1).tolist()
        gaps = zip(text_of, self.end[far - 1].tolist(), self.start[far].tolist(), strict=True)
        letters = (self.end[far - 1] - self.start[far - 1]).tolist()
        self.stand[far] = [
            STAND[gap_of(texts[text][end:start], size)] for (text, end, start), size in zip(gaps, letters, strict=True)
        ]
        self.stand[self.edges[:-1][np.diff(self.edges) > 0]] = FREE

    def starts(self) -> list[list[int]]:
        """Per text, the words that may open a mention, counted in the text."""
        opening = np.asarray(self.memory.opening)[self.spelling]
        joined = JOINED[self.stand]
        on = np.append(joined[1:], False) & ~self.hashtag
        likely = self.hashtag | (opening & ALONE > 0) | ((opening & LEADS > 0) & on)
        asked = np.flatnonzero(~likely & (opening & ON > 0) & on)
        pairs = self.spelling[asked].astype(np.int64) * PAIR + self.spelling[asked + 1]
        likely[asked] = self.memory.opening_pairs(pairs.tolist())
        found = np.flatnonzero(likely)
        cuts = np.searchsorted(found, self.edges).tolist()
        text_of = np.searchsorted(self.edges, found, side="right") - 1
        inside = (found - self.edges[text_of]).tolist()
        return [inside[begin:end] for begin, end in pairwise(cuts)]

    def gaps(self) -> Hashes:
        """The number of the sign before each word."""
        return SIGN_NUMBERS[self.stand]

    def each(self) -> list[Line]:
        """The words of each text."""
        columns = (self.spelling, self.start, self.end, self.stand, self.hashtag)
        rows = [column.tolist() for column in columns]
        edges = self.edges.tolist()
        return [Line(self.memory.words, rows, first, end) for first, end in pairwise(edges)]


class Line(Sequence[Word]):
    """The words of one text, each made when it is first asked for."""

    __slots__ = ("_first", "_made", "_rows", "_spelled")

    def __init__(self, spelled: Sequence[Word], rows: Sequence[Sequence[int]], first: int, end: int) -> None:
        self._spelled, self._rows, self._first = spelled, rows, first
        self._made: list[Word | None] = [None] * (end - first)

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Word]: ...
    def __getitem__(self, at: int | slice) -> Word | Sequence[Word]:
        word = self._made[at]
        if type(word) is Word:
            return word
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self._made)))]
        spelling, start, end, stand, hashtag = self._rows
        row = self._first + at % len(self._made)
        raw, low, plain, *_ = self._spelled[spelling[row]]
        joined, sign = STANDS[stand[row]]
        made = self._made[at] = Word(raw, low, plain, start[row], end[row], joined, hashtag[row] > 0, sign)
        return made
