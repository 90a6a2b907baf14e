"""Bodies beside each other, open promises and RT/RW duty as the page Badan draws them, with the rows of each number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from tanggap.briefs.words import time_left
from tanggap.city import City
from tanggap.clock import DAYS, MONTHS, span, stamp
from tanggap.desk.calendar import WorkingCalendar
from tanggap.desk.counter import DutyLine
from tanggap.desk.pledges import soon
from tanggap.desk.units import FEWEST, Case, UnitLine
from tanggap.records import Issue
from tanggap.records.desk import Commitment

#: The numbers that open, by the name in the address.
DESK, AGAIN, DUTY = "meja", "ulang", "tugas"
FEW: Final = "terlalu sedikit"


def units(lines: Sequence[UnitLine], city: City, opened: str) -> list[dict[str, Any]]:
    """One line per body that has a number, by name; the number that is opened has its rows below it."""
    told = []
    for line in lines:
        body = city.body(line.agency)
        if known(line):
            full = body.name if body and body.name != line.name else ""
            told.append({"name": line.name, "full": full, "desk": desk(line, opened), "again": again(line, opened)})
    return told


def few(lines: Sequence[UnitLine]) -> str:
    """The bodies of which too little is known for any number."""
    names = ", ".join(line.name for line in lines if not known(line))
    return f"Terlalu sedikit isu untuk angka: {names}." if names else ""


def known(line: UnitLine) -> bool:
    """Whether a body has any number."""
    return line.median_desk is not None or line.reopened is not None


def desk(line: UnitLine, opened: str) -> dict[str, Any]:
    """The median desk time of a body; its rows are the issues that somebody held, the longest wait first."""
    key = f"{DESK}:{line.agency}"
    if line.median_desk is None:
        return {"words": FEW, "key": ""}
    told = {"words": span(line.median_desk), "key": key}
    if key != opened:
        return told
    waited = [(case, case.desk) for case in line.waited if case.desk is not None]
    ordered = sorted(waited, key=lambda told: told[1], reverse=True)
    return told | {"rows": [issue_row(case, span(wait)) for case, wait in ordered]}


def again(line: UnitLine, opened: str) -> dict[str, Any]:
    """The reopen rate of a body with its interval; its rows are the issues that were closed, the reopened first."""
    key = f"{AGAIN}:{line.agency}"
    if line.reopened is None or line.interval is None:
        return {"words": FEW, "key": ""}
    low, high = line.interval
    told = {
        "words": f"{round(100 * line.reopened)}%", "key": key, "share": line.reopened, "low": low, "high": high,
        "interval": f"{round(100 * low)}–{round(100 * high)}%",
    }  # fmt: skip
    if key != opened:
        return told
    ordered = sorted(line.done, key=lambda case: (not case.reopened, case.issue))
    return told | {
        "rows": [issue_row(case, "dibuka kembali" if case.reopened else "tetap selesai") for case in ordered]
    }


def issue_row(case: Case, words: str) -> dict[str, str]:
    """One issue behind a number."""
    return {"title": case.title, "number": case.issue, "href": f"/?isu={case.issue}", "words": words}


def promises(
    found: Sequence[tuple[Commitment, Issue]], city: City, calendar: WorkingCalendar, now: datetime
) -> list[dict[str, str]]:
    """Open promises, the soonest first: broken, due soon, or still far."""
    return [promise(item, issue, city, soon(now, calendar), now) for item, issue in found]


def promise(item: Commitment, issue: Issue, city: City, near: datetime, now: datetime) -> dict[str, str]:
    """One open promise with who owes it, until when, and its issue."""
    state, tone = "terbuka", "soft"
    if item.broken(now):
        state, tone = "dilanggar", "red"
    elif item.due is not None and item.due <= near:
        state, tone = "segera jatuh tempo", "amber"
    return {
        "text": f"“{item.text}”",
        "owner": city.agency_label(item.owner),
        "due": f"{stamp(item.due)} · {time_left(item.due, now)}" if item.due else "tanpa tenggat",
        "state": state,
        "tone": tone,
        "issue": issue.title,
        "href": f"/?isu={issue.id}",
    }


def duty(lines: Sequence[DutyLine], opened: str) -> list[dict[str, Any]]:
    """On how many working days each kelurahan had a report of its RT/RW, by name; its rows are those days."""
    told = []
    for line in lines:
        key = f"{DUTY}:{line.area}"
        one: dict[str, Any] = {"name": line.name, "words": f"{line.days} dari {line.of} hari kerja", "key": key}
        if key == opened:
            one["days"] = [f"{DAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}" for day in line.seen]
        told.append(one)
    return told


def remark(days: int) -> str:
    """What the comparison says and what it does not."""
    return (
        f"Isu yang berubah dalam {days} hari terakhir. Waktu di meja: dari terdeteksi sampai ada yang memegang. "
        f"Urut nama, bukan peringkat; di bawah {FEWEST} isu tidak ada angka, dan banyaknya isu tidak dibandingkan. "
        "Klik angka untuk melihat isunya."
    )
