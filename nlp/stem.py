"""Sastrawi's stemmer behind a set, quick decisions and a bounded memory, so that no word can hold up a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self

from Sastrawi.Stemmer.Context.Removal import Removal
from Sastrawi.Stemmer.Stemmer import Stemmer as Sastrawi
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from nlp.lexicon import read_table

#: Longer words are no Indonesian; they are returned as they are.
LONGEST = 40
#: Sastrawi leaves words of so few letters alone.
SHORT = 3
#: Distinct words whose stem is remembered.
REMEMBERED = 200_000

#: Sastrawi changes a word only by these prefixes, infixes and suffixes; any other word is its own stem.
PREFIXED = re.compile(r"di|ke|se|be|te|me|pe|ku|kau|[b-df-hj-np-tv-z](?:er|el|em|in)[aiueo]")
AFFIXED = re.compile(rf"^(?:{PREFIXED.pattern})|(?:lah|kah|tah|pun|ku|mu|nya|is|isme|isasi|i|an)$|-")
PLAIN = re.compile(r"^(?:di|ke|se)")
LETTERS = re.compile(r"[a-z]+")
#: What is taken off the end, in this order, by the name Sastrawi gives it.
SUFFIXES = {
    "P": re.compile(r"-*(?:lah|kah|tah|pun)$"),
    "PP": re.compile(r"-*(?:ku|mu|nya)$"),
    "DS": re.compile(r"(?:is|isme|isasi|i|kan|an)$"),
}
#: How a word begins -> numbers of the rules that may take something off (Sastrawi's numbering).
RULES: Mapping[str, Iterable[int]] = {
    "be": range(1, 6),
    "te": (*range(6, 10), 35),
    "me": range(10, 20),
    "pe": (*range(20, 35), 36),
    "ku": (41,),
    "ka": (42,),
}
INFIXED = range(37, 41)


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
class Affix:
    """Takes one kind of affix off a word, as Sastrawi's own visitors do, but compiles nothing on the way."""

    kind: str
    pattern: re.Pattern[str]

    def visit(self, context: Any) -> None:
        """Shortens the word under the hand of Sastrawi."""
        word = context.current_word
        if found := self.pattern.search(word):
            left = word[found.end() :] if found.end() < len(word) else word[: found.start()]
            context.add_removal(Removal(self, word, left, found[0], self.kind))
            context.current_word = left


class Prefix:
    """Tries those of Sastrawi's rules that the first letters allow; the original tries all forty."""

    def __init__(self, visitors: Iterable[Any]) -> None:
        numbered = {int(re.sub(r"\D", "", type(v.disambiguators[0]).__name__)): v.disambiguators for v in visitors}
        self._infixed = [numbered[number] for number in INFIXED]
        self._rules = {
            letters: [ways for number, ways in numbered.items() if number in own or number in INFIXED]
            for letters, own in RULES.items()
        }

    def visit(self, context: Any) -> None:
        """Shortens the word under the hand of Sastrawi by the first rule that fits."""
        word = context.current_word
        if not PREFIXED.match(word):
            return
        for rule in self._rules.get(word[:2], self._infixed):
            result = None
            for way in rule:
                result = way.disambiguate(word)
                if context.dictionary.contains(result):
                    break
            if result:
                context.add_removal(Removal(self, word, result, "", "DP"))
                context.current_word = result
                return


@dataclass(frozen=True, slots=True)
class Stemmer:
    """Words to stems by the Nazief-Adriani family of rules (Asian 2007), as Sastrawi implements them."""

    #: The stem of one lower-case word; the word itself where no rule leads to a known root.
    stem: Callable[[str], str]

    @classmethod
    def load(cls, language_dir: Path) -> Self:
        """The stemmer with the exceptions of `stems.csv` (word, stem), which go before every rule."""
        exceptions = tuple((row["word"], row["stem"]) for row in read_table(language_dir / "stems.csv"))
        return cls(_ruled(exceptions))


@cache
def _ruled(pairs: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    """The function that decides one word; all stemmers with the same exceptions share what it remembers."""
    exceptions, roots = dict(pairs), base_words()
    sastrawi = Sastrawi(RootWords(roots))
    _, *rules = sastrawi.visitor_provider.get_prefix_visitors()
    sastrawi.visitor_provider.suffix_visitors = [Affix(kind, ending) for kind, ending in SUFFIXES.items()]
    sastrawi.visitor_provider.prefix_pisitors = [Affix("DP", PLAIN), Prefix(rules)]

    @lru_cache(maxsize=REMEMBERED)
    def decide(word: str) -> str:
        if word in exceptions:
            return exceptions[word]
        if len(word) > LONGEST or not AFFIXED.search(word) or (word in roots and "-" not in word):
            return word
        if not LETTERS.fullmatch(word):
            return str(sastrawi.stem(word)) or word
        return str(sastrawi.stem_singular_word(word)) if PREFIXED.match(word) else _shortened(word, roots)

    return decide


def _shortened(word: str, roots: frozenset[str]) -> str:
    """What Sastrawi makes of a word of letters without a prefix: suffixes off until a root is left."""
    if len(word) <= SHORT:
        return word
    left = word
    for ending in SUFFIXES.values():
        left = ending.sub("", left)
        if left in roots:
            return left
    whole = left + "k"
    return whole if whole in roots and word.startswith(left + "kan") else word
