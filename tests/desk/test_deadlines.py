"""The clocks of an issue: when they start, stop, and which one is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.city import load_city
from tanggap.desk.deadlines import STOPPED, Deadline, deadlines, nearest, owes_answer
from tanggap.desk.guards import Move
from tanggap.desk.service import moved
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, Priority, Role, Status, User
from tanggap.settings import packaged_config

WORKFLOW = Workflow.load(load_city(packaged_config()))
HOUR = timedelta(hours=1)
Make = Callable[..., Issue]


def kinds(issue: Issue) -> dict[str, Deadline]:
    return {clock.kind: clock for clock in deadlines(issue, WORKFLOW)}


def test_a_detected_issue_is_to_be_triaged(make_issue: Make, moment: datetime) -> None:
    issue = make_issue(priority=Priority.P1)
    clock = nearest(issue, WORKFLOW, moment)
    assert clock is not None
    assert clock.kind == "triage"
    assert clock.due == issue.detected_at + timedelta(minutes=15)


def test_an_accepted_issue_needs_a_holder_counted_from_its_acceptance(make_issue: Make, moment: datetime) -> None:
    issue = make_issue(priority=Priority.P1, status=Status.WAITING, status_at=moment, detected_at=moment - HOUR / 4)
    assert kinds(issue)["holder"].due == moment + HOUR


def test_a_held_issue_shows_its_first_answer(make_issue: Make, moment: datetime) -> None:
    issue = make_issue(priority=Priority.P2, status=Status.WAITING, holder="sari")
    clock = nearest(issue, WORKFLOW, moment)
    assert clock is not None
    assert (clock.kind, clock.due) == ("first_answer", issue.detected_at + 3 * HOUR)


def test_an_issue_without_holder_past_waiting_counts_from_its_detection(make_issue: Make) -> None:
    issue = make_issue(priority=Priority.P2, status=Status.COORDINATION)
    assert kinds(issue)["holder"].start == issue.detected_at


def test_a_disposition_is_to_be_accepted(make_issue: Make, moment: datetime) -> None:
    issue = make_issue(priority=Priority.P1, status=Status.DISPOSITION, status_at=moment, holder="sari")
    assert kinds(issue)["accept"].due == moment + HOUR / 2


def test_a_met_first_answer_stands_where_it_was_met(make_issue: Make, moment: datetime) -> None:
    answered_at = moment - timedelta(minutes=30)
    issue = make_issue(priority=Priority.P1, status=Status.ANSWERED, answered_at=answered_at, holder="sari")
    clock = kinds(issue)["first_answer"]
    assert clock.met_at == answered_at
    assert not clock.running
    assert clock.left(moment + timedelta(days=9)) == timedelta(minutes=30)
    assert not clock.late(moment + timedelta(days=9))


def test_after_the_first_answer_the_full_answer_is_shown(make_issue: Make, moment: datetime) -> None:
    issue = make_issue(priority=Priority.P1, status=Status.ANSWERED, answered_at=moment, holder="sari")
    clock = nearest(issue, WORKFLOW, moment)
    assert clock is not None
    assert clock.kind == "full_answer"


def test_field_work_is_followed_up(make_issue: Make, moment: datetime) -> None:
    issue = make_issue(priority=Priority.P1, status=Status.IN_PROCESS, status_at=moment, holder="sari")
    assert kinds(issue)["follow_up"].due == moment + timedelta(days=1)


def test_deferring_stops_the_follow_up_but_never_the_first_answer(make_issue: Make) -> None:
    found = kinds(make_issue(status=Status.DEFERRED, holder="sari"))
    assert "follow_up" not in found
    assert found["first_answer"].running


def test_the_follow_up_goes_on_where_it_stood_when_the_work_was_deferred(make_issue: Make, moment: datetime) -> None:
    budi = User(name="budi", full_name="Budi", roles=(Role.OFFICER,))
    issue = make_issue(priority=Priority.P2, status=Status.IN_PROCESS, status_at=moment, holder="budi")
    path = [(Status.DEFERRED, 10), (Status.WAITING, 40), (Status.IN_PROCESS, 50)]
    for to, hours in path:
        issue = moved(Move(issue=issue, to=to, by=budi, at=moment + timedelta(hours=hours), note="x"))
    assert kinds(issue)["follow_up"].due == moment + timedelta(days=3, hours=40)

    other = moved(Move(issue=issue, to=Status.COORDINATION, by=budi, at=moment + timedelta(hours=51), note="x"))
    again = moved(Move(issue=other, to=Status.IN_PROCESS, by=budi, at=moment + timedelta(hours=52), note="x"))
    assert kinds(again)["follow_up"].due == moment + timedelta(days=3, hours=52)


@pytest.mark.parametrize("status", sorted(STOPPED))
def test_nothing_is_owed_once_the_work_is_done_or_elsewhere(make_issue: Make, moment: datetime, status: Status) -> None:
    issue = make_issue(status=status)
    assert nearest(issue, WORKFLOW, moment) is None
    assert not owes_answer(issue)


def test_a_reopened_issue_owes_a_new_answer_from_its_reopening(make_issue: Make, moment: datetime) -> None:
    budi = User(name="budi", full_name="Budi", roles=(Role.OFFICER,))
    closed = make_issue(priority=Priority.P2, status=Status.RESOLVED, detected_at=moment - timedelta(days=20))
    again = moved(Move(issue=closed, to=Status.WAITING, by=budi, at=moment))
    taken = moved(Move(issue=again, to=Status.IN_PROCESS, by=budi, at=moment + 2 * HOUR))
    for issue in (again, taken):
        assert kinds(issue)["first_answer"].due == moment + 3 * HOUR


def test_low_priorities_wait_for_the_offices_to_open(make_issue: Make, moment: datetime) -> None:
    saturday = moment - timedelta(days=2)
    issue = make_issue(priority=Priority.P3, status=Status.WAITING, detected_at=saturday, holder="sari")
    assert WORKFLOW.calendar.is_open(kinds(issue)["first_answer"].due)


@pytest.mark.parametrize(("minutes", "mark"), [(0, 0), (29, 0), (30, 50), (48, 80), (60, 100), (90, 100)])
def test_warnings_come_at_half_four_fifths_and_the_end(make_issue: Make, minutes: int, mark: int) -> None:
    issue = make_issue(priority=Priority.P1, holder="sari", status=Status.WAITING)
    clock = kinds(issue)["first_answer"]
    assert clock.warning(clock.start + timedelta(minutes=minutes)) == mark


def test_a_working_clock_warns_by_its_own_hours(make_issue: Make, moment: datetime) -> None:
    friday = moment - timedelta(days=3) + 6 * HOUR  # 15.00
    issue = make_issue(priority=Priority.P3, status=Status.WAITING, holder="sari", detected_at=friday)
    clock = kinds(issue)["first_answer"]  # one working day of 8.5 hours, due on Monday at 15.00
    assert clock.due == moment + 6 * HOUR
    assert clock.used(moment - 3 * HOUR) == pytest.approx(100 / 8.5)
    assert [clock.warning(moment + hours * HOUR) for hours in (-3, 1, 2, 5, 6)] == [0, 0, 50, 80, 100]


@pytest.mark.parametrize(("kind", "status", "hours"), [("triage", "detected", 4), ("holder", "waiting", 6)])
def test_medium_and_low_issues_are_looked_at_in_office_hours(
    make_issue: Make, moment: datetime, kind: str, status: str, hours: int
) -> None:
    sunday, opens = moment - timedelta(days=1), moment - 1.5 * HOUR
    issue = make_issue(priority=Priority.P3, status=Status(status), detected_at=sunday, status_at=sunday)
    assert kinds(issue)[kind].due == opens + hours * HOUR


@settings(deadline=None)
@given(
    status=st.sampled_from(Status),
    priority=st.sampled_from(Priority),
    ages=st.tuples(*[st.timedeltas(timedelta(0), timedelta(days=40))] * 3),
    answered=st.booleans(),
    holder=st.sampled_from([None, "sari"]),
    reopened=st.integers(0, 2),
)
def test_every_clock_ends_after_it_starts_and_the_nearest_is_the_first_that_runs(
    make_issue: Make,
    moment: datetime,
    status: Status,
    priority: Priority,
    ages: tuple[timedelta, timedelta, timedelta],
    answered: bool,
    holder: str | None,
    reopened: int,
) -> None:
    ago = sorted(ages, reverse=True)
    issue = make_issue(
        status=status,
        priority=priority,
        detected_at=moment - ago[0],
        answered_at=moment - ago[1] if answered else None,
        status_at=moment - ago[2],
        holder=holder,
        reopened=reopened,
        reopened_at=moment - ago[2] if reopened else None,
    )
    clocks = deadlines(issue, WORKFLOW)
    assert all(clock.due > clock.start for clock in clocks)
    assert len({clock.kind for clock in clocks}) == len(clocks)
    running = [clock for clock in clocks if clock.running]
    assert nearest(issue, WORKFLOW, moment) == min(running, key=lambda clock: clock.due, default=None)
    assert owes_answer(issue) == any(clock.kind == "first_answer" for clock in running)


def test_an_expired_clock_stays_expired_when_the_score_falls(make_issue: Make, moment: datetime) -> None:
    issue = make_issue(priority=Priority.P1, status=Status.WAITING, holder="sari", detected_at=moment - 2 * HOUR)
    fallen = issue.evolve(priority=Priority.P4)
    assert kinds(fallen)["first_answer"].late(moment)
    assert deadlines(fallen, WORKFLOW) == deadlines(issue, WORKFLOW)


CLASSES = st.lists(st.sampled_from(Priority), min_size=1, max_size=8)


@settings(deadline=None)
@given(classes=CLASSES, status=st.sampled_from(Status), age=st.timedeltas(timedelta(0), timedelta(days=40)))
def test_no_clock_goes_or_moves_back_however_the_class_of_an_issue_changes(
    make_issue: Make, moment: datetime, classes: list[Priority], status: Status, age: timedelta
) -> None:
    issue = make_issue(priority=classes[0], status=status, detected_at=moment - age, status_at=moment - age / 2)
    for then in classes[1:]:
        later = issue.evolve(priority=then)
        before, after = kinds(issue), kinds(later)
        assert after.keys() == before.keys()
        assert all(after[kind].due <= before[kind].due for kind in before)
        issue = later
    assert issue.highest == min(classes)


@settings(deadline=None)
@given(classes=CLASSES)
def test_after_a_reopening_the_clocks_forget_the_earlier_class(
    make_issue: Make, moment: datetime, classes: list[Priority]
) -> None:
    issue = make_issue(priority=Priority.P1, status=Status.RESOLVED)
    for then in classes:
        issue = issue.evolve(priority=then)
    budi = User(name="budi", full_name="Budi", roles=(Role.OFFICER,))
    again = moved(Move(issue=issue, to=Status.WAITING, by=budi, at=moment))
    assert again.highest == again.priority == min(classes[-1], Priority.P2)
