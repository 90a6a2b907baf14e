"""Reports on labelled files: their format, what counts as wrong, and the clustering figures by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from nlp.evaluate import evaluate, evaluate_issues
from nlp.metrics import bcubed, calibration_error, classification, levels
from nlp.score import Scorer
from tanggap.errors import UsageError
from tanggap.records import Place, Post, Score


class Oracle:
    """A scorer that reads its answers from the text: `relevant sentiment topic complaint urgency place`."""

    version = "2026.11.1"

    def score(self, posts: Sequence[Post]) -> list[Score]:
        return [self._one(post.text.split()) for post in posts]

    def _one(self, words: list[str]) -> Score:
        relevant, sentiment, topic, complaint, urgency, place = words
        return Score(
            model=self.version,
            relevant=relevant == "yes",
            relevance=1.0,
            sentiment=None if sentiment == "-" else cast("Any", sentiment),
            topic=topic,
            complaint=complaint == "yes",
            urgency=int(urgency),
            places=(Place(text=place, start=0, end=1, level="kelurahan", code=None, name=place),),
        )


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    lines = [
        ("yes negative banjir yes 3 Kemang", True, "negative", "banjir", True, 3, ["kemang"]),
        ("yes - banjir yes 1 Kemang", True, "negative", "banjir", True, 2, ["kemang", "Tebet"]),
        ("no neutral lainnya no 0 Tebet", False, "neutral", "lainnya", False, 0, []),
    ]
    keys = ("text", "relevant", "sentiment", "topic", "complaint", "urgency", "places")
    path = tmp_path / "gold.jsonl"
    rows = [{"id": str(n), **dict(zip(keys, line, strict=True))} for n, line in enumerate(lines)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def report(task: str, path: Path) -> dict[str, Any]:
    return evaluate(task, path, cast("Scorer", Oracle()))


def test_an_abstention_counts_as_wrong_and_is_counted(gold: Path) -> None:
    found = report("sentiment", gold)
    assert (found["n"], found["abstained"], found["accuracy"], found["model"]) == (3, 1, 0.6667, "2026.11.1")
    assert found["per_class"]["negative"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "n": 2}
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1) / 2, abs=1e-4)


def test_urgency_also_reports_its_distance_and_the_recall_of_urgent_posts(gold: Path) -> None:
    found = report("urgency", gold)
    assert (found["mae"], found["recall_2plus"], found["precision_2plus"]) == (0.3333, 0.5, 1.0)


def test_places_are_compared_as_sets_of_folded_strings(gold: Path) -> None:
    found = report("places", gold)
    assert (found["precision"], found["recall"]) == (0.6667, 0.6667)


def test_all_reports_every_task_the_file_has_labels_for(gold: Path) -> None:
    assert set(report("all", gold)) == {"relevance", "sentiment", "topic", "complaint", "urgency", "places"}


def test_a_sentiment_file_of_others_is_evaluated_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "smsa_test.tsv"
    path.write_text("yes negative banjir yes 3 Kemang\tnegative\n", encoding="utf-8")
    assert report("sentiment", path)["accuracy"] == 1.0
    assert set(report("all", path)) == {"sentiment"}


def test_a_task_without_labels_is_refused(tmp_path: Path, gold: Path) -> None:
    path = tmp_path / "bare.jsonl"
    path.write_text('{"id": "1", "text": "banjir"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="no labels for topic"):
        report("topic", path)
    with pytest.raises(UsageError, match="no task"):
        report("mood", gold)


def test_bcubed_agrees_with_a_hand_count() -> None:
    found = bcubed(["a", "a", "b", "b"], ["x", "x", "x", "y"])
    assert found["bcubed_precision"] == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert found["bcubed_recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, abs=1e-4)


def test_issues_without_a_name_stand_alone() -> None:
    assert evaluate_issues(["i1", "i1", None, None], ["g", "g", None, None]) == {
        "task": "issues", "n": 4, "bcubed_precision": 1.0, "bcubed_recall": 1.0, "bcubed_f1": 1.0,
        "recall_grouped": 1.0, "n_grouped": 2, "ami": 1.0,
    }  # fmt: skip


def test_figures_of_nothing_are_zero() -> None:
    assert classification([], [])["macro_f1"] == 0
    assert levels([], [])["recall_2plus"] == 0
    assert evaluate_issues([], [])["bcubed_f1"] == 0


def test_calibration_error_is_the_gap_between_confidence_and_truth() -> None:
    assert calibration_error([0.9] * 10, [True] * 9 + [False]) == 0
    assert calibration_error([1.0] * 4, [True, True, False, False]) == 0.5
