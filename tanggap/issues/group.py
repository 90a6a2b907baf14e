"""Groups readings into clusters as they arrive: one problem, one place, these days.

A post joins the cluster with the highest `0.5 centroid + 0.5 best exemplar` cosine plus soft terms for place and
topic, as measured in single-pass clustering of social streams (Mazoyer et al. 2020; Fedoryszak et al. 2019 keep the
same identity over time); a consolidation by average link then joins clusters that began apart.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tanggap.city import City
from tanggap.issues.copies import CopyIndex
from tanggap.issues.places import Spot, agreement, leading, spots
from tanggap.issues.vectors import Vector, Weights, dot, terms_of
from tanggap.records import PostKind, Reading

#: Newest documents looked at per shared term, and candidates verified exactly (research: grouping 2.2, costs nothing).
NEWEST = 200
VERIFIED = 48

#: What full agreement of topics adds to a cosine, and full disagreement takes away.
TOPIC = 0.05
#: The same for the average link of two clusters.
TOPIC_OF_CLUSTERS = 0.01
#: A topic that says only "something else" agrees and disagrees with nothing.
UNTOLD = "lainnya"

#: A cluster's place rests on many posts, so disagreement of two weighs more than that of a post.
CLUSTERS_APART = 2.0
#: An average link is ten times smaller than a cosine, and so is what a shared place may add to it.
CLUSTERS_TOGETHER = 0.1

#: A join this close to the threshold is shown as "perlu dicek".
DOUBT = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Where a reading went and how alike it was (1 for copies and founders); `suggested` asks a person to look."""

    cluster: int
    similarity: float
    copy_of: int | None = None
    suggested: bool = False


@dataclass(slots=True, kw_only=True)
class Cluster:
    """Readings that speak of one thing. `members` are positions in the order of arrival, copies included."""

    key: int
    issue: str | None = None
    #: Touched by staff: nothing is merged into or out of it by itself.
    fixed: bool = False
    #: Closed by people at this time: takes nothing that was published later.
    closed_at: datetime | None = None
    members: list[int] = field(default_factory=list)
    voices: int = 0
    total: dict[str, float] = field(default_factory=dict)
    places: Counter[Spot] = field(default_factory=Counter)
    #: Summed topic probabilities of its voices.
    topics: dict[str, float] = field(default_factory=dict)
    last: datetime | None = None

    @property
    def topic(self) -> str:
        """What most of its voices speak of."""
        return max(sorted(self.topics), key=self.topics.__getitem__) if self.topics else UNTOLD

    def length(self) -> float:
        """Length of the summed vector."""
        return math.sqrt(dot(self.total, self.total))


