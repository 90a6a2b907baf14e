"""Posts: added idempotently, found by source, words or age; an edited text keeps its older version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, delete, func, insert, literal, or_, select

from tanggap.clock import hour_of
from tanggap.records import Engagement, Post, PostKind, Status
from tanggap.store import rollups
from tanggap.store.changes import note
from tanggap.store.dialects import chunks, has_words, one_writer, upsert
from tanggap.store.privacy_tables import erased
from tanggap.store.tables import post, post_version, score
from tanggap.text import fold

#: Longest word and longest list of words kept for search; what is longer is no word anybody searches for.
MAX_WORD = 64
MAX_TERMS = 100_000
#: Words of one search; more narrow nothing.
MAX_QUERY = 32

#: What a source may change on a post it has sent before, besides title and text. Times stay as first seen.
DETAILS = ("kind", "url", "author", "likes", "replies", "reposts", "views", "lat", "lon", "reply_to", "status", "extra")
#: What the current score left on a post; another text empties it.
SCORED = ("model", "topic", "area", "sentiment", "kelurahan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of the posts handed to `add`."""

    new: int = 0
    #: Known with this text; their engagement and details were brought up to date.
    duplicate: int = 0
    #: Known with another text, which went to the versions.
    changed: int = 0


def add(db: Connection, posts: Sequence[Post]) -> Added:
    """Stores `posts`, each once per (source, native_id), and refreshes the rollup of the hours they touch.

    A post known with another text is changed: the older text becomes a version and its scores go, so that it is
    scored again. When it was published and collected stays as first seen. A post that was erased, or whose text may
    no longer be kept, counts as a duplicate and stays as it is.
    """
    one_writer(db)
    total = Added()
    for wave in waves(unerased(db, posts)):
        for part in chunks(list(wave.values())):
            added = add_distinct(db, part)
            total = Added(
                new=total.new + added.new,
                duplicate=total.duplicate + added.duplicate,
                changed=total.changed + added.changed,
            )
    repeats = len(posts) - total.new - total.duplicate - total.changed
    return Added(new=total.new, duplicate=total.duplicate + repeats, changed=total.changed)


def unerased(db: Connection, posts: Sequence[Post]) -> Sequence[Post]:
    """`posts` without those that were once erased."""
    hashes = [fingerprint(item.source, item.native_id) for item in posts]
    gone: set[str] = set()
    for part in chunks(hashes):
        gone.update(db.scalars(select(erased.c.hash).where(erased.c.hash.in_(part))))
    return [item for item, key in zip(posts, hashes, strict=True) if key not in gone] if gone else posts


def fingerprint(source: str, native_id: str) -> str:
    """What remains of an erased post: the SHA-256 of its identity."""
    return hashlib.sha256(f"{source}\x1f{native_id}".encode("utf-8", "surrogatepass")).hexdigest()


def waves(posts: Sequence[Post]) -> Iterable[dict[tuple[str, str], Post]]:
    """`posts` in batches that hold no post twice, in order; a post equal to the one before it is left out."""
    wave: dict[tuple[str, str], Post] = {}
    while posts:
        later: list[Post] = []
        wave = {}
        for item in posts:
            first = wave.setdefault((item.source, item.native_id), item)
            if first is not item and first != item:
                later.append(item)
        yield wave
        posts = later


def add_distinct(db: Connection, posts: Sequence[Post]) -> Added:
    """`add` for posts of which none appears twice."""
    known = {(row.source, row.native_id): row for row in db.execute(stored(posts))}
    rows = [row_from(item) for item in posts]
    now = max(item.collected_at for item in posts)
    changed = [
        before.id
        for row in rows
        if (before := known.get((row["source"], row["native_id"])))
        and before.blanked_at is None
        and before.content_hash != row["content_hash"]
    ]
    if changed:
        keep_versions(db, changed, now)
    db.execute(upsert_posts(db), rows)
    hours = {row["hour"] for row in rows if (row["source"], row["native_id"]) not in known}
    changed_ids = set(changed)
    rollups.refresh(db, hours | {before.hour for before in known.values() if before.id in changed_ids})
    return Added(new=len(rows) - len(known), duplicate=len(known) - len(changed), changed=len(changed))


