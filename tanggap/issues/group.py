"""Groups readings into clusters as they arrive: one problem, one place, these days.

A post joins the cluster it is most alike to (single-pass clustering of social streams: Mazoyer et al. 2020;
Fedoryszak et al. 2019 keep the same identity over time); a consolidation then merges clusters that began apart, best
pair first, which makes the result that of agglomerative clustering with centroid link.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from operator import itemgetter

from tanggap.city import City
from tanggap.issues.clusters import Cluster, alike
from tanggap.issues.copies import CopyIndex
from tanggap.issues.merging import Pair, mergers
from tanggap.issues.places import Spots, elsewhere, spots
from tanggap.issues.vectors import Frequencies, Vector, Weights
from tanggap.records import PostKind, Reading

#: Newest documents looked at per shared word, the most alike of them, and clusters compared in full (research:
#: grouping 2.2; the answers on the sample city and the development set are the same as with four times as many).
NEWEST = 50
CLOSEST = 64
COMPARED = 8
#: Share of a text's squared weight that its commonest words may hold without being looked up.
LEFT = 0.25

#: A join this close to the threshold is shown as "perlu dicek".
DOUBT = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Where a reading went and how alike it was (1 for copies and founders); `suggested` asks a person to look."""

    cluster: int
    similarity: float
    copy_of: int | None = None
    suggested: bool = False


