"""Clusters of readings and how alike two of them are; a single reading is a cluster of one.

The score is a plain sum, so that every part of it can be told to people: the cosines of the summed words and letter
rows (centroid link), plus what shared or different places, topics and times add or take away.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from tanggap.city import City
from tanggap.issues.places import Spots, agreement
from tanggap.issues.vectors import Bag, Sum
from tanggap.records import Reading

#: What full agreement adds. Chosen on the sample city and on the grouped news and posts of the development set
#: together; the best setting lies on a wide plateau (docs/issues.md).
WORDS = 0.5
GRAMS = 0.34
TOPIC = 0.07
#: What different places take away, and the most that words may count then: "banjir di Pluit" and "banjir di
#: Cawang" differ in one word and are two issues.
ELSEWHERE = 0.22
LOOKALIKE = 0.2
#: What different topics take away where both clusters have many voices: the machine is often wrong about the topic
#: of one post, seldom about that of eight.
CLASH = 0.14
#: What two large clusters must be liker than two posts: chance evens out in sums and brings strangers together.
LARGE = 0.05
#: Voices of the smaller one from which both count in full.
MANY = 8
#: What a text that is widely shared needs less to belong to an issue that many speak of: it is shared because of it.
#: In full from so many posts to a voice; only a few voices profit.
SHARED = 0.06
SHARES = 4.0
FEW = 3
#: What each doubling of the distance in days takes away from a topic whose issues rest this many hours (`idle_h`
#: in topics.toml); time counts double for one whose issues rest half as long.
APART = 0.145
REST_H = 72.0
#: Within a cluster's own span a post is at most this many days away.
INSIDE = 0.5
#: Distance in days of a text that names no time.
UNTIMED = 1.0

DAY_S = 86_400.0

Array = npt.NDArray[np.float64]

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
    return score(
        words=words,
        grams=grams,
        near=near,
        elsewhere=elsewhere,
        topics=topics,
        voices=np.minimum(mine, theirs),
        spread=spread(mine, theirs, posts, others_posts),
        days=days,
        rest=rest,
    )


def score(
    *,
    words: Array,
    grams: Array,
    near: Array,
    elsewhere: Array,
    topics: Array,
    voices: Array,
    spread: Array,
    days: Array,
    rest: Array,
) -> Array:
    """The likeness of many pairs of clusters.

    Args:
        words, grams, topics: cosines of their sums; `topics` is NaN where one of them tells none.
        near, elsewhere: how far their places agree, and the share of their voices' pairs that differ.
        voices: those of the smaller one.
        spread: how widely the smaller one is shared, see `spread`.
        days: their distance in time.
        rest: hours that issues like them may be quiet.
    """
    large = np.clip((voices - 1) / (MANY - 1), 0.0, 1.0)
    known = np.nan_to_num(topics, nan=0.5)
    clash = np.nan_to_num(1 - topics, nan=0.0)
    text = np.minimum(WORDS * words + GRAMS * grams, 1 - (1 - LOOKALIKE) * elsewhere)
    where = near - ELSEWHERE * elsewhere
    late: Array = APART * np.log2(1 + days * REST_H / rest)
    return text + where + TOPIC * known + SHARED * spread - large * (CLASH * clash + LARGE) - late


def spread(mine: Array, theirs: Array, posts: Array, others_posts: Array) -> Array:
    """How widely the smaller of two clusters is shared, 0 to 1, where it has few voices and the larger has many.

    Args:
        mine, theirs: voices of the two.
        posts, others_posts: their posts, copies included.
    """
    times = np.where(mine < theirs, posts / np.maximum(mine, 1), others_posts / np.maximum(theirs, 1))
    shared = np.clip(np.log2(np.maximum(times, 1)) / np.log2(SHARES), 0.0, 1.0)
    many = np.clip((np.maximum(mine, theirs) - 1) / (MANY - 1), 0.0, 1.0)
    told: Array = shared * many * (np.minimum(mine, theirs) <= FEW)
    return told


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
