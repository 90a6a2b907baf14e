"""The hourly rollup always equals a recount of the posts."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tanggap.clock import hour_of
from tanggap.store import posts, rollups, scores
from tanggap.store.tables import hour_count, post


def cells(store):
    """The rollup as it stands."""
    with store.read() as db:
        return {tuple(row[:5]): row.posts for row in db.execute(sa.select(hour_count))}


def recount(store, now):
    """The rollup as it must be, from the records alone."""
    with store.read() as db:
        found = posts.get(db, list(db.scalars(sa.select(post.c.id))))
        span = (now() - timedelta(days=365), now() + timedelta(days=365))
        current = {reading.post.id: reading.score for reading in scores.readings(db, *span, relevance=None)}
    counts: Counter[tuple[object, ...]] = Counter()
    for item in found:
        score = current.get(item.id)
        seen = score if score and score.relevant is not False else None
        code = next((place.code for place in seen.places if place.code), "") if seen else ""
        mood = seen.sentiment or "" if seen else ""
        counts[hour_of(item.published_at), item.source, seen.topic or "" if seen else "", code[:8], mood] += 1
    return dict(counts)


SENT = st.tuples(
    st.sampled_from(["add", "score"]),
    st.integers(0, 7),
    st.integers(0, 3),
    st.sampled_from(["banjir", "sampah_kebersihan", None]),
    st.sampled_from(["negative", "positive", None]),
    st.sampled_from([True, False, None]),
    st.sampled_from(["31.75.03.1008", "31.74", None]),
)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(SENT, min_size=1, max_size=12))
def test_after_any_acts_the_rollup_equals_a_recount(any_store, make_post, make_score, kampung_melayu, now, acts):
    for act, number, variant, topic, sentiment, relevant, code in acts:
        with any_store.write() as db:
            if act == "add":
                ago = timedelta(minutes=25 * number)
                posts.add(db, [make_post(f"teks {variant}", native_id=str(number), ago=ago, source=f"s{number % 2}")])
                continue
            key = db.scalar(sa.select(post.c.id).where(post.c.native_id == str(number)))
            if key is not None:
                places = (replace(kampung_melayu, code=None), replace(kampung_melayu, code=code))
                values = {"topic": topic, "sentiment": sentiment, "relevant": relevant, "places": places}
                scores.add(db, [(key, make_score(model=str(variant), **values))])
    assert cells(any_store) == recount(any_store, now)


def test_writers_at_the_same_time_lose_no_count(any_store, make_post, now):
    batches = [[make_post(source=f"s{n}", native_id=str(i)) for i in range(50)] for n in range(6)]

    def write(batch):
        with any_store.write() as db:
            return posts.add(db, batch).new

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(write, batches)) == 300
    assert cells(any_store) == recount(any_store, now)
    assert sum(cells(any_store).values()) == 300


def test_hours_are_summed_by_the_dimension_asked(any_store, make_post, make_score, keep, now):
    one, two, _ = keep(
        make_post(ago=timedelta(minutes=90)), make_post(ago=timedelta(minutes=80)), make_post(ago=timedelta(minutes=5))
    )
    with any_store.write() as db:
        scores.add(db, [(one, make_score()), (two, make_score(topic="kesehatan"))])
        start, end = now() - timedelta(hours=3), now()
        by_topic = rollups.hourly(db, start, end, by="topic")
        assert [(c.hour, c.topic, c.source, c.posts) for c in by_topic] == [
            (now() - timedelta(hours=2), "banjir", "", 1),
            (now() - timedelta(hours=2), "kesehatan", "", 1),
            (now() - timedelta(hours=1), "", "", 1),
        ]
        assert [c.posts for c in rollups.hourly(db, start, end)] == [2, 1]
        assert [c.posts for c in rollups.hourly(db, now() - timedelta(minutes=61), end)] == [2, 1]
        assert [(c.sentiment, c.posts) for c in rollups.hourly(db, start, end, by="sentiment")] == [
            ("negative", 2),
            ("", 1),
        ]


def test_a_post_that_is_not_about_the_city_counts_in_no_mood(any_store, make_post, make_score, keep, now):
    [key] = keep(make_post())
    with any_store.write() as db:
        scores.add(db, [(key, make_score(relevant=False))])
        [cell] = rollups.hourly(db, now() - timedelta(days=1), now(), by="sentiment")
    assert (cell.sentiment, cell.posts) == ("", 1)
