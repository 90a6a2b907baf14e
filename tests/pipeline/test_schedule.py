"""Slots become runs: each once, none on top of another, late ones by the policy, whatever the clock does."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from pipeline import schedule
from tanggap.clock import WIB
from tanggap.errors import UsageError
from tanggap.records import Source, SourceKind
from tanggap.schedules import CatchUp, JobRun, Schedule, State
from tanggap.settings import Settings
from tanggap.store import Store, job_runs, schedules, sources

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=WIB)


class Stepped:
    """Settings whose clock a test moves."""

    def __init__(self, settings: Settings) -> None:
        self.jobs, self.moment = settings.jobs, NOON

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def time(settings: Settings) -> Stepped:
    return Stepped(settings)


def item(name: str = "s", cron: str = "* * * * *", **more: object) -> Schedule:
    told = {"job": "crawl", "argument": name, "decided_to": NOON, "edited_by": "x", "edited_at": NOON} | more
    return Schedule(name=name, cron=cron, **told)  # type: ignore[arg-type]


def put(store: Store, *items: Schedule) -> None:
    with store.write() as db:
        for one in items:
            schedules.put(db, one)


def tick(store: Store, time: Stepped, minutes: float) -> list[JobRun]:
    """All runs of the history, oldest first, after the clock moved."""
    time.moment += timedelta(minutes=minutes)
    schedule.tick(store, time)  # type: ignore[arg-type]
    with store.read() as db:
        return job_runs.recent(db, limit=1_000)[::-1]


def end(store: Store, run: JobRun) -> None:
    with store.write() as db:
        begun = job_runs.start(db, run.id, run.attempt, "w", NOON)
        assert begun is not None
        job_runs.finish(db, begun, State.DONE, NOON)


def slots(runs: list[JobRun], state: State) -> list[str]:
    return [run.slot.astimezone(WIB).strftime("%H.%M") for run in runs if run.slot and run.state is state]


def test_a_slot_is_run_once_and_then_the_next_one(any_store: Store, time: Stepped) -> None:
    put(any_store, item())
    assert tick(any_store, time, 0) == []
    (first,) = tick(any_store, time, 1)
    assert (first.state, first.schedule, first.argument) == (State.ASKED, "s", "s")
    assert len(tick(any_store, time, 0.5)) == 1
    end(any_store, first)
    assert slots(tick(any_store, time, 0.5), State.ASKED) == ["12.02"]


def test_two_schedulers_run_a_thousand_slots_a_thousand_times(any_store: Store, time: Stepped) -> None:
    put(any_store, *[item(f"s{number}", "* * * * * *") for number in range(10)])
    other = Store.open(any_store.engine.url.render_as_string(hide_password=False))

    def schedule_all(store: Store) -> None:
        mine = Stepped(time)  # type: ignore[arg-type]
        for step in range(1, 21):
            mine.moment = NOON + timedelta(seconds=5 * step)
            schedule.tick(store, mine)  # type: ignore[arg-type]

    with ThreadPoolExecutor() as pool:
        list(pool.map(schedule_all, (any_store, other)))
    other.close()
    with any_store.read() as db:
        runs = job_runs.recent(db, limit=5_000)
    assert len(runs) == 1_000
    assert set(Counter((run.schedule, run.slot) for run in runs).values()) == {1}


def test_a_slot_on_top_of_an_unfinished_run_is_skipped_with_the_reason(any_store: Store, time: Stepped) -> None:
    put(any_store, item())
    (running,) = tick(any_store, time, 1)
    with any_store.write() as db:
        job_runs.start(db, running.id, 1, "w", time.moment)
    runs = tick(any_store, time, 1)
    assert slots(runs, State.SKIPPED) == ["12.02"]
    assert runs[-1].reason == "yang sebelumnya belum selesai (berjalan sejak 22 Nov 12.01)"
    end(any_store, running)
    assert slots(tick(any_store, time, 1), State.ASKED) == ["12.03"]


@pytest.mark.parametrize(
    ("policy", "asked", "skipped"),
    [
        (CatchUp.SKIP, [], ["12.10", "12.20", "12.30"]),
        (CatchUp.LATEST, ["12.30"], ["12.10", "12.20"]),
        (CatchUp.ALL, ["12.10", "12.20", "12.30"], []),
    ],
)
def test_slots_missed_while_nobody_lived_follow_the_policy(
    any_store: Store, time: Stepped, policy: CatchUp, asked: list[str], skipped: list[str]
) -> None:
    put(any_store, item(cron="*/10 * * * *", catch_up=policy))
    runs = tick(any_store, time, 35)
    assert (slots(runs, State.ASKED), slots(runs, State.SKIPPED)) == (asked, skipped)
    assert all("tidak ada pekerja" in run.reason for run in runs if run.state is State.SKIPPED)


def test_a_clock_put_back_an_hour_runs_no_slot_twice_and_stops_nothing(any_store: Store, time: Stepped) -> None:
    put(any_store, item(cron="*/10 * * * *"))
    tick(any_store, time, 10)
    before = len(tick(any_store, time, 10))
    assert len(tick(any_store, time, -60)) == before
    end(any_store, tick(any_store, time, 0)[0])
    runs = tick(any_store, time, 10)
    assert slots(runs, State.ASKED)[-1] == "11.30"
    assert len({run.id for run in runs}) == len(runs)


def test_a_clock_that_jumps_a_day_ahead_skips_what_went_by(any_store: Store, time: Stepped) -> None:
    put(any_store, item(cron="0 * * * *"))
    runs = tick(any_store, time, 24 * 60 + 1)
    assert slots(runs, State.ASKED) == ["12.00"]
    assert len(slots(runs, State.SKIPPED)) == 23


def test_a_paused_schedule_is_silent_and_what_it_missed_is_not_caught_up(any_store: Store, time: Stepped) -> None:
    put(any_store, item(catch_up=CatchUp.ALL))
    with any_store.write() as db:
        schedules.pause(db, "s", "rina", time.moment)
    assert tick(any_store, time, 5) == []
    with any_store.write() as db:
        schedules.resume(db, "s", "rina", time.moment)
    assert slots(tick(any_store, time, 1), State.ASKED) == ["12.06"]


def test_a_new_clock_counts_from_the_edit_and_misses_nothing_of_before(any_store: Store, time: Stepped) -> None:
    put(any_store, item(cron="0 23 * * *", catch_up=CatchUp.ALL))
    time.moment += timedelta(minutes=35)
    put(any_store, item(cron="*/10 * * * *", catch_up=CatchUp.ALL, edited_at=time.moment))
    assert slots(tick(any_store, time, 10), State.ASKED) == ["12.40"]


def test_a_backfill_asks_for_what_never_ran_and_for_nothing_else(any_store: Store, time: Stepped) -> None:
    put(any_store, item(cron="*/10 * * * *", catch_up=CatchUp.LATEST))
    (ran,) = tick(any_store, time, 10)
    end(any_store, ran)
    tick(any_store, time, 30)  # skips 12.20 and 12.30, asks for 12.40
    with any_store.write() as db:
        asked = schedules.backfill(db, "s", NOON - timedelta(minutes=10), time.moment, "rina", time.moment)
        again = schedules.backfill(db, "s", NOON - timedelta(minutes=10), time.moment, "rina", time.moment)
    assert slots(asked, State.ASKED) == ["12.00", "12.20", "12.30"]
    assert again == []
    with any_store.write() as db, pytest.raises(UsageError, match="ends now at the latest"):
        schedules.backfill(db, "s", NOON, time.moment + timedelta(hours=1), "rina", time.moment)


def test_run_now_joins_a_run_that_waits_already(any_store: Store, time: Stepped) -> None:
    put(any_store, item())
    with any_store.write() as db:
        first = schedules.run_now(db, "s", "rina", time.moment)
        second = schedules.run_now(db, "s", "budi", time.moment)
    assert first.id == second.id
    assert (first.by, first.schedule, first.slot) == ("rina", "s", None)


def test_every_installation_and_every_source_in_use_has_its_schedules(any_store: Store) -> None:
    antara = Source(id="antara", kind=SourceKind.NEWS, title="A", address="https://a.example/", schedule="*/15 * * * *")
    declared = [
        antara,
        Source(id="tanpa", kind=SourceKind.NEWS, title="Tanpa", address="https://b.example/"),
        Source(id="salah", kind=SourceKind.NEWS, title="Salah", address="https://c.example/", schedule="x"),
        Source(id="mati", kind=SourceKind.X, title="X", address="", enabled=False, schedule="*/5 * * * *"),
        Source(id="x", kind=SourceKind.X, title="X", address="", agreement="surat 1", schedule="*/5 * * * *"),
    ]
    jobs = ("crawl", "score", "group", "brief")
    with any_store.write() as db:
        sources.sync(db, declared)
    assert sorted(schedule.keep_up(any_store, NOON, jobs)) == [
        "crawl-antara", "crawl-x", "pahami-sisa", "rapikan-isu", "ringkasan-harian",
    ]  # fmt: skip
    assert schedule.keep_up(any_store, NOON, jobs) == []
    with any_store.write() as db:
        assert schedules.get(db, "ringkasan-harian").clock.reading() == "setiap hari pukul 06.30 WIB"
        sources.put(db, antara.evolve(schedule="*/20 * * * *"), by="rina", at=NOON)
        schedules.put(db, schedules.get(db, "crawl-x").evolve(cron="0 * * * *", edited_by="rina"))
    assert schedule.keep_up(any_store, NOON, jobs) == ["crawl-antara"]  # what rina edited stays hers
    with any_store.read() as db:
        assert schedules.get(db, "crawl-antara").cron == "*/20 * * * *"
