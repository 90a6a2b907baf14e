"""Clusters of readings and how alike two of them are; a single reading is a cluster of one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from tanggap.city import City
from tanggap.issues.likeness import DAY_S, INSIDE, REST_H, UNTIMED, Array, score, spread
from tanggap.issues.places import Spots, agreement
from tanggap.issues.vectors import Bag, Sum
from tanggap.records import Reading

#: A topic that says only "something else" agrees and disagrees with nothing.
UNTOLD = "lainnya"


@dataclass(slots=True, kw_only=True)
class Cluster:
    """Readings that speak of one thing. `members` are positions in the order of arrival, copies included."""

    key: int
    issue: str | None = None
    #: Touched by staff: it is not merged away by itself, and no other issue into it.
    fixed: bool = False
    #: Put in order by staff: what is not surely its own is only suggested.
    curated: bool = False
    #: Issues it may not become one with, because people said so.
    barred: set[str] = field(default_factory=set)
    #: Closed by people at this time: takes nothing that was published later.
    closed_at: datetime | None = None
    members: list[int] = field(default_factory=list)
    voices: int = 0
    words: Sum = field(default_factory=Sum)
    grams: Sum = field(default_factory=Sum)
    #: Summed topic probabilities of its voices.
    topics: Sum = field(default_factory=Sum)
    #: Summed hours that issues of their topics may be quiet.
    rest: float = 0.0
    #: Sets of places its voices name together.
    places: Counter[Spots] = field(default_factory=Counter)
    #: First, last and mean time of its voices in days; None where one of them names no time.
    span: tuple[float, float, float] | None = None

    @classmethod
    def of(cls, key: int, position: int, reading: Reading, bag: Bag, where: Spots, city: City) -> Cluster:
        """A cluster of one reading."""
        day = reading.post.published_at.timestamp() / DAY_S
        return cls(
            key=key,
            members=[position],
            voices=1,
            words=Sum.of(bag.words),
            grams=Sum.of(bag.grams),
            topics=Sum.of(told_topics(reading)),
            rest=rest_of(reading, city),
            places=Counter([where]),
            span=None if reading.post.extra.get("untimed") else (day, day, day),
        )

    @property
    def topic(self) -> str:
        """What most of its voices speak of."""
        shares = self.topics.terms
        return max(sorted(shares), key=shares.__getitem__) if shares else UNTOLD

    def absorb(self, other: Cluster) -> None:
        """Takes all of `other` in; its own identity stays."""
        self.span = joined(self, other) if self.voices else other.span
        self.members = sorted(self.members + other.members)
        self.voices += other.voices
        self.places.update(other.places)
        self.issue = self.issue or other.issue
        self.barred |= other.barred
        self.rest += other.rest
        for mine, theirs in ((self.words, other.words), (self.grams, other.grams), (self.topics, other.topics)):
            mine.add(theirs)


def alike(one: Cluster, others: Sequence[Cluster]) -> Array:
    """How much each of `others` looks like one issue with `one`: about 0 for strangers, 1 for copies."""
    pairs = [
        (
            one.words.cosine(other.words),
            one.grams.cosine(other.grams),
            *agreement(one.places, other.places),
            one.topics.cosine(other.topics) if one.topics.terms and other.topics.terms else math.nan,
            one.voices,
            other.voices,
            len(one.members),
            len(other.members),
            distance(one, other),
            (one.rest / one.voices + other.rest / other.voices) / 2,
        )
        for other in others
    ]
    words, grams, near, elsewhere, topics, mine, theirs, posts, others_posts, days, rest = (
        np.array(pairs, float).reshape(-1, 11).T
    )
    shared = spread(mine, theirs, posts, others_posts)
    return score(words, grams, near, elsewhere, topics, np.minimum(mine, theirs), shared, days, rest)


def distance(one: Cluster, other: Cluster) -> float:
    """Days between two clusters: the gap between their spans, or within them that of their mean times."""
    if one.span is None or other.span is None:
        return UNTIMED
    gap = max(one.span[0] - other.span[1], other.span[0] - one.span[1])
    return max(gap, min(abs(one.span[2] - other.span[2]), INSIDE))


def joined(one: Cluster, other: Cluster) -> tuple[float, float, float] | None:
    """The span of two clusters together."""
    if one.span is None or other.span is None:
        return None
    mean = (one.span[2] * one.voices + other.span[2] * other.voices) / (one.voices + other.voices)
    return min(one.span[0], other.span[0]), max(one.span[1], other.span[1]), mean


def told_topics(reading: Reading) -> dict[str, float]:
    """What a reading is about, as probabilities, without the share that names no service."""
    return {topic: share for topic, share in reading.score.topic_probs.items() if topic != UNTOLD}


def rest_of(reading: Reading, city: City) -> float:
    """Hours that an issue of a reading's topics may be quiet, as the topic model expects them."""
    told = {topic: share for topic, share in reading.score.topic_probs.items() if topic in city.topics}
    whole = sum(told.values())
    return sum(share * city.topics[topic].idle_h for topic, share in told.items()) / whole if whole else REST_H
