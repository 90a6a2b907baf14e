"""Sastrawi's rules (Nazief and Adriani; Asian 2007; Arifin 2009) applied to slices of the word, without its objects."""

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
#: Words of so few letters are their own stem.
SHORT = 3
#: Distinct words whose stem is remembered.
REMEMBERED = 50_000
#: Prefixes taken off one after another.
MOST_PREFIXES = 3

#: Sastrawi changes a word only by these prefixes, infixes and suffixes; any other word is its own stem.
PREFIXED = re.compile(r"di|ke|se|be|te|me|pe|ku|kau|[b-df-hj-np-tv-z](?:er|el|em|in)[aiueo]")
#: What Sastrawi reads of a word; anything else it takes for a blank.
READ = re.compile(r"[a-z0-9-]+")
PLAIN = frozenset({"di", "ke", "se"})
#: What is taken off the end, in this order: particles, pronouns, derivations; the longest of each first.
DERIVED = ("isasi", "isme", "kan", "is", "an", "i")
SUFFIXES = (("lah", "kah", "tah", "pun"), ("nya", "ku", "mu"), DERIVED)
SUFFIXED = tuple(suffix for suffixes in SUFFIXES for suffix in suffixes)
#: Words whose prefixes go before their suffixes.
PREFIX_FIRST = re.compile(r"be.*(?:lah|an)$|(?:me|di|pe|ter).*i$")

VOWEL, CONSONANT, OTHER = "[aiueo]", "[b-df-hj-np-tv-z]", "[b-df-hj-np-qs-tv-z]"
#: Sastrawi's prefix rules in its order and numbering: the letters taken off, what must follow, what is put before the
#: rest instead. The first that gives a root is taken, else the last.
RULES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ber", VOWEL, ("", "r")),  # 1
    ("ber", f"{CONSONANT}[a-z](?!er)", ("",)),  # 2
    ("ber", f"{OTHER}[a-z]er{VOWEL}", ("",)),  # 3
    ("bel", "ajar$", ("",)),  # 4
    ("be", f"{OTHER}er{CONSONANT}", ("",)),  # 5
    ("ter", VOWEL, ("", "r")),  # 6
    ("ter", f"{OTHER}er{VOWEL}", ("",)),  # 7
    ("ter", f"{OTHER}(?!er)", ("",)),  # 8
    ("te", f"{OTHER}er{CONSONANT}", ("",)),  # 9
    ("me", f"[lrwy]{VOWEL}", ("",)),  # 10
    ("mem", "[bfv]", ("",)),  # 11
    ("mem", "pe", ("",)),  # 12
    ("mem", VOWEL, ("m", "p")),  # 13
    ("men", "[cdjstz]", ("",)),  # 14
    ("men", VOWEL, ("n", "t")),  # 15
    ("meng", "[ghqk]", ("",)),  # 16
    ("menge", ".", ("e", "ke", "", "nge")),  # 17
    ("meng", VOWEL, ("", "k", "ng")),  # 17
    ("meny", VOWEL, ("ny", "s")),  # 18
    ("mem", "p[a-df-mo-z]", ("",)),  # 19
    ("pe", f"[wy]{VOWEL}", ("",)),  # 20
    ("per", VOWEL, ("", "r")),  # 21
    ("per", f"{CONSONANT}[a-z](?!er)", ("",)),  # 23
    ("per", f"{OTHER}[a-z]er{VOWEL}", ("",)),  # 24
    ("pem", "[bfv]", ("",)),  # 25
    ("pem", VOWEL, ("m", "p")),  # 26
    ("pen", "[cdjz]", ("",)),  # 27
    ("pen", VOWEL, ("n", "t")),  # 28
    ("peng", CONSONANT, ("",)),  # 29
    ("penge", ".", ("e", "ke", "")),  # 30
    ("peng", VOWEL, ("", "k", "ng")),  # 30, then 34
    ("peny", VOWEL, ("ny", "s")),  # 31
    ("pel", "ajar$", ("",)),  # 32
    ("pe", f"l{VOWEL}", ("",)),  # 32
    ("pe", f"{CONSONANT}(?!er)", ("",)),  # 34
    ("ter", f"[b-df-hjkpqstvxz]er{CONSONANT}", ("",)),  # 35
    ("pe", f"[b-df-hjkpqstvxz]er{CONSONANT}", ("",)),  # 36
    ("ku", ".", ("",)),  # 41
    ("kau", ".", ("",)),  # 42
)
#: Rules 37 to 40: g-er-igi, t-el-unjuk.
INFIXED = re.compile(f"{CONSONANT}(?:er|el|em|in)(?={VOWEL})")


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


