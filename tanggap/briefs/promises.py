"""What official voices promised, in the brief: what is broken first, then what is due soon, each in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tanggap.briefs.words import time_left
from tanggap.city import City
from tanggap.clock import stamp
from tanggap.desk.calendar import WorkingCalendar
from tanggap.desk.pledges import soon
from tanggap.records import Issue
from tanggap.records.desk import Commitment
from tanggap.text import clip

#: Promises told one by one, and characters of one.
TOLD, QUOTE = 5, 120


def promised(
    found: Sequence[tuple[Commitment, Issue]], city: City, calendar: WorkingCalendar, now: datetime
) -> tuple[str, ...]:
    """One sentence for each of the first five open promises that are broken or due soon, and how many more.

    Args:
        found: open promises with their issues, the soonest first.
    """
    near = [(item, issue) for item, issue in found if item.due is not None and item.due <= soon(now, calendar)]
    told = tuple(_told(item, issue, city, now) for item, issue in near[:TOLD])
    rest = len(near) - TOLD
    return (*told, f"{rest} janji lain juga dilanggar atau segera jatuh tempo.") if rest > 0 else told


def _told(item: Commitment, issue: Issue, city: City, now: datetime) -> str:
    state = "dilanggar" if item.broken(now) else "segera jatuh tempo"
    due = f"tenggat {stamp(item.due)} ({time_left(item.due, now)})" if item.due else ""
    words = clip(" ".join(item.text.split()), QUOTE)
    return f"{city.agency_label(item.owner)}, {state}: “{words}”, {due}; {issue.title} ({issue.id})."
