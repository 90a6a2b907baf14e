"""Each trouble of a source is told apart, soon, and a healthy month is no trouble."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tanggap.cron import Cron
from tanggap.errors import FailureClass
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.store.waits import Wait
from tanggap.watch import State
from tanggap.watch.health import PATIENCE, Facts, Verdict, judge
from tests.watch.simulation import HOUR, START, Fault, Simulated, drift, empty, failing, layout, quiet

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
MONTH = 28 * 24

#: Posts per day, from a busy network to an agency that speaks once a day.
SOURCES = {"jaringan": 2200.0, "koran": 200.0, "kota": 60.0, "kecil": 20.0, "lurah": 6.0}


@pytest.fixture(scope="module")
def month() -> dict[str, Simulated]:
    """Every source after 28 healthy days."""
    made = {name: Simulated(name, per_day, seed) for seed, (name, per_day) in enumerate(SOURCES.items())}
    made["koran-ramai"] = Simulated("koran-ramai", 200.0, 7, burst=0.35)
    for source in made.values():
        for hour in range(MONTH):
            source.live(START + hour * HOUR)
    return made


def first_alarm(source: Simulated, fault: Fault, most: int) -> tuple[Verdict, int]:
    """The first verdict that calls people, and after how many runs."""
    broken = deepcopy(source)
    for run in range(1, most + 1):
        verdict = broken.verdict(broken.live(START + (MONTH + run - 1) * HOUR, fault))
        if verdict.alarming:
            return verdict, run
    return verdict, most + 1


def test_28_healthy_days_raise_at_most_one_false_alarm_per_source(month: dict[str, Simulated]) -> None:
    raised: dict[str, int] = {}
    for name, source in month.items():
        healthy, called = deepcopy(source), [False]
        for hour in range(MONTH, 2 * MONTH):
            called.append(healthy.verdict(healthy.live(START + hour * HOUR)).alarming)
        raised[name] = sum(now and not before for before, now in pairwise(called))
    print(f"false alarms in 28 days of hourly looks: {raised}")
    assert max(raised.values()) <= 1


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (empty, State.EMPTY),
        (layout, State.LAYOUT),
        (drift, State.DRIFT),
        (failing("auth"), State.AUTH),
        (failing("cap"), State.CAP),
        (failing("blocked"), State.BLOCKED),
        (failing("network"), State.NETWORK),
        (failing("config"), State.CONFIG),
    ],
)
def test_each_fault_is_told_apart_within_two_runs(month: dict[str, Simulated], fault: Fault, state: State) -> None:
    for name, source in month.items():
        verdict, count = first_alarm(source, fault, 2)
        print(f"{name}: {verdict.state} after {count} runs")
        assert (verdict.state, verdict.alarming) == (state, True), (name, verdict)


def test_a_source_that_falls_quiet_is_noticed_once_enough_was_expected(month: dict[str, Simulated]) -> None:
    noticed: dict[str, int] = {}
    for name, source in month.items():
        verdict, count = first_alarm(source, quiet, 80)
        assert verdict.state is State.QUIET, (name, verdict)
        noticed[name] = count
    print(f"hours until silence is noticed: {noticed}")
    assert noticed["jaringan"] <= 4
    assert noticed["koran"] <= 8
    assert noticed["kota"] <= 14


def facts(*runs: CrawlRun, **more: Any) -> Facts:
    source = Source(id="a", kind=SourceKind.NEWS, title="A", address="https://a.example/")
    return Facts(**{"source": source, "runs": runs, "counts": {}, "now": NOW, **more})


def ran(minutes_ago: int, failure: FailureClass | None = None, **more: Any) -> CrawlRun:
    at = NOW - timedelta(minutes=minutes_ago)
    return CrawlRun(**{"source": "a", "started_at": at, "ended_at": at, "failure": failure, "fetched": 5, **more})


def test_a_source_that_is_off_or_new_calls_nobody() -> None:
    off = Source(id="a", kind=SourceKind.NEWS, title="A", address="", enabled=False)
    assert judge(facts(ran(5, "auth"), source=off)) == Verdict(state=State.OFF)
    assert (judge(facts()).state, judge(facts()).alarming) == (State.NEVER, False)


def test_a_source_whose_slots_went_by_is_late_unless_it_waits() -> None:
    clock = Cron("*/15 * * * *")
    assert judge(facts(ran(50), clock=clock)).state is State.GOOD
    late = judge(facts(ran(80), clock=clock))
    assert (late.state, late.alarming) == (State.LATE, True)
    wait = Wait(until=NOW + HOUR, failure="rate", why="X asks for a pause.")
    waiting = judge(facts(ran(80, "rate"), clock=clock, wait=wait))
    assert (waiting.state, waiting.alarming) == (State.RATE, False)


@pytest.mark.parametrize("state", sorted(PATIENCE))
def test_a_failure_calls_people_after_as_many_runs_as_it_is_given(state: State) -> None:
    streak = [ran(5 + 15 * back, state.value) for back in range(PATIENCE[state])]  # type: ignore[arg-type]
    assert judge(facts(*streak)).alarming
    assert judge(facts(*streak[:-1], ran(90))).alarming is False


def test_a_failure_that_stands_for_hours_calls_people_after_one_run() -> None:
    assert judge(facts(ran(60, "network"))).alarming is False
    assert judge(facts(ran(400, "network"))).alarming


def test_a_news_search_brings_no_posts_and_is_not_quiet() -> None:
    search = Source(id="a", kind=SourceKind.DISCOVERY, title="A", address="https://a.example/", expected_per_day=500)
    runs = [ran(60 * back) for back in range(1, 50)]
    assert judge(facts(*runs, source=search)).state is State.GOOD
