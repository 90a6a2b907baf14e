"""Promises in the brief: broken ones and those due soon, before the offices close over them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tanggap.clock import WIB
from tanggap.records import Brief, Issue
from tanggap.records.desk import Commitment

MakeIssue = Callable[..., Issue]
#: Sunday 22 November 2026, 06.30 in Jakarta, when the brief of `make` is made.
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=WIB).astimezone(UTC)


def promise(number: int, hours: float) -> Commitment:
    return Commitment(
        id=number, issue="ISU-20261121-0001", text=f"Pompa {number} dipasang\nsegera", source="person",
        due=NOW + timedelta(hours=hours), owner="AG05", state="open", at=NOW - timedelta(days=9), by="sari",
    )  # fmt: skip


def test_broken_promises_and_those_due_before_the_next_working_day_ends_are_told(
    make: Callable[..., Brief], make_issue: MakeIssue
) -> None:
    issue = make_issue(1)
    told = make(promises=[(promise(1, -18), issue), (promise(2, 5.5), issue), (promise(3, 35), issue)]).promises
    assert [line.partition(",")[0] for line in told] == ["Dinas SDA"] * 2
    assert told[0].endswith(
        "dilanggar: “Pompa 1 dipasang segera”, tenggat 21 Nov 12.30 (lewat 18 j); Isu 1 (ISU-20261121-0001)."
    )
    assert "segera jatuh tempo: “Pompa 2 dipasang segera”, tenggat 22 Nov 12.00 (sisa 5 j 30 mnt)" in told[1]
    assert make(promises=[(promise(3, 33), issue)]).promises  # Monday 15.30: within one working day


def test_five_are_told_and_the_rest_counted(make: Callable[..., Brief], make_issue: MakeIssue) -> None:
    told = make(promises=[(promise(number, -1), make_issue(1)) for number in range(1, 9)]).promises
    assert len(told) == 6
    assert told[-1] == "3 janji lain juga dilanggar atau segera jatuh tempo."
