"""Erasing reaches every copy, counts what is left anew, and nothing erased ever comes back."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tanggap.records import AuditEntry, Brief, BriefItem, CrawlRun, Engagement, Link, PostKind, Priority, Status
from tanggap.store import audit, briefs, erasure, issues, posts, quarantine, scores
from tanggap.store.erasure import REDACTED, Erased
from tanggap.store.posts import Added
from tanggap.store.tables import issue_link, lead, metadata, post, post_version, score
from tests.whole import assert_whole

DAY = date(2026, 11, 22)
SECRET = "rahasiaku"


@pytest.fixture
def flood(any_store, make_post, make_score, make_issue, keep, now):
    """An issue of three posts by two authors and one news item, one of them the target, another issue of it alone."""
    sent = [
        make_post(f"{SECRET} banjir di gang", source="x", native_id="101", author="aa", kind=PostKind.POST),
        make_post("banjir di gang kami juga", source="x", native_id="102", author="aa"),
        make_post("banjir lagi", source="x", native_id="103", author="bb", engagement=Engagement(views=50)),
        make_post("Banjir melanda.", title="Banjir", source="antara", kind=PostKind.NEWS, url="https://a.example/1"),
        make_post(f"{SECRET} sendiri", source="x", native_id="201", author="cc"),
    ]
    keys = keep(*sent)
    alone = make_issue(id="ISU-20261122-0002", title="Lain", posts=1, accounts=1, negative=1)
    with any_store.write() as db:
        told = [{"topic": (SECRET,)} if SECRET in one.text else {} for one in sent]
        scores.add(db, [(key, make_score(terms="gang", reasons=why)) for key, why in zip(keys, told, strict=True)])
        issues.add(db, make_issue(posts=4, accounts=3, news=1, reach=50, negative=4))
        issues.add(db, alone)
        issues.link(db, [Link(post=key, issue="ISU-20261122-0001", similarity=1) for key in keys[:4]])
        issues.link(db, [Link(post=keys[4], issue=alone.id, similarity=1)])
    assert_whole(any_store)
    return keys


def item(key, text, **values):
    return BriefItem(
        issue="ISU-20261122-0001", title="Banjir", place="", topic="banjir", priority=Priority.P1, score=87,
        status=Status.WAITING, why=(), agency="", holder=None, due_at=None, posts=4, accounts=3, news=1, quote=text,
        quote_source="X", quote_post=key, **values,
    )  # fmt: skip


def brief(now, *items):
    return Brief(day=DAY, edition=1, made_at=now(), lead="", items=items, hourly=(0,) * 24, hourly_negative=(0,) * 24)


def dump(db):
    """Everything the store holds, as text."""
    tables = [table for table in metadata.sorted_tables if table.name != "session"]
    return "\n".join(str(tuple(row)) for table in tables for row in db.execute(sa.select(table)))


def test_nothing_of_an_erased_post_remains_but_a_hash(any_store, flood, now, make_post):
    with any_store.write() as db:
        posts.add(db, [make_post(f"{SECRET} banjir di gang, sudah surut", source="x", native_id="101", author="aa")])
        run = CrawlRun(id=7, source="x", started_at=now())
        quarantine.add(db, run, now(), [("post 4: broken.", json.dumps({"id": "101", "text": SECRET}))])
        quarantine.add(db, run, now(), [("post 5: broken.", json.dumps({"id": "1019"}))])
        saved = brief(now, item(flood[0], f"{SECRET} banjir"), item(flood[1], "banjir di gang kami juga"))
        briefs.save(db, saved)
        done = erasure.erase(db, "x", ["101", "404", "101"], at=now(), by="rina", why="asked for")
        assert done == Erased(posts=1, issues=frozenset({"ISU-20261122-0001"}), quotes=1, samples=1)
    with any_store.read() as db:
        everything = dump(db)
        assert posts.search(db, SECRET) == posts.search(db, f"{SECRET} sendiri")
        assert db.scalar(sa.select(sa.func.count()).select_from(post_version)) == 0
        assert [e.quote for e in briefs.latest(db, DAY).items] == [REDACTED, "banjir di gang kami juga"]
        [entry] = audit.entries(db, "x")
        assert [broken.told for broken in quarantine.entries(db, "x")] == ["post 5: broken."]
    assert everything.count(SECRET) == 3  # the text, the search words and the reason of the other author's post
    assert (entry.action, entry.by, entry.after["posts"], len(entry.after["sha256"])) == ("post.erase", "rina", 1, 1)
    assert_whole(any_store)


def test_an_issue_is_counted_again_at_once(any_store, flood, now):
    with any_store.write() as db:
        erasure.erase(db, "x", ["103"], at=now())
        found = issues.get(db, "ISU-20261122-0001")
    assert (found.posts, found.accounts, found.news, found.reach, found.negative) == (3, 2, 1, 0, 3)
    assert (found.status, found.version) == (Status.DETECTED, 1)
    assert_whole(any_store)


def test_an_issue_without_posts_is_dismissed_with_the_reason_in_its_history(any_store, flood, now):
    with any_store.write() as db:
        done = erasure.erase(db, "x", ["201"], at=now())
        found = issues.get(db, "ISU-20261122-0002")
        [move] = issues.history(db, found.id)
    assert (done.dismissed, found.status, found.posts, found.reasons, found.version) == (1, Status.DISMISSED, 0, (), 2)
    assert (move.before, move.after, move.by) == (Status.DETECTED, Status.DISMISSED, "machine")
    assert "dihapus" in move.note
    assert_whole(any_store)


def test_a_closed_issue_without_posts_stays_as_it_was_closed(any_store, flood, now):
    with any_store.write() as db:
        found = issues.get(db, "ISU-20261122-0002")
        issues.update(db, found.evolve(status=Status.RESOLVED))
        assert erasure.erase(db, "x", ["201"], at=now()).dismissed == 0
        assert issues.get(db, found.id).status is Status.RESOLVED
    assert_whole(any_store)


def test_an_erased_post_never_comes_back(any_store, flood, now, make_post):
    again = [make_post(f"{SECRET} banjir", source="x", native_id="101"), make_post("baru", source="x", native_id="104")]
    with any_store.write() as db:
        erasure.erase(db, "x", ["101"], at=now())
        assert posts.add(db, again) == Added(new=1, duplicate=1)
        assert posts.known(db, "x", ["101", "104"]) == {"104"}
        assert posts.add(db, [make_post("lain", source="antara", native_id="101")]) == Added(new=1)


def test_erasing_again_changes_nothing(any_store, flood, now):
    with any_store.write() as db:
        erasure.erase(db, "x", ["101"], at=now())
        before = dump(db)
        assert erasure.erase(db, "x", ["101"], at=now()) == Erased()
        assert dump(db) == before


def test_a_copy_of_an_erased_post_becomes_a_voice_of_its_own(any_store, flood, now):
    with any_store.write() as db:
        copies = {"copy_of": flood[0], "issue": "ISU-20261122-0001", "similarity": 1}
        issues.link(db, [Link(post=flood[2], **copies)])
        db.execute(sa.update(post).where(post.c.id == flood[3]).values(copy_of=flood[0]))
        erasure.erase(db, "x", ["101", "102"], at=now())
        links = db.execute(sa.select(issue_link.c.copy_of).where(issue_link.c.post == flood[2])).scalar()
        assert links is None
        assert issues.get(db, "ISU-20261122-0001").accounts == 2
    assert_whole(any_store)


def test_a_headline_goes_from_the_issue_and_from_discovery(any_store, flood, now):
    with any_store.write() as db:
        found = issues.get(db, "ISU-20261122-0001")
        issues.refresh(db, found.evolve(title="Banjir", place="Kampung Melayu"))
        lines = {"source": "cari", "title": "Banjir", "publisher": "Antara", "published_at": now()}
        db.execute(
            sa.insert(lead),
            [
                {**lines, "native_id": "a", "url": "https://cari.example/1", "post": flood[3]},
                {**lines, "native_id": "b", "url": "https://a.example/1", "post": None},
                {**lines, "native_id": "c", "url": "https://cari.example/2", "post": None},
            ],
        )
        [news] = posts.get(db, [flood[3]])
        assert erasure.erase(db, "antara", [news.native_id], at=now()).leads == 2
        assert list(db.scalars(sa.select(lead.c.native_id))) == ["c"]
        assert issues.get(db, found.id).title == "Isu di Kampung Melayu"
    assert_whole(any_store)


def test_a_quote_of_an_older_brief_is_found_by_its_words(any_store, flood, now):
    with any_store.write() as db:
        old = brief(now, item(None, f"{SECRET} banjir…"), item(None, "banjir di gang kami juga"), item(None, ""))
        briefs.save(db, old)
        assert erasure.erase(db, "x", ["101"], at=now()).quotes == 1
        kept = briefs.latest(db, DAY)
    assert [entry.quote for entry in kept.items] == [REDACTED, "banjir di gang kami juga", ""]


def test_an_author_is_erased_at_every_source(any_store, flood, now, make_post):
    with any_store.write() as db:
        posts.add(db, [make_post("juga", source="qlue", author="aa"), make_post("lain", source="qlue", author="dd")])
        done = erasure.erase_author(db, "aa", at=now(), by="rina")
        left = set(db.scalars(sa.select(post.c.author)))
    assert (done.posts, len(done.issues), left) == (3, 1, {"bb", "cc", "dd", None})
    assert_whole(any_store)


def test_a_withdrawn_position_goes_and_the_post_stays(any_store, make_post, now):
    with any_store.write() as db:
        posts.add(db, [make_post(source="x", native_id="1", lat=-6.2, lon=106.8)])
        assert erasure.unmap(db, "x", ["1", "2"]) == 1
        assert erasure.unmap(db, "x", ["1"]) == 0
        [kept] = posts.unscored(db, "m", 5)
    assert (kept.lat, kept.lon, bool(kept.text)) == (None, None, True)


def test_half_an_erasure_is_none(any_store, flood, now):
    with any_store.read() as db:
        before = dump(db)
    with suppress(RuntimeError), any_store.write() as db:
        erasure.erase(db, "x", ["101", "201"], at=now())
        raise RuntimeError("the process ends here")
    with any_store.read() as db:
        assert dump(db) == before


def test_the_audit_trail_of_the_person_stays(any_store, flood, now):
    entry = AuditEntry(at=now() - timedelta(hours=1), by="sari", action="issue.move", subject="ISU-20261122-0002")
    with any_store.write() as db:
        audit.add(db, entry)
        erasure.erase(db, "x", ["201"], at=now())
        assert entry in audit.entries(db, "ISU-20261122-0002")
        assert db.scalar(sa.select(sa.func.count()).select_from(score)) == 4
