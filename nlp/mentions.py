"""Finds the runs of words that may name a place: known names, names worn down by typing, names after a lead word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self

from nlp.gazetteer import MOST_WORDS, Index, Meaning
from nlp.leads import Leads, Word
from nlp.stem import base_words
from tanggap.city import City

WORD = re.compile(r"[^\W_]+")
GAP = re.compile(r"[ .'’`-]{1,3}")
#: Signs that may stand between two words, the most telling first.
SIGNS = '\n,.;:()/-#@"'
#: A longer word before a full stop ends its sentence; a shorter one is an abbreviation.
ABBREVIATION = 5
#: Words of a name that is looked for without its vowels.
MOST_WORN = 3
#: Distinct spellings remembered.
REMEMBERED = 50_000


#: How a word stands at the beginning of a text.
FIRST = (False, "^")
#: How a mention may begin with a word: alone, as a lead word, with the words after it.
ALONE, LEADS, ON = 1, 2, 4


class Mention(NamedTuple):
    """A run of words that names a place, with everything it may mean."""

    first: int
    last: int
    start: int
    end: int
    #: Kind of the lead word before or in it, "" without one.
    kind: str
    meanings: tuple[Meaning, ...]

    def in_word(self, words: Sequence[Word]) -> bool:
        """Whether it is only a part of its word, as a name in a hashtag is."""
        return self.start > words[self.first].start or self.end < words[self.last - 1].end


@dataclass(frozen=True, slots=True)
class Finder:
    """Reads a text left to right; the longest name at each word wins."""

    index: Index
    leads: Leads
    #: Meanings of a name typed without vowels or with a slip.
    _worn: Callable[[str], tuple[Meaning, ...]]

    @classmethod
    def load(cls, city: City) -> Self:
        """The finder of a city's config/places.

        Raises:
            SettingsError: one of its tables is missing or broken.
        """
        index = Index.load(city)
        return cls(index, Leads.load(city, index.towns), lru_cache(maxsize=REMEMBERED)(index.worn))

    def words(self, text: str) -> list[Word]:
        """The words of a text with what stands between them."""
        if text.isalpha() and text[:2].lower() != "di":
            low, (joined, sign) = text.lower(), FIRST
            return [Word(text, low, self.index.plain(low), 0, len(text), joined, False, sign)]
        words: list[Word] = []
        end = 0
        for match in WORD.finditer(text):
            raw, start = match.group(), match.start()
            low = raw.lower()
            if low.startswith("di") and self._glued(low[2:]):
                raw, low, start, end = raw[2:], low[2:], start + 2, max(end, start + 1)
            gap = text[end:start]
            joined, sign = gap_of(gap, len(words[-1].raw)) if words else FIRST
            words.append(Word(raw, low, self.index.plain(low), start, match.end(), joined, gap.endswith("#"), sign))
            end = match.end()
        return words

    def _glued(self, rest: str) -> bool:
        """Whether `rest` is a road lead or a town that lost its blank after "di": dijalan, disurabaya."""
        return rest in self.leads.towns or self.leads.kinds.get(rest) == "road"

    def mentions(self, words: Sequence[Word], starts: Iterable[int] | None = None) -> Iterator[Mention]:
        """All candidate mentions, left to right, none overlapping; only those words open one that `starts` lists."""
        end = 0
        for at in range(len(words)) if starts is None else starts:
            if at >= end and (mention := self._mention(words, at)):
                yield mention
                end = mention.last

    def opening(self, word: Word) -> int:
        """How a mention may begin with a word, wherever it stands: ALONE, LEADS and ON in one number."""
        strange = word.low not in base_words()
        alone = word.low in self.index.meanings or (strange and bool(self._worn(word.low)))
        on = (
            (strange and self.index.bony(word.plain))
            or not self._hopeless(word.low, word.plain)
            or word.low in self.leads.firsts
        )
        return ALONE * alone | LEADS * (word.low in self.leads.kinds) | ON * on

    def opens(self, first: Word, second: Word) -> bool:
        """Whether a mention may begin with two words that may go on a name, though not with the first alone."""
        raw, plain = first.low + second.low, first.plain + second.plain
        if not self._hopeless(raw, plain) or f"{first.low} {second.low}" in self.leads.pairs:
            return True
        if not self.index.bony(first.plain) or (first.low in base_words() and second.low in base_words()):
            return False
        return self.index.bony(plain)

    def _mention(self, words: Sequence[Word], at: int) -> Mention | None:
        """The mention that begins at a word, if one does."""
        if words[at].hashtag:
            return self._in_hashtag(words, at)
        end, meanings = self._named(words, at)
        lead = self.leads.at(words, at)
        led = self._led(words, at, *lead) if lead else None
        if led and (led.last > end or (led.last == end and led.kind in ("kelurahan", "kecamatan", "road"))):
            return led
        if not meanings:
            return None
        if meanings[0].inside or meanings[0].town:
            return _mention(words, at, end, "", meanings)
        return _mention(words, at, max(end, self.leads.onward_from(words, at, end)), "", meanings)

    def named(self, words: Sequence[Word], first: int, last: int) -> tuple[Meaning, ...]:
        """Meanings of exactly these words as a name; none where no list knows them."""
        end, meanings = self._named(words, first, last)
        return meanings if end == last else ()

    def _named(self, words: Sequence[Word], at: int, last: int | None = None) -> tuple[int, tuple[Meaning, ...]]:
        """The end and meanings of the longest known name that begins at `at` and goes no farther than `last`."""
        best = at
        found: tuple[Meaning, ...] = ()
        raw = plain = ""
        known, meant, roots = True, self.index.meanings.get, base_words()
        for end in range(at, min(at + MOST_WORDS, last or len(words))):
            word = words[end]
            if end > at and not word.joined:
                break
            raw, plain = raw + word.low, plain + word.plain
            known = known and word.low in roots
            meanings = meant(raw) or (meant(plain) if end > at else None)
            if not meanings and not known and end - at < MOST_WORN:
                if end == at:
                    meanings = self._worn(raw)
                elif self.index.bony(words[at].plain):
                    meanings = self._worn(plain)
            if meanings:
                best, found = end + 1, meanings
            elif self._hopeless(raw, plain) and (known or end - at >= MOST_WORN):
                break
        return best, found

    def _hopeless(self, raw: str, plain: str) -> bool:
        """Whether no name begins with these letters."""
        return raw not in self.index.beginnings and plain not in self.index.beginnings

    def _in_hashtag(self, words: Sequence[Word], at: int) -> Mention | None:
        """A name that is a whole tag, or begins or ends one: #banjirjakarta."""
        word = words[at]
        if word.low in self.index.meanings:
            return _mention(words, at, at + 1, "", self.index.meanings[word.low])
        for size in range(len(word.low) - 1, 4, -1):
            for start in (len(word.low) - size, 0):
                meanings = self.index.meanings.get(word.low[start : start + size])
                if meanings and meanings[0].context == "none":
                    return Mention(at, at + 1, word.start + start, word.start + start + size, "", meanings)
        return None

    def _led(self, words: Sequence[Word], at: int, after: int, kind: str) -> Mention | None:
        """The mention that a lead word opens."""
        if after >= len(words) or not words[after].joined:
            return None
        if kind in ("kelurahan", "kecamatan", "kota"):
            return self._area(words, after, kind)
        end, meanings = self._named(words, after)
        trust = kind == "road" and (words[at].low != "jalan" or words[at].capital)
        run = self.leads.onward_from(words, after, end) if meanings else self.leads.run(words, after, trust=trust)
        if run > end and kind == "road":
            meanings = ()
        end = max(end, run)
        if kind == "junction":
            return _mention(words, after, end, kind, meanings) if end > after else None
        return _mention(words, at, end, kind, meanings) if end > after else None

    def _area(self, words: Sequence[Word], at: int, kind: str) -> Mention | None:
        """The area after kel., kec., kab.: its own name is the mention, without the lead."""
        while at < len(words) and words[at].joined and self.leads.kinds.get(words[at].low) in ("kelurahan", "kota"):
            at += 1
        if at >= len(words) or not words[at].joined:
            return None
        end, meanings = self._named(words, at)
        if not meanings and kind != "kota":
            end = self.leads.run(words, at, trust=False)
        elif meanings and not (meanings[0].inside or meanings[0].town):
            end = max(end, self.leads.onward_from(words, at, end))
        return _mention(words, at, end, kind, meanings) if end > at else None


@lru_cache(maxsize=REMEMBERED)
def gap_of(gap: str, before: int) -> tuple[bool, str]:
    """Whether a name may go on over what stands behind a word of so many letters, and its most telling sign."""
    if gap == " ":
        return True, gap
    ends_sentence = gap.startswith(". ") and before >= ABBREVIATION
    sign = next((sign for sign in SIGNS if sign in gap), "?")
    return GAP.fullmatch(gap) is not None and not ends_sentence, sign


def _mention(words: Sequence[Word], first: int, last: int, kind: str, meanings: tuple[Meaning, ...]) -> Mention:
    return Mention(first, last, words[first].start, words[last - 1].end, kind, meanings)
