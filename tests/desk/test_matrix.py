"""Every state x move x role, and every role x action, against the tables of the domain page written down here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from tanggap.city import City
from tanggap.desk.guards import ROLES, Dossier, Move, check_move, check_permission
from tanggap.desk.workflow import Action, Workflow
from tanggap.errors import RuleError
from tanggap.records import Issue, Role, Status, User

#: Domain page, section 3. The undo of a merge is an act of its own.
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
#: Section 6: who may what; everything else is denied.
MAY: dict[Role, str] = {
    Role.READER: "read",
    Role.ANALYST: "read curate sources models correct",
    Role.OFFICER: "read triage assign answer approve move curate correct evidence counter publish",
    Role.VERIFIER: "read close evidence",
    Role.ADMIN: "read triage assign answer approve move curate lead evidence counter publish users settings sources",
    Role.PRIVACY: "read audit erase",
}
#: What satisfies each guard.
NOTE = {
    Status.ANSWERED: "https://jakarta.go.id/siaran/7",
    Status.RESOLVED: "foto 23 Nov",
    Status.MERGED: "ISU-20261123-0002",
}
Make = Callable[..., Issue]


def needed(before: Status, after: Status) -> str:
    """The right that a move takes, by the domain page."""
    if after is Status.RESOLVED:
        return "close"
    if after is Status.MERGED:
        return "curate"
    if before is Status.DETECTED:
        return "triage"
    return "answer" if after is Status.ANSWERED else "move"


def outcome(move: Move, workflow: Workflow, city: City) -> str:
    try:
        check_move(move, Dossier(), workflow, city)
    except RuleError as refusal:
        return "refused: right" if "tidak berhak" in str(refusal) else "refused: path"
    return "allowed"


def test_every_state_move_and_role_is_allowed_or_refused_as_the_domain_says(
    workflow: Workflow, city: City, make_issue: Make
) -> None:
    counts: Counter[str] = Counter()
    for before, after, role in product(Status, Status, Role):
        issue = make_issue(status=before)
        by = User(name="dia", full_name="Dia", roles=(role,))
        body = "AG52" if after is Status.REFERRED else "AG05"
        move = Move(issue=issue, to=after, by=by, at=issue.status_at, note=NOTE.get(after, "sebab"), agency=body)
        if needed(before, after) not in MAY[role].split():
            expected = "refused: right"
        else:
            expected = "allowed" if after.value in MOVES[before].split() else "refused: path"
        assert outcome(move, workflow, city) == expected, (before, after, role)
        counts[expected] += 1
    print(f"{counts.total()} combinations of state, move and role: {dict(counts)}")
    assert counts.total() == 12 * 12 * 6 == 864
    assert counts["allowed"] == sum(
        1 for before, after, role in product(Status, Status, Role)
        if after.value in MOVES[before].split() and needed(before, after) in MAY[role].split()
    )  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_every_role_may_what_the_domain_gives_it_and_nothing_else(
    workflow: Workflow, city: City, make_issue: Make, role: Role
) -> None:
    by = User(name="dia", full_name="Dia", roles=(role,))
    for action in Action.__args__:  # type: ignore[attr-defined]
        if action in MAY[role].split():
            check_permission(by, action, make_issue(), workflow, city)
        else:
            with pytest.raises(RuleError, match="tidak berhak"):
                check_permission(by, action, make_issue(), workflow, city)


def test_every_guard_refuses_an_empty_note_and_says_what_it_needs(
    workflow: Workflow, city: City, make_issue: Make
) -> None:
    everything = User(name="dia", full_name="Dia", roles=tuple(Role))
    guarded = 0
    for before, after in product(Status, Status):
        guard = workflow.guard(after, before)
        if guard is None or after.value not in MOVES[before].split():
            continue
        issue = make_issue(status=before)
        move = Move(issue=issue, to=after, by=everything, at=issue.status_at + timedelta(minutes=1))
        with pytest.raises(RuleError, match=guard.note):
            check_move(move, Dossier(), workflow, city)
        guarded += 1
    print(f"{guarded} guarded moves refused without what they need")
    assert guarded == 15


def test_every_role_has_a_word() -> None:
    assert set(ROLES) == set(Role)
