"""The clusters of a window in flat arrays: a million posts fit, and one more finds the clusters most alike to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tanggap.city import City
from tanggap.compiled import compiled
from tanggap.issues.clusters import Cluster, rest_of, told_topics
from tanggap.issues.copies import Print
from tanggap.issues.likeness import DAY_S, Array, to_clusters
from tanggap.issues.places import Spots, spots, term
from tanggap.issues.postings import Postings
from tanggap.issues.sums import UNIT, Amounts, Ids, Sums, Whole
from tanggap.issues.vectors import Bag, Sum, Vector, number
from tanggap.records import Reading

#: What is known of a post: its cluster, the next post of that, what it copies (-1: nothing), its places, how alike it
#: was when it came, and whether people should look.
POST = [("home", "i4"), ("next", "i4"), ("copy", "i4"), ("where", "i4"), ("likeness", "f4"), ("doubt", "?")]
#: What is known of a cluster beside its sums: its first and last post, how many posts and voices it has, thousandths of
#: hours that it may rest, first and last second of its voices, the sum of their seconds, and whether all are timed.
CLUSTER = [
    ("head", "i4"), ("tail", "i4"), ("posts", "i8"), ("voices", "i8"), ("rest", "i8"),
    ("first", "i8"), ("last", "i8"), ("seconds", "i8"), ("timed", "?"),
]  # fmt: skip
ROOM = 1_024
ONE = np.array([1], np.int32)
NEVER = np.iinfo(np.int64)

Row = tuple[Ids, Amounts]


@dataclass(frozen=True, slots=True)
class Told:
    """One text as grouping reads it."""

    words: Row
    #: The same words, the rarest first.
    rarest: Row
    grams: Row
    topics: Row
    where: Spots
    print: Print
    rest: int
    #: When it was published; None where it names no time.
    second: int | None

    @classmethod
    def of(cls, reading: Reading, bag: Bag, city: City) -> Told:
        """A reading with its vectors."""
        words = row(bag.words)
        order = np.argsort(-words[1], kind="stable")
        return cls(
            words=words,
            rarest=(words[0][order], words[1][order]),
            grams=row(bag.grams),
            topics=row({number(topic): share for topic, share in told_topics(reading).items()}),
            where=spots(reading.score.places, city),
            print=Print.of(reading.post.full_text),
            rest=round(rest_of(reading, city) * 1000),
            second=None if reading.post.extra.get("untimed") else round(reading.post.published_at.timestamp()),
        )


def row(vector: Vector) -> Row:
    """A vector with rising ids and whole amounts, without what rounds to nothing."""
    ids = np.fromiter(vector.keys(), np.uint32, len(vector))
    amounts = np.rint(np.fromiter(vector.values(), np.float64, len(vector)) * UNIT).astype(np.int32)
    order = np.argsort(ids)
    order = order[amounts[order] > 0]
    return ids[order], amounts[order]


@compiled
def file(
    posts: npt.NDArray[Any],
    facts: npt.NDArray[Any],
    home: int,
    at: int,
    voice: bool,
    rest: int,
    second: int,
    timed: bool,
) -> None:
    """Notes a post in its cluster, and what it tells of time where it is a voice of its own."""
    cluster = facts[home]
    if cluster["tail"] < 0:
        cluster["head"] = at
    else:
        posts[cluster["tail"]]["next"] = at
    cluster["tail"] = at
    cluster["posts"] += 1
    if not voice:
        return
    cluster["voices"] += 1
    cluster["rest"] += rest
    if timed:
        cluster["first"] = min(cluster["first"], second)
        cluster["last"] = max(cluster["last"], second)
        cluster["seconds"] += second
    else:
        cluster["timed"] = False


class Index:
    """Clusters by key, posts by position; both count up from 0."""

    def __init__(self, city: City) -> None:
        self.posts: npt.NDArray[Any] = np.zeros(ROOM, POST)
        self.facts: npt.NDArray[Any] = np.zeros(ROOM, CLUSTER)
        self.count = 0
        self.opened = 0
        self._words, self._grams, self._topics, self._places = Sums(), Sums(), Sums(), Sums()
        self._postings = Postings()
        self._topic_names = {number(topic): topic for topic in city.topics}
        self._spots: dict[Spots, int] = {}
        self._where: list[Spots] = []

    def open(self) -> int:
        """A new cluster without posts."""
        if self.opened == len(self.facts):
            self.facts = np.concatenate((self.facts, np.zeros_like(self.facts)))
        self.facts[self.opened] = (-1, -1, 0, 0, 0, NEVER.max, NEVER.min, 0, True)
        self.opened += 1
        return self.opened - 1

    def take(self, told: Told, home: int, *, copy: int | None, likeness: float, doubt: bool) -> int:
        """Puts a post into a cluster; one that copies another adds to its spread only."""
        if self.count == len(self.posts):
            self.posts = np.concatenate((self.posts, np.zeros_like(self.posts)))
        at, self.count = self.count, self.count + 1
        where = self._place(told.where)
        self.posts[at] = (home, -1, -1 if copy is None else copy, where, likeness, doubt)
        file(self.posts, self.facts, home, at, copy is None, told.rest, told.second or 0, told.second is not None)
        if copy is None:
            self._words.add(home, *told.words)
            self._grams.add(home, *told.grams)
            self._topics.add(home, *told.topics)
            self._places.add(home, np.array([where], np.uint32), ONE)
            self._postings.add(at, *told.words)
        return at

    def _place(self, where: Spots) -> int:
        if where not in self._spots:
            self._spots[where] = len(self._where)
            self._where.append(where)
        return self._spots[where]

    def absorb(self, home: int, lost: int) -> None:
        """Lets one cluster take in another, which is empty then."""
        for sums in (self._words, self._grams, self._topics, self._places):
            sums.absorb(home, lost)
        members = np.array(sorted(self.members(home) + self.members(lost)), np.int32)
        self.posts["home"][members] = home
        self.posts["next"][members[:-1]] = members[1:]
        cluster, other = self.facts[home], self.facts[lost]
        if len(members):
            cluster["head"], cluster["tail"] = members[0], members[-1]
            self.posts["next"][members[-1]] = -1
        for name in ("posts", "voices", "rest", "seconds"):
            cluster[name] += other[name]
        cluster["first"] = min(cluster["first"], other["first"])
        cluster["last"] = max(cluster["last"], other["last"])
        cluster["timed"] &= other["timed"]
        other["head"] = other["tail"] = -1
        other["posts"] = other["voices"] = 0

    def members(self, key: int) -> list[int]:
        """The posts of a cluster, copies too, in the order they came."""
        found = []
        at = int(self.facts["head"][key])
        while at >= 0:
            found.append(at)
            at = int(self.posts["next"][at])
        return found

    def where(self, position: int) -> Spots:
        """The places a post names."""
        return self._where[int(self.posts["where"][position])]

    def nearest(self, told: Told) -> Whole:
        """The clusters whose posts share most with a text, the closest first."""
        return self._postings.nearest(*told.rarest, self.posts["home"])

    def alike(self, told: Told, keys: Whole) -> Array:
        """How much each of some clusters looks like one issue with a text, see `tanggap.issues.clusters.alike`."""
        near, elsewhere = self._agreement(told.where, keys)
        return to_clusters(
            self._words.cosines(keys, *told.words),
            self._grams.cosines(keys, *told.grams),
            near,
            elsewhere,
            self._topics.cosines(keys, *told.topics, empty=np.nan),
            self.facts[keys],
            float(told.rest),
            np.nan if told.second is None else float(told.second),
        )

    def _agreement(self, where: Spots, keys: Whole) -> tuple[Array, Array]:
        """How near the places of a text and of clusters are, see `tanggap.issues.places.agreement`."""
        near, elsewhere = [0.0] * len(keys), [0.0] * len(keys)
        if where:
            told = self._places.heaviest(keys)
            for at, (there, count, voices) in zip(*(part.tolist() for part in told), strict=True):
                value = term(where, self._where[there]) * count / voices
                near[at] += max(value, 0.0)
                elsewhere[at] -= min(value, 0.0)
        return np.array(near), np.array(elsewhere)

    def cluster(self, key: int) -> Cluster:
        """A cluster in full."""
        facts = self.facts[key]
        voices = int(facts["voices"])
        first, last, seconds = (int(facts[name]) / DAY_S for name in ("first", "last", "seconds"))
        topics = {self._topic_names[topic]: share for topic, share in self._topics.terms(key).items()}
        ids, counts = self._places.row(key)
        places = zip(ids.tolist(), counts.tolist(), strict=True)
        return Cluster(
            key=key,
            members=self.members(key),
            voices=voices,
            words=Sum.of(self._words.terms(key)),
            grams=Sum.of(self._grams.terms(key)),
            topics=Sum.of(topics),
            rest=int(facts["rest"]) / 1000,
            places=Counter({self._where[at]: count for at, count in places}),
            span=(first, last, seconds / voices) if voices and facts["timed"] else None,
        )
