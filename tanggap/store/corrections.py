"""Corrections: what people said of labels, kept for good and laid over every score of the text they were said of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from tanggap.records import Correction, Place, Post, Score
from tanggap.store import posts
from tanggap.store.model_tables import correction
from tanggap.store.tables import post

COLUMNS = tuple(column.name for column in correction.c)
#: Fields of a score that corrections change.
FIELDS = ("relevant", "sentiment", "topic", "complaint", "urgency", "agency", "places")
#: What a post that is not about the city is, whatever else was said of it.
IRRELEVANT = {"topic": "lainnya", "complaint": False, "urgency": 0, "agency": None}


def add(db: Connection, item: Correction) -> None:
    """Keeps a correction; the post's score takes it in with the next `scores.add`."""
    row = {name: getattr(item, name) for name in COLUMNS if name != "id"}
    db.execute(insert(correction).values(row))


def get(db: Connection, number: int) -> Correction | None:
    """A correction by its number, whether it holds or not."""
    row = db.execute(select(correction).where(correction.c.id == number)).mappings().first()
    return from_row(row) if row else None


def of(db: Connection, post_id: int) -> list[Correction]:
    """The corrections that hold for a post as its text is now, oldest first."""
    return said(db, [post_id]).get(post_id, [])


def said(db: Connection, post_ids: Iterable[int]) -> dict[int, list[Correction]]:
    """Post id -> the corrections that hold for its text as it is now, oldest first."""
    found: dict[int, list[Correction]] = defaultdict(list)
    for row in db.execute(holding().where(correction.c.post.in_(set(post_ids)))).mappings():
        found[row[correction.c.post]].append(from_row(row))
    return dict(found)


def withdraw(db: Connection, numbers: Iterable[int], by: str, at: datetime) -> None:
    """Takes corrections back; they stay on record, and the post's score forgets them with the next `scores.add`."""
    chosen = correction.c.id.in_(set(numbers))
    db.execute(update(correction).where(chosen).values(undone_by=by, undone_at=at))


def latest(db: Connection, limit: int = 50) -> list[tuple[Correction, Post]]:
    """The last corrections with their posts, newest first."""
    query = select(correction, post).join(post, post.c.id == correction.c.post).order_by(correction.c.id.desc())
    return [(from_row(row), posts.from_row(row)) for row in db.execute(query.limit(limit)).mappings()]


def taught(db: Connection) -> list[tuple[Post, list[Correction]]]:
    """Every post whose words are still kept, with the corrections that hold for them: what models can learn from."""
    found: dict[int, tuple[Post, list[Correction]]] = {}
    joined = select(correction, post).join(post, post.c.id == correction.c.post)
    same = (post.c.content_hash == correction.c.content_hash) & post.c.blanked_at.is_(None)
    same &= correction.c.undone_at.is_(None)
    for row in db.execute(joined.where(same).order_by(correction.c.id)).mappings():
        item = from_row(row)
        found.setdefault(item.post, (posts.from_row(row), []))[1].append(item)
    return list(found.values())


def untouched(db: Connection, limit: int) -> list[str]:
    """The newest texts that a model has read and nobody corrected."""
    mine = select(correction.c.post)
    wanted = select(post).where(post.c.model != "", post.c.blanked_at.is_(None), post.c.id.not_in(mine))
    rows = db.execute(wanted.order_by(post.c.id.desc()).limit(limit)).mappings()
    return [posts.from_row(row).full_text for row in rows]


def effective(
    db: Connection, scored: Sequence[tuple[int, Score]]
) -> tuple[list[tuple[int, Score]], dict[int, dict[str, Any]]]:
    """Scores by post id with what people said laid over them, and by post id what the machine had said there."""
    known = said(db, [key for key, _ in scored])
    laid = [(key, corrected(value, known[key]) if key in known else value) for key, value in scored]
    machine = {key: replaced(value, shown) for (key, value), (_, shown) in zip(scored, laid, strict=True)}
    return laid, machine


def replaced(value: Score, shown: Score) -> dict[str, Any]:
    """What the machine said of the fields that corrections changed, as plain JSON; see `unlaid`."""
    changed = [name for name in (*FIELDS, "reasons", "abstained") if getattr(value, name) != getattr(shown, name)]
    return {name: plain(name, getattr(value, name)) for name in changed}


def unlaid(shown: Score, machine: Mapping[str, Any]) -> Score:
    """The machine's own score behind one that corrections were laid over."""
    return shown.evolve(**{name: whole(name, value) for name, value in machine.items()})


def plain(name: str, value: Any) -> Any:
    """The value of a score's field as JSON keeps it."""
    if name == "places":
        return [{part: getattr(place, part) for part in Place.__slots__} for place in value]
    return {task: list(words) for task, words in value.items()} if name == "reasons" else value


def whole(name: str, value: Any) -> Any:
    """The value of a score's field from JSON."""
    if name == "places":
        return tuple(Place(**place) for place in value)
    if name == "reasons":
        return {task: tuple(words) for task, words in value.items()}
    return tuple(value) if name == "abstained" else value


def corrected(value: Score, said: Iterable[Correction]) -> Score:
    """A score with corrections, oldest first, laid over it; probabilities stay the machine's.

    What a person decided is no abstention any more, and the machine's words for another label explain nothing.
    """
    labels: dict[str, Any] = {item.field: whole(item.field, item.after) for item in said}
    if labels.get("relevant") is False:
        labels |= IRRELEVANT
    changed = {name for name, label in labels.items() if getattr(value, name) != label}
    return value.evolve(
        **labels,
        reasons={name: words for name, words in value.reasons.items() if name not in changed},
        abstained=tuple(name for name in value.abstained if name not in labels),
    )


def holding() -> Any:
    """Corrections said of the text that their post has now, oldest first."""
    same = (post.c.id == correction.c.post) & (post.c.content_hash == correction.c.content_hash)
    same &= correction.c.undone_at.is_(None)
    return select(correction).join(post, same).order_by(correction.c.id)


def from_row(row: RowMapping) -> Correction:
    """A correction as the table keeps it."""
    return Correction(**{name: row[correction.c[name]] for name in COLUMNS})
