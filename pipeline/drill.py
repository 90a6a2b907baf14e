"""How good a replay was: lead times of true issues, order of the queue, false alarms, posts that changed issue."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean, median

from pipeline.replay import Moment, PostKey, Recording
from tanggap.records import Post, Priority, SignalKind

#: What people look at, voices that make an issue, and urgency from which a true issue must be there.
TOP, VOICES, GRAVE = 20, 3, 2
#: An issue that few judged posts tell of is about the true issue that most of them are about.
MOST = 0.5


@dataclass(slots=True)
class Drill:
    """Figures of one replay; feed it every moment in order."""

    recording: Recording
    #: True issue -> when it first stood among the first `TOP`.
    arrived: dict[str, datetime] = field(default_factory=dict)
    ndcg: list[float] = field(default_factory=list)
    #: Issues of P1 or P2, and bursts of issues, that were about no true issue.
    false_grave: set[str] = field(default_factory=set)
    false_bursts: set[str] = field(default_factory=set)
    moved: int = 0
    _last: Mapping[PostKey, str | None] = field(default_factory=dict)
    _third: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._third = third_voices(self.recording)

    def see(self, moment: Moment) -> None:
        """Takes one moment in."""
        about = meanings(moment.membership, self.recording.truth)
        order = [about.get(issue.id) for issue in moment.queue]
        for slug in order[:TOP]:
            if slug:
                self.arrived.setdefault(slug, moment.at)
        known = {slug: 2 ** self.recording.urgency[slug] - 1 for slug, at in self._third.items() if at <= moment.at}
        if any(known.values()) and moment.at.minute == 0:
            self.ndcg.append(ndcg(order, known, 10))
        self._count_false(moment, about)
        self.moved += sum(
            1 for key, issue in moment.membership.items() if issue and self._last.get(key) not in (None, issue)
        )
        self._last = moment.membership

    def _count_false(self, moment: Moment, about: Mapping[str, str | None]) -> None:
        graves = (Priority.P1, Priority.P2)
        self.false_grave |= {one.id for one in moment.queue if one.priority in graves and about.get(one.id) is None}
        bursts = [one.subject for one in moment.signals if one.kind is SignalKind.BURST]
        issues = [name.removeprefix("issue:") for name in bursts if name.startswith("issue:")]
        self.false_bursts |= {name for name in issues if about.get(name) is None}

    @property
    def leads(self) -> dict[str, timedelta | None]:
        """For each grave true issue the time from its third voice to the top; None where it never came."""
        grave = [slug for slug in self._third if self.recording.urgency[slug] >= GRAVE]
        return {
            slug: max(timedelta(0), self.arrived[slug] - self._third[slug]) if slug in self.arrived else None
            for slug in grave
        }

    @property
    def median_lead(self) -> timedelta | None:
        """Median over the grave issues that came."""
        came = [lead.total_seconds() for lead in self.leads.values() if lead is not None]
        return timedelta(seconds=median(came)) if came else None

    @property
    def mean_ndcg(self) -> float:
        """Mean of nDCG@10 over the full hours."""
        return fmean(self.ndcg) if self.ndcg else math.nan


def third_voices(recording: Recording) -> dict[str, datetime]:
    """When the third independent voice spoke of each true issue; those that never had three are left out."""
    voices: dict[str, set[str]] = defaultdict(set)
    found: dict[str, datetime] = {}
    for post in recording.posts:
        slug = recording.truth.get((post.source, post.native_id))
        if slug in recording.urgency and slug is not None:
            voices[slug].add(_voice(post))
            if len(voices[slug]) >= VOICES:
                found.setdefault(slug, post.published_at)
    return found


def _voice(post: Post) -> str:
    return post.author or f"{post.source} {post.native_id}"


def meanings(membership: Mapping[PostKey, str | None], truth: Mapping[PostKey, str | None]) -> dict[str, str | None]:
    """For each issue the true issue that most of its judged posts are about, or None."""
    told: dict[str, Counter[str | None]] = defaultdict(Counter)
    for key, issue in membership.items():
        if issue and key in truth:
            told[issue][truth[key]] += 1
    return {
        issue: slug if count >= MOST * counts.total() else None
        for issue, counts in told.items()
        for slug, count in counts.most_common(1)
    }


def ndcg(order: Sequence[str | None], gains: Mapping[str, float], depth: int) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002); a repeated true issue gains once."""
    seen: set[str] = set()
    got = 0.0
    for place, slug in enumerate(order[:depth]):
        if slug and slug not in seen:
            seen.add(slug)
            got += gains.get(slug, 0.0) / math.log2(place + 2)
    best = sorted(gains.values(), reverse=True)[:depth]
    ideal = sum(gain / math.log2(place + 2) for place, gain in enumerate(best))
    return got / ideal if ideal else 0.0
