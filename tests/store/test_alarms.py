"""Alarms and edited sources on both stores."""

from __future__ import annotations

from datetime import timedelta

from tanggap.clock import Clock
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.schedules import Schedule
from tanggap.store import Store, alarms, audit, runs, schedules, sources
from tanggap.watch import edits

HOUR = timedelta(hours=1)
PAPER = Source(id="koran", kind=SourceKind.NEWS, title="Koran", address="https://koran.example/rss", limit=20)


def test_a_source_has_one_alarm_that_follows_its_state_until_it_is_cleared(any_store: Store, now: Clock) -> None:
    with any_store.write() as db:
        first = alarms.raise_or_refresh(db, "koran", "network", "Gagal.", since=now() - HOUR, at=now())
        again = alarms.raise_or_refresh(db, "koran", "layout", "Berubah.", since=now(), at=now() + HOUR)
        alarms.raise_or_refresh(db, "lain", "auth", "Ditolak.", since=now(), at=now())
        (koran, other) = alarms.open_ones(db).values()
        cleared = alarms.clear(db, "koran", now() + 2 * HOUR), alarms.clear(db, "koran", now() + 3 * HOUR)
        alarms.raise_or_refresh(db, "koran", "quiet", "Sepi.", since=now(), at=now() + 4 * HOUR)
        told = [(alarm.state, alarm.cleared_at is None) for alarm in alarms.history(db, "koran")]
    assert (first, again, cleared) == (True, False, (True, False))
    assert (koran.state, koran.since, koran.seen_at) == ("layout", now() - HOUR, now() + HOUR)
    assert other.source == "lain"
    assert told == [("quiet", True), ("layout", False)]


def test_what_the_file_says_counts_until_somebody_edits_and_again_once_dropped(any_store: Store, now: Clock) -> None:
    with any_store.write() as db:
        sources.sync(db, [PAPER])
        edits.edit(db, PAPER, PAPER.evolve(limit=50), "sari", now())
        sources.sync(db, [PAPER.evolve(title="Koran Baru")])
        edited = sources.get(db, "koran")
        assert edited is not None
        by = sources.edits(db)["koran"]
        edits.restore(db, edited, PAPER.evolve(title="Koran Baru"), "sari", now())
        restored, left = sources.get(db, "koran"), sources.edits(db)
        told = [(entry.action, entry.after) for entry in audit.entries(db, "koran")]
    assert (edited.limit, edited.title, by) == (50, "Koran", ("sari", now()))
    assert (restored, left) == (PAPER.evolve(title="Koran Baru"), {})
    assert told == [("source.restore", {"limit": 20, "title": "Koran Baru"}), ("source.edit", {"limit": 50})]


def test_an_address_that_was_seen_stays_verified_until_it_is_another(any_store: Store) -> None:
    with any_store.write() as db:
        sources.sync(db, [PAPER])
        sources.verify(db, "koran")
        sources.sync(db, [PAPER.evolve(limit=7)])
        same = sources.get(db, "koran")
        sources.sync(db, [PAPER.evolve(address="https://koran.example/sitemap.xml")])
        other = sources.get(db, "koran")
    assert same is not None
    assert other is not None
    assert (same.verified, same.limit, other.verified) == (True, 7, False)


def test_the_schedule_of_a_source_follows_its_edit(any_store: Store, now: Clock) -> None:
    before = PAPER.evolve(schedule="0 6 * * *")
    planned = Schedule(
        name="crawl-koran", job="crawl", argument="koran", cron=before.schedule, decided_to=now(), edited_by="machine",
        edited_at=now(),
    )  # fmt: skip
    with any_store.write() as db:
        sources.sync(db, [before])
        schedules.put(db, planned)
        after = before.evolve(schedule="*/15 5-22 * * *")
        edits.edit(db, before, after, "sari", now())
        assert [each.cron for each in schedules.every(db)] == ["*/15 5-22 * * *"]
        edits.edit(db, after, after.evolve(schedule=""), "sari", now())
        assert schedules.every(db) == []


def test_the_runs_of_one_source_are_told_apart_from_the_others(any_store: Store, now: Clock) -> None:
    with any_store.write() as db:
        for name, failure in (("koran", None), ("lain", None), ("koran", "network")):
            number = runs.start(db, name, now())
            runs.advance(db, CrawlRun(id=number, source=name, started_at=now(), new=1, refused={"robots": 2}))
            runs.finish(db, number, now(), failure)
        assert [run.failure for run in runs.recent(db, source="koran")] == ["network", None]
        assert len(runs.recent(db)) == 3
        assert runs.last_success(db, "koran") == now()
        assert runs.last_success(db, "baru") is None
