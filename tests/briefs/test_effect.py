"""Whether an answer worked is told only where the posts can tell it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tanggap.briefs.effect import answer_effect, answers
from tanggap.records import Issue, Reading

MakeIssue = Callable[..., Issue]
MakeReading = Callable[..., Reading]


def around(make_reading: MakeReading, answered: datetime, before: int, after: int) -> list[Reading]:
    return [
        *(make_reading(answered - timedelta(minutes=n + 1), f"b{n}") for n in range(before)),
        *(make_reading(answered + timedelta(minutes=n), f"a{n}") for n in range(after)),
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (20, 5, "20 → 5 unggahan dalam 3 j sebelum dan sesudahnya: mereda."),
        (5, 20, "5 → 20 unggahan dalam 3 j sebelum dan sesudahnya: masih naik."),
        (10, 9, "10 → 9 unggahan dalam 3 j sebelum dan sesudahnya: belum ada perubahan yang jelas."),
        (2, 1, "terlalu sedikit untuk dinilai."),
    ],
)
def test_posts_before_and_after_are_compared(
    make_issue: MakeIssue, make_reading: MakeReading, moment: datetime, before: int, after: int, words: str
) -> None:
    answered = moment - timedelta(hours=5)
    issue = make_issue(1, title="Banjir", answered_at=answered, posts=before + after)
    told = answer_effect(issue, around(make_reading, answered, before, after), moment)
    assert told.startswith("Banjir: dijawab 01.30")
    assert told.endswith(words)


def test_both_sides_have_the_same_length(make_issue: MakeIssue, make_reading: MakeReading, moment: datetime) -> None:
    answered = moment - timedelta(hours=2)
    issue = make_issue(1, answered_at=answered, posts=12)
    assert "dalam 2 j sebelum" in answer_effect(issue, around(make_reading, answered, 6, 6), moment)


def test_a_young_answer_is_not_judged(make_issue: MakeIssue, make_reading: MakeReading, moment: datetime) -> None:
    answered = moment - timedelta(minutes=20)
    issue = make_issue(1, answered_at=answered, posts=40)
    assert "20 mnt sebelum ringkasan ini; belum bisa dinilai" in answer_effect(
        issue, around(make_reading, answered, 20, 20), moment
    )


def test_missing_older_posts_forbid_a_verdict(
    make_issue: MakeIssue, make_reading: MakeReading, moment: datetime
) -> None:
    answered = moment - timedelta(hours=5)
    issue = make_issue(1, answered_at=answered, posts=500)
    newest = around(make_reading, answered, 20, 20)
    assert "terlalu sedikit untuk dinilai" in answer_effect(issue, newest, moment)


def test_five_answers_are_told_and_the_rest_counted(make_issue: MakeIssue, moment: datetime) -> None:
    start = moment - timedelta(hours=24)
    issues = [make_issue(n, score=n, answered_at=start + timedelta(hours=n)) for n in range(8)]
    told = answers(issues, {}, start, moment)
    assert len(told) == 6
    assert told[0].startswith("Isu 7:")
    assert told[5] == "3 isu lain juga dijawab."


def test_answers_before_the_day_are_not_told_again(make_issue: MakeIssue, moment: datetime) -> None:
    start = moment - timedelta(hours=24)
    assert answers([make_issue(1, answered_at=start - timedelta(hours=1))], {}, start, moment) == ()
