"""Kinds of texts: told apart by where they come from, with experts of their own that answer in their measure."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from nlp.data import Origin, Row
from nlp.fit import SELDOM_AWAY, Examples, Recipe, calibrate, level_thresholds, weights_of
from nlp.ground import Ground
from nlp.kinds import KINDS, LEAST, kind_of, told_apart
from nlp.linear import Choice, LinearModel


def row(channel: str, origin: Origin = "city") -> Row:
    return Row("1", "jalan rusak", origin, channel)


def model(choice: Choice, labels: tuple[str, ...], kinds: tuple[str, ...], columns: int) -> LinearModel:
    flat = np.zeros(columns, dtype=np.float32)
    thresholds = np.full(len(labels) - 1 if choice == "levels" else 1, 0.5, dtype=np.float32)
    weights = np.zeros((1, columns), dtype=np.float32)
    return LinearModel("complaint", labels, choice, ("a",), weights, flat, flat + 1, flat, thresholds, {}, kinds)


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        ("surabaya_portal", "report"),
        ("laporgub", "report"),
        ("jakarta_complaint_2017", "report"),
        ("tweet_lapor", "talk"),
        ("app_review", "talk"),
        ("koreksi petugas", "talk"),
        ("news_detik", "news"),
    ],
)
def test_the_channel_tells_the_kind(channel: str, kind: str) -> None:
    assert kind_of(row(channel)) == kind


def test_reviews_of_restaurants_are_from_elsewhere() -> None:
    assert kind_of(row("smsa_train", "smsa")) == "elsewhere"


def test_a_rare_kind_goes_with_the_commonest() -> None:
    rows = [row("tweet")] * LEAST + [row("news")] * LEAST + [row("surabaya_portal")]
    kinds, numbers = told_apart(rows, KINDS)
    assert kinds == ("talk", "news")
    assert numbers.tolist() == [0] * LEAST + [1] * LEAST + [0]


def test_texts_of_one_kind_are_not_told_apart() -> None:
    kinds, numbers = told_apart([row("tweet")] * 9, KINDS)
    assert (kinds, set(numbers.tolist())) == ((), {0})
    assert told_apart([row("tweet")] * LEAST + [row("news")] * LEAST, ())[0] == ()


def test_the_expert_for_the_likelier_kind_decides() -> None:
    found = model("one", ("a", "b"), ("report", "news"), 6)
    margins = np.array([[3, 0, 0, 3, 9, 0], [3, 0, 0, 3, 0, 9]], dtype=np.float32)
    shares = found.probabilities(margins)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert found.decide(margins).tolist() == [0, 1]
    pro, con = found.evidence(margins, found.decide(margins))
    assert (pro.tolist(), con.tolist()) == ([0, 3], [1, 2])


def test_levels_of_several_kinds_are_weighed_together() -> None:
    found = model("levels", ("0", "1", "2"), ("report", "news"), 6)
    margins = np.array([[4, 4, -4, -4, 9, 0], [4, 4, -4, -4, 0, 9]], dtype=np.float32)
    assert found.decide(margins).tolist() == [2, 0]
    np.testing.assert_allclose(found.probabilities(margins).sum(axis=1), 1, rtol=1e-5)
    pro, con = found.evidence(margins, found.decide(margins))
    assert (pro.tolist(), con.tolist()) == ([1, 6], [6, 2])


def test_each_kind_learns_what_a_word_means_in_it() -> None:
    """`siaga` is praise in the news and a complaint in talk; a text without it is told by the shared words."""
    draw = np.random.default_rng(0)
    kinds = np.arange(400) % 2
    siaga, news = draw.integers(0, 2, 400), kinds
    answers = np.where(kinds == 1, siaga, 1 - siaga)
    dense = np.column_stack([siaga, 1 - siaga, news, 1 - news]).astype(np.float32)
    recipe = Recipe("f", ("false", "true"), "levels", 0.3, recall=(0,), kinds=("talk", "news"))
    examples = Examples(
        values=sp.csr_matrix(dense),
        answers=answers,
        home=np.ones(400, dtype=bool),
        kinds=kinds,
        families=range(400),
        counts=np.ones(400, dtype=np.float32),
        vectors=np.zeros((4, 1), dtype=np.float32),
    )
    weights, bias = weights_of(examples, recipe, 0)
    assert weights.shape == (4, recipe.columns)
    margins = dense @ weights + bias
    assert ((recipe.own(margins, kinds)[:, 0] > 0) == answers).mean() > 0.99
    assert (margins[:, -2:].argmax(axis=1) == kinds).all()
    slope, offset = calibrate(margins, examples, recipe)
    assert len(slope) == len(offset) == recipe.columns


def test_what_is_read_is_seldom_taken_for_a_text_from_elsewhere() -> None:
    draw = np.random.default_rng(0)
    kinds, recipe = np.arange(40) % 2, Recipe("f", ("a", "b"), "one", 0.3, kinds=("talk", "elsewhere"))
    examples = Examples(
        values=sp.csr_matrix((40, 1), dtype=np.float32),
        answers=draw.integers(0, 2, 40),
        home=kinds == 0,
        kinds=kinds,
        families=range(40),
        counts=np.ones(40, dtype=np.float32),
        vectors=np.zeros((1, 1), dtype=np.float32),
    )
    _, offset = calibrate(draw.normal(size=(40, recipe.columns)).astype(np.float32), examples, recipe)
    assert offset.tolist() == [0] * (recipe.columns - 1) + [-SELDOM_AWAY]


def test_a_side_that_nobody_is_on_gets_no_weights() -> None:
    values = sp.csr_matrix(np.eye(3, dtype=np.float32))
    ground = Ground.of(values, np.ones(3, np.float32), np.zeros((3, 1), np.float32), 0.3, 0)
    [(weights, bias)] = ground.machines(np.zeros(3, dtype=bool), np.ones(3, np.float32), np.zeros(3), [0])
    assert (weights.any(), bias) == (False, -1.0)


def test_a_threshold_finds_the_share_it_must_and_no_more() -> None:
    probabilities = np.linspace(0, 1, 101, dtype=np.float32)[:, None]
    wanted = probabilities > 0.495
    recipe = Recipe("f", ("false", "true"), "levels", 0.3, recall=(0.8,))
    [cut] = level_thresholds(probabilities, wanted, recipe)
    assert 0.8 <= (probabilities[wanted] >= cut).mean() < 0.83
