"""What official voices promised and nobody has kept or withdrawn yet, over all issues."""

from __future__ import annotations

from sqlalchemy import Connection

from tanggap.records import Issue
from tanggap.records.desk import Commitment
from tanggap.store import issues
from tanggap.store.desk_tables import commitment
from tanggap.store.shelf import commitments


def open_ones(db: Connection) -> list[tuple[Commitment, Issue]]:
    """Open promises, the soonest first, each with the issue that it lives on in."""
    found = commitments.where(db, commitment.c.state == "open")
    home = issues.living(db, {item.issue for item in found})
    return sorted(((item, home[item.issue]) for item in found), key=_due)


def _due(told: tuple[Commitment, Issue]) -> tuple[float, int]:
    promise, _ = told
    return promise.due.timestamp() if promise.due else float("inf"), promise.id or 0
