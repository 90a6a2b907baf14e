"""What official voices promised and nobody has kept or withdrawn yet, over all issues."""

from __future__ import annotations

from sqlalchemy import Connection, select

from tanggap.records import Issue
from tanggap.records.desk import Commitment
from tanggap.store import issues
from tanggap.store.desk_tables import commitment
from tanggap.store.shelf import commitments
from tanggap.store.tables import issue


def open_ones(db: Connection) -> list[tuple[Commitment, Issue]]:
    """Open promises, the soonest first, each with the issue that it lives on in."""
    found = commitments.where(db, commitment.c.state == "open")
    home = issues.living(db, {item.issue for item in found})
    return sorted(((item, home[item.issue]) for item in found), key=_due)


def _due(told: tuple[Commitment, Issue]) -> tuple[float, int]:
    promise, _ = told
    return promise.due.timestamp() if promise.due else float("inf"), promise.id or 0


def of_issue(db: Connection, issue_id: str) -> list[Commitment]:
    """The promises of an issue and of those that were merged into it, oldest first."""
    found = [item for name in (issue_id, *_merged(db, issue_id)) for item in commitments.of_issue(db, name)]
    return sorted(found, key=lambda item: (item.at, item.id or 0))


def _merged(db: Connection, issue_id: str) -> list[str]:
    """The issues that live on in this one, through any chain of merges."""
    found: list[str] = []
    fresh = [issue_id]
    while fresh:
        lost = db.scalars(select(issue.c.id).where(issue.c.merged_into.in_(fresh)))
        fresh = sorted(set(lost) - {issue_id, *found})
        found += fresh
    return found
