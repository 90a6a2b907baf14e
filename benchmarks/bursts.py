"""How soon bursts are seen and how often wrongly: simulated streams with day, week and drift, ours beside its peers.

python -m benchmarks.bursts
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tanggap.settings import packaged_config
from tanggap.signals.bursts import MOST, OVER, ratio, track
from tanggap.signals.rules import BurstRules, Rules
from tanggap.signals.seasons import HOUR, Seasons
from tanggap.watch.expectation import DAY_CURVE

SERIES, WEEKS, JUDGED = 400, 10, 4
#: Length of an injected burst and times the usual.
BURST_H, TIMES = 12, 3.0
START = datetime(2026, 6, 1, tzinfo=UTC)
WEEKDAYS = (1.05, 1.05, 1.0, 1.0, 1.1, 0.9, 0.85)

Floats = NDArray[np.float64]
Alarms = NDArray[np.bool_]
Detector = Callable[[Floats], Alarms]


@dataclass(frozen=True, slots=True)
class Found:
    """What a detector did with one kind of stream."""

    false_per_day: float
    within_3h: float
    within_12h: float
    median_h: float


def rates(per_hour: float, rng: Generator) -> Floats:
    """Expected posts, hours x series: a day, a week, and a level that drifts by a tenth a week."""
    hours = np.arange(WEEKS * 168)
    curve = np.array(DAY_CURVE) * 24
    season = curve[hours % 24] * np.array(WEEKDAYS)[(hours // 24) % 7]
    drift = np.cumsum(rng.normal(0, 0.1 / math.sqrt(168), (len(hours), SERIES)), axis=0)
    return per_hour * season[:, None] * np.exp(drift)


def draw(expected: Floats, dispersion: float, rng: Generator) -> Floats:
    """Counts: Poisson, or negative binomial of variance m + d m^2."""
    if not dispersion:
        return rng.poisson(expected).astype(float)
    return rng.negative_binomial(1 / dispersion, 1 / (1 + dispersion * expected)).astype(float)


def cusum(rules: BurstRules) -> Detector:
    """Ours."""
    hours = [START + at * HOUR for at in range(WEEKS * 168)]

    def judge(counts: Floats) -> Alarms:
        return track(counts, hours, np.zeros(len(counts), dtype=bool), Seasons(), rules).bursting

    return judge


def knowing(per_hour: float, dispersion: float, height: float, seed: int = 7) -> Detector:
    """The same test told the true rate and dispersion: no detector can see bursts of this size sooner (Lorden 1971)."""
    usual = rates(per_hour, np.random.default_rng(seed))

    def judge(counts: Floats) -> Alarms:
        gathered, burst = np.zeros(SERIES), np.zeros(SERIES, dtype=bool)
        alarms = np.zeros(counts.shape, dtype=bool)
        for at, count in enumerate(counts):
            step = ratio(count, usual[at], np.full(SERIES, dispersion or 1e-3), TIMES)
            gathered = np.clip(gathered + step, 0.0, MOST)
            burst = alarms[at] = np.where(burst, gathered >= OVER * height, gathered >= height)
        return alarms

    return judge


def flat(counts: Floats) -> Alarms:
    """Three standard deviations above the mean of the last seven days."""
    alarms = np.zeros(counts.shape, dtype=bool)
    for at in range(168, len(counts)):
        past = counts[at - 168 : at]
        alarms[at] = counts[at] >= past.mean(axis=0) + 3 * np.maximum(past.std(axis=0), 0.5)
    return alarms


def ewma(counts: Floats) -> Alarms:
    """Three standard deviations above an exponential mean of a day."""
    mean, variance = counts[:168].mean(axis=0), np.maximum(counts[:168].var(axis=0), 0.25)
    alarms = np.zeros(counts.shape, dtype=bool)
    for at in range(168, len(counts)):
        strayed = counts[at] - mean
        alarms[at] = strayed >= 3 * np.sqrt(np.maximum(variance, 0.25))
        mean = mean + strayed / 24
        variance = variance + (strayed**2 - variance) / 24
    return alarms


def judged(detector: Detector, per_hour: float, dispersion: float, seed: int = 7) -> Found:
    """Onsets without a burst in the last weeks, and how soon a burst at a random hour of daytime is seen."""
    rng = np.random.default_rng(seed)
    expected = rates(per_hour, rng)
    first = (WEEKS - JUDGED) * 168
    calm = detector(draw(expected, dispersion, rng))
    onsets = calm[first:] & ~calm[first - 1 : -1]
    begins = first + 24 * rng.integers(7, JUDGED * 7 - 2, SERIES) + rng.integers(0, 24, SERIES)
    for series, begin in enumerate(begins):
        expected[begin : begin + BURST_H, series] *= TIMES
    alarms = detector(draw(expected, dispersion, rng))
    seen = np.array([alarms[begin : begin + BURST_H, series] for series, begin in enumerate(begins)])
    before = np.array([alarms[begin - 1, series] for series, begin in enumerate(begins)])
    delay = np.where(seen.any(axis=1) & ~before, seen.argmax(axis=1) + 1, 99)
    hit = delay[delay <= BURST_H]
    return Found(
        false_per_day=float(onsets.sum()) / SERIES / (JUDGED * 7),
        within_3h=float((delay <= 3).mean()),
        within_12h=float((delay <= BURST_H).mean()),
        median_h=float(np.median(hit)) if len(hit) else math.nan,
    )


def at_most(false_per_day: float, per_hour: float, dispersion: float) -> Found:
    """What the knowing test sees at the lowest threshold that is wrong no more often than that."""
    heights = np.arange(0.5, MOST, 0.25)
    found = (judged(knowing(per_hour, dispersion, float(height)), per_hour, dispersion) for height in heights)
    return next(one for one in found if one.false_per_day <= false_per_day)


def main() -> None:
    """Prints one table per kind of stream, and how the threshold trades one error for the other."""
    rules = Rules.load(packaged_config()).bursts
    shipped = ", ".join(f"{height:g} from {least:g}/h" for least, height in rules.thresholds)
    detectors: dict[str, Detector] = {"flat 7-day z >= 3": flat, "EWMA z >= 3": ewma}
    for height in (4.0, 6.0):
        fixed = rules.model_copy(update={"thresholds": ((0.0, height),), "steady": ()})
        detectors[f"NB CUSUM h = {height:g}"] = cusum(fixed)
    detectors[f"shipped ({shipped}; less where calm)"] = cusum(rules)
    print("false alarms per series and day / bursts seen within 3 h / within 12 h / median hours")
    print(
        "| detector | "
        + " | ".join(f"{kind} {rate:g}/h" for kind in ("Poisson", "NB .3") for rate in (1, 5, 30))
        + " |"
    )
    print("|---" * 7 + "|")
    streams = [(rate, spread) for spread in (0.0, 0.3) for rate in (1.0, 5.0, 30.0)]
    rows = [(name, [judged(detector, *stream) for stream in streams]) for name, detector in detectors.items()]
    limit = [at_most(0.02, *stream) for stream in streams]
    for name, cells in [*rows, ("limit: told the true rate and dispersion, 0.02 false", limit)]:
        told = (f"{c.false_per_day:.3f} / {c.within_3h:.2f} / {c.within_12h:.2f} / {c.median_h:g}" for c in cells)
        print(f"| {name} | " + " | ".join(told) + " |", flush=True)


if __name__ == "__main__":
    main()
