"""The audit trail: who decided what, append-only; the database itself refuses to change it."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from tanggap.records import AuditEntry
from tanggap.store.tables import audit

FIELDS = tuple(AuditEntry.__slots__)


def add(db: Connection, entry: AuditEntry) -> None:
    """Writes one entry, in the transaction of the act it tells of."""
    row = {name: getattr(entry, name) for name in FIELDS}
    db.execute(insert(audit).values(row | {"before": dict(entry.before), "after": dict(entry.after)}))


def entries(db: Connection, subject: str | None = None, limit: int = 100) -> list[AuditEntry]:
    """The last entries, of one subject or of all, newest first."""
    query = select(*(audit.c[name] for name in FIELDS)).order_by(audit.c.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return [AuditEntry(**row) for row in db.execute(query).mappings()]
