"""What calls people, when it does, and when it has stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.alerts.calls import URGENT, Call, Facts, Kind, standing
from tanggap.city import City
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, Priority, Status
from tanggap.records.desk import Commitment
from tanggap.schedules import JobRun, State
from tanggap.store.alarms import Alarm
from tests.alerts.conftest import MONDAY

Make = Callable[..., Issue]
Rules = tuple[Workflow, City]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def look(rules: Rules, now: datetime, *issues: Issue, **more: object) -> list[Call]:
    return standing(Facts(issues=issues, **more), *rules, now)  # type: ignore[arg-type]


def keys(calls: list[Call], kind: Kind) -> set[str]:
    return {call.key for call in calls if call.kind is kind}


def test_an_urgent_issue_calls_once_per_class_it_reaches(rules: Rules, make_issue: Make) -> None:
    quiet = make_issue(priority=Priority.P3)
    assert not keys(look(rules, MONDAY, quiet), Kind.ISSUE)
    tall, taller = quiet.evolve(priority=Priority.P2), quiet.evolve(priority=Priority.P1)
    seen = keys(look(rules, MONDAY, tall), Kind.ISSUE) | keys(look(rules, MONDAY, taller), Kind.ISSUE)
    assert len(seen) == 2
    assert keys(look(rules, MONDAY, taller.evolve(priority=Priority.P2)), Kind.ISSUE) <= seen  # down again: the same
    assert not keys(look(rules, MONDAY, taller.evolve(status=Status.ANSWERED)), Kind.ISSUE)
    assert keys(look(rules, MONDAY, taller.evolve(reopened=1)), Kind.ISSUE).isdisjoint(seen)


@pytest.mark.parametrize(("minutes", "what"), [(7, None), (8, "Separuh"), (12, "dekat"), (15, "Lewat"), (999, "Lewat")])
def test_a_clock_warns_at_half_four_fifths_and_the_end(
    rules: Rules, make_issue: Make, minutes: int, what: str | None
) -> None:
    found = [
        c for c in look(rules, MONDAY + minutes * MINUTE, make_issue()) if c.clock == "Periksa" and c.kind != "issue"
    ]
    assert [call.due_at for call in found] == ([MONDAY + 15 * MINUTE] if what else [])
    assert all((what or "") in call.what for call in found)


def test_an_expired_clock_goes_on_calling_when_the_score_falls(rules: Rules, make_issue: Make) -> None:
    late = MONDAY + 2 * HOUR
    issue = make_issue(status=Status.WAITING, holder="sari")
    assert look(rules, late, issue.evolve(priority=Priority.P4)) == look(rules, late, issue)


def test_who_holds_it_is_named_and_what_is_done_calls_no_more(rules: Rules, make_issue: Make) -> None:
    late = MONDAY + 5 * HOUR
    held = make_issue(status=Status.IN_PROCESS, holder="sari")
    (call, *_) = look(rules, late, held, people={"sari": "Sari Dewi"})
    assert call.holder == f"Sari Dewi, {rules[1].agency_label('AG05')}"
    assert look(rules, MONDAY, make_issue())[0].holder.startswith("belum ada PIC")
    for status in (Status.MONITORING, Status.RESOLVED, Status.REFERRED, Status.DISMISSED, Status.MERGED):
        assert look(rules, late, held.evolve(status=status)) == []


@settings(deadline=None)
@given(
    priority=st.sampled_from([Priority.P3, Priority.P4]),
    status=st.sampled_from(Status),
    age=st.timedeltas(timedelta(0), timedelta(days=30)),
    later=st.timedeltas(timedelta(0), timedelta(days=30)),
    held=st.booleans(),
)
def test_quiet_classes_never_warn_outside_the_opening_hours(
    rules: Rules, make_issue: Make, priority: Priority, status: Status, age: timedelta, later: timedelta, held: bool
) -> None:
    at, now = MONDAY - age, MONDAY + later
    issue = make_issue(
        priority=priority, status=status, detected_at=at, status_at=at, first_at=at, holder="sari" if held else None
    )
    calls = look(rules, now, issue)
    assert not calls or rules[0].calendar.is_open(now)


@settings(deadline=None)
@given(
    priority=st.sampled_from(Priority),
    status=st.sampled_from(Status),
    steps=st.lists(st.timedeltas(MINUTE, timedelta(days=2)), max_size=12),
)
def test_over_any_time_each_clock_warns_at_most_three_times_and_only_upwards(
    rules: Rules, make_issue: Make, priority: Priority, status: Status, steps: list[timedelta]
) -> None:
    issue, now = make_issue(priority=priority, status=status), MONDAY
    seen: dict[str, list[int]] = {}
    for step in steps:
        now += step
        for key in keys(look(rules, now, issue), Kind.DEADLINE):
            clock, level = key.rsplit(":", 1)
            seen.setdefault(clock, []).append(int(level))
    for levels in seen.values():
        assert levels == sorted(levels)
        assert set(levels) <= {50, 80, 100}


def promised(due: datetime, **changes: object) -> Commitment:
    facts: dict[str, object] = {"id": 7, "issue": "ISU-20261123-0001", "text": "Pompa dipasang", "source": "person"}
    facts |= {"owner": "AG06", "state": "open", "at": MONDAY - 9 * 24 * HOUR, "by": "sari", "due": due}
    return Commitment(**{**facts, **changes})  # type: ignore[arg-type]


def promises(calls: list[Call]) -> list[Call]:
    return [call for call in calls if call.kind is Kind.PROMISE]


def test_a_promise_calls_before_it_is_broken_and_once_more_when_it_is(rules: Rules, make_issue: Make) -> None:
    issue = make_issue(priority=Priority.P3, status=Status.ANSWERED)
    due = MONDAY + 30 * HOUR  # Tuesday 15.00
    said = [(promised(due), issue)]
    assert not look(rules, MONDAY, promises=said)
    (near,) = promises(look(rules, MONDAY + 6 * HOUR, promises=said))
    assert (near.what, near.holder, near.due_at) == ("Janji segera jatuh tempo", "Bina Marga", due)
    assert keys(look(rules, MONDAY + 29 * HOUR, promises=said), Kind.PROMISE) == {near.key}
    (late,) = promises(look(rules, due + MINUTE, promises=said))
    assert (late.what, late.key == near.key) == ("Janji dilanggar", False)


def test_a_promise_for_the_weekend_is_warned_of_while_the_offices_are_open(rules: Rules, make_issue: Make) -> None:
    issue, sunday = make_issue(priority=Priority.P4, status=Status.ANSWERED), MONDAY + (6 * 24 + 3) * HOUR
    hours = [MONDAY + hour * HOUR for hour in range(6 * 24 + 3)]
    warned = [at for at in hours if promises(look(rules, at, promises=[(promised(sunday), issue)]))]
    assert warned
    assert all(rules[0].calendar.is_open(at) for at in warned)
    urgent = issue.evolve(priority=Priority.P1)
    assert promises(look(rules, sunday - HOUR, promises=[(promised(sunday), urgent)]))


def test_new_danger_on_an_answered_issue_calls_before_everything_else(rules: Rules, make_issue: Make) -> None:
    answered = make_issue(id="ISU-20261101-0001", priority=Priority.P4, status=Status.RESOLVED)
    first, second, *_ = look(rules, MONDAY, make_issue(), answered, dangers={answered.id: 2})
    assert (first.kind, first.subject, second.kind) == (Kind.DANGER, answered.id, Kind.ISSUE)
    assert first.urgent
    assert first.told == "2 kiriman menyebut bahaya bagi warga sejak isu ini Selesai."


def test_sources_and_jobs_call_and_a_job_that_fails_all_day_calls_once(rules: Rules) -> None:
    alarm = Alarm(id=7, source="detik", state="quiet", since=MONDAY, seen_at=MONDAY, cleared_at=None, message="Sepi.")
    runs = [
        JobRun(id=f"r{n}", job="backup", state=State.SET_ASIDE, asked_at=MONDAY, due_at=MONDAY, reason="penuh")
        for n in range(3)
    ]
    calls = look(
        rules, MONDAY, alarms=[alarm], runs=runs, sources={"detik": "Detik"}, jobs={"backup": "Mencadangkan data"}
    )
    assert [(call.kind, call.title, call.told, call.urgent) for call in calls] == [
        (Kind.SOURCE, "Detik", "Sepi.", False),
        (Kind.JOB, "Mencadangkan data", "penuh", False),
    ]
    assert Priority.P3 not in URGENT
