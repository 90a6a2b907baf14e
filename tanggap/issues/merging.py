"""Merges clusters that turned out to be one issue: agglomerative clustering with centroid link, best pair first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tanggap.issues.clusters import Cluster
from tanggap.issues.likeness import INSIDE, UNTIMED, Array, score, spread
from tanggap.issues.places import COMPARED, Spots, term
from tanggap.issues.vectors import Vector

#: (loser, survivor, likeness) by key.
Pair = tuple[int, int, float]

#: Clusters compared in one go, those last spoken of; older ones are too far away in time to be merged.
MOST = 3_000


def mergers(clusters: Sequence[Cluster], threshold: float) -> tuple[list[Pair], list[Pair]]:
    """The pairs to be merged while likeness exceeds `threshold`, in that order, and those only to be suggested.

    The larger survives. What staff have touched is not merged by itself: such pairs are told apart, as suggestions.
    What people closed takes nothing in, and what they set apart stays so.
    """
    found = Merging(sorted(clusters, key=newest, reverse=True)[:MOST])
    moves = []
    while (pair := found.best()) is not None and pair[2] > threshold:
        moves.append((found.keys[pair[0]], found.keys[pair[1]], pair[2]))
        found.merge(pair[0], pair[1])
    return moves, found.suggested(threshold)


def newest(cluster: Cluster) -> tuple[float, int]:
    """What orders clusters by when they were last spoken of."""
    return (cluster.span[1] if cluster.span else 0.0), cluster.key


class Merging:
    """All pairwise sums that the likeness of two clusters is made of; a merge adds two rows and two columns."""

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        self.keys = [cluster.key for cluster in clusters]
        count = len(clusters)
        near, elsewhere = agreements(clusters)
        self.sums = {
            "words": products([cluster.words.terms for cluster in clusters]),
            "grams": products([cluster.grams.terms for cluster in clusters]),
            "topics": products([cluster.topics.terms for cluster in clusters]),
            "near": near,
            "elsewhere": elsewhere,
        }
        self.rest = np.array([cluster.rest for cluster in clusters], float)
        self.voices = np.array([cluster.voices for cluster in clusters], float)
        self.posts = np.array([len(cluster.members) for cluster in clusters], float)
        self.fixed = np.array([cluster.fixed for cluster in clusters], bool)
        self.curated = np.array([cluster.curated for cluster in clusters], bool)
        self.named = np.array([cluster.issue is not None for cluster in clusters], bool)
        self.closed = np.array([cluster.closed_at is not None for cluster in clusters], bool)
        self.apart = apart(clusters)
        self.span = np.array([cluster.span or (np.nan,) * 3 for cluster in clusters], float).reshape(count, 3)
        self.alive = np.ones(count, bool)
        self.likeness = np.full((count, count), -np.inf)
        for row in range(count):
            self.likeness[row] = self.mergeable(row)
        self.nearest = self.likeness.argmax(axis=1) if count else np.zeros(0, int)

    def row(self, at: int) -> Array:
        """Likeness of one cluster to all others; -inf where they may not be merged."""
        cosines = {}
        for name in ("words", "grams", "topics"):
            sums = self.sums[name]
            length = np.sqrt(sums[at, at] * np.diagonal(sums))
            cosines[name] = np.divide(sums[at], length, out=np.zeros(len(length)), where=length > 0)
        voices = np.maximum(self.voices, 1)
        pairs = voices[at] * voices
        told = (self.sums["topics"][at, at] > 0) & (np.diagonal(self.sums["topics"]) > 0)
        mine, posts = np.full_like(voices, self.voices[at]), np.full_like(voices, self.posts[at])
        found = score(
            cosines["words"],
            cosines["grams"],
            self.sums["near"][at] / pairs,
            self.sums["elsewhere"][at] / pairs,
            np.where(told, cosines["topics"], np.nan),
            np.minimum(self.voices[at], self.voices),
            spread(mine, self.voices, posts, self.posts),
            self.days(at),
            np.maximum((self.rest[at] / voices[at] + self.rest / voices) / 2, 1),
        )
        found[~self.alive] = found[at] = -np.inf
        return found

    def mergeable(self, at: int) -> Array:
        """`row` without those that people must decide on."""
        return np.where(self.held(at) | self.apart[at] | self.closed | self.closed[at], -np.inf, self.row(at))

    def days(self, at: int) -> Array:
        """Distance in days of one cluster to all others."""
        first, last, mean = self.span.T
        gap = np.maximum(first[at] - last, first - last[at])
        days: Array = np.nan_to_num(np.maximum(gap, np.minimum(np.abs(mean[at] - mean), INSIDE)), nan=UNTIMED)
        return days

    def held(self, at: int) -> npt.NDArray[np.bool_]:
        """Which others only people may merge it with: staff put one in order, touched one, or worked on the smaller."""
        others = np.arange(len(self.keys))
        is_smaller = (self.voices[at] < self.voices) | ((self.voices[at] == self.voices) & (others < at))
        small_fixed = np.where(is_smaller, self.fixed[at], self.fixed)
        both_named = self.named & self.named[at] & (self.fixed | self.fixed[at])
        held: npt.NDArray[np.bool_] = self.curated | self.curated[at] | both_named | small_fixed
        return held

    def suggested(self, threshold: float) -> list[Pair]:
        """Pairs above the threshold that people must decide on, the most alike first; none that they set apart."""
        pairs: list[Pair] = []
        for at in np.flatnonzero((self.fixed | self.curated) & self.alive & ~self.closed).tolist():
            open_to = self.held(at) & ~self.apart[at] & ~self.closed
            likeness = np.where(open_to, self.row(at), -np.inf)
            once = np.arange(len(self.keys)) < at
            told = (likeness > threshold) & (once | ~(self.fixed | self.curated))
            pairs += [(self.keys[o], self.keys[at], float(likeness[o])) for o in np.flatnonzero(told).tolist()]
        return sorted(pairs, key=lambda pair: (-pair[2], pair[:2]))

    def best(self) -> tuple[int, int, float] | None:
        """(smaller, larger, likeness) of the closest pair; None when nothing is left to merge."""
        if not len(self.keys):
            return None
        values = self.likeness[np.arange(len(self.keys)), self.nearest]
        one = int(values.argmax())
        other = int(self.nearest[one])
        if not np.isfinite(values[one]):
            return None
        smaller, larger = sorted((one, other), key=lambda at: (self.voices[at], at))
        return smaller, larger, float(values[one])

    def merge(self, loser: int, survivor: int) -> None:
        """Lets `survivor` take in `loser`."""
        for sums in self.sums.values():
            sums[survivor] += sums[loser]
            sums[:, survivor] += sums[:, loser]
        mine, theirs = self.voices[survivor], self.voices[loser]
        first, last, mean = self.span[survivor]
        other = self.span[loser]
        middle = (mean * mine + other[2] * theirs) / (mine + theirs)
        self.span[survivor] = min(first, other[0]), max(last, other[1]), middle
        self.voices[survivor] += theirs
        self.posts[survivor] += self.posts[loser]
        self.rest[survivor] += self.rest[loser]
        self.named[survivor] |= self.named[loser]
        self.apart[survivor] |= self.apart[loser]
        self.apart[:, survivor] |= self.apart[:, loser]
        self.alive[loser] = False
        self.likeness[loser] = self.likeness[:, loser] = -np.inf
        fresh = self.mergeable(survivor)
        self.likeness[survivor] = self.likeness[:, survivor] = fresh
        stale = (self.nearest == loser) | (self.nearest == survivor)
        stale[[loser, survivor]] = True
        self.nearest[stale] = self.likeness[stale].argmax(axis=1)
        values = self.likeness[np.arange(len(self.keys)), self.nearest]
        self.nearest[fresh > values] = survivor


def apart(clusters: Sequence[Cluster]) -> npt.NDArray[np.bool_]:
    """Which pairs people set apart."""
    named = {cluster.issue: row for row, cluster in enumerate(clusters) if cluster.issue is not None}
    found = np.zeros((len(clusters), len(clusters)), bool)
    for row, cluster in enumerate(clusters):
        for name in cluster.barred & named.keys():
            found[row, named[name]] = found[named[name], row] = True
    return found


def products(bags: Sequence[Vector]) -> Array:
    """Inner products of all pairs of bags."""
    column: dict[Any, int] = {}
    places = [
        (row, column.setdefault(name, len(column)), value)
        for row, bag in enumerate(bags)
        for name, value in bag.items()
    ]
    rows, columns, values = zip(*places, strict=True) if places else ((), (), ())
    matrix = sparse.csr_array((np.array(values, float), (rows, columns)), shape=(len(bags), max(1, len(column))))
    dense: Array = (matrix @ matrix.T).toarray()
    return dense


def agreements(clusters: Sequence[Cluster]) -> tuple[Array, Array]:
    """Over all pairs of voices of all pairs of clusters: how near their places are in sum, and how many differ."""
    number: dict[Spots, int] = {}
    told: list[list[Any]] = [[], [], []]
    for row, cluster in enumerate(clusters):
        for where, count in cluster.places.most_common(COMPARED):
            for part, value in zip(told, (row, number.setdefault(where, len(number)), count), strict=True):
                part.append(value)
    terms = np.array([[term(one, other) for other in number] for one in number], float).reshape(
        len(number), len(number)
    )
    shape = (len(clusters), len(number))
    counts = sparse.csr_array((np.array(told[2], float), (told[0], told[1])), shape=shape)
    near, elsewhere = (np.ascontiguousarray(counts @ (counts @ part).T) for part in (terms.clip(0), -terms.clip(max=0)))
    return near, elsewhere