class Grouper:
    """Holds the clusters of a window and places one reading at a time."""

    def __init__(self, city: City, *, join: float, consolidate: float) -> None:
        self._city = city
        self._join = join
        self._merge = consolidate
        self._weights = Weights()
        self._copies = CopyIndex()
        self._postings: dict[str, deque[tuple[int, float]]] = defaultdict(lambda: deque(maxlen=NEWEST))
        self._cluster_of: dict[int, int] = {}
        self._cluster_named: dict[str, int] = {}
        self._vectors: dict[int, Vector] = {}
        self.readings: list[Reading] = []
        self.decisions: list[Decision] = []
        self.clusters: dict[int, Cluster] = {}

    def add(
        self,
        reading: Reading,
        *,
        issue: str | None = None,
        fixed: bool = False,
        closed_at: datetime | None = None,
    ) -> Decision:
        """Places one reading; with `issue` it goes where it already belongs. Feed them oldest first."""
        key = len(self.readings)
        self.readings.append(reading)
        original = self._copy_of(key, reading)
        known = self._cluster_with(issue, fixed, closed_at) if issue else None
        if original is not None:
            home = self._cluster_of[original] if known is None else known
            decision = Decision(cluster=home, similarity=1.0, copy_of=original)
        else:
            terms = terms_of(reading)
            vector = self._weights.vector(terms)
            self._weights.learn(terms)
            decision = Decision(cluster=known, similarity=1.0) if known is not None else self._choose(reading, vector)
            self._remember(key, decision.cluster, reading, vector)
        self._enter(key, decision, reading)
        return decision

    def _copy_of(self, key: int, reading: Reading) -> int | None:
        """The reading it copies; the same words about another place are a complaint of their own."""
        original = self._copies.add(key, reading.post.full_text)
        if original is None:
            return None
        there = Counter(spots(self.readings[original].score.places, self._city))
        return None if agreement(spots(reading.score.places, self._city), there) < 0 else original

    def _cluster_with(self, issue: str, fixed: bool, closed_at: datetime | None) -> int:
        if issue not in self._cluster_named:
            key = self._cluster_named[issue] = self._open()
            cluster = self.clusters[key]
            cluster.issue, cluster.fixed, cluster.closed_at = issue, fixed, closed_at
        return self._cluster_named[issue]

    def _open(self) -> int:
        key = len(self.clusters)
        self.clusters[key] = Cluster(key=key)
        return key

    def _choose(self, reading: Reading, vector: Vector) -> Decision:
        best, best_score = None, self._join
        for key, nearest in self._nearest(vector).items():
            cluster = self.clusters[key]
            if not self._takes(cluster, reading.post.published_at):
                continue
            text = 0.5 * dot(vector, cluster.total) / (cluster.length() or 1.0) + 0.5 * nearest
            score = text + self._context(reading, cluster)
            if score >= best_score:
                best, best_score = key, score
        if best is None:
            return Decision(cluster=self._open(), similarity=1.0)
        return Decision(cluster=best, similarity=min(1.0, best_score), suggested=best_score < self._join + DOUBT)

    def _nearest(self, vector: Vector) -> dict[int, float]:
        """Best exemplar cosine per cluster, among the readings that share the most weight with `vector`."""
        shared: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for other, value in self._postings.get(term, ()):
                shared[other] += weight * value
        closest = sorted(shared.items(), key=lambda item: -item[1])[:VERIFIED]
        best: dict[int, float] = {}
        for other, similarity in closest:
            key = self._cluster_of[other]
            best[key] = max(best.get(key, 0.0), similarity)
        return best

    def _takes(self, cluster: Cluster, moment: datetime) -> bool:
        """Whether a cluster is still open and awake for something published at `moment`."""
        if cluster.closed_at is not None and moment > cluster.closed_at:
            return False
        topic = self._city.topics.get(cluster.topic)
        return cluster.last is None or topic is None or moment - cluster.last <= timedelta(hours=topic.idle_h)

    def _context(self, reading: Reading, cluster: Cluster) -> float:
        """The soft terms: place and topic."""
        place = agreement(spots(reading.score.places, self._city), cluster.places)
        return place + TOPIC * likeness(told_topics(reading), cluster.topics)

    def _remember(self, key: int, cluster: int, reading: Reading, vector: Vector) -> None:
        self._vectors[key] = vector
        for term, value in vector.items():
            self._postings[term].append((key, value))
        target = self.clusters[cluster]
        target.voices += 1
        for term, value in vector.items():
            target.total[term] = target.total.get(term, 0.0) + value
        target.places.update(spots(reading.score.places, self._city))
        for topic, share in told_topics(reading).items():
            target.topics[topic] = target.topics.get(topic, 0.0) + share

    def _enter(self, key: int, decision: Decision, reading: Reading) -> None:
        cluster = self.clusters[decision.cluster]
        cluster.members.append(key)
        cluster.last = max(cluster.last or reading.post.published_at, reading.post.published_at)
        self._cluster_of[key] = cluster.key
        self.decisions.append(decision)

    def consolidate(self) -> dict[int, int]:
        """Merges clusters that turned out to be one, best pair first; returns merged key -> surviving key.

        The larger survives. Of two clusters that staff have touched neither is merged.
        """
        merged: dict[int, int] = {}
        heap = [pair for cluster in list(self.clusters.values()) for pair in self._pairs(cluster, once=True)]
        heapq.heapify(heap)
        while heap:
            _, small, large, size = heapq.heappop(heap)
            if small not in self.clusters or large not in self.clusters:
                continue
            loser, survivor = self.clusters[small], self.clusters[large]
            if loser.voices + survivor.voices != size:
                continue
            merged[small] = large
            self._absorb(self.clusters.pop(small), survivor)
            for pair in self._pairs(survivor):
                heapq.heappush(heap, pair)
        for loser_key in merged:
            while merged[loser_key] in merged:
                merged[loser_key] = merged[merged[loser_key]]
        return merged

    def _pairs(self, cluster: Cluster, *, once: bool = False) -> Iterator[tuple[float, int, int, int]]:
        """Mergeable pairs with `cluster` as (-score, smaller, larger, voices of both); `once` gives each pair once."""
        for other in self.clusters.values():
            if other.key == cluster.key or (once and other.key < cluster.key):
                continue
            small, large = sorted((cluster, other), key=lambda c: (c.voices, -c.key))
            if small.fixed or large.voices < 2 or large.closed_at:
                continue
            if (score := self._link(large, small)) > self._merge:
                yield -score, small.key, large.key, small.voices + large.voices

    def _link(self, large: Cluster, small: Cluster) -> float:
        """Average-link cosine of two clusters plus the agreement of their places."""
        if not large.voices or not small.voices:
            return 0.0
        average = dot(large.total, small.total) / (large.voices * small.voices)
        place = agreement(leading(small.places), large.places)
        topic = TOPIC_OF_CLUSTERS * likeness(small.topics, large.topics)
        return average + topic + (CLUSTERS_APART if place < 0 else CLUSTERS_TOGETHER) * place

    def _absorb(self, loser: Cluster, survivor: Cluster) -> None:
        survivor.members = sorted(survivor.members + loser.members)
        survivor.voices += loser.voices
        for term, value in loser.total.items():
            survivor.total[term] = survivor.total.get(term, 0.0) + value
        survivor.places.update(loser.places)
        for topic, share in loser.topics.items():
            survivor.topics[topic] = survivor.topics.get(topic, 0.0) + share
        survivor.issue = survivor.issue or loser.issue
        survivor.last = max(filter(None, (survivor.last, loser.last)), default=None)
        for key in loser.members:
            self._cluster_of[key] = survivor.key


def told_topics(reading: Reading) -> dict[str, float]:
    """What a reading is about, as probabilities, without the share that names no service."""
    return {topic: share for topic, share in reading.score.topic_probs.items() if topic != UNTOLD}


def likeness(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Agreement of two topic distributions from -1 (nothing shared) to 1 (the same); 0 where either tells nothing."""
    length = math.sqrt(dot(left, left) * dot(right, right))
    return 2 * dot(left, right) / length - 1 if length else 0.0


def voices(readings: list[Reading], copies: set[int]) -> int:
    """Independent voices among readings: distinct authors of originals; unsigned ones count each."""
    named = {reading.post.author for index, reading in enumerate(readings) if index not in copies}
    unsigned = sum(1 for index, reading in enumerate(readings) if index not in copies and reading.post.author is None)
    return len(named - {None}) + unsigned


def shows(readings: list[Reading], copies: set[int], min_voices: int) -> bool:
    """Whether a cluster is an issue: enough independent voices, one in danger of life, or one citizen report."""
    if voices(readings, copies) >= min_voices:
        return True
    return any(
        reading.score.urgency == 3 or (reading.post.kind is PostKind.REPORT and bool(reading.score.complaint))
        for reading in readings
    )
