"""Sastrawi's stemmer behind a set, a quick refusal and a bounded memory, so that no word can hold up a run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Self

from Sastrawi.Stemmer.Stemmer import Stemmer as Sastrawi
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from nlp.lexicon import read_table

#: Longer words are no Indonesian; they are returned as they are.
LONGEST = 40
#: Distinct words whose stem is remembered.
REMEMBERED = 200_000

#: Sastrawi changes a word only by these prefixes, infixes and suffixes; any other word is its own stem.
AFFIXED = re.compile(
    r"^(?:di|ke|se|be|te|me|pe|ku|kau|[b-df-hj-np-tv-z](?:er|el|em|in)[aiueo])"
    r"|(?:lah|kah|tah|pun|ku|mu|nya|is|isme|isasi|i|an)$"
    r"|-"
)


@cache
def base_words() -> frozenset[str]:
    """The root words of Sastrawi's dictionary (about 29,900)."""
    return frozenset(word for word in StemmerFactory().get_words() if word.strip())


@dataclass(frozen=True, slots=True)
class RootWords:
    """Sastrawi's dictionary interface over a set: the original searches a list for every candidate."""

    words: frozenset[str]

    def contains(self, word: str | None) -> bool:
        """Whether `word` is a root word."""
        return word in self.words


@dataclass(frozen=True, slots=True)
class Stemmer:
    """Words to stems by the Nazief-Adriani family of rules (Asian 2007), as Sastrawi implements them."""

    _remembered: Callable[[str], str]

    @classmethod
    def load(cls, language_dir: Path) -> Self:
        """The stemmer with the exceptions of `stems.csv` (word, stem), which go before every rule."""
        exceptions = {row["word"]: row["stem"] for row in read_table(language_dir / "stems.csv")}
        return cls(lru_cache(maxsize=REMEMBERED)(_ruled(exceptions)))

    def stem(self, word: str) -> str:
        """The stem of one lower-case word; the word itself where no rule leads to a known root."""
        return self._remembered(word)


def _ruled(exceptions: dict[str, str]) -> Callable[[str], str]:
    """The function that decides one word that is not yet remembered."""
    roots = base_words()
    sastrawi = Sastrawi(RootWords(roots))

    def decide(word: str) -> str:
        if word in exceptions:
            return exceptions[word]
        if len(word) > LONGEST or not AFFIXED.search(word) or (word in roots and "-" not in word):
            return word
        return str(sastrawi.stem(word)) or word

    return decide
