"""Breaks: days from which on a series brings more or less, or speaks in another mood, than before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tanggap.signals.rules import BreakRules
from tanggap.signals.seasons import Seasons
from tanggap.signals.series import Day

Floats = NDArray[np.float64]

#: Simulated calm series that a break is held against, and the seed that makes their answer the same every time.
CALM, SEED = 4_000, 7
#: Two standard errors: 95 %.
WIDE = 1.96
#: Days of what the week in all suggests that a weekday is worth.
BORROWED = 2.0
#: Most that neighbouring days may be alike before a series is taken for all drift.
ALIKE = 0.6
#: Days within which a change of volume and one of mood are one; the clearer tells the day.
SAME = 5
#: Share of the days of a window that must have been read.
READ = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A change of volume, of mood, or of both, on one day."""

    day: date
    #: Days compared before and after.
    before: int
    after: int
    #: Voices a day before and after, weekdays evened out.
    usual: float
    now: float
    #: Change of the volume as a share of the usual; None where only the mood changed.
    volume: Interval | None
    #: Change of the mood in points (-1 to 1); None where only the volume changed.
    mood: Interval | None
    #: Largest of the two statistics, for sorting.
    strength: float
    #: Why nothing is concluded, "" where it counts.
    withheld: str = ""


def find(days: Sequence[Day], seasons: Seasons, rules: BreakRules) -> Break | None:
    """The latest break of a series, or None.

    Both volume and mood are scanned for one change of the mean, on a scale on which days vary alike (square roots for
    counts with weekdays evened out, voice-weighted means for mood), against simulated calm series of the same length;
    then the part after it is scanned again (binary segmentation).

    Args:
        days: in order without gaps, the last whole day last; those not read are left out of every sum.
    """
    known = [one for one in days[-2 * rules.window_days :] if one.read]
    mean = sum(one.voices for one in known) / max(1, len(known))
    if len(known) < rules.window_days or mean < rules.least_posts:
        return None
    weekday = weekdays(known, seasons)
    volume = Scan.of([2 * math.sqrt(one.voices / weekday[seasons.weekday(one.day)]) for one in known],
                     [weekday[seasons.weekday(one.day)] for one in known])  # fmt: skip
    mood = Scan.of([one.mood for one in known], [float(one.voices) for one in known])
    found = [change for scan in (volume, mood) if (change := scan.latest(rules))]
    if not found:
        return None
    last = max(place for place, _ in found)
    split, _ = max((change for change in found if last - change[0] <= SAME), key=lambda change: change[1])
    return _told(days, known, split, weekday, seasons, rules)


def _told(
    days: Sequence[Day], known: Sequence[Day], split: int, weekday: Floats, seasons: Seasons, rules: BreakRules
) -> Break | None:
    """The break at known day number `split`, if it is large enough to be worth a sentence."""
    before, after = known[max(0, split - rules.window_days) : split], known[split:]
    volume, usual, now = volume_change(before, after, weekday, seasons)
    mood = mood_change(before, after)
    loud = abs(volume.value) >= rules.least_change and volume.low * volume.high > 0
    felt = abs(mood.value) >= rules.least_mood and mood.low * mood.high > 0
    if not loud and not felt:
        return None
    return Break(
        day=after[0].day,
        before=len(before),
        after=len(after),
        usual=usual,
        now=now,
        volume=volume if loud else None,
        mood=mood if felt else None,
        strength=max(abs(volume.value) if loud else 0.0, abs(mood.value) if felt else 0.0),
        withheld=_unread(days, before[0].day, after[0].day),
    )


def _unread(days: Sequence[Day], first: date, split: date) -> str:
    """Why the comparison does not hold, where too many of its days were not read."""
    for name, part in (
        ("sebelum", [one for one in days if first <= one.day < split]),
        ("sesudah", [one for one in days if one.day >= split]),
    ):
        short = sum(not one.read for one in part)
        if short > (1 - READ) * len(part):
            return f"Tren tidak disimpulkan: {short} dari {len(part)} hari {name} perubahan tidak terbaca penuh."
    return ""


@dataclass(frozen=True, slots=True)
class Scan:
    """A weighted series that is looked through for one change of its mean."""

    values: Floats
    weights: Floats

    @classmethod
    def of(cls, values: Sequence[float], weights: Sequence[float]) -> Scan:
        """From plain numbers."""
        return cls(np.array(values, dtype=float)[None, :], np.maximum(np.array(weights, dtype=float), 1e-6)[None, :])

    def latest(self, rules: BreakRules, start: int = 0) -> tuple[int, float] | None:
        """Number of the first value after the latest significant change from value `start` on, and its size."""
        values, weights = self.values[:, start:], self.weights[:, start:]
        length = values.shape[1]
        if length < 2 * rules.least_days + 2:
            return None
        at, strength = strongest(values, weights, rules.least_days)
        if strength[0] < limit(length, rules.least_days, rules.alpha):
            return None
        found = start + int(at[0])
        return self.latest(rules, found) or (found, float(strength[0]))


