"""What the machine suggests about issues that people have put in order, and what they made of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping, or_, select

from tanggap.errors import ConflictError
from tanggap.records import Decided, Suggestion, SuggestionKind
from tanggap.store.dialects import chunks, upsert
from tanggap.store.issue_tables import issue_suggestion

FIELDS = tuple(Suggestion.__slots__)


def offer(db: Connection, found: Sequence[Suggestion], *, kinds: Sequence[SuggestionKind]) -> None:
    """Keeps what one pass suggests, and withdraws open ones of these kinds that it no longer holds.

    What people decided stays decided; the same is not suggested again.
    """
    columns = ("posts", "likeness", "reason", "state")
    undecided = issue_suggestion.c.state.in_((Decided.OPEN.value, Decided.WITHDRAWN.value))
    for item in found:
        row = {name: getattr(item, name) for name in FIELDS if name != "id"}
        row |= {"kind": item.kind.value, "state": item.state.value, "posts": list(item.posts), "about": item.about}
        insert = upsert(db, issue_suggestion).values(row)
        fresh = {name: insert.excluded[name] for name in columns}
        db.execute(insert.on_conflict_do_update(index_elements=["about"], set_=fresh, where=undecided))
    held = {item.about for item in found}
    mine = issue_suggestion.c.kind.in_([kind.value for kind in kinds])
    query = select(issue_suggestion.c.id, issue_suggestion.c.about)
    gone = [
        row.id
        for row in db.execute(query.where(mine, issue_suggestion.c.state == Decided.OPEN.value))
        if row.about not in held
    ]
    for part in chunks(gone):
        change = sa.update(issue_suggestion).where(issue_suggestion.c.id.in_(part))
        db.execute(change.values(state=Decided.WITHDRAWN.value))


def get(db: Connection, number: int) -> Suggestion | None:
    """The suggestion of that number."""
    row = db.execute(select(issue_suggestion).where(issue_suggestion.c.id == number)).mappings().one_or_none()
    return None if row is None else from_row(row)


def open_ones(db: Connection, issue: str | None = None) -> list[Suggestion]:
    """What waits for a decision, of one issue or of all, the most alike first."""
    query = select(issue_suggestion).where(issue_suggestion.c.state == Decided.OPEN.value)
    if issue is not None:
        query = query.where(or_(issue_suggestion.c.issue == issue, issue_suggestion.c.other == issue))
    rows = db.execute(query.order_by(issue_suggestion.c.likeness.desc(), issue_suggestion.c.id)).mappings()
    return [from_row(row) for row in rows]


def of(db: Connection, issue: str) -> list[Suggestion]:
    """All that was ever suggested of an issue, oldest first, decided or not."""
    query = select(issue_suggestion).where(issue_suggestion.c.issue == issue).order_by(issue_suggestion.c.id)
    return [from_row(row) for row in db.execute(query).mappings()]


def rejected(db: Connection) -> list[Suggestion]:
    """What people refused, oldest first: each is a word of theirs that later passes obey."""
    query = select(issue_suggestion).where(issue_suggestion.c.state == Decided.REJECTED.value)
    return [from_row(row) for row in db.execute(query.order_by(issue_suggestion.c.id)).mappings()]


def decide(db: Connection, number: int, state: Decided, *, by: str | None, at: datetime | None) -> None:
    """Notes what a person made of an open suggestion; `OPEN` with nobody's name takes a decision back.

    Raises:
        ConflictError: somebody decided first, or the machine withdrew it.
    """
    before = issue_suggestion.c.state
    was_open = before != Decided.OPEN.value if state is Decided.OPEN else before == Decided.OPEN.value
    same = (issue_suggestion.c.id == number) & was_open
    change = sa.update(issue_suggestion).where(same).values(state=state.value, decided_by=by, decided_at=at)
    if db.execute(change).rowcount != 1:
        raise ConflictError(f"Saran {number} sudah diputuskan atau ditarik; muat ulang daftar saran.")


def from_row(row: RowMapping) -> Suggestion:
    """A suggestion as the table keeps it."""
    values = {name: row[name] for name in FIELDS}
    values |= {"kind": SuggestionKind(row["kind"]), "state": Decided(row["state"]), "posts": tuple(row["posts"])}
    return Suggestion(**values)
