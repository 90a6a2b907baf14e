"""How texts and answers of a day differ from the week before: new words, moved answers, and watched texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.data import CANARY, read_rows
from nlp.evaluate import gold_post
from nlp.score import Scorer

FIELDS = ("relevant", "sentiment", "topic", "complaint", "urgency")

#: Posts of a day that must hold a word before it is told, and how many times more common than before it must be.
LEAST_POSTS = 3
TIMES = 5.0
MOST_WORDS = 20
#: Draws of the noise band, and the quantile it ends at.
DRAWS = 1_000
NOISE = 0.95

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWord:
    """A word that people use much more than in the week before."""

    word: str
    posts: int
    #: Posts of the reference that hold it.
    before: int


def new_words(today: Counts, before: Counts, posts: int, posts_before: int) -> list[NewWord]:
    """Words of `today` that were rare or unknown `before`, the most telling first.

    Ranked by the log-likelihood ratio of a word's share of the posts (Dunning 1993); a word counts once per post.
    """
    found = []
    for word, count in today.items():
        expected = (before.get(word, 0) + 0.5) / (posts_before + 1) * posts
        if count >= LEAST_POSTS and count >= TIMES * expected:
            found.append((count * float(np.log(count / expected)), word))
    chosen = sorted(found, key=lambda pair: (-pair[0], pair[1]))[:MOST_WORDS]
    return [NewWord(word=word, posts=today[word], before=before.get(word, 0)) for _, word in chosen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far the answers of a day lie from those of the reference."""

    #: Jensen-Shannon divergence in bits, 0 (the same) to 1 (nothing in common).
    divergence: float
    #: What days of the reference reach by chance in 95 of 100 draws.
    noise: float

    @property
    def beyond(self) -> bool:
        """Whether it is more than noise."""
        return self.divergence > self.noise


def shift(today: Counts, days: Sequence[Counts], seed: int = 0) -> Shift | None:
    """The shift of the answers of a day from those of other days; None without answers on either side.

    A draw of the noise takes one of the days by lot and as many answers as today has from it, so that the band holds
    both the luck of the draw and how days differ anyway.
    """
    labels = sorted({*today, *(label for day in days for label in day)})
    table = np.array([[day.get(label, 0) for label in labels] for day in days], dtype=float)
    table = table[table.sum(axis=1) > 0] if len(table) else table
    count = sum(today.values())
    if not count or not len(table):
        return None
    whole = table.sum(axis=0) / table.sum()
    dice = np.random.default_rng(seed)
    shares = table / table.sum(axis=1, keepdims=True)
    drawn = np.array([dice.multinomial(count, shares[dice.integers(len(shares))]) for _ in range(DRAWS)]) / count
    own = np.array([[today.get(label, 0) for label in labels]]) / count
    return Shift(
        divergence=round(float(divergences(own, whole)[0]), 4),
        noise=round(float(np.quantile(divergences(drawn, whole), NOISE)), 4),
    )


def divergences(rows: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    """Jensen-Shannon divergence of each row of shares from another one, in bits."""
    middle = (rows + other) / 2

    def surplus(shares: NDArray[Any]) -> NDArray[Any]:
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(shares > 0, shares * np.log2(shares / middle), 0)
        return np.asarray(terms.sum(axis=1))

    return np.asarray((surplus(rows) + surplus(np.broadcast_to(other, rows.shape))) / 2)


def watched(scorer: Scorer, path: Path = CANARY) -> dict[str, dict[str, Any]]:
    """What a scorer answers on the watched texts: id -> field -> label."""
    rows = read_rows(path)
    scores = scorer.score([gold_post(row) for row in rows])
    return {row.id: {name: getattr(score, name) for name in FIELDS} for row, score in zip(rows, scores, strict=True)}


def right(answers: Mapping[str, Mapping[str, Any]], path: Path = CANARY) -> dict[str, float]:
    """The share of the watched texts whose label is the one meant, by field."""
    rows = read_rows(path)
    hits = Counter(name for row in rows for name in FIELDS if answers[row.id][name] == row.labels[name])
    return {name: round(hits[name] / len(rows), 4) for name in FIELDS}


def wrong(answers: Mapping[str, Mapping[str, Any]], path: Path = CANARY) -> list[dict[str, Any]]:
    """Watched texts whose label is not the one meant: text, field, label, and the one meant."""
    return [
        {"text": row.text, "field": name, "said": answers[row.id][name], "meant": row.labels[name]}
        for row in read_rows(path)
        for name in FIELDS
        if answers[row.id][name] != row.labels[name]
    ]


def changed(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]], path: Path = CANARY
) -> list[dict[str, Any]]:
    """Watched texts that another model answers otherwise: text, field, label before, after, and the one meant."""
    return [
        {"text": row.text, "field": name, "before": before[row.id][name], "after": after[row.id][name]}
        | {"meant": row.labels[name]}
        for row in read_rows(path)
        for name in FIELDS
        if row.id in before and before[row.id].get(name) != after[row.id][name]
    ]
