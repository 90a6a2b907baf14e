"""Sources, runs, audit and briefs: kept as they were, and the audit trail for good."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tanggap.errors import ConflictError, StoreError
from tanggap.records import AuditEntry, Brief, BriefItem, CrawlRun, Priority, Source, SourceKind, Status
from tanggap.store import audit, briefs, posts, runs, sources

ANTARA = Source(id="antara", kind=SourceKind.NEWS, title="Antara", address="https://example.go.id/feed", limit=50)
CSV = Source(id="csv", kind=SourceKind.CSV, title="Laporan", address="{config}/a.csv", columns={"text": "isi"})


def test_sources_are_kept_as_declared(any_store):
    with any_store.write() as db:
        sources.sync(db, [CSV, ANTARA])
        assert sources.all_sources(db) == [ANTARA, CSV]
        assert sources.get(db, "csv") == CSV
        assert sources.get(db, "none") is None


def test_a_source_no_longer_declared_stays_but_is_disabled(any_store):
    with any_store.write() as db:
        sources.sync(db, [CSV, ANTARA])
        sources.sync(db, [CSV.evolve(title="Aduan")])
        assert sources.get(db, "antara") == ANTARA.evolve(enabled=False)
        assert sources.get(db, "csv").title == "Aduan"
        sources.sync(db, [])
        assert [item.enabled for item in sources.all_sources(db)] == [False, False]


def test_a_run_adds_up_its_batches(any_store, now):
    with any_store.write() as db:
        key = runs.start(db, "antara", now())
        run = CrawlRun(id=key, source="antara", started_at=now(), fetched=5, new=3, duplicate=1, failed=1, cursor="p2")
        runs.advance(db, run)
        runs.advance(db, run.evolve(fetched=7, new=5))
        runs.finish(db, key, now() + timedelta(minutes=1), "rate", "Terlalu sering.")
        expected = CrawlRun(
            id=key,
            source="antara",
            started_at=now(),
            ended_at=now() + timedelta(minutes=1),
            fetched=7,
            new=5,
            duplicate=1,
            failed=1,
            cursor="p2",
            failure="rate",
            message="Terlalu sering.",
        )
        assert runs.latest(db) == {"antara": expected}


def test_the_next_crawl_continues_where_the_last_one_stood(any_store, now):
    with any_store.write() as db:
        assert runs.cursor(db, "antara") == ""
        key = runs.start(db, "antara", now())
        runs.advance(db, CrawlRun(id=key, source="antara", started_at=now(), fetched=1, new=1, cursor="c1"))
        runs.start(db, "antara", now())
        runs.start(db, "csv", now())
        assert runs.cursor(db, "antara") == "c1"
        assert runs.cursor(db, "csv") == ""
        assert [run.source for run in runs.recent(db)] == ["csv", "antara", "antara"]
        assert len(runs.recent(db, limit=1)) == 1


def test_a_failed_batch_moves_neither_posts_nor_cursor(any_store, make_post, now):
    with any_store.write() as db:
        key = runs.start(db, "antara", now())
    with suppress(RuntimeError), any_store.write() as db:
        posts.add(db, [make_post()])
        runs.advance(db, CrawlRun(id=key, source="antara", started_at=now(), fetched=1, new=1, cursor="c1"))
        raise RuntimeError("the crawl breaks here")
    with any_store.read() as db:
        assert (posts.count(db), runs.cursor(db, "antara"), runs.latest(db)["antara"].new) == (0, "", 0)


def test_audit_entries_come_newest_first(any_store, now):
    first = AuditEntry(at=now(), by="sari", action="move", subject="ISU-1", before={"status": "waiting"}, note="ya")
    second = AuditEntry(at=now(), by="budi", action="login", subject="budi", after={"ok": True})
    with any_store.write() as db:
        audit.add(db, first)
        audit.add(db, second)
        assert audit.entries(db) == [second, first]
        assert audit.entries(db, "ISU-1") == [first]
        assert audit.entries(db, limit=1) == [second]


@pytest.mark.parametrize("statement", ["UPDATE audit SET note = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_rewrite_the_audit_trail(any_store, now, statement):
    entry = AuditEntry(at=now(), by="sari", action="move", subject="ISU-1")
    with any_store.write() as db:
        audit.add(db, entry)
    with pytest.raises(StoreError, match="append-only"), any_store.write() as db:
        db.execute(sa.text(statement))
    with any_store.read() as db:
        assert audit.entries(db) == [entry]


def brief(now, **changes):
    item = BriefItem(
        issue="ISU-20261122-0001",
        title="Banjir",
        place="Kampung Melayu",
        topic="banjir",
        priority=Priority.P1,
        score=87,
        status=Status.WAITING,
        why=("2,6x biasa",),
        agency="SDA",
        holder=None,
        due_at=now(),
        posts=12,
        accounts=9,
        news=2,
        quote="air sepaha",
        quote_source="Antara",
    )
    values = {"day": date(2026, 11, 22), "edition": 1, "made_at": now(), "lead": "Banjir.", "items": (item,)}
    counts = {"hourly": tuple(range(24)), "hourly_negative": (0,) * 24, "totals": {"posts": 300}}
    return Brief(**{**values, **counts, "changes": ("naik",), "sources": (("Antara", "lancar", 3),), **changes})


def test_a_brief_is_read_again_as_it_was_sent(any_store, now):
    first = brief(now)
    second = brief(now, edition=2, items=())
    with any_store.write() as db:
        briefs.save(db, first)
        assert briefs.latest(db, first.day) == first
        briefs.save(db, second)
        briefs.save(db, brief(now, day=date(2026, 11, 23)))
        assert briefs.latest(db, first.day) == second
        assert briefs.latest(db, date(2026, 1, 1)) is None
        assert briefs.days(db) == [date(2026, 11, 23), date(2026, 11, 22)]


def test_an_edition_is_saved_once(any_store, now):
    with any_store.write() as db:
        briefs.save(db, brief(now))
    with pytest.raises(ConflictError, match="Edition 1"), any_store.write() as db:
        briefs.save(db, brief(now, lead="Lain."))
    with any_store.read() as db:
        assert briefs.latest(db, date(2026, 11, 22)).lead == "Banjir."


@pytest.mark.parametrize("day_hours", [(16, 59, 59, 999_999), (17, 0, 0, 0)])
def test_times_keep_their_microseconds(any_store, make_post, keep, now, day_hours):
    moment = now().replace(hour=day_hours[0], minute=day_hours[1], second=day_hours[2], microsecond=day_hours[3])
    [key] = keep(make_post(published_at=moment))
    with any_store.read() as db:
        assert posts.get(db, [key])[0].published_at == moment
