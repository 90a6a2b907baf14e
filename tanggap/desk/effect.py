"""Whether an answer helped: what the public said before and after it, against like issues that nobody answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, log, sqrt
from statistics import NormalDist, mean, stdev
from typing import Literal

#: What is compared on each side of the answer, at most and at least.
SIDE = timedelta(hours=6)
YOUNGEST = timedelta(hours=1)
#: Posts on both sides together, and like issues, below which nothing is said.
FEWEST_POSTS = 6
FEWEST_PEERS = 8
LEVEL = 0.90

Verdict = Literal["mereda lebih cepat", "malah naik", "belum ada efek yang jelas", "belum bisa dinilai"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One post of an issue: when, and whether it complains in anger."""

    at: datetime
    negative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What followed an answer. Shares are relative: -0.4 is 40 percent less than unanswered issues would have."""

    before: int
    after: int
    side: timedelta
    #: With its 90 percent prediction interval; None where it cannot be told.
    change: float | None = None
    interval: tuple[float, float] | None = None
    #: Share of negative posts after less before, -1 to 1; None with too few posts.
    mood: float | None = None
    peers: int = 0
    verdict: Verdict = "belum bisa dinilai"

    @property
    def words(self) -> str:
        """One careful sentence."""
        hours = round(self.side.total_seconds() / 3600)
        told = f"{self.before} → {self.after} kiriman dalam {hours} jam sebelum dan sesudah jawaban"
        if self.change is None or self.interval is None:
            return f"{told}; {self.verdict}."
        low, high = (round(100 * share) for share in self.interval)
        share = f"{round(100 * self.change):+d}% dibanding isu serupa tanpa jawaban ({low:+d}% s.d. {high:+d}%)"
        return f"{told}: {share}; {self.verdict}."


def effect(voices: Sequence[Voice], answered_at: datetime, peers: Sequence[Sequence[Voice]], now: datetime) -> Effect:
    """The effect of an answer.

    Each like issue is cut at the same age as this one had when it was answered, and the logarithms of its posts after
    over before give what happens without an answer. The interval is that of a single new observation among them
    (mean and t of a normal sample), so that the noise of small counts is in it.

    Args:
        peers: unanswered like issues, each with all its posts.
    """
    side = min(SIDE, now - answered_at)
    start = min((voice.at for voice in voices), default=answered_at)
    if side < YOUNGEST:
        return Effect(before=0, after=0, side=max(side, timedelta(0)))
    before, after = split(voices, answered_at, side)
    known = Effect(before=len(before), after=len(after), side=side, mood=_mood(before, after))
    if len(before) + len(after) < FEWEST_POSTS:
        return known
    expected = [change for peer in peers if (change := _change_of(peer, answered_at - start, side)) is not None]
    known = replace(known, peers=len(expected))
    if len(expected) < FEWEST_PEERS:
        return known
    own = log((len(after) + 0.5) / (len(before) + 0.5))
    middle, spread = mean(expected), stdev(expected) * sqrt(1 + 1 / len(expected))
    half = student(LEVEL, len(expected) - 1) * spread
    low, high = own - middle - half, own - middle + half
    verdict: Verdict = "mereda lebih cepat" if high < 0 else "malah naik" if low > 0 else "belum ada efek yang jelas"
    change, interval = exp(own - middle) - 1, (exp(low) - 1, exp(high) - 1)
    return replace(known, change=change, interval=interval, verdict=verdict)


def split(voices: Sequence[Voice], at: datetime, side: timedelta) -> tuple[list[Voice], list[Voice]]:
    """The posts within `side` before and after a moment."""
    before = [voice for voice in voices if at - side <= voice.at < at]
    return before, [voice for voice in voices if at <= voice.at < at + side]


def student(level: float, degrees: int) -> float:
    """Two-sided quantile of Student's t by the Cornish-Fisher expansion; within 1 percent from 7 degrees on."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / degrees + second / degrees**2


def _change_of(peer: Sequence[Voice], age: timedelta, side: timedelta) -> float | None:
    if not peer:
        return None
    before, after = split(peer, min(voice.at for voice in peer) + age, side)
    if len(before) + len(after) < FEWEST_POSTS:
        return None
    return log((len(after) + 0.5) / (len(before) + 0.5))


def _mood(before: Sequence[Voice], after: Sequence[Voice]) -> float | None:
    if min(len(before), len(after)) < FEWEST_POSTS // 2:
        return None
    return mean(voice.negative for voice in after) - mean(voice.negative for voice in before)
