"""How long the work on an issue had been followed up when it was deferred: its clock goes on from there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Adds the column; what was deferred before begins anew."""
    op.add_column("issue", sa.Column("followed_s", sa.Integer, nullable=False, server_default="0"))
