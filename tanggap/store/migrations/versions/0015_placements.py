"""Where each post of the window stands, so that a grouping pass reads only what is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the tables; the first pass afterwards reads the whole window and fills them."""
    op.create_table(
        "placement",
        sa.Column("post", KEY, autoincrement=False, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("draft", KEY),
        sa.Column("copy_of", KEY),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        sa.Column("content", KEY, nullable=False),
        sa.PrimaryKeyConstraint("post", name="pk_placement"),
        sa.UniqueConstraint("number", name="uq_placement_number"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_placement_post", ondelete="CASCADE"),
    )
    op.create_table(
        "grouping",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, KEY, nullable=False) for name in ("passes", "placed", "weighed")),
        sa.Column("consolidated_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_grouping"),
    )
    op.create_table(
        "post_change",
        sa.Column("number", KEY, nullable=False),
        sa.Column("post", KEY, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_post_change"),
        sqlite_autoincrement=True,
    )
