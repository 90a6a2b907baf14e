"""The audit trail: who decided what, append-only, each entry chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping, insert, select

from tanggap.clock import aware
from tanggap.records import AuditEntry
from tanggap.store.audit_tables import audit, audit_head
from tanggap.store.dialects import chunks

FIELDS = tuple(AuditEntry.__slots__)
#: What the first entry is chained to.
ORIGIN = "0" * 64
#: Where a connection keeps the entries its transaction has not written yet.
PENDING = "audit_pending"
#: Rows verified at a time.
BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest entry: its number and hash. Whoever notes it down can later prove that nothing before it changed."""

    last: int
    hash: str

    def __str__(self) -> str:
        return f"{self.last}:{self.hash}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a walk along the chain found; `fault` is one sentence, empty when the chain is whole."""

    entries: int
    head: Head
    fault: str = ""


def add(db: Connection, entry: AuditEntry) -> None:
    """Adds one entry to the transaction of the act it tells of; the store writes it just before the commit.

    Until then the transaction holds no lock on the chain, so that two acts never wait for each other in a circle.
    """
    db.info.setdefault(PENDING, []).append(entry)


def forget(db: Connection) -> None:
    """Drops what an earlier, failed transaction on this connection left."""
    db.info.pop(PENDING, None)


def write(db: Connection) -> None:
    """Chains what the transaction added. The head is locked from here to the commit: one writer at a time."""
    pending: list[AuditEntry] = db.info.pop(PENDING, [])
    if not pending:
        return
    number, link = db.execute(
        select(audit_head.c.last, audit_head.c.hash).where(audit_head.c.id == 1).with_for_update()
    ).one()
    rows: list[dict[str, Any]] = []
    for number, entry in enumerate(pending, number + 1):  # noqa: B020 - goes on counting where the head stands
        row = {name: getattr(entry, name) for name in FIELDS}
        row |= {"id": number, "before": dict(entry.before), "after": dict(entry.after), "previous": link}
        link = row["hash"] = link_hash(row)
        rows.append(row)
    db.execute(insert(audit), rows)
    db.execute(sa.update(audit_head).values(last=number, hash=link))


def entries(db: Connection, subject: str | None = None, limit: int = 100) -> list[AuditEntry]:
    """The last entries, of one subject or of all, newest first."""
    write(db)
    query = select(*(audit.c[name] for name in FIELDS)).order_by(audit.c.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return [AuditEntry(**row) for row in db.execute(query).mappings()]


def trails(db: Connection, subjects: Sequence[str]) -> dict[str, list[AuditEntry]]:
    """All entries of each of many subjects, oldest first; subjects without entries are left out."""
    write(db)
    found: dict[str, list[AuditEntry]] = {}
    for part in chunks(subjects):
        query = select(*(audit.c[name] for name in FIELDS)).where(audit.c.subject.in_(part)).order_by(audit.c.id)
        for row in db.execute(query).mappings():
            found.setdefault(row["subject"], []).append(AuditEntry(**row))
    return found


def head(db: Connection) -> Head | None:
    """The anchor of the chain; None when somebody took it away."""
    row = db.execute(select(audit_head.c.last, audit_head.c.hash).where(audit_head.c.id == 1)).mappings().one_or_none()
    return Head(**row) if row else None


def verify(db: Connection, noted: Head | None = None) -> Verdict:
    """Walks the whole chain: every entry unchanged, in its place, none missing, none too many.

    Args:
        noted: a head written down earlier, outside this store; found too is then a chain made anew as a whole.
    """
    anchor = head(db)
    reached, fault = Head(last=0, hash=ORIGIN), ""
    for count, row in enumerate(_rows(db), 1):
        fault = _broken(row, count, reached) or _unlike(row, noted)
        if fault:
            return Verdict(entries=count, head=reached, fault=fault)
        reached = Head(last=row["id"], hash=row["hash"])
    if anchor is None:
        fault = "The anchor of the chain is gone."
    elif anchor != reached:
        fault = (
            f"The chain ends at entry {reached.last}, its anchor says {anchor.last}; the end was cut or written over."
        )
    elif noted is not None and noted.last > reached.last:
        fault = f"Entry {noted.last}, which was noted earlier, is missing."
    return Verdict(entries=reached.last, head=reached, fault=fault)


def link_hash(row: RowMapping | dict[str, Any]) -> str:
    """SHA-256 over number, content and the hash before, as JSON with sorted keys and no spaces."""
    content = {name: row[name] for name in FIELDS} | {"id": row["id"], "previous": row["previous"]}
    content["at"] = aware(row["at"]).isoformat()
    text = json.dumps(_plain(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value as every database gives it back: 2.0 is 2, a tuple a list, a key a text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _rows(db: Connection) -> Iterator[RowMapping]:
    last = -1
    while rows := db.execute(select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(BATCH)).mappings().all():
        yield from rows
        last = rows[-1]["id"]


def _broken(row: RowMapping, number: int, before: Head) -> str:
    if row["id"] != number:
        return f"Entry {number} is missing; after {before.last} comes {row['id']}."
    if row["previous"] != before.hash:
        return f"Entry {number} does not follow the entry before it."
    if row["hash"] != link_hash(row):
        return f"Entry {number} ({row['action']} of {row['subject']}) was changed after it was written."
    return ""


def _unlike(row: RowMapping, noted: Head | None) -> str:
    if noted is not None and row["id"] == noted.last and row["hash"] != noted.hash:
        return f"Entry {noted.last} is not the one noted earlier; the chain was made anew."
    return ""
