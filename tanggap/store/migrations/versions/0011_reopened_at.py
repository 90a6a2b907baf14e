"""When an issue was last opened again: from then on it owes a new answer, whatever moves follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Adds the column; of issues opened again before, the last move is the best that is known."""
    op.add_column("issue", sa.Column("reopened_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE issue SET reopened_at = status_at WHERE reopened > 0")
