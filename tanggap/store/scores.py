"""Scores: one per post and model; the newest model's is the one people see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from tanggap.errors import StoreError
from tanggap.records import Place, Reading, Score
from tanggap.store import corrections, posts, rollups
from tanggap.store.changes import note
from tanggap.store.dialects import chunks, one_writer, upsert
from tanggap.store.tables import post, score

#: Characters of a Kemendagri code down to the kota, "31.75", to the kecamatan, "31.75.03", and to the kelurahan.
KOTA, KECAMATAN, KELURAHAN = 5, 8, 13
#: Columns that hold a value as it is.
PLAIN = ("model", "relevant", "relevance", "sentiment", "topic", "complaint", "urgency", "agency", "language", "terms")


def add(db: Connection, scored: Sequence[tuple[int, Score]]) -> None:
    """Stores scores by post id and refreshes words, rollup and current score of the posts.

    A second score of the same model replaces the first. A score of an older model than the post's present one is
    kept but not shown. Labels that people corrected stay theirs.

    Raises:
        StoreError: a post does not exist.
    """
    one_writer(db)
    for part in chunks(list({(key, value.model): (key, value) for key, value in scored}.values())):
        add_distinct(db, *corrections.effective(db, part))


def add_distinct(db: Connection, scored: Sequence[tuple[int, Score]], machine: Mapping[int, Mapping[str, Any]]) -> None:
    """`add` for at most one score per post and model, with what the machine said where a person's label stands."""
    wanted = select(post.c.id, post.c.title, post.c.text, post.c.hour, post.c.model)
    rows = {row.id: row for row in db.execute(wanted.where(post.c.id.in_({key for key, _ in scored})))}
    if missing := [key for key, _ in scored if key not in rows]:
        raise StoreError(f"There is no post {missing[0]} to score; it was erased, or never stored.")
    statement = upsert(db, score)
    changes = {column.name: statement.excluded[column.name] for column in score.c if not column.primary_key}
    db.execute(
        statement.on_conflict_do_update(index_elements=["post", "model"], set_=changes),
        [{**row_from(key, value), "machine": machine[key]} for key, value in scored],
    )
    current: dict[int, dict[str, Any]] = {}
    for key, value in scored:
        present = current[key]["model"] if key in current else rows[key].model
        if version(value.model) >= version(present):
            current[key] = {"b_id": key, **shown(value, rows[key].title or "", rows[key].text)}
    if current:
        db.execute(update(post).where(post.c.id == bindparam("b_id")), list(current.values()))
        rollups.refresh(db, {rows[key].hour for key in current})
        note(db, current)


def shown(value: Score, title: str, text: str) -> dict[str, str]:
    """What a post shows of its score. One that is not about the city counts in no topic, area or mood."""
    counted = value.relevant is not False
    area = area_of(value.places) if counted else ""
    return {
        "model": value.model,
        "topic": (value.topic or "") if counted else "",
        "area": area,
        "kelurahan": kelurahan_of(value.places, area),
        "sentiment": (value.sentiment or "") if counted else "",
        "terms": posts.terms_of(title, text, value.terms),
    }


def area_of(places: Iterable[Place]) -> str:
    """The kecamatan, or at least the kota, of the first place that lies in one; "" without any."""
    codes = (place.code or "" for place in places)
    return next((code[:KECAMATAN] for code in codes if len(code) >= KOTA), "")


def kelurahan_of(places: Iterable[Place], area: str) -> str:
    """The first kelurahan that lies within a kecamatan or kota; "" without any."""
    codes = (place.code or "" for place in places)
    return next((code for code in codes if area and len(code) == KELURAHAN and code.startswith(area)), "")


def version(model: str) -> tuple[tuple[int, str], ...]:
    """A key under which "2026.11.10" is newer than "2026.11.9", and anything is newer than ""."""
    return tuple((int(digits), "") if digits else (-1, word) for digits, word in re.findall(r"(\d+)|([^\d.]+)", model))


def readings(db: Connection, start: datetime, end: datetime, *, relevance: float | None = 0.5) -> list[Reading]:
    """Posts published from `start` until before `end` with their current scores, oldest first.

    Only those about the city with at least the probability `relevance`; None gives every scored one.
    """
    span = (post.c.published_at >= start) & (post.c.published_at < end)
    query = select(post, score).join(score, current()).where(span)
    if relevance is not None:
        query = query.where(score.c.relevance >= relevance)
    rows = db.execute(query.order_by(post.c.published_at, post.c.id)).mappings()
    return [reading_from(row) for row in rows]


def of(db: Connection, post_id: int) -> Score | None:
    """The score a post shows; None while it has none."""
    row = db.execute(select(score).join(post, current()).where(post.c.id == post_id)).mappings().first()
    return from_row(row) if row else None


def machine(db: Connection, post_id: int) -> Score | None:
    """The score a post shows without what people said of it; None while it has none."""
    row = db.execute(select(score).join(post, current()).where(post.c.id == post_id)).mappings().first()
    return corrections.unlaid(from_row(row), row[score.c.machine]) if row else None


def current() -> Any:
    """Joins a post with the score it shows."""
    return (score.c.post == post.c.id) & (score.c.model == post.c.model)


def row_from(key: int, value: Score) -> dict[str, Any]:
    """A score on its way into the table."""
    return {
        "post": key,
        **{name: getattr(value, name) for name in PLAIN},
        "sentiment_probs": dict(value.sentiment_probs),
        "topic_probs": dict(value.topic_probs),
        "urgency_probs": list(value.urgency_probs),
        "places": [{name: getattr(place, name) for name in Place.__slots__} for place in value.places],
        "reasons": {task: list(words) for task, words in value.reasons.items()},
        "abstained": list(value.abstained),
        "toward": dict(value.toward),
    }


def from_row(row: RowMapping) -> Score:
    """A score as the table keeps it."""
    return Score(
        **{name: row[score.c[name]] for name in PLAIN},
        sentiment_probs=row[score.c.sentiment_probs],
        topic_probs=row[score.c.topic_probs],
        urgency_probs=tuple(row[score.c.urgency_probs]),
        places=tuple(Place(**place) for place in row[score.c.places]),
        reasons={task: tuple(words) for task, words in row[score.c.reasons].items()},
        abstained=tuple(row[score.c.abstained]),
        toward=row[score.c.toward],
    )


def reading_from(row: RowMapping) -> Reading:
    """A post with its score, from a row that holds both tables."""
    return Reading(post=posts.from_row(row), score=from_row(row))
