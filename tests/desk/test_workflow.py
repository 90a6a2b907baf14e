"""The rules of workflow.toml, and how a wrong file is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tanggap.city import City
from tanggap.desk.workflow import Workflow
from tanggap.errors import SettingsError
from tanggap.records import Role, Status, User

#: Domain page, section 3: the moves allowed, all others refused.
MOVES = {
    "detected": "waiting dismissed merged",
    "waiting": "coordination disposition in_process answered deferred referred dismissed merged",
    "coordination": "disposition in_process answered referred waiting",
    "disposition": "in_process coordination",
    "in_process": "answered coordination deferred monitoring",
    "answered": "in_process monitoring",
    "monitoring": "resolved in_process",
    "resolved": "waiting",
    "deferred": "waiting",
    "referred": "monitoring waiting",
    "dismissed": "waiting",
    "merged": "",
}


def broken(city: City, change: Callable[[dict[str, Any]], object]) -> City:
    tables = copy.deepcopy(dict(city.workflow))
    change(tables)
    return replace(city, workflow=tables)


@pytest.mark.parametrize("status", Status)
def test_the_shipped_rules_allow_the_moves_of_the_domain_and_no_other(workflow: Workflow, status: Status) -> None:
    assert set(workflow.moves(status)) == {Status(word) for word in MOVES[status].split()}


def test_every_state_has_its_own_label_and_sign(workflow: Workflow) -> None:
    assert len({workflow.label(status) for status in Status}) == len(Status)
    assert len({workflow.sign(status) for status in Status}) == len(Status)


def test_only_resolved_dismissed_and_merged_are_closed(workflow: Workflow) -> None:
    closed = {status for status in Status if workflow.is_closed(status)}
    assert closed == {Status.RESOLVED, Status.DISMISSED, Status.MERGED}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t["states"].update(lost=t["states"]["waiting"]), "states.lost"),
        (lambda t: t["states"].pop("referred"), "referred"),
        (lambda t: t["states"]["waiting"]["moves"].append("nowhere"), "nowhere"),
        (lambda t: t["states"]["waiting"].pop("label"), "states.waiting.label"),
        (lambda t: t["states"]["waiting"].update(color="#fff"), "states.waiting.color"),
        (lambda t: t["guards"]["answered"].update(needs="luck"), "guards.answered.needs"),
        (lambda t: t["deadlines"]["triage"].update(P1="soon"), "deadlines.triage.P1"),
        (lambda t: t["deadlines"]["triage"].update(P1="0m"), "deadlines.triage.P1"),
        (lambda t: t["deadlines"].pop("accept"), "accept"),
        (lambda t: t["calendar"].update(days=[]), "calendar.days"),
        (lambda t: t["calendar"].update(opens="17:00"), "calendar"),
        (lambda t: t["roles"].update(king=["read"]), "roles.king"),
        (lambda t: t["roles"]["officer"].append("fly"), "fly"),
    ],
)
def test_a_wrong_rule_file_is_refused_by_name(
    city: City, change: Callable[[dict[str, Any]], object], named: str
) -> None:
    with pytest.raises(SettingsError, match=r"workflow\.toml") as refusal:
        Workflow.load(broken(city, change))
    assert named in str(refusal.value)


def test_roles_are_denied_what_they_are_not_given(workflow: Workflow, person: Callable[[str], User]) -> None:
    assert workflow.may(person("sari"), "triage")
    assert not workflow.may(person("sari"), "close")
    assert not workflow.may(person("lia"), "move")
    assert workflow.may(person("vera"), "close")
    assert not workflow.may(User(name="x", full_name="X", roles=()), "read")


def test_a_disabled_person_may_nothing(workflow: Workflow, person: Callable[[str], User]) -> None:
    assert not workflow.may(person("off"), "read")


def test_only_privacy_erases(workflow: Workflow) -> None:
    able = {role for role in Role if workflow.may(User(name="x", full_name="X", roles=(role,)), "erase")}
    assert able == {Role.PRIVACY}


def test_a_guard_of_some_moves_stands_only_at_those(workflow: Workflow) -> None:
    assert workflow.guard(Status.COORDINATION) is None
    assert workflow.guard(Status.COORDINATION, Status.WAITING) is None
    returned = workflow.guard(Status.COORDINATION, Status.DISPOSITION)
    assert returned is not None
    assert returned.needs == "reason"
