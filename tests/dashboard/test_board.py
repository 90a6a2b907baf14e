"""How the queue is grouped, ordered, filtered and counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.board import Group, Only, Row, View, hottest, kept, matches, ordered, rows_of
from tanggap.city import City
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, Priority, Status

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def issue(number: int, *, score: int, waited: timedelta, **facts: Any) -> Issue:
    """An issue in work, detected `waited` ago; P1 owes its first answer after one hour."""
    at = NOW - waited
    given: dict[str, Any] = {"status": Status.IN_PROCESS, "priority": Priority.P1, "holder": "rina", **facts}
    return Issue(
        id=f"ISU-20261123-{number:04d}", title=f"Isu {number}", topic="banjir", score=score, first_at=at, last_at=NOW,
        detected_at=at, status_at=at, **given,
    )  # fmt: skip


def row(workflow: Workflow, number: int = 1, **facts: Any) -> Row:
    return rows_of([issue(number, **facts)], workflow, NOW)[0]


def test_severe_and_late_is_answered_now(workflow: Workflow) -> None:
    assert row(workflow, score=70, waited=timedelta(minutes=61)).group(NOW) is Group.NOW


def test_severe_and_due_within_the_hour_is_answered_now(workflow: Workflow) -> None:
    assert row(workflow, score=95, waited=timedelta(minutes=36)).group(NOW) is Group.NOW


def test_late_but_not_severe_is_for_today(workflow: Workflow) -> None:
    assert row(workflow, score=69, waited=timedelta(hours=5)).group(NOW) is Group.TODAY


def test_severe_with_its_deadline_tomorrow_is_watched(workflow: Workflow) -> None:
    watched = row(
        workflow, score=80, waited=timedelta(0), status=Status.ANSWERED, answered_at=NOW, priority=Priority.P2
    )

    assert watched.group(NOW) is Group.WATCH


def test_what_owes_nothing_is_watched(workflow: Workflow) -> None:
    watched = row(workflow, score=90, waited=timedelta(days=3), status=Status.MONITORING, answered_at=NOW)

    assert watched.deadline is None
    assert watched.group(NOW) is Group.WATCH


def test_the_order_is_group_then_score_then_deadline_with_closed_last(workflow: Workflow) -> None:
    told = [
        issue(1, score=60, waited=timedelta(hours=9)),
        issue(2, score=75, waited=timedelta(minutes=10)),
        issue(3, score=99, waited=timedelta(days=9), status=Status.RESOLVED, answered_at=NOW),
        issue(4, score=95, waited=timedelta(minutes=36)),
        issue(5, score=75, waited=timedelta(minutes=90)),
    ]

    assert [r.issue.id[-1] for r in ordered(rows_of(told, workflow, NOW), NOW)] == ["4", "5", "2", "1", "3"]


@pytest.mark.parametrize(
    ("view", "left"), [(View.LATE, ["1"]), (View.OPEN, ["1", "2"]), (View.UNHELD, ["2"]), (View.ALL, ["1", "2", "3"])]
)
def test_each_tab_keeps_its_rows(workflow: Workflow, view: View, left: list[str]) -> None:
    told = [
        issue(1, score=80, waited=timedelta(hours=2)),
        issue(2, score=80, waited=timedelta(minutes=1), status=Status.WAITING, holder=None),
        issue(3, score=80, waited=timedelta(hours=2), status=Status.DISMISSED, holder=None),
    ]

    assert [r.issue.id[-1] for r in kept(rows_of(told, workflow, NOW), view, None, NOW)] == left


def test_the_numbers_of_the_header_count_what_their_filter_keeps(workflow: Workflow) -> None:
    late = row(workflow, score=80, waited=timedelta(hours=2), holder=None, status=Status.WAITING)
    soon = row(workflow, score=20, waited=timedelta(minutes=30))

    assert [matches(late, only, NOW) for only in Only] == [True, False, True]
    assert [matches(soon, only, NOW) for only in Only] == [False, True, False]
    assert kept([late, soon], View.OPEN, Only.HOUR, NOW) == [soon]


def test_the_hottest_areas_are_kecamatan_of_open_issues(workflow: Workflow, city: City) -> None:
    kelurahan = next(area for area in city.areas.values() if area.name == "Kampung Melayu")
    told = [
        issue(1, score=90, waited=timedelta(hours=1), areas=(kelurahan.code,)),
        issue(2, score=40, waited=timedelta(hours=1), areas=(kelurahan.parent,)),
        issue(3, score=99, waited=timedelta(hours=1), areas=(kelurahan.code,), status=Status.DISMISSED),
        issue(4, score=99, waited=timedelta(hours=1)),
    ]
    found = hottest(rows_of(told, workflow, NOW), city)

    assert [(heat.name, heat.issues, heat.top) for heat in found] == [("Jatinegara", 2, 90)]
