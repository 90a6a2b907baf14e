"""Drift: new words are told, noise is not, and a changed answer on a watched text is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from nlp.corpus import training_rows
from nlp.data import CANARY, read_rows
from nlp.drift import FIELDS, changed, divergences, new_words, right, shift, watched
from nlp.score import Scorer
from tanggap.city import City
from tanggap.records import Post, Score

WEEK = [Counter({"negative": 60, "neutral": 30 + day, "positive": 10}) for day in range(7)]


def test_a_word_nobody_used_before_is_told_first() -> None:
    today = {"banjir": 40, "rawabuaya": 12, "pju": 3, "sekali": 2}
    before = {"banjir": 300, "pju": 2}
    found = new_words(today, before, 100, 700)
    assert [(word.word, word.posts, word.before) for word in found] == [("rawabuaya", 12, 0), ("pju", 3, 2)]


def test_a_word_as_common_as_ever_is_no_news() -> None:
    assert new_words({"banjir": 40}, {"banjir": 280}, 100, 700) == []


def test_an_ordinary_day_stays_within_the_noise() -> None:
    found = shift({"negative": 61, "neutral": 32, "positive": 11}, WEEK)
    assert found is not None
    assert not found.beyond


def test_a_day_of_other_answers_is_beyond_the_noise() -> None:
    found = shift({"negative": 20, "neutral": 30, "positive": 55}, WEEK)
    assert found is not None
    assert found.beyond
    assert 0 < found.noise < found.divergence < 1


def test_a_few_posts_prove_nothing() -> None:
    found = shift({"positive": 1}, WEEK)
    assert found is not None
    assert shift({}, WEEK) is None
    assert shift({"positive": 1}, []) is None
    assert found.noise > shift({"positive": 100}, WEEK).noise  # type: ignore[union-attr]


def test_days_that_differ_anyway_widen_the_band() -> None:
    restless = [Counter({"a": 90, "b": 10}), Counter({"a": 10, "b": 90})] * 3
    calm = [Counter({"a": 50, "b": 50})] * 6
    one, other = shift({"a": 70, "b": 30}, restless), shift({"a": 70, "b": 30}, calm)
    assert one is not None
    assert other is not None
    assert (one.beyond, other.beyond) == (False, True)


def test_the_divergence_is_nothing_for_the_same_and_one_bit_for_strangers() -> None:
    same, other = np.array([0.5, 0.5, 0.0]), np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    assert divergences(other, same) == pytest.approx([0, 1])


def test_the_watched_texts_are_many_and_hold_every_topic(city: City) -> None:
    rows = read_rows(CANARY)
    assert len(rows) >= 95
    assert {row.labels["topic"] for row in rows} == set(city.topics)
    assert {row.labels["urgency"] for row in rows} == {0, 1, 2, 3}
    assert len({row.fingerprint for row in rows}) == len(rows)


def test_no_watched_text_is_ever_trained_on(tmp_path) -> None:
    copy = tmp_path / "posts.jsonl"
    copy.write_text(CANARY.read_text(encoding="utf-8"), encoding="utf-8")
    assert training_rows([copy], []) == []


class Stubborn:
    """A scorer of a model that gives one answer to everything."""

    def __init__(self, topic: str) -> None:
        self.topic = topic

    def score(self, posts: Sequence[Post]) -> list[Score]:
        one = Score(
            model="1", relevant=True, relevance=1.0, sentiment="negative", topic=self.topic, complaint=True, urgency=1
        )
        return [one] * len(posts)


def test_another_model_is_told_by_the_answers_that_changed() -> None:
    before, after = (watched(cast("Scorer", Stubborn(topic))) for topic in ("banjir", "pohon_taman"))
    assert changed(before, before) == []
    found = changed(before, after)
    assert len(found) == len(before)
    assert {(one["field"], one["before"], one["after"]) for one in found} == {("topic", "banjir", "pohon_taman")}
    assert set(right(before)) == set(FIELDS)
    assert right(before)["relevant"] > 0.9
