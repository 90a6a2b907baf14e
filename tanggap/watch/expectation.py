"""What a source usually brings at each hour of the week, and how rarely it would bring as little as it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scipy.special import betainc, gammaincc

from tanggap.clock import hour_of

HOUR = timedelta(hours=1)
#: Hours of a week.
WEEK = 168
#: How far back a source is learned from, and the least it takes to learn anything.
HISTORY = timedelta(days=28)
LEAST = timedelta(days=7)

#: Lengths of silence that are tested, in hours; the long ones are for sources that seldom speak.
WINDOWS = (3, 6, 12, 24, 72, 168)
#: A count that comes this rarely by chance is none. At hourly looks it costs well under one false alarm in 28 days.
RARE = 1e-4

#: A cell of the week is worth this many weeks of what its hour and its weekday suggest.
BORROWED = 4
#: Share of a day's posts per Jakarta hour where nothing is learned yet: quiet nights, a long day.
DAY_CURVE = tuple(
    weight / 100
    for weight in (1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 4, 4, 2, 2)
)  # fmt: skip
#: Variance over mean of a day, where it is not learned.
GUESSED_SPREAD = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Posts per hour of the week, from Monday 00.00 WIB on, and how far days stray from them."""

    rates: tuple[float, ...]
    #: Variance over mean: 1 for independent posts (Poisson), more for a source that comes in bursts.
    spread: float
    #: False while it is only what the declaration says.
    learned: bool

    def at(self, hour: datetime) -> float:
        """Posts expected in the hour that begins at `hour`."""
        return self.rates[cell(hour)]

    def between(self, start: datetime, end: datetime) -> float:
        """Posts expected in `start <= t < end`, both on the hour."""
        first = cell(start)
        return sum(self.rates[at % WEEK] for at in range(first, first + (end - start) // HOUR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Too little for chance: what came in the last `hours`, and what usually does."""

    hours: int
    got: int
    expected: float


def learn(counts: Mapping[datetime, int], until: datetime, per_day: int) -> Expectation:
    """What to expect, from the 28 days that end with the last post before `until`.

    A cell of the week is the mean of its own weeks, drawn towards what its hour of the day and its weekday suggest, for
    four weeks of a cell say little. A source that fell silent is held against its living days.

    Args:
        counts: posts per hour; hours without any may be missing.
        until: the hours from here on are the ones to judge, so they teach nothing.
        per_day: what the declaration expects, used until there are 7 days to learn from.
    """
    spoken = [hour for hour, count in counts.items() if count and hour < until]
    if not spoken or max(spoken) - min(spoken) < LEAST:
        return declared(per_day)
    end = max(spoken) + HOUR
    start = max(min(spoken), end - HISTORY)
    known, first = [counts.get(hour, 0) for hour in hours(start, end)], cell(start)
    rates = week_of(known, first)
    return Expectation(rates=rates, spread=spread(known, first, rates), learned=True)


def declared(per_day: int) -> Expectation:
    """What the declaration says, spread over an ordinary day."""
    return Expectation(rates=tuple(per_day * share for share in DAY_CURVE) * 7, spread=GUESSED_SPREAD, learned=False)


def week_of(known: Sequence[int], first: int) -> tuple[float, ...]:
    """Posts per hour of the week, from the counts of hours in a row of which the oldest lies in cell `first`."""
    total, seen = [0] * WEEK, [0] * WEEK
    for at, count in enumerate(known, first):
        total[at % WEEK] += count
        seen[at % WEEK] += 1
    mean = sum(total) / len(known)
    by_hour = [sum(total[hour::24]) / max(1, sum(seen[hour::24])) for hour in range(24)]
    by_day = []
    for day in range(0, WEEK, 24):
        usual = sum(times * by_hour[at] for at, times in enumerate(seen[day : day + 24]))
        by_day.append((sum(total[day : day + 24]) + 48 * mean) / (usual + 48 * mean))
    return tuple(
        (total[at] + BORROWED * by_hour[at % 24] * by_day[at // 24]) / (seen[at] + BORROWED) for at in range(WEEK)
    )


def spread(known: Sequence[int], first: int, rates: tuple[float, ...]) -> float:
    """Variance over mean of whole days around the learned week, and at least that of independent posts.

    A day to come strays further than the days learned from: by one part in the number of weeks.
    """
    days, strayed = len(known) // 24, 0.0
    for at in range(0, 24 * days, 24):
        usual = sum(rates[(first + hour) % WEEK] for hour in range(at, at + 24))
        strayed += (sum(known[at : at + 24]) - usual) ** 2 / usual if usual else 0.0
    return max(1.0, strayed / max(1, days - 7)) * (1 + 7 / days)


def silence(expected: Expectation, counts: Mapping[datetime, int], end: datetime, since: datetime) -> Silence | None:
    """The shortest window before `end` that holds too little for chance; windows from before `since` are not tested.

    Where nothing is learned yet, only complete silence counts: the declaration is a guess.
    """
    for length in WINDOWS:
        start = end - length * HOUR
        if start < since:
            return None
        usual = expected.between(start, end)
        got = sum(counts.get(hour, 0) for hour in hours(start, end))
        if (expected.learned or not got) and chance(got, usual, expected.spread) < RARE:
            return Silence(hours=length, got=got, expected=usual)
    return None


def chance(got: int, usual: float, stray: float) -> float:
    """Probability of at most `got` posts where `usual` are: negative binomial of variance `stray * usual`."""
    if got >= usual:
        return 1.0
    if stray <= 1.0:
        return float(gammaincc(got + 1, usual))
    return float(betainc(usual / (stray - 1), got + 1, 1 / stray))


def cell(hour: datetime) -> int:
    """The hour of the Jakarta week, 0 for Monday 00.00-01.00; the epoch began on a Thursday at 07.00 there."""
    return (int(hour.timestamp()) // 3600 + 3 * 24 + 7) % WEEK


def hours(start: datetime, end: datetime) -> Iterator[datetime]:
    """The hours that begin in `start <= t < end`."""
    at = hour_of(start)
    while at < end:
        yield at
        at += HOUR