def strongest(values: Floats, weights: Floats, least: int) -> tuple[NDArray[np.int64], Floats]:
    """For each row the place of the largest studentised change of the mean, and its size.

    The variance is that within the two parts, widened where neighbouring days are alike.
    """
    length = values.shape[1]
    places = np.arange(least, length - least + 1)
    mass = np.cumsum(weights, axis=1)
    summed = np.cumsum(weights * values, axis=1)
    squares = (weights * values**2).sum(axis=1, keepdims=True)
    left, right = mass[:, places - 1], mass[:, -1:] - mass[:, places - 1]
    first, second = summed[:, places - 1] / left, (summed[:, -1:] - summed[:, places - 1]) / right
    within = np.maximum(squares - left * first**2 - right * second**2, 1e-12) / (length - 2)
    score = (first - second) ** 2 / (within * (1 / left + 1 / right))
    at = score.argmax(axis=1)
    rows = np.arange(len(values))
    inside = np.arange(length)[None, :] < places[at][:, None]
    strayed = (values - np.where(inside, first[rows, at][:, None], second[rows, at][:, None])) * np.sqrt(weights)
    alike = (strayed[:, 1:] * strayed[:, :-1]).sum(axis=1) / np.maximum((strayed**2).sum(axis=1), 1e-12)
    alike = np.clip(alike, 0.0, ALIKE)
    return places[at], score[rows, at] * (1 - alike) / (1 + alike)


@lru_cache(maxsize=256)
def limit(length: int, least: int, alpha: float) -> float:
    """The size of a change that calm series of this length reach with chance `alpha`."""
    calm = np.random.default_rng(SEED).normal(size=(CALM, length))
    _, sizes = strongest(calm, np.ones_like(calm), least)
    return float(np.quantile(sizes, 1 - alpha))


def weekdays(days: Sequence[Day], seasons: Seasons) -> Floats:
    """How much of an average day each weekday brings; each week is held against itself, so that no break enters."""
    shares: list[list[float]] = [[] for _ in range(7)]
    for start in range(0, len(days), 7):
        week = days[start : start + 7]
        mean = sum(one.voices for one in week) / len(week)
        if len(week) == 7 and mean:
            for one in week:
                shares[seasons.weekday(one.day)].append(one.voices / mean)
    return np.array([max(0.2, (sum(found) + BORROWED) / (len(found) + BORROWED)) for found in shares])


def volume_change(
    before: Sequence[Day], after: Sequence[Day], weekday: Floats, seasons: Seasons
) -> tuple[Interval, float, float]:
    """Change of the volume as a share, with voices a day before and after; over-dispersion widens the interval."""
    sums, masses, strayed, count = [], [], 0.0, 0
    for part in (before, after):
        mass = sum(float(weekday[seasons.weekday(one.day)]) for one in part)
        total = sum(one.voices for one in part) + 0.5
        sums.append(total)
        masses.append(mass)
        for one in part:
            expected = total / mass * float(weekday[seasons.weekday(one.day)])
            strayed += (one.voices - expected) ** 2 / expected
            count += 1
    spread = max(1.0, strayed / max(1, count - 2))
    usual, now = sums[0] / masses[0], sums[1] / masses[1]
    error = WIDE * math.sqrt(spread * (1 / sums[0] + 1 / sums[1]))
    low, high = (now / usual * math.exp(sign * error) - 1 for sign in (-1, 1))
    return Interval(value=now / usual - 1, low=low, high=high), usual, now


def mood_change(before: Sequence[Day], after: Sequence[Day]) -> Interval:
    """Change of the mood in points; days that differ among themselves widen the interval."""
    means, errors = [], []
    for part in (before, after):
        voices = sum(one.voices for one in part)
        if not voices:
            return Interval(value=0.0, low=0.0, high=0.0)
        mean = sum(one.positive - one.negative for one in part) / voices
        strayed = sum(one.voices**2 * (one.mood - mean) ** 2 for one in part)
        means.append(mean)
        errors.append(max(strayed / voices**2, (1 - mean**2 + 0.01) / (4 * voices)))
    value, error = means[1] - means[0], WIDE * math.sqrt(sum(errors))
    return Interval(value=value, low=value - error, high=value + error)
