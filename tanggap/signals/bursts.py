"""Bursts: negative-binomial CUSUM of hourly counts against what the hour of the week usually brings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tanggap.signals.baseline import ADDED, Baseline, Floats
from tanggap.signals.rules import BurstRules
from tanggap.signals.seasons import HOUR, Seasons

#: Evidence that is remembered at most, so that a burst that is over is soon over here too.
MOST = 15.0
#: Share of the threshold below which a burst is over.
OVER = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Evidence and expectation of every series at every hour; NaN evidence where the hour is missing."""

    #: hours x series
    evidence: Floats
    expected: Floats
    #: Whether the series is in a burst after that hour.
    bursting: NDArray[np.bool_]
    dispersion: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A series at its last hour."""

    #: Number of the series among those asked about.
    series: int
    since: datetime
    posts: int
    expected: float
    evidence: float

    @property
    def times(self) -> float:
        """How many times the usual."""
        return self.posts / max(self.expected, 0.1)


def ratio(count: Floats, usual: Floats, dispersion: Floats, times: float) -> Floats:
    """Log-likelihood ratio of `times` the usual against the usual, for negative-binomial counts (var = m + d m^2)."""
    size = 1 / dispersion
    share = np.log((size + usual) / (size + times * usual))
    return np.asarray(count * (math.log(times) + share) + size * share)


def track(
    counts: Floats, hours: Sequence[datetime], missing: NDArray[np.bool_], seasons: Seasons, rules: BurstRules
) -> Track:
    """Feeds series hour by hour through baseline and CUSUM (Page 1954, as a log-likelihood ratio).

    Args:
        counts: hours x series; what stands in missing hours is not looked at.
        missing: hours in which too few sources were read: neither zero nor a lesson.
    """
    total, many = counts.shape
    learned = counts[~missing][: 14 * 24]
    baseline = Baseline.start(learned.mean(axis=0) if len(learned) else np.zeros(many))
    evidence, expected = np.full((total, many), np.nan), np.full((total, many), np.nan)
    bursting = np.zeros((total, many), dtype=bool)
    gathered, burst = np.zeros(many), np.zeros(many, dtype=bool)
    for at, hour in enumerate(hours):
        if not missing[at]:
            cell, fasting = seasons.cell(hour), seasons.fasting(hour)
            expected[at] = usual = baseline.expect(cell, fasting)
            gathered = np.clip(gathered + ratio(counts[at], usual, baseline.dispersion, rules.times), 0.0, MOST)
            height = rules.heights(baseline.level, baseline.dispersion - ADDED)
            burst = np.where(burst, gathered >= OVER * height, gathered >= height)
            evidence[at] = gathered
            baseline.learn(counts[at], cell, fasting, burst)
        bursting[at] = burst
    return Track(evidence=evidence, expected=expected, bursting=bursting, dispersion=baseline.dispersion)


def bursts_now(found: Track, counts: Floats, hours: Sequence[datetime], rules: BurstRules) -> list[Burst]:
    """The series that are in a burst at the last hour, with what came and what was usual since it began.

    The first hour of a burst is the one in which its evidence began to gather.
    """
    told = []
    for series in np.flatnonzero(found.bursting[-1]):
        start = _began(found.evidence[:, series])
        came = np.where(np.isnan(found.evidence[start:, series]), 0, counts[start:, series])
        usual = float(np.nansum(found.expected[start:, series]))
        if came.sum() >= rules.least_posts:
            told.append(
                Burst(
                    series=int(series),
                    since=hours[start],
                    posts=int(came.sum()),
                    expected=usual,
                    evidence=float(np.nanmax(found.evidence[start:, series])),
                )
            )
    return told


def _began(evidence: Floats) -> int:
    """The hour after the last one without any evidence."""
    empty = np.flatnonzero(evidence == 0.0)
    return int(empty[-1]) + 1 if len(empty) else 0


#: What an issue that nobody knew yesterday brings in an hour, its dispersion, and how fast it becomes usual.
NEW, NEW_DISPERSION, LEARNED = 0.5, 0.35, 1 / 24
#: Hours of an issue that are looked at.
LOOK = 72


def tempo(times: Sequence[datetime], now: datetime, ratio_of: float = 3.0) -> float:
    """Evidence (0-15) that an issue is growing now: the CUSUM of its own hours, counted back from `now`.

    An issue is too young for an hour of the week; its usual is the mean of its own earlier hours, which fades in from
    `NEW` an hour.
    """
    begin = max(min(times), now - LOOK * HOUR) if times else now
    first = now - math.ceil((now - begin) / HOUR) * HOUR
    length = max(1, (now - first) // HOUR)
    counts = [0] * length
    for moment in times:
        if first <= moment < now:
            counts[min(length - 1, (moment - first) // HOUR)] += 1
    gathered, usual, size = 0.0, NEW, 1 / NEW_DISPERSION
    for count in counts:
        share = math.log((size + usual) / (size + ratio_of * usual))
        gathered = min(MOST, max(0.0, gathered + count * (math.log(ratio_of) + share) + size * share))
        cut = min(count, usual + 2 * math.sqrt(usual + NEW_DISPERSION * usual * usual) + 1)
        usual = max(NEW, usual + LEARNED * (cut - usual))
    return gathered


def whole_hours(now: datetime) -> datetime:
    """The end of the last whole hour."""
    return now - timedelta(minutes=now.minute, seconds=now.second, microseconds=now.microsecond)
