"""The audit trail becomes a chain: every entry carries the hash of the one before, and an anchor the newest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tanggap.store.audit import ORIGIN, link_hash
from tanggap.store.tables import Moment

revision = "0004"
down_revision = "0003"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

AUDIT = sa.table(
    "audit",
    *(sa.column(name) for name in ("id", "by", "action", "subject", "note", "previous", "hash")),
    sa.column("at", Moment()),
    sa.column("before", JSON),
    sa.column("after", JSON),
)


def upgrade() -> None:
    """Adds the hashes, chains the entries there are, and anchors the newest."""
    for name in ("previous", "hash"):
        op.add_column("audit", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    unprotect()
    last, link = chain(op.get_bind())
    protect()
    op.bulk_insert(head, [{"id": 1, "last": last, "hash": link}])


def chain(db: sa.Connection) -> tuple[int, str]:
    """Numbers the entries from 1 without gaps and links them; gives number and hash of the newest."""
    number, link = 0, ORIGIN
    for number, row in enumerate(db.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).mappings().all(), 1):
        linked = {**row, "id": number, "previous": link}
        link = link_hash(linked)
        values = {"id": number, "previous": linked["previous"], "hash": link}
        db.execute(sa.update(AUDIT).where(AUDIT.c.id == row["id"]).values(values))
    return number, link


def unprotect() -> None:
    """Lets this migration, and nothing else, write to old entries."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
    else:
        op.execute("DROP TRIGGER audit_no_update")


def protect() -> None:
    """Puts the lock back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE audit ENABLE TRIGGER audit_append_only")
    else:
        op.execute(
            """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'audit is append-only'); END"""
        )
