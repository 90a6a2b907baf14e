"""Groups readings into clusters as they arrive: one problem, one place, these days.

A post joins the cluster it is most alike to (single-pass clustering of social streams: Mazoyer et al. 2020;
Fedoryszak et al. 2019 keep the same identity over time); a consolidation then merges clusters that began apart, best
pair first, which makes the result that of agglomerative clustering with centroid link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from tanggap.city import City
from tanggap.issues.clusters import Cluster
from tanggap.issues.copies import CopyIndex
from tanggap.issues.index import Index, Told
from tanggap.issues.merging import MOST, Pair, mergers
from tanggap.issues.places import elsewhere
from tanggap.issues.vectors import Frequencies, Weights
from tanggap.records import PostKind, Reading

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
class Standing:
    """What people made of a cluster; the fields are those of `Cluster`."""

    issue: str | None = None
    fixed: bool = False
    curated: bool = False
    closed_at: datetime | None = None
    barred: set[str] = field(default_factory=set)


class Grouper(Mapping[int, Cluster]):
    """Holds the clusters of a window by key and places one reading at a time."""

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
        #: The clusters and posts behind it.
        self.index = Index(city)
        self._standing: dict[int, Standing] = {}
        self._cluster_named: dict[str, int] = {}
        #: Pairs of clusters that only people may merge, after a consolidation.
        self.suggested: list[Pair] = []

    def __getitem__(self, key: int) -> Cluster:
        if not 0 <= key < self.index.opened or self._gone(key):
            raise KeyError(key)
        cluster = self.index.cluster(key)
        if (people := self._standing.get(key)) is not None:
            cluster.issue, cluster.fixed, cluster.curated = people.issue, people.fixed, people.curated
            cluster.closed_at, cluster.barred = people.closed_at, people.barred
        return cluster

    def __iter__(self) -> Iterator[int]:
        return (key for key in range(self.index.opened) if not self._gone(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _gone(self, key: int) -> bool:
        """Whether a cluster was merged away."""
        return bool(self.index.facts["head"][key] < 0)

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
        known = self.cluster_with(issue, fixed, closed_at, curated) if issue else None
        return self.place(self.told(reading), reading.post.published_at, known, barred)

    def told(self, reading: Reading) -> Told:
        """A reading made ready to be placed: all that is done to its text."""
        return Told.of(reading, self._weights.bag(reading), self._city)

    def place(
        self, told: Told, moment: datetime, known: int | None = None, barred: frozenset[str] = frozenset()
    ) -> Decision:
        """Puts a text that was published at `moment` into cluster `known`, where it fits best, or by itself."""
        if known is not None and barred:
            self._standing[known].barred |= barred
        original = self._copy_of(told)
        if original is not None and self._may_be_with(original, known, barred):
            home, likeness, doubt = self.index.posts["home"][original] if known is None else known, 1.0, False
        else:
            original = None
            home, likeness, doubt = self._fit(told, moment, barred) if known is None else (known, 1.0, False)
        home = self.index.open() if home < 0 else int(home)
        if barred and known is None:
            self.standing(home).barred |= barred
        position = self.index.take(told, home, copy=original, likeness=likeness, doubt=doubt)
        return self.decision(position)

    def restore(
        self,
        told: Told,
        home: int,
        *,
        copy: int | None,
        gone: bool,
        likeness: float,
        doubt: bool,
        barred: frozenset[str],
    ) -> None:
        """Puts a text back into the cluster in which it was.

        Args:
            copy: the reading that it copies; with `gone` that is no longer there, and another one may be found.
        """
        if barred:
            self.standing(home).barred |= barred
        original = self._copy_of(told)
        self.index.take(told, home, copy=original if gone else copy, likeness=likeness, doubt=doubt)

    def standing(self, key: int) -> Standing:
        """What people made of a cluster, to be changed in place."""
        return self._standing.setdefault(key, Standing())

    def decision(self, position: int) -> Decision:
        """Where the reading that came as number `position` is now."""
        home, _, original, _, likeness, doubt = self.index.posts[position].tolist()
        return Decision(
            cluster=home,
            similarity=likeness,
            copy_of=original if original >= 0 else None,
            suggested=doubt,
        )

    def issues(self) -> dict[int, str]:
        """The clusters that are issues, with their names."""
        return {key: people.issue for key, people in self._standing.items() if people.issue is not None}

    def name(self, key: int, issue: str) -> None:
        """Lets a cluster be an issue."""
        self.standing(key).issue = issue
        self._cluster_named[issue] = key

    def rename(self, names: Mapping[str, str]) -> None:
        """Gives issues other names."""
        for old, new in names.items():
            self.name(self._cluster_named.pop(old), new)

    def issue_of(self, key: int) -> str | None:
        """The issue that a cluster is, if it is one."""
        people = self._standing.get(key)
        return None if people is None else people.issue

    def cluster_of(self, issue: str) -> int | None:
        """The cluster that is an issue."""
        return self._cluster_named.get(issue)

    def _copy_of(self, told: Told) -> int | None:
        """The reading it copies; the same words about another place are a complaint of their own."""
        original = self._copies.take(self.index.count, told.print)
        if original is None or elsewhere(told.where, self.index.where(original)):
            return None
        return original

    def _may_be_with(self, original: int, known: int | None, barred: frozenset[str]) -> bool:
        """Whether a copy may stay with its original: people may have said that it is about something else."""
        home = self._standing.get(int(self.index.posts["home"][original]))
        return known is not None or home is None or home.issue not in barred

    def cluster_with(self, issue: str, fixed: bool, closed_at: datetime | None, curated: bool) -> int:
        """The cluster that is an issue, a new one where there is none; what people did to it is as in `add`."""
        if issue not in self._cluster_named:
            key = self._cluster_named[issue] = self.index.open()
            self._standing[key] = Standing(issue=issue, fixed=fixed, closed_at=closed_at, curated=curated)
        return self._cluster_named[issue]

    def _fit(self, told: Told, moment: datetime, barred: frozenset[str]) -> tuple[int, float, bool]:
        """The cluster that a text fits best (-1: one of its own), how alike they are, and whether that is in doubt."""
        near = self.index.nearest(told)
        if self._standing:
            near = near[np.array([self._takes(key, moment, barred) for key in near.tolist()], bool)]
        if len(near):
            likeness = self.index.alike(told, near)
            best = int(np.lexsort((self.index.facts["head"][near], -likeness))[0])
            home, value = int(near[best]), float(likeness[best])
            doubt = value < self._join + DOUBT
            people = self._standing.get(home)
            if value >= self._join and not (doubt and people is not None and people.curated):
                return home, min(1.0, value), doubt
        return -1, 1.0, False

    def _takes(self, key: int, moment: datetime, barred: frozenset[str]) -> bool:
        """Whether people left a cluster open for what was published at `moment`, and did not set it apart."""
        people = self._standing.get(key)
        if people is None:
            return True
        return (people.closed_at is None or moment <= people.closed_at) and people.issue not in barred

    def consolidate(self) -> dict[int, int]:
        """Merges clusters that turned out to be one, best pair first; returns merged key -> surviving key.

        The larger survives. What staff have touched is not merged away.
        """
        merged: dict[int, int] = {}
        clusters = [self[key] for key in self._newest()]
        keys = {cluster.members[0]: cluster.key for cluster in clusters}
        for cluster in clusters:  # equals are told apart by which began first, however often it was put together anew
            cluster.key = cluster.members[0]
        pairs, suggested = mergers(clusters, self._merge)
        self.suggested = [(keys[one], keys[other], likeness) for one, other, likeness in suggested]
        for loser, survivor, likeness in ((keys[one], keys[other], likeness) for one, other, likeness in pairs):
            merged[loser] = survivor
            self._absorb(survivor, loser, likeness)
        for loser in merged:
            while merged[loser] in merged:
                merged[loser] = merged[merged[loser]]
        return merged

    def _newest(self) -> list[int]:
        """The clusters last spoken of, those that name no time after the others."""
        facts = self.index.facts[: self.index.opened]
        last = np.where(facts["timed"] & (facts["voices"] > 0), facts["last"], 0)
        last[facts["head"] < 0] = -1
        order = np.lexsort((facts["head"], last))[::-1][:MOST]
        return sorted(int(key) for key in order if last[key] >= 0)

    def _absorb(self, home: int, lost: int, likeness: float) -> None:
        people = self._standing.pop(lost, None)
        if people is not None:
            mine = self.standing(home)
            mine.issue = mine.issue or people.issue
            mine.barred |= people.barred
            if people.issue is not None:
                self._cluster_named[people.issue] = home
        if self.index.facts["voices"][lost] == 1 and (people is None or people.issue is None):
            first = self.index.posts[int(self.index.facts["head"][lost])]
            first["likeness"], first["doubt"] = min(1.0, likeness), likeness < self._merge + DOUBT
        self.index.absorb(home, lost)


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