class Grouper:
    """Holds the clusters of a window and places one reading at a time."""

    def __init__(self, city: City, *, join: float, consolidate: float, window: Iterable[Reading] = ()) -> None:
        """
        Args:
            join: likeness from which a reading joins a cluster.
            consolidate: likeness above which two clusters become one; below `join`, for clusters know more.
            window: readings that weigh their words from the beginning, best all that will be added.
        """
        self._city = city
        self._join = join
        self._merge = consolidate
        self._weights = Weights(Frequencies.load(city.language_dir))
        for reading in window:
            self._weights.learn(reading)
        self._copies = CopyIndex()
        self._postings: dict[str, deque[tuple[int, float]]] = defaultdict(lambda: deque(maxlen=NEWEST))
        self._cluster_of: dict[int, int] = {}
        self._cluster_named: dict[str, int] = {}
        self._opened = 0
        self.readings: list[Reading] = []
        self.decisions: list[Decision] = []
        self.clusters: dict[int, Cluster] = {}
        #: Pairs of clusters that only people may merge, after a consolidation.
        self.suggested: list[Pair] = []

    def add(
        self,
        reading: Reading,
        *,
        issue: str | None = None,
        fixed: bool = False,
        closed_at: datetime | None = None,
        curated: bool = False,
        barred: frozenset[str] = frozenset(),
    ) -> Decision:
        """Places one reading; with `issue` it goes where it already belongs. Feed them oldest first.

        Args:
            fixed, closed_at, curated: what people did to that issue.
            barred: issues that neither it nor the issue it is in may become one with.
        """
        position = len(self.readings)
        self.readings.append(reading)
        known = self._cluster_with(issue, fixed, closed_at, curated) if issue else None
        if known is not None:
            self.clusters[known].barred |= barred
        original = self._copy_of(position, reading)
        if original is not None and self._may_be_with(original, known, barred):
            home = self._cluster_of[original] if known is None else known
            self.clusters[home].members.append(position)
            decision = Decision(cluster=home, similarity=1.0, copy_of=original)
        else:
            bag = self._weights.bag(reading)
            alone = Cluster.of(self._opened, position, reading, bag, self._spots(reading), self._city)
            alone.barred |= barred
            decision = self._place(alone, reading, bag.words, known)
            for word, weight in bag.words.items():
                self._postings[word].append((position, weight))
        self._cluster_of[position] = decision.cluster
        self.decisions.append(decision)
        return decision

    def _spots(self, reading: Reading) -> Spots:
        return spots(reading.score.places, self._city)

    def _copy_of(self, position: int, reading: Reading) -> int | None:
        """The reading it copies; the same words about another place are a complaint of their own."""
        original = self._copies.add(position, reading.post.full_text)
        if original is None or elsewhere(self._spots(reading), self._spots(self.readings[original])):
            return None
        return original

    def _may_be_with(self, original: int, known: int | None, barred: frozenset[str]) -> bool:
        """Whether a copy may stay with its original: people may have said that it is about something else."""
        home = self.clusters[self._cluster_of[original] if known is None else known]
        return known is not None or home.issue not in barred

    def _cluster_with(self, issue: str, fixed: bool, closed_at: datetime | None, curated: bool) -> int:
        if issue not in self._cluster_named:
            cluster = Cluster(key=self._opened, issue=issue, fixed=fixed, closed_at=closed_at, curated=curated)
            self._cluster_named[issue] = self._open(cluster)
        return self._cluster_named[issue]

    def _open(self, cluster: Cluster) -> int:
        self.clusters[cluster.key] = cluster
        self._opened += 1
        return cluster.key

    def _place(self, alone: Cluster, reading: Reading, words: Vector, known: int | None) -> Decision:
        """Puts a cluster of one where it is known to belong, where it fits best, or by itself."""
        score = 1.0
        if known is None:
            moment = reading.post.published_at
            near = [self.clusters[key] for key in self._nearest(words)]
            near = [cluster for cluster in near if cluster.voices and open_to(cluster, moment)]
            near = [cluster for cluster in near if not apart(alone, cluster)]
            fit = zip(alike(alone, near).tolist(), (-cluster.key for cluster in near), strict=True)
            score, negative = max(fit, default=(0.0, 0))
            known = -negative if near and score >= self._join else None
            if known is not None and self.clusters[known].curated and score < self._join + DOUBT:
                known = None
        if known is None:
            return Decision(cluster=self._open(alone), similarity=1.0)
        self.clusters[known].absorb(alone)
        return Decision(cluster=known, similarity=min(1.0, score), suggested=score < self._join + DOUBT)

    def _nearest(self, words: Vector) -> list[int]:
        """Clusters of the readings that share the most weight of words, the rarest looked up first."""
        shared: dict[int, float] = defaultdict(float)
        left = 1.0
        for word, weight in sorted(words.items(), key=itemgetter(1), reverse=True):
            for position, value in self._postings.get(word, ()):
                shared[position] += weight * value
            left -= weight * weight
            if left < LEFT:
                break
        found: dict[int, None] = {}
        for position, _ in nlargest(CLOSEST, shared.items(), key=itemgetter(1)):
            found[self._cluster_of[position]] = None
            if len(found) == COMPARED:
                break
        return list(found)

    def consolidate(self) -> dict[int, int]:
        """Merges clusters that turned out to be one, best pair first; returns merged key -> surviving key.

        The larger survives. What staff have touched is not merged away.
        """
        merged: dict[int, int] = {}
        pairs, self.suggested = mergers(list(self.clusters.values()), self._merge)
        for loser, survivor, likeness in pairs:
            merged[loser] = survivor
            lost = self.clusters.pop(loser)
            if lost.voices == 1 and lost.issue is None:
                self._joined_late(lost.members[0], survivor, likeness)
            self.clusters[survivor].absorb(lost)
            self._cluster_of.update(dict.fromkeys(lost.members, survivor))
        for loser in merged:
            while merged[loser] in merged:
                merged[loser] = merged[merged[loser]]
        return merged

    def _joined_late(self, position: int, cluster: int, likeness: float) -> None:
        """Tells how a reading that stood alone got where it is."""
        doubtful = likeness < self._merge + DOUBT
        self.decisions[position] = Decision(cluster=cluster, similarity=min(1.0, likeness), suggested=doubtful)


def apart(one: Cluster, other: Cluster) -> bool:
    """Whether people said that two clusters are not one."""
    return one.issue in other.barred or other.issue in one.barred


def open_to(cluster: Cluster, moment: datetime) -> bool:
    """Whether people left a cluster open for what was published at `moment`."""
    return cluster.closed_at is None or moment <= cluster.closed_at


def voices(readings: list[Reading], copies: set[int]) -> int:
    """Independent voices among readings: distinct authors of originals; unsigned ones count each.

    Posts whose words and author may not be kept any longer are no voices of today.
    """
    own = [reading.post for index, reading in enumerate(readings) if index not in copies]
    unsigned = sum(1 for post in own if post.author is None and post.text)
    return len({post.author for post in own} - {None}) + unsigned


def shows(readings: list[Reading], copies: set[int], min_voices: int) -> bool:
    """Whether a cluster is an issue: enough independent voices, one in danger of life, or one citizen report."""
    if voices(readings, copies) >= min_voices:
        return True
    return any(
        reading.score.urgency == 3 or (reading.post.kind is PostKind.REPORT and bool(reading.score.complaint))
        for reading in readings
    )
