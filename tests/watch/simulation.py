"""A made-up source hour by hour: how much people post, what its hourly runs find, and what breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from tanggap.clock import WIB
from tanggap.cron import Cron
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.watch.health import LOOK, Facts, Verdict, judge

HOUR = timedelta(hours=1)
#: A Monday.
START = datetime(2026, 9, 28, tzinfo=WIB).astimezone(UTC)
CLOCK = Cron("5 * * * *")

#: Share of a day per hour, heavier at lunch and in the evening than the curve the product guesses.
CURVE = np.array([1, 1, 1, 1, 2, 4, 6, 8, 8, 7, 7, 8, 9, 7, 6, 6, 7, 8, 8, 7, 6, 4, 3, 2], float)
WEEK = (1.0, 1.05, 1.0, 0.95, 1.1, 0.6, 0.5)

#: Turns what a run would have found into what it finds once the source is broken.
Fault = Callable[[CrawlRun], CrawlRun]


@dataclass
class Simulated:
    """One source with its posts and runs so far."""

    name: str
    per_day: float
    seed: int
    #: How much days differ beyond chance, as the deviation of a day's factor.
    burst: float = 0.0
    #: Listed items a healthy run looks at although it knows them.
    listed: int = 20
    counts: dict[datetime, int] = field(default_factory=dict)
    runs: list[CrawlRun] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mood = 1.0
        self.dice = np.random.default_rng(self.seed)
        self.source = Source(
            id=self.name, kind=SourceKind.NEWS, title=self.name, address="", expected_per_day=round(self.per_day)
        )

    def live(self, at: datetime, fault: Fault | None = None) -> datetime:
        """Lets one hour pass from `at`, with the run at its end; gives the moment after it."""
        local = at.astimezone(WIB)
        if local.hour == 0:
            self.mood = float(self.dice.lognormal(-(self.burst**2) / 2, self.burst))
        rate = self.mood * self.per_day * CURVE[local.hour] / CURVE.sum() * WEEK[local.weekday()]
        came = int(self.dice.poisson(rate))
        ran = at + HOUR + timedelta(minutes=5)
        run = CrawlRun(source=self.name, started_at=ran, ended_at=ran, fetched=self.listed + came, new=came,
                       duplicate=self.listed)  # fmt: skip
        if fault is not None:
            run = fault(run)
        if run.new:
            self.counts[at] = run.new
        self.runs = [run, *self.runs[: LOOK - 1]]
        return ran

    def verdict(self, now: datetime) -> Verdict:
        """What the product says of it."""
        return judge(Facts(source=self.source, runs=self.runs, counts=self.counts, clock=CLOCK, now=now))


def quiet(run: CrawlRun) -> CrawlRun:
    """It lists only what is known."""
    return run.evolve(fetched=run.fetched - run.new, new=0)


def empty(run: CrawlRun) -> CrawlRun:
    """It answers 200 and lists nothing, and no crawler noticed."""
    return run.evolve(fetched=0, new=0, duplicate=0)


def layout(run: CrawlRun) -> CrawlRun:
    """Not one page is an article any more."""
    return failing("layout")(run)


def drift(run: CrawlRun) -> CrawlRun:
    """A third of the records has another shape."""
    bad = run.fetched // 3
    return run.evolve(new=0, duplicate=run.fetched - bad, failed=bad, refused={"payload": bad})


def failing(failure: str) -> Fault:
    """Every run ends in this failure and brings nothing."""
    return lambda run: run.evolve(fetched=0, new=0, duplicate=0, failure=failure, message="uji")
