"""Scores: one per post and model, the newest model's in sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tanggap.errors import StoreError
from tanggap.store import posts, scores
from tanggap.store.scores import area_of, version


def current(store, now):
    with store.read() as db:
        return scores.readings(db, now() - timedelta(days=30), now(), relevance=None)


def test_a_score_comes_back_as_it_went_in(any_store, make_post, make_score, keep, kampung_melayu, now):
    sent = make_score(
        sentiment_probs={"negative": 0.91, "neutral": 0.07, "positive": 0.02},
        toward={"AG52": "positive", "AG05": "negative"},
        topic_probs={"banjir": 0.95},
        urgency_probs=(0.01, 0.03, 0.16, 0.8),
        places=(kampung_melayu, replace(kampung_melayu, code=None, level="road", lat=None, lon=None)),
        agency="AG05",
        language="id",
        reasons={"sentiment": ("sepaha", "tolong")},
        abstained=("urgency",),
        terms="banjir di kampung melayu",
    )
    [key] = keep(make_post())
    with any_store.write() as db:
        scores.add(db, [(key, sent)])
    [reading] = current(any_store, now)
    assert reading.score == sent
    assert reading.post.id == key


def test_a_score_may_abstain_from_everything(any_store, make_post, make_score, keep, now):
    [key] = keep(make_post("🙂"))
    nothing = dict.fromkeys(("relevant", "relevance", "sentiment", "topic", "complaint", "urgency"))
    sent = make_score(**nothing, abstained=("relevance", "sentiment"))
    with any_store.write() as db:
        scores.add(db, [(key, sent)])
    assert [reading.score for reading in current(any_store, now)] == [sent]


def test_scoring_again_with_the_same_model_replaces_the_score(any_store, make_post, make_score, keep, now):
    [key] = keep(make_post())
    for sentiment in ("negative", "positive"):
        with any_store.write() as db:
            scores.add(db, [(key, make_score(sentiment=sentiment))])
    assert [reading.score.sentiment for reading in current(any_store, now)] == ["positive"]


def test_the_newest_model_is_in_sight_whatever_order_scores_arrive_in(any_store, make_post, make_score, keep, now):
    [key] = keep(make_post())
    for model in ("2026.11.9", "2026.11.10", "2026.11.2"):
        with any_store.write() as db:
            scores.add(db, [(key, make_score(model=model))])
    assert [reading.score.model for reading in current(any_store, now)] == ["2026.11.10"]
    with any_store.read() as db:
        assert posts.unscored(db, "2026.11.2", 5) == []


def test_two_models_in_one_batch_leave_the_newer_in_sight(any_store, make_post, make_score, keep, now):
    [key] = keep(make_post())
    with any_store.write() as db:
        scores.add(db, [(key, make_score(model="2")), (key, make_score(model="1")), (key, make_score(model="2"))])
    assert [reading.score.model for reading in current(any_store, now)] == ["2"]


@pytest.mark.parametrize(("newer", "older"), [("2026.11.10", "2026.11.9"), ("2027.1.1", "2026.12.1"), ("1", "")])
def test_versions_compare_by_their_numbers(newer, older):
    assert version(newer) > version(older)


def test_a_score_for_no_post_is_refused_and_nothing_is_kept(any_store, make_post, make_score, keep, now):
    [key] = keep(make_post())
    with pytest.raises(StoreError, match="no post 999"), any_store.write() as db:
        scores.add(db, [(key, make_score()), (999, make_score())])
    assert current(any_store, now) == []


def test_readings_are_relevant_by_default_and_oldest_first(any_store, make_post, make_score, keep, now):
    keys = keep(*(make_post(ago=timedelta(hours=hour)) for hour in (1, 3, 2, 4)))
    with any_store.write() as db:
        relevances = (0.9, 0.5, 0.2, None)
        scores.add(db, [(key, make_score(relevance=r)) for key, r in zip(keys, relevances, strict=True)])
        start = now() - timedelta(days=1)
        assert [r.post.id for r in scores.readings(db, start, now())] == [keys[1], keys[0]]
        assert [r.post.id for r in scores.readings(db, start, now(), relevance=None)] == [keys[n] for n in (3, 1, 2, 0)]


def test_a_span_holds_its_start_and_not_its_end(any_store, make_post, make_score, keep, now):
    keys = keep(make_post(ago=timedelta(hours=2)), make_post(ago=timedelta(hours=1)))
    with any_store.write() as db:
        scores.add(db, [(key, make_score()) for key in keys])
        found = scores.readings(db, now() - timedelta(hours=2), now() - timedelta(hours=1))
    assert [reading.post.id for reading in found] == keys[:1]


@pytest.mark.parametrize(
    ("codes", "area"),
    [
        (["31.75.03.1008", "31.74"], "31.75.03"),
        ([None, "31.74"], "31.74"),
        (["31", "31.73.02"], "31.73.02"),
        (["31"], ""),
        ([], ""),
    ],
)
def test_the_area_of_a_post_is_the_first_kecamatan_or_kota_it_names(kampung_melayu, codes, area):
    assert area_of(replace(kampung_melayu, code=code) for code in codes) == area