class Cutter:
    """Takes affixes off words as Sastrawi does; looks into a set and makes no objects on the way."""

    def __init__(self, roots: frozenset[str]) -> None:
        self._roots = roots
        beginnings = {prefix[:2] for prefix, _, _ in RULES}
        own = {two: [rule for rule in RULES if rule[0][:2] == two] for two in beginnings}
        #: First two letters -> the rules that may fit as one pattern whose last group tells which, and their ways.
        self._rules = {
            two: (
                re.compile("|".join(f"{prefix}(?=({after}))" for prefix, after, _ in rules)),
                (("",), *(ways for _, _, ways in rules)),
            )
            for two, rules in own.items()
        }

    def stem(self, word: str) -> str:
        """The root of a word; the word itself where no rule leads to one."""
        roots = self._roots
        if word in roots or len(word) <= SHORT:
            return word
        if PREFIX_FIRST.match(word):
            left = self._beheaded(word)
            left = left if left in roots else self._docked(left, [])
            if left in roots:
                return left
        taken: list[tuple[str, str]] = []
        left = self._docked(word, taken)
        if left not in roots:
            left = self._beheaded(left)
        if left in roots:
            return left
        for whole, suffix in reversed(taken):
            for tried in (whole[:-2], whole) if suffix == "kan" else (whole,):
                if (left := self._beheaded(tried)) in roots:
                    return left
        return word

    def _docked(self, word: str, taken: list[tuple[str, str]]) -> str:
        """The word without suffixes, as far as needed for a root; what was `taken` is told by the word before."""
        for suffixes in SUFFIXES:
            if word.endswith(suffixes):
                suffix = next(filter(word.endswith, suffixes))
                taken.append((word, suffix))
                word = word.removesuffix(suffix)
                if suffixes is not DERIVED:
                    word = word.rstrip("-")
                if word in self._roots:
                    break
        return word

    def _beheaded(self, word: str) -> str:
        """The word without prefixes, as far as needed for a root."""
        for _ in range(MOST_PREFIXES):
            if word[:2] in PLAIN:
                left = word[2:]
            elif word in self._roots or (left := self._unruled(word)) == word:
                return word
            if left in self._roots:
                return left
            word = left
        return word

    def _unruled(self, word: str) -> str:
        """The word as the first rule that fits leaves it."""
        pattern, ways = self._rules.get(word[:2], (INFIXED, ()))
        found = pattern.match(word)
        if found and found.lastindex:
            rest, left = word[found.end() :], word
            for way in ways[found.lastindex]:
                left = way + rest
                if left in self._roots:
                    break
            return left
        if ways:
            found = INFIXED.match(word)
        return word[0] + word[found.end() :] if found else word


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
    sastrawi, cutter = Sastrawi(RootWords(roots)), Cutter(roots)
    sastrawi.stem_singular_word = cutter.stem

    @lru_cache(maxsize=REMEMBERED)
    def decide(word: str) -> str:
        if word in exceptions:
            return exceptions[word]
        if len(word) > LONGEST or (word in roots and "-" not in word):
            return word
        if not (word.endswith(SUFFIXED) or PREFIXED.match(word) or "-" in word):
            return word
        if not READ.fullmatch(word):
            return str(sastrawi.stem(word)) or word
        return str(sastrawi.stem_word(word)) if "-" in word else cutter.stem(word)

    return decide
