"""Jobs in words: their names, their slots, their progress, their outcome."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard import jobs
from pipeline.work import JOBS
from tanggap.cron import Cron
from tanggap.schedules import CatchUp, JobRun, Schedule, State

#: 13.00 WIB.
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def run_of(**changed: object) -> JobRun:
    """A crawl of this minute."""
    return JobRun(id="r", job="crawl", state=State.DONE, asked_at=NOW, due_at=NOW).evolve(**changed)


def test_every_job_is_called_the_same_on_the_screen_as_in_the_terminal() -> None:
    assert {name: job.title for name, job in JOBS.items()}.items() <= dict(jobs.TITLES).items()


def test_slots_are_told_by_their_day() -> None:
    late = NOW.replace(hour=16, minute=40)
    assert jobs.fires(Cron("*/10 * * * *").fires(late, 3), late) == [
        {"day": "hari ini", "times": "23.50"},
        {"day": "besok", "times": "00.00 · 00.10"},
    ]


def test_one_time_on_many_days_is_told_once() -> None:
    slots = Cron("30 6 * * *").fires(NOW, 3)
    assert jobs.fires(slots, NOW) == [{"day": "besok, 24 Nov, 25 Nov pukul", "times": "06.30"}]


def test_slots_of_another_year_name_it() -> None:
    assert jobs.fires([datetime(2027, 1, 1, tzinfo=UTC)], NOW) == [{"day": "1 Jan 2027", "times": "07.00"}]


def test_progress_tells_how_long_it_still_takes() -> None:
    run = run_of(state=State.RUNNING, started_at=NOW - timedelta(minutes=3), done=1_500, total=6_000, worker="srv-1.ab")
    told = jobs.progress(run, NOW)
    assert (told["told"], told["share"], told["left"], told["worker"]) == (
        "1.500 dari 6.000", 25, "kira-kira 9 mnt lagi", "srv-1",
    )  # fmt: skip


def test_progress_without_a_total_promises_nothing() -> None:
    told = jobs.progress(run_of(state=State.RUNNING, started_at=NOW, done=1_500), NOW)
    assert (told["told"], told["share"], told["left"]) == ("1.500", None, "")


def test_a_run_in_the_history_has_duration_counts_cost_and_its_reason_in_indonesian() -> None:
    run = run_of(
        argument="detik", by="budi", started_at=NOW, ended_at=NOW + timedelta(seconds=7.44), attempt=2, cost_usd=0.6,
        counts={"fetched": 1_200, "new": 6, "failed": 0}, reason="detik: it gave no answer.", log="baris",
    )  # fmt: skip
    told = jobs.history(run, {"detik": "Detik"}, {"budi": "Budi Santosa"})
    assert told["about"] == "Detik"
    assert told["lasted"] == "7,4 dtk"
    assert told["counts"] == "1.200 diambil, 6 baru"
    assert told["cost"] == "$0,60"
    assert told["reason"] == "Situs tidak menjawab dalam waktu yang diberikan."
    assert told["more"] == "detik: it gave no answer."
    assert told["why"] == "diminta Budi Santosa"
    assert told["tries"] == "percobaan ke-2"


def test_a_run_that_waits_for_another_try_says_when() -> None:
    run = run_of(state=State.ASKED, attempt=2, reason="x", due_at=NOW + timedelta(minutes=1))
    assert jobs.state(run) == {"words": "dicoba lagi 13.01 (ke-2)", "tone": "amber"}


def test_manners_name_only_what_is_not_as_usual() -> None:
    item = Schedule(name="a", job="crawl", cron="* * * * *", decided_to=NOW, edited_by="budi", edited_at=NOW)
    assert jobs.manners(item) == []
    assert jobs.manners(item.evolve(quiet="22:00-05:00", jitter_s=20, catch_up=CatchUp.SKIP)) == [
        "jam tenang 22.00-05.00", "mulai acak 0-20 dtk sesudahnya", "slot terlewat: dilewati saja",
    ]  # fmt: skip