def stored(posts: Sequence[Post]) -> Any:
    """What the store already knows of `posts`."""
    by_source: dict[str, list[str]] = {}
    for item in posts:
        by_source.setdefault(item.source, []).append(item.native_id)
    same = [(post.c.source == name) & post.c.native_id.in_(ids) for name, ids in by_source.items()]
    wanted = (post.c.id, post.c.source, post.c.native_id, post.c.content_hash, post.c.hour, post.c.blanked_at)
    return select(*wanted).where(or_(*same))


def keep_versions(db: Connection, ids: Sequence[int], at: datetime) -> None:
    """Moves the present texts of posts to their versions and drops the scores those texts had."""
    older = select(post.c.id, post.c.title, post.c.text, literal(at, post_version.c.replaced_at.type))
    target = insert(post_version).from_select(["post", "title", "text", "replaced_at"], older.where(post.c.id.in_(ids)))
    db.execute(target)
    db.execute(delete(score).where(score.c.post.in_(ids)))
    note(db, ids)


def upsert_posts(db: Connection) -> Any:
    """One statement for new, changed and repeated posts; a repeated one is written only where a detail differs."""
    statement = upsert(db, post)
    sent = statement.excluded
    other_text = sent.content_hash != post.c.content_hash
    changes: dict[str, Any] = {name: sent[name] for name in (*DETAILS, "title", "text", "content_hash")}
    for name in (*SCORED, "terms"):
        changes[name] = case((other_text, sent[name]), else_=post.c[name])
    return statement.on_conflict_do_update(
        index_elements=["source", "native_id"],
        set_=changes,
        where=and_(
            post.c.blanked_at.is_(None),
            or_(other_text, *(sent[name].is_distinct_from(post.c[name]) for name in DETAILS)),
        ),
    )


def known(db: Connection, source: str, native_ids: Sequence[str]) -> set[str]:
    """Which of `native_ids` the store already has from `source`."""
    found: set[str] = set()
    for part in chunks(native_ids):
        wanted = select(post.c.native_id).where(post.c.source == source, post.c.native_id.in_(part))
        found.update(db.scalars(wanted))
    return found


def get(db: Connection, ids: Sequence[int]) -> list[Post]:
    """The posts with these ids, in the order asked; unknown ids are left out."""
    found: dict[int, Post] = {}
    for part in chunks(ids):
        for row in db.execute(select(post).where(post.c.id.in_(part))).mappings():
            found[row[post.c.id]] = from_row(row)
    return [found[key] for key in ids if key in found]


def unscored(db: Connection, model: str, limit: int, *, within: range | None = None, fresh: bool = False) -> list[Post]:
    """Posts that `model` has not scored: first those without any score, then those of other models, oldest first.

    What has no text any more keeps the score it had.

    Args:
        within: only these ids.
        fresh: only posts without any score.
    """
    rest = limit
    result: list[Post] = []
    for waiting in _waiting(model)[: 1 if fresh else 2]:
        wanted = select(post).where(waiting, post.c.blanked_at.is_(None))
        if within is not None:
            wanted = wanted.where(post.c.id >= within.start, post.c.id < within.stop)
        rows = db.execute(wanted.order_by(post.c.published_at, post.c.id).limit(rest)).mappings()
        result += [from_row(row) for row in rows]
        rest = limit - len(result)
        if rest <= 0:
            break
    return result


