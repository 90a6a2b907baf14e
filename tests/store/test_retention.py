"""When its time is over a text is emptied everywhere, and every number stays what it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tanggap.issues.group import voices
from tanggap.records import Engagement, Link, Place, Reading
from tanggap.store import briefs, erasure, issues, posts, retention, rollups, scores
from tanggap.store.posts import Added
from tanggap.store.tables import hour_count, post, post_version
from tests.store.test_erasure import DAY, brief, item
from tests.whole import assert_whole

OLD = timedelta(days=40)


@pytest.fixture
def told(any_store, make_post, make_score, make_issue, keep, now, kampung_melayu: Place):
    """An old and a new post of one source in one issue, an old one of another source."""
    kept = {"source": "x", "author": "aa", "url": "https://x.example/1", "lat": -6.2, "lon": 106.8, "extra": {"a": "b"}}
    old = {"ago": OLD, "collected_at": now() - OLD, "engagement": Engagement(views=70)}
    keys = keep(
        make_post("banjir lama", native_id="1", title="Judul", **kept, **old),
        make_post("banjir baru", native_id="2", **kept),
        make_post("banjir lain", native_id="3", **{**kept, **old, "source": "antara"}),
    )
    place = make_score(places=(kampung_melayu,), reasons={"topic": ("banjir",)}, terms="banjir")
    with any_store.write() as db:
        scores.add(db, [(key, place) for key in keys])
        issues.add(db, make_issue(posts=2, accounts=1, reach=70, negative=2))
        issues.link(db, [Link(post=key, issue="ISU-20261122-0001", similarity=1) for key in keys[:2]])
        briefs.save(db, brief(now, item(keys[0], "Judul"), item(keys[1], "banjir baru")))
    return keys


def blank(any_store, now, *, days=30, limit=100):
    with any_store.write() as db:
        return retention.blank(db, "x", now() - timedelta(days=days), at=now(), limit=limit)


def cells(db):
    return sorted(tuple(row) for row in db.execute(sa.select(hour_count)))


def test_an_old_text_is_emptied_and_its_numbers_stay(any_store, told, now):
    with any_store.read() as db:
        before = cells(db)
    assert blank(any_store, now) == 1
    with any_store.write() as db:
        first, second = posts.get(db, told[:2])
        rollups.refresh(db, set(db.scalars(sa.select(post.c.hour))))
        assert cells(db) == before
        assert posts.search(db, "lama") == []
        [reading] = [r for _, r in issues.members(db, "ISU-20261122-0001") if r.post.id == told[0]]
        assert [entry.quote for entry in briefs.latest(db, DAY).items] == [retention.EXPIRED, "banjir baru"]
        other = posts.get(db, told[2:])[0]
    assert (first.text, first.title, first.url, first.author, first.extra, first.lat) == (
        "",
        None,
        None,
        None,
        {},
        None,
    )
    assert first.engagement.views == 70
    assert (second.text, second.author, other.text) == ("banjir baru", "aa", "banjir lain")
    assert (reading.score.topic, reading.score.sentiment) == ("banjir", "negative")
    assert (reading.score.places, reading.score.reasons, reading.score.terms) == ((), {}, "")
    assert_whole(any_store)


def test_emptying_again_changes_nothing_and_parts_add_up(any_store, told, now, make_post):
    late = [make_post(f"lama {n}", source="x", ago=OLD, collected_at=now() - OLD) for n in range(5)]
    with any_store.write() as db:
        posts.add(db, late)
    assert [blank(any_store, now, limit=2) for _ in range(4)] == [2, 2, 2, 0]
    assert_whole(any_store)


def test_versions_of_an_emptied_text_go_too(any_store, told, now, make_post):
    with any_store.write() as db:
        posts.add(db, [make_post("banjir lama surut", source="x", native_id="1", ago=OLD)])
        assert db.scalar(sa.select(sa.func.count()).select_from(post_version)) == 1
    blank(any_store, now)
    assert_whole(any_store, counts=False)


def test_no_crawl_fills_an_emptied_post_again(any_store, told, now, make_post):
    blank(any_store, now)
    again = make_post("banjir lama, sudah diubah", source="x", native_id="1", author="aa", url="https://x.example/1")
    with any_store.write() as db:
        assert posts.add(db, [again]) == Added(duplicate=1)
        [kept] = posts.get(db, told[:1])
    assert (kept.text, kept.author, kept.url) == ("", None, None)
    assert_whole(any_store)


def test_a_new_model_does_not_score_what_has_no_text(any_store, told, now):
    blank(any_store, now)
    with any_store.read() as db:
        assert [found.id for found in posts.unscored(db, "2026.12.1", 10)] == [told[2], told[1]]


def test_an_archive_is_kept_from_the_day_it_was_collected(any_store, now, make_post):
    with any_store.write() as db:
        posts.add(db, [make_post("laporan 2016", source="x", ago=timedelta(days=3650))])
    assert blank(any_store, now) == 0


def test_voices_of_emptied_posts_are_not_counted_anew(any_store, told, now, make_post, keep, make_score):
    more = keep(*(make_post(f"juga {n}", source="x", author=f"b{n}", native_id=f"9{n}") for n in range(2)))
    with any_store.write() as db:
        scores.add(db, [(key, make_score()) for key in more])
        issues.link(db, [Link(post=key, issue="ISU-20261122-0001", similarity=1) for key in more])
        found = issues.get(db, "ISU-20261122-0001")
        issues.refresh(db, found.evolve(posts=4, accounts=3, negative=4))
    blank(any_store, now)
    with any_store.write() as db:
        erasure.erase(db, "x", ["90"], at=now())
        assert issues.get(db, "ISU-20261122-0001").accounts <= 3
    assert_whole(any_store)


def test_an_emptied_post_is_no_voice_in_the_next_grouping(make_post, make_score):
    emptied = [Reading(post=make_post("", author=None), score=make_score()) for _ in range(3)]
    told = [Reading(post=make_post("banjir", author=name), score=make_score()) for name in ("aa", "aa", None)]
    assert voices([*emptied, *told], set()) == 2
