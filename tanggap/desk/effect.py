"""Whether an answer helped: what the public said before and after it, against like issues that nobody answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, log, sqrt
from statistics import NormalDist, mean, stdev
from typing import Literal

from tanggap.clock import span

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
class Like:
    """A like issue that nobody answered: its posts on both sides of the age at which this one was answered."""

    issue: str
    before: int
    after: int


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
    #: What it is compared with, the most talked of first.
    peers: tuple[Like, ...] = ()
    verdict: Verdict = "belum bisa dinilai"

    @property
    def told(self) -> str:
        """How many posts there were on each side."""
        return f"{self.before} → {self.after} kiriman dalam {span(self.side)} sebelum dan sesudah jawaban"

    @property
    def compared(self) -> str:
        """The change with its interval, or why there is none."""
        if self.side < YOUNGEST:
            return f"jawaban baru {span(self.side)} terbit; dinilai setelah {span(YOUNGEST)}"
        if self.before + self.after < FEWEST_POSTS:
            return f"terlalu sedikit kiriman; perlu {FEWEST_POSTS}"
        if self.change is None or self.interval is None:
            return f"baru {len(self.peers)} isu serupa tanpa jawaban; perlu {FEWEST_PEERS}"
        low, high = (round(100 * share) for share in self.interval)
        return f"{round(100 * self.change):+d}% dibanding isu serupa tanpa jawaban ({low:+d}% s.d. {high:+d}%)"

    @property
    def words(self) -> str:
        """One careful sentence."""
        return f"{self.told}: {self.compared}; {self.verdict}."


def side_of(answered_at: datetime, now: datetime) -> timedelta:
    """How much time is compared on each side of an answer."""
    return max(timedelta(0), min(SIDE, now - answered_at))


def effect(voices: Sequence[Voice], answered_at: datetime, peers: Sequence[Like], side: timedelta) -> Effect:
    """The effect of an answer.

    Each like issue is cut at the same age as this one had when it was answered, and the logarithms of its posts after
    over before give what happens without an answer. The interval is that of a single new observation among them
    (mean and t of a normal sample), so that the noise of small counts is in it.

    Args:
        voices: the posts of the issue around the answer.
        peers: unanswered like issues that are old enough to have both sides.
        side: what `side_of` says.
    """
    before, after = split(voices, answered_at, side)
    known = Effect(before=len(before), after=len(after), side=side, mood=_mood(before, after))
    if side < YOUNGEST or len(before) + len(after) < FEWEST_POSTS:
        return known
    heard = [peer for peer in peers if peer.before + peer.after >= FEWEST_POSTS]
    known = replace(known, peers=tuple(sorted(heard, key=lambda peer: (-peer.before - peer.after, peer.issue))))
    if len(heard) < FEWEST_PEERS:
        return known
    expected = [_change(peer.before, peer.after) for peer in heard]
    own = _change(len(before), len(after))
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


def _change(before: int, after: int) -> float:
    return log((after + 0.5) / (before + 0.5))


def _mood(before: Sequence[Voice], after: Sequence[Voice]) -> float | None:
    if min(len(before), len(after)) < FEWEST_POSTS // 2:
        return None
    return mean(voice.negative for voice in after) - mean(voice.negative for voice in before)