def backlog(db: Connection, model: str, size: int) -> dict[int, int]:
    """How many posts `model` has not scored, by cell of `size` ids: cell 0 holds the ids below `size`."""
    cell = post.c.id // size
    waiting = select(cell, func.count()).where(or_(*_waiting(model)), post.c.blanked_at.is_(None))
    return {row[0]: row[1] for row in db.execute(waiting.group_by(cell))}


def _waiting(model: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Posts without any score, and those scored by other models only."""
    has_score = select(score.c.post).where(score.c.post == post.c.id, score.c.model == model).exists()
    return post.c.model == "", (post.c.model != "") & (post.c.model != model) & ~has_score


def search(db: Connection, words: str, *, limit: int = 50) -> list[Post]:
    """Posts that hold all of `words` in any order, newest first; [] for a search without a letter or digit.

    Signs and operators mean nothing, so no search can be wrong.
    """
    wanted = search_words(words)[:MAX_QUERY]
    if not wanted:
        return []
    found = select(post).where(has_words(db, wanted))
    rows = db.execute(found.order_by(post.c.published_at.desc(), post.c.id.desc()).limit(limit)).mappings()
    return [from_row(row) for row in rows]


def count(db: Connection) -> int:
    """How many posts there are."""
    return db.scalar(select(func.count()).select_from(post)) or 0


def per_source(db: Connection, start: datetime, end: datetime) -> dict[str, int]:
    """Posts published from `start` until before `end`, per source."""
    span = (post.c.published_at >= start) & (post.c.published_at < end)
    rows = db.execute(select(post.c.source, func.count().label("posts")).where(span).group_by(post.c.source))
    return {row.source: row.posts for row in rows}


def search_words(*texts: str) -> list[str]:
    """The folded words of texts, each once, in order, as they stand in the index and in a query."""
    return list(dict.fromkeys(word[:MAX_WORD] for item in texts for word in fold(item).split()))


def terms_of(*texts: str) -> str:
    """The terms column for texts: their words, as many as fit."""
    terms = " ".join(search_words(*texts))
    return terms if len(terms) <= MAX_TERMS else terms[: terms.rfind(" ", 0, MAX_TERMS)]


def row_from(item: Post) -> dict[str, Any]:
    """A post on its way into the table, not yet scored."""
    content = f"{item.title or ''}\x1f{item.text}".encode("utf-8", "surrogatepass")
    return {
        "source": item.source,
        "native_id": item.native_id,
        "kind": item.kind.value,
        "title": item.title,
        "text": item.text,
        "url": item.url,
        "published_at": item.published_at,
        "collected_at": item.collected_at,
        "author": item.author,
        "likes": item.engagement.likes,
        "replies": item.engagement.replies,
        "reposts": item.engagement.reposts,
        "views": item.engagement.views,
        "lat": item.lat,
        "lon": item.lon,
        "reply_to": item.reply_to,
        "status": item.status.value if item.status else None,
        "extra": dict(item.extra),
        "content_hash": hashlib.sha256(content).hexdigest(),
        "terms": terms_of(item.full_text),
        "hour": hour_of(item.published_at),
        **dict.fromkeys(SCORED, ""),
    }


def from_row(row: RowMapping) -> Post:
    """A post as the table keeps it."""
    status = row[post.c.status]
    return Post(
        id=row[post.c.id],
        source=row[post.c.source],
        native_id=row[post.c.native_id],
        kind=PostKind(row[post.c.kind]),
        title=row[post.c.title],
        text=row[post.c.text],
        url=row[post.c.url],
        published_at=row[post.c.published_at],
        collected_at=row[post.c.collected_at],
        author=row[post.c.author],
        engagement=Engagement(
            likes=row[post.c.likes],
            replies=row[post.c.replies],
            reposts=row[post.c.reposts],
            views=row[post.c.views],
        ),
        lat=row[post.c.lat],
        lon=row[post.c.lon],
        reply_to=row[post.c.reply_to],
        copy_of=row[post.c.copy_of],
        status=Status(status) if status else None,
        extra=row[post.c.extra],
    )
