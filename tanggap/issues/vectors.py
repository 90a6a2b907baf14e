"""Turns readings into weighted bags of terms and keeps the document frequencies they are weighted by."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from tanggap.records import PostKind, Reading

#: Terms of an article that count: its headline and lead; the rest of a long text drowns what it is about.
NEWS_TERMS = 60

Vector = Mapping[str, float]


def terms_of(reading: Reading) -> list[str]:
    """The terms that tell what a reading is about."""
    terms = reading.score.terms.split()
    return terms[:NEWS_TERMS] if reading.post.kind is PostKind.NEWS else terms


class Weights:
    """Streaming inverse document frequencies: each reading counts once and weighs those that follow."""

    def __init__(self) -> None:
        self._documents = 0
        self._frequency: Counter[str] = Counter()

    def learn(self, terms: Iterable[str]) -> None:
        """Counts one document."""
        self._documents += 1
        self._frequency.update(set(terms))

    def vector(self, terms: Iterable[str]) -> dict[str, float]:
        """Sublinear TF-IDF of unit length; empty for no terms."""
        counts = Counter(terms)
        raw = {
            term: (1 + math.log(count)) * math.log(1 + (1 + self._documents) / (1 + self._frequency[term]))
            for term, count in counts.items()
        }
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {term: value / length for term, value in raw.items()} if length else {}


def dot(left: Vector, right: Vector) -> float:
    """Inner product; for unit vectors their cosine."""
    if len(left) > len(right):
        left, right = right, left
    return sum(value * right[term] for term, value in left.items() if term in right)
