"""Turns readings into two weighted bags, words and letter rows, rare terms weighing more than common ones."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from tanggap.errors import SettingsError
from tanggap.records import PostKind, Reading
from tanggap.text import fold

#: Terms of an article that count: its headline and lead; the rest of a long text drowns what it is about.
NEWS_TERMS = 60
#: Letters of a text whose rows count, for the same reason.
GRAM_CHARS = 400
#: Letters in a row: spellings of one word share most of theirs.
GRAM = 4

#: Heads of a neighbourhood, whom the normaliser takes for a retweet or part of an address: here they are people.
HEADS = re.compile(r"\b(rt|rw)\b(?!\s*[@\d.:/])", re.IGNORECASE)

#: Words and letter rows by their numbers, see `number`; topics by name.
Vector = Mapping[Any, float]


@lru_cache(maxsize=1 << 18)
def number(term: str) -> int:
    """What a word or a row of letters is in vectors: the same in every process; in 32 bits few ever meet."""
    return crc32(term.encode())


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `documents` texts each term stands."""

    documents: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    grams: Mapping[str, int] = field(default_factory=dict)
    #: The words by their numbers in vectors.
    spelled: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, language_dir: Path) -> Frequencies:
        """The frequencies that ship with the product, so that the first posts of a day are weighed like the last.

        Raises:
            SettingsError: the file is missing or not as it was written.
        """
        path = language_dir / "frequencies.tsv"
        counts: dict[str, dict[str, int]] = {"*": {}, "word": {}, "gram": {}}
        try:
            with path.open(encoding="utf-8", newline="") as file:
                lines = (line for line in file if not line.startswith("#"))
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                    counts[row["kind"]][row["term"]] = int(row["posts"])
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise SettingsError(f"{path} cannot be read ({error}); `tanggap init` writes the shipped one.") from None
        spelled = {number(word): word for word in counts["word"]}
        return cls(counts["*"].get("", 0), counts["word"], counts["gram"], spelled)


@dataclass(slots=True)
class Sum:
    """A growing sum of vectors that knows its own length."""

    terms: dict[Any, float] = field(default_factory=dict)
    #: Squared length.
    square: float = 0.0

    @classmethod
    def of(cls, vector: Vector) -> Sum:
        """The sum of one."""
        return cls(dict(vector), dot(vector, vector))

    def add(self, other: Sum) -> None:
        """Takes in another sum."""
        self.square += other.square + 2 * dot(self.terms, other.terms)
        for term, value in other.terms.items():
            self.terms[term] = self.terms.get(term, 0.0) + value

    def cosine(self, other: Sum) -> float:
        """Cosine of the two; 0 where either is empty."""
        length = math.sqrt(self.square * other.square)
        return dot(self.terms, other.terms) / length if length else 0.0


@dataclass(frozen=True, slots=True)
class Bag:
    """What one text is about: two vectors of unit length, empty where it says nothing."""

    words: Vector
    grams: Vector


class Weights:
    """Inverse document frequencies over the shipped texts and all that this window holds."""

    def __init__(self, background: Frequencies) -> None:
        self._background = background
        self._documents = background.documents
        self._words: Counter[str] = Counter()
        self._grams: Counter[str] = Counter()

    def learn(self, reading: Reading) -> None:
        """Counts one document."""
        self._documents += 1
        self._words.update(set(words_of(reading)))
        self._grams.update(set(grams_of(reading)))

    def bag(self, reading: Reading) -> Bag:
        """Both vectors of a reading."""
        return Bag(
            self._vector(words_of(reading), self._background.words, self._words),
            self._vector(grams_of(reading), self._background.grams, self._grams),
        )

    def _vector(self, terms: Iterable[str], before: Mapping[str, int], here: Counter[str]) -> Vector:
        """Sublinear TF-IDF of unit length."""
        raw = {
            number(term): (1 + math.log(count))
            * math.log((1 + self._documents) / (1 + before.get(term, 0) + here.get(term, 0)))
            for term, count in Counter(terms).items()
        }
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {term: value / length for term, value in raw.items()} if length else {}


def words_of(reading: Reading) -> list[str]:
    """Normalised words and stems that tell what a reading is about."""
    terms = reading.score.terms.split()
    terms += (word.lower() for word in HEADS.findall(reading.post.full_text[:GRAM_CHARS]))
    return terms[:NEWS_TERMS] if reading.post.kind is PostKind.NEWS else terms


def grams_of(reading: Reading) -> list[str]:
    """Rows of letters within its words, ends marked."""
    rows: list[str] = []
    for word in fold(reading.post.full_text[:GRAM_CHARS]).split():
        marked = f"_{word}_"
        rows += [marked[i : i + GRAM] for i in range(max(1, len(marked) - GRAM + 1))]
    return rows


def dot(left: Vector, right: Vector) -> float:
    """Inner product; for unit vectors their cosine."""
    if len(left) > len(right):
        left, right = right, left
    return sum([value * right[term] for term, value in left.items() if term in right])
