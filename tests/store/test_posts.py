"""Posts are stored once, changed texts keep their past, and searches mean the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tanggap.errors import StoreError
from tanggap.records import Engagement, PostKind, Status
from tanggap.store import posts, scores
from tanggap.store.posts import Added
from tanggap.store.tables import post_version


def test_a_post_comes_back_as_it_went_in(any_store, make_post):
    sent = make_post(
        kind=PostKind.REPORT,
        title="Banjir",
        url="https://example.go.id/1",
        author="a0123456789abcdef",
        engagement=Engagement(likes=3, replies=1, reposts=9, views=5_000_000_000),
        lat=-6.22,
        lon=106.86,
        reply_to="n-0",
        status=Status.IN_PROCESS,
        extra={"ticket": "JK1", "follow_ups": [{"by": "petugas", "at": "07.00"}], "none": None, "é": "ñ"},
    )
    with any_store.write() as db:
        posts.add(db, [sent])
    with any_store.read() as db:
        [kept] = posts.unscored(db, "m", 10)
        assert posts.get(db, [kept.id]) == [kept]
    assert kept.evolve(id=None) == sent
    assert kept.published_at.utcoffset() == timedelta(0)


def test_a_repeated_post_is_counted_as_duplicate(any_store, make_post):
    sent = [make_post() for _ in range(3)]
    with any_store.write() as db:
        assert posts.add(db, sent) == Added(new=3)
    with any_store.write() as db:
        assert posts.add(db, [*sent, make_post()]) == Added(new=1, duplicate=3)
        assert posts.count(db) == 4


def test_the_same_id_at_two_sources_is_two_posts(any_store, make_post):
    with any_store.write() as db:
        added = posts.add(db, [make_post(source="a", native_id="1"), make_post(source="b", native_id="1")])
    assert added == Added(new=2)


def test_a_post_sent_twice_in_one_batch_is_stored_once(any_store, make_post):
    sent = make_post()
    with any_store.write() as db:
        assert posts.add(db, [sent, sent, sent]) == Added(new=1, duplicate=2)


def test_an_edit_within_one_batch_counts_as_an_edit(any_store, make_post):
    sent = make_post("pagi")
    with any_store.write() as db:
        added = posts.add(db, [sent, sent.evolve(text="siang"), sent.evolve(text="malam")])
        assert [p.text for p in posts.unscored(db, "m", 5)] == ["malam"]
    assert added == Added(new=1, changed=2)


def test_an_edited_post_keeps_its_older_text_and_is_scored_again(any_store, make_post, make_score, now):
    sent = make_post("air naik", title="Pagi")
    with any_store.write() as db:
        posts.add(db, [sent])
        [kept] = posts.unscored(db, "2026.11.1", 5)
        scores.add(db, [(kept.id, make_score())])
        assert posts.unscored(db, "2026.11.1", 5) == []
        edited = sent.evolve(text="air surut", collected_at=now() + timedelta(hours=2))
        assert posts.add(db, [edited]) == Added(changed=1)
        assert [p.text for p in posts.unscored(db, "2026.11.1", 5)] == ["air surut"]
        older = db.execute(sa.select(post_version)).mappings().one()
    assert (older["title"], older["text"], older["replaced_at"]) == ("Pagi", "air naik", edited.collected_at)


def test_new_numbers_alone_are_no_edit(any_store, make_post, make_score):
    sent = make_post()
    with any_store.write() as db:
        posts.add(db, [sent])
        [kept] = posts.unscored(db, "2026.11.1", 5)
        scores.add(db, [(kept.id, make_score())])
        louder = sent.evolve(engagement=Engagement(likes=40), status=Status.RESOLVED, extra={"a": 1})
        assert posts.add(db, [louder]) == Added(duplicate=1)
        assert posts.unscored(db, "2026.11.1", 5) == []
        [found] = posts.get(db, [kept.id])
    assert (found.engagement.likes, found.status, found.extra) == (40, Status.RESOLVED, {"a": 1})


def test_first_seen_times_stay_when_a_source_sends_a_post_again(any_store, make_post, now):
    sent = make_post()
    again = sent.evolve(text="lain", published_at=now(), collected_at=now() + timedelta(days=1))
    with any_store.write() as db:
        posts.add(db, [sent])
        posts.add(db, [again])
        [kept] = posts.unscored(db, "m", 5)
    assert (kept.published_at, kept.collected_at) == (sent.published_at, sent.collected_at)


def test_known_tells_which_ids_a_source_has_sent_before(any_store, make_post):
    with any_store.write() as db:
        posts.add(db, [make_post(source="a", native_id="1"), make_post(source="b", native_id="2")])
        assert posts.known(db, "a", ["1", "2", "3"]) == {"1"}
        assert posts.known(db, "a", []) == set()


def test_posts_come_in_the_order_asked(any_store, make_post, keep):
    first, second = keep(make_post("satu"), make_post("dua"))
    with any_store.read() as db:
        assert [p.text for p in posts.get(db, [second, 999, first])] == ["dua", "satu"]


def test_unscored_posts_come_oldest_first_and_before_those_of_another_model(any_store, make_post, make_score, keep):
    scored, _, _ = keep(
        make_post("lama", ago=timedelta(hours=9)),
        make_post("baru", ago=timedelta(hours=1)),
        make_post("tengah", ago=timedelta(hours=5)),
    )
    with any_store.write() as db:
        scores.add(db, [(scored, make_score(model="1"))])
        assert [p.text for p in posts.unscored(db, "1", 9)] == ["tengah", "baru"]
        assert [p.text for p in posts.unscored(db, "2", 9)] == ["tengah", "baru", "lama"]
        assert [p.text for p in posts.unscored(db, "2", 1)] == ["tengah"]


def test_posts_are_counted_per_source_within_a_span(any_store, make_post, keep, now):
    keep(
        make_post(source="a", ago=timedelta(hours=2)),
        make_post(source="b", ago=timedelta(hours=1)),
        make_post(source="b", ago=timedelta(hours=2)),
        make_post(source="b", ago=timedelta(0)),
    )
    with any_store.read() as db:
        assert posts.per_source(db, now() - timedelta(hours=2), now()) == {"a": 1, "b": 2}
        assert posts.count(db) == 4


def test_a_batch_larger_than_a_statement_may_be(any_store, make_post):
    sent = [make_post(native_id=str(number)) for number in range(12_001)]
    with any_store.write() as db:
        assert posts.add(db, sent) == Added(new=12_001)
        assert posts.add(db, sent) == Added(duplicate=12_001)
        assert len(posts.known(db, "antara", [p.native_id for p in sent])) == 12_001


def test_nothing_to_add_is_fine(any_store):
    with any_store.write() as db:
        assert posts.add(db, []) == Added()


def test_a_text_that_cannot_be_stored_is_told_in_one_sentence(any_store, make_post):
    with pytest.raises(StoreError, match="repair the text"), any_store.write() as db:
        posts.add(db, [make_post("lone \ud800 surrogate")])
