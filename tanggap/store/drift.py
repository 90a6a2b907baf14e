"""What drift is measured on: words and answers per day, and the reports made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from tanggap.clock import city_day
from tanggap.records import Post
from tanggap.store import posts, scores
from tanggap.store.dialects import has_words, upsert
from tanggap.store.model_tables import drift_report
from tanggap.store.tables import post, score

#: Probability of being about the city, in steps.
STEPS = (0.1, 0.3, 0.5, 0.7, 0.9)
CERTAINTY = case(*((score.c.relevance < step, f"< {step}") for step in STEPS), (score.c.relevance >= 0, ">= 0.9"))
#: Answers that are compared.
ANSWERS = {
    "relevant": score.c.relevant,
    "certainty": CERTAINTY,
    "sentiment": score.c.sentiment,
    "topic": score.c.topic,
    "complaint": score.c.complaint,
    "urgency": score.c.urgency,
}
#: Days before a day that it is compared with.
REFERENCE = timedelta(days=7)
#: Rows fetched at a time.
PART = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """What was found on a day; `content` is plain JSON."""

    day: date
    made_at: datetime
    model: str
    content: Mapping[str, Any]


def answers(db: Connection, start: datetime, end: datetime) -> dict[str, dict[date, Counter[str]]]:
    """How often each answer was given, by field and day of the city; an abstention is the answer ""."""
    found: dict[str, dict[date, Counter[str]]] = {}
    for name, column in ANSWERS.items():
        days: dict[date, Counter[str]] = defaultdict(Counter)
        cells = select(post.c.hour, column.label("answer"), func.count().label("posts")).join(score, scores.current())
        for row in db.execute(cells.where(*span(start, end)).group_by(post.c.hour, column)):
            days[city_day(row.hour)]["" if row.answer is None else str(row.answer)] += row.posts
        found[name] = dict(days)
    return found


def words(db: Connection, start: datetime, end: datetime) -> tuple[Counter[str], int]:
    """In how many posts about the city each word stands, and how many posts there are."""
    counts: Counter[str] = Counter()
    total = 0
    wanted = select(post.c.terms).join(score, scores.current()).where(*span(start, end), score.c.relevant)
    for part in db.execute(wanted.execution_options(yield_per=PART)).partitions():
        for row in part:
            counts.update(set(row.terms.split()))
            total += 1
    return counts, total


def examples(db: Connection, word: str, start: datetime, end: datetime, limit: int = 2) -> list[str]:
    """Texts of a span that hold a folded word, newest first; masked, as everything that is stored."""
    return [item.full_text for item in holding(db, word, start, end, limit)]


def holding(db: Connection, word: str, start: datetime, end: datetime, limit: int) -> list[Post]:
    """Posts of a span about the city that hold a folded word, newest first."""
    wanted = (
        select(post).join(score, scores.current()).where(has_words(db, [word]), *span(start, end), score.c.relevant)
    )
    return newest(db, wanted, limit)


def answered(db: Connection, name: str, answer: str, start: datetime, end: datetime, limit: int) -> list[Post]:
    """Posts of a span to which a model gave an answer as `answers` counts it, newest first."""
    column = ANSWERS[name]
    kind: type = column.type.python_type
    given = column.is_(None) if answer == "" else column == (answer == "True" if kind is bool else kind(answer))
    return newest(db, select(post).join(score, scores.current()).where(given, *span(start, end)), limit)


def newest(db: Connection, wanted: Select[Any], limit: int) -> list[Post]:
    """The newest posts of a query."""
    found = db.execute(wanted.order_by(post.c.published_at.desc(), post.c.id.desc()).limit(limit)).mappings()
    return [posts.from_row(row) for row in found]


def span(start: datetime, end: datetime) -> Iterable[Any]:
    """Posts published from `start` until before `end`."""
    return post.c.published_at >= start, post.c.published_at < end


def save(db: Connection, report: DriftReport) -> None:
    """Keeps a report; a second of the day replaces the first."""
    row = {"day": report.day, "made_at": report.made_at, "model": report.model, "content": dict(report.content)}
    statement = upsert(db, drift_report)
    changes = {name: statement.excluded[name] for name in ("made_at", "model", "content")}
    db.execute(statement.on_conflict_do_update(index_elements=["day"], set_=changes), [row])


def latest(db: Connection, day: date | None = None, *, other_than: str | None = None) -> DriftReport | None:
    """The newest report, of a day if one is named, or of another model than one."""
    query = select(drift_report).order_by(drift_report.c.day.desc())
    if day is not None:
        query = query.where(drift_report.c.day == day)
    if other_than is not None:
        query = query.where(drift_report.c.model != other_than)
    row = db.execute(query.limit(1)).mappings().first()
    return DriftReport(**row) if row else None
