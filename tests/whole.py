"""One function that proves a store whole: nothing dangles, numbers equal a recount, search finds what is there."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, select

from tanggap.store import Store, briefs, erasure, posts
from tanggap.store.job_tables import freshness
from tanggap.store.privacy_tables import erased
from tanggap.store.tables import (
    brief,
    hour_count,
    issue,
    issue_link,
    lead,
    post,
    post_version,
    score,
    status_change,
)

CELL = ("hour", "source", "topic", "area", "sentiment")


def assert_whole(store: Store, *, counts: bool = True) -> None:
    """Fails with the first thing that does not fit.

    Args:
        counts: whether issues must equal a recount; False where a test made them up.
    """
    if store.engine.dialect.name == "sqlite":
        with store.write() as db:
            db.exec_driver_sql("INSERT INTO post_fts(post_fts, rank) VALUES ('integrity-check', 1)")
    with store.read() as db:
        no_orphans(db)
        rollups_fit(db)
        search_fits(db)
        nothing_erased_remains(db)
        if counts:
            issues_fit(db)


def no_orphans(db: Connection) -> None:
    """Every reference leads somewhere."""
    there = set(db.scalars(select(post.c.id)))
    for column in (post_version.c.post, score.c.post, issue_link.c.post, freshness.c.post, lead.c.post):
        assert set(db.scalars(select(column))) - {None} <= there, f"{column} refers to posts that are gone"
    for column in (post.c.copy_of, issue_link.c.copy_of):
        assert set(db.scalars(select(column))) - {None} <= there, f"{column} refers to posts that are gone"
    known = set(db.scalars(select(issue.c.id)))
    assert set(db.scalars(select(issue_link.c.issue))) <= known
    assert set(db.scalars(select(status_change.c.issue))) <= known
    scored = {(row.post, row.model) for row in db.execute(select(score.c.post, score.c.model))}
    shown = {(row.id, row.model) for row in db.execute(select(post.c.id, post.c.model).where(post.c.model != ""))}
    assert shown <= scored
    quoted = {e["quote_post"] for (content,) in db.execute(select(brief.c.content)) for e in content["items"]}
    assert quoted - {None} <= there
    assert all(briefs.latest(db, day) for day in briefs.days(db))


def rollups_fit(db: Connection) -> None:
    """The hourly counts equal the posts."""
    cells = [post.c[name] for name in CELL]
    recount = {tuple(row) for row in db.execute(select(*cells, sa.func.count()).group_by(*cells))}
    kept = {tuple(row) for row in db.execute(select(*(hour_count.c[name] for name in CELL), hour_count.c.posts))}
    assert kept == recount


def search_fits(db: Connection) -> None:
    """Every post is found by its words, and no word finds more than holds it."""
    rows = db.execute(select(post.c.id, post.c.terms)).all()
    for word in {row.terms.split()[0] for row in rows if row.terms}:
        holding = {row.id for row in rows if word in row.terms.split()}
        assert {found.id for found in posts.search(db, word, limit=100_000)} == holding


def nothing_erased_remains(db: Connection) -> None:
    """No erased post is here, and no emptied one has kept a word."""
    gone = set(db.scalars(select(erased.c.hash)))
    rows = db.execute(select(post)).mappings().all()
    assert not [row["id"] for row in rows if posts.fingerprint(row["source"], row["native_id"]) in gone]
    blank = [row for row in rows if row["blanked_at"] is not None]
    assert not [row["id"] for row in blank if any((row["text"], row["title"], row["url"], row["author"], row["extra"]))]
    emptied = {row["id"] for row in blank}
    assert not emptied & set(db.scalars(select(post_version.c.post)))
    words = db.execute(select(score.c.post, score.c.terms, score.c.reasons, score.c.places)).all()
    assert not [row.post for row in words if row.post in emptied and (row.terms or row.reasons or row.places)]


def issues_fit(db: Connection) -> None:
    """The numbers of every issue equal a recount of its posts."""
    for row in db.execute(select(issue)).mappings():
        counts = erasure.counted(db, row["id"])
        kept = {name: row[name] for name in ("posts", "accounts", "news", "reach", "negative")}
        assert kept == {name: counts[name] for name in kept}, row["id"]
