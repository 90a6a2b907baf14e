"""The kelurahan a post speaks of, where it names one within its area, so that places are counted by kelurahan too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

#: Characters of a Kemendagri code down to the kelurahan, "31.75.03.1008".
KELURAHAN = 13
#: Posts filled in at a time.
PART = 1_000

post = sa.table("post", sa.column("id"), sa.column("model"), sa.column("area"), sa.column("kelurahan"))
score = sa.table("score", sa.column("post"), sa.column("model"), sa.column("places", sa.JSON))


def upgrade() -> None:
    """Adds the column, and fills it from the places that are already known."""
    op.add_column("post", sa.Column("kelurahan", sa.Text, nullable=False, server_default=""))
    db, last = op.get_bind(), 0
    shown = (score.c.post == post.c.id) & (score.c.model == post.c.model)
    query = sa.select(post.c.id, post.c.area, score.c.places).join(score, shown).where(post.c.area != "")
    while rows := db.execute(query.where(post.c.id > last).order_by(post.c.id).limit(PART)).all():
        last = rows[-1].id
        found = [{"b_id": row.id, "b_code": code} for row in rows if (code := _first(row.area, row.places))]
        if found:
            change = sa.update(post).where(post.c.id == sa.bindparam("b_id"))
            db.execute(change.values(kelurahan=sa.bindparam("b_code")), found)


def _first(area: str, places: list[dict[str, str | None]]) -> str:
    codes = (place.get("code") or "" for place in places)
    return next((code for code in codes if len(code) == KELURAHAN and code.startswith(area)), "")
