"""Names no list knows, recognised by the word before them: `Jl. X`, `kel. X`, `pasar X`, `RS X`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from nlp.lexicon import read_table, read_words
from nlp.stem import Stemmer, base_words
from tanggap.city import City

#: Words of a name after its lead.
MOST_WORDS = 4
#: Words that end no name, and words that are none alone.
DANGLING = frozenset({"gang", "gg", "negeri", "al", "the"})
LOOSE = DANGLING | {"raya"}
#: Neighbourhood numbers end a name.
HOUSEHOLD = re.compile(r"(?:rt|rw|no|km)\d*")
NUMERAL = re.compile(r"\d{1,3}[a-z]?|[ivx]{1,5}|[a-h]")


class Word(NamedTuple):
    """A word of the text, with what stands between it and the word before."""

    raw: str
    low: str
    #: Lower case, short form written out.
    plain: str
    start: int
    end: int
    #: Nothing but blanks, dots, hyphens or apostrophes stands before it on the line: it may go on a name.
    joined: bool
    hashtag: bool
    #: The most telling sign between it and the word before: a blank, a comma, a new line; "^" at the beginning.
    sign: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.raw[0].isupper()


@dataclass(frozen=True, slots=True)
class Leads:
    """Lead words by kind, the words that go on a name and the words that end it."""

    kinds: Mapping[str, str]
    #: Lead words of two words, and the first of each.
    pairs: frozenset[str]
    firsts: frozenset[str]
    onward: frozenset[str]
    ending: frozenset[str]
    #: Bodies that carry a town in their name: "Polda Jawa Tengah" is no place.
    bodies: frozenset[str]
    #: What may befall a place (banjir, gelap): it ends no name, and a hashtag of both names the place.
    events: frozenset[str]
    #: Names of towns: where one follows, the name before it is over.
    towns: frozenset[str]
    ordinary: Callable[[str], bool]

    @classmethod
    def load(cls, city: City, towns: frozenset[str]) -> Self:
        """The leads of leads.csv and the word lists of the language directory."""
        stemmer = Stemmer.load(city.language_dir)
        kinds = {row["word"]: row["kind"] for row in read_table(city.places_dir / "leads.csv")}
        slang = {row["slang"] for row in read_table(city.language_dir / "slang.csv")}
        known = base_words() | slang

        def ordinary(word: str) -> bool:
            return word in known or (len(word) > 4 and stemmer.stem(word) != word)

        roles = [(row["word"], row["role"]) for row in read_table(city.places_dir / "namewords.csv")]
        return cls(
            kinds=kinds,
            pairs=frozenset(word for word in kinds if " " in word),
            firsts=frozenset(word.split()[0] for word in kinds if " " in word),
            onward=frozenset(word for word, role in roles if role == "onward"),
            ending=read_words(city.language_dir / "stopwords.csv") | {word for word, role in roles if role == "ending"},
            bodies=frozenset(word for word, role in roles if role == "body"),
            events=frozenset(word for word, role in roles if role == "event"),
            towns=towns,
            ordinary=ordinary,
        )

    def at(self, words: Sequence[Word], start: int) -> tuple[int, str] | None:
        """The index after the lead that begins at `start` and its kind."""
        if start + 1 < len(words) and words[start + 1].joined:
            pair = f"{words[start].low} {words[start + 1].low}"
            if pair in self.pairs:
                return start + 2, self.kinds[pair]
        kind = self.kinds.get(words[start].low)
        return (start + 1, kind) if kind else None

    def bare(self, words: Sequence[Word], first: int, last: int) -> bool:
        """Whether a run of words is a single lead word or number, which names nothing alone."""
        return last - first == 1 and (words[first].low in self.kinds or words[first].low.isdigit())

    def run(self, words: Sequence[Word], start: int, *, trust: bool) -> int:
        """The index after the name that begins at `start`; `start` itself where none does.

        Args:
            trust: whether the lead is so clear that an ordinary word in lower case may begin the name.
        """
        if start >= len(words) or not words[start].joined or not self._begins(words[start], trust):
            return start
        return self.onward_from(words, start, start + 1)

    def onward_from(self, words: Sequence[Word], start: int, end: int) -> int:
        """The index after the name of which the words from `start` to `end` are certain."""
        capital = words[start].capital and not words[start].raw.isupper()
        while end < len(words) and end - start < MOST_WORDS and self._goes_on(words, end, capital):
            end += 1
        while end > start and words[end - 1].low in (LOOSE if end - start == 1 else DANGLING):
            end -= 1
        return end

    def _begins(self, word: Word, trust: bool) -> bool:
        """Whether a name may begin with `word`."""
        if word.low in self.ending or word.low.isdigit() or len(word.raw) < 2 or HOUSEHOLD.fullmatch(word.low):
            return False
        return trust or word.low == "raya" or word.capital or not self.ordinary(word.low)

    def _goes_on(self, words: Sequence[Word], at: int, capital: bool) -> bool:
        """Whether the word at `at` still belongs to a name that began before it."""
        word, before = words[at], words[at - 1]
        if not word.joined:
            return False
        if word.low in self.onward or (
            NUMERAL.fullmatch(word.low) and not (word.raw.islower() and word.raw in "abcdefgh")
        ):
            return True
        if word.low in self.ending or word.low in self.kinds or HOUSEHOLD.fullmatch(word.low):
            return False
        if word.low in self.towns and before.low != "raya":
            return False
        if capital:
            return word.capital
        return not self.ordinary(word.low) and not (word.capital and not before.capital)
