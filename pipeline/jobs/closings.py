"""Reports outside issues that were closed and are still complained about, as signals that propose to reopen them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.issues.reopening import Contradicted, contradicted
from tanggap.issues.tickets import closed_at
from tanggap.records import Signal, SignalKind
from tanggap.store import closings

#: How long after a closing complaints count against it, and how old a report may be that was closed since.
WINDOW, OLDEST = timedelta(days=30), timedelta(days=90)
#: Reports and complaints looked at, the newest.
MOST_REPORTS, MOST_COMPLAINTS = 2_000, 20_000


def reports_closed_too_soon(db: Connection, city: City, now: datetime) -> list[Signal]:
    """The closed reports of no issue that later complaints contradict, with the complaints."""
    loose = closings.closed_outside(db, now - OLDEST, MOST_REPORTS)
    closed = [(one, at) for one in loose if (at := closed_at(one.post)) and now - at <= WINDOW]
    if not closed:
        return []
    fresh = closings.complaints(db, min(at for _, at in closed), MOST_COMPLAINTS)
    return [_signal(found) for found in contradicted(closed, fresh, city)]


def _signal(found: Contradicted) -> Signal:
    report = found.report.post.id or 0
    return Signal(
        kind=SignalKind.CLOSING,
        subject=f"post:{report}",
        since=found.at,
        strength=len(found.evidence),
        told=found.told,
        evidence={
            "report": report,
            "complaints": [item.reading.post.id for item in found.evidence],
            "tickets": sorted({item.ticket for item in found.evidence if item.ticket}),
            "likeness": round(max(item.likeness for item in found.evidence), 3),
        },
    )
