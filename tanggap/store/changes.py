"""The log of posts that are to be grouped anew: what was scored, changed, emptied or erased since the last pass."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from tanggap.store.grouping_tables import post_change


def note(db: Connection, posts: Iterable[int]) -> None:
    """Notes posts in the transaction that changed them.

    It must hold `one_writer`: then numbers rise in the order in which transactions end, and who has read up to one of
    them has missed nothing.
    """
    if rows := [{"post": post} for post in posts]:
        db.execute(insert(post_change), rows)


def unread(db: Connection) -> tuple[int, list[int]]:
    """The newest number, 0 without any, and the posts noted, each once, in their order."""
    rows = db.execute(select(post_change.c.number, post_change.c.post).order_by(post_change.c.number)).all()
    return (rows[-1].number, list(dict.fromkeys(row.post for row in rows))) if rows else (0, [])


def settle(db: Connection, number: int) -> None:
    """Forgets what was noted up to a number."""
    db.execute(delete(post_change).where(post_change.c.number <= number))
