"""Alerts: each noted once before it goes out, and marked for every channel that has taken it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from tanggap.records import Status
from tanggap.store import scores
from tanggap.store.alert_tables import alert, alert_channel, alert_sending
from tanggap.store.dialects import chunks, upsert
from tanggap.store.tables import issue, issue_link, post, score

#: States in which nobody looks at an issue by himself any more.
QUIET = (Status.ANSWERED, Status.MONITORING, Status.RESOLVED, Status.REFERRED, Status.DISMISSED)
#: Urgency of danger to life.
DANGER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something people were called for, in the words of the moment it was noticed."""

    key: str
    kind: str
    subject: str
    priority: str
    at: datetime
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An alert and where it went, by channel."""

    alert: Alert
    channels: dict[str, datetime]


def note(db: Connection, items: Iterable[Alert]) -> int:
    """Notes what is not noted yet; returns how many."""
    rows = [{name: getattr(item, name) for name in Alert.__slots__} for item in items]
    added = 0
    for part in chunks(rows, 500):
        statement = upsert(db, alert).values(part).on_conflict_do_nothing().returning(alert.c.id)
        added += len(db.execute(statement).all())
    return added


def unsent(db: Connection, keys: Sequence[str], channel: str) -> set[str]:
    """Of these noted alerts, those that the channel has not taken."""
    taken = select(alert_sending.c.alert).where(alert_sending.c.channel == channel)
    waiting = select(alert.c.key).where(alert.c.id.not_in(taken))
    return {key for part in chunks(keys) for key in db.scalars(waiting.where(alert.c.key.in_(part)))}


def mark(db: Connection, keys: Sequence[str], channel: str, at: datetime) -> None:
    """Notes that one message about these went out on the channel, which is there again."""
    for part in chunks(keys):
        ids = db.scalars(select(alert.c.id).where(alert.c.key.in_(part))).all()
        rows = [{"alert": key, "channel": channel, "at": at} for key in ids]
        db.execute(upsert(db, alert_sending).on_conflict_do_nothing(), rows)
    db.execute(delete(alert_channel).where(alert_channel.c.name == channel))


def messages(db: Connection, channel: str, since: datetime) -> list[datetime]:
    """When messages went out on a channel since a moment, oldest first."""
    mine = (alert_sending.c.channel == channel) & (alert_sending.c.at > since)
    return list(db.scalars(select(alert_sending.c.at).where(mine).distinct().order_by(alert_sending.c.at)))


def away_until(db: Connection, channel: str) -> datetime | None:
    """When a channel that took no message is tried again; None for one that is there."""
    return db.scalar(select(alert_channel.c.next_at).where(alert_channel.c.name == channel))


def failed(db: Connection, channel: str, at: datetime, wait: timedelta, longest: timedelta) -> datetime:
    """Notes that a channel took no message: it is tried again after `wait`, twice as long each time."""
    failures = db.scalar(select(alert_channel.c.failures).where(alert_channel.c.name == channel)) or 0
    next_at: datetime = at + min(longest, wait * 2 ** min(failures, 20))
    values = {"failures": failures + 1, "next_at": next_at}
    statement = upsert(db, alert_channel).values(name=channel, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    return next_at


def recent(db: Connection, limit: int = 50) -> list[Sent]:
    """The newest alerts first, with the channels that took them."""
    rows = db.execute(select(alert).order_by(alert.c.at.desc(), alert.c.id.desc()).limit(limit)).mappings().all()
    sendings = db.execute(select(alert_sending).where(alert_sending.c.alert.in_([row["id"] for row in rows]))).all()
    return [
        Sent(
            alert=Alert(**{name: row[name] for name in Alert.__slots__}),
            channels={one.channel: one.at for one in sendings if one.alert == row["id"]},
        )
        for row in rows
    ]


def new_dangers(db: Connection, since: datetime) -> dict[str, int]:
    """Posts since a moment that tell of danger to life after their issue was answered or closed, by issue."""
    found = select(issue.c.id, func.count()).join(issue_link, issue_link.c.issue == issue.c.id)
    found = found.join(post, post.c.id == issue_link.c.post).join(score, scores.current())
    late = (issue_link.c.published_at >= since) & (issue_link.c.published_at > issue.c.status_at)
    alarming = (score.c.urgency == DANGER) & issue_link.c.copy_of.is_(None)
    rows = db.execute(found.where(late, alarming, issue.c.status.in_(QUIET)).group_by(issue.c.id))
    return {row[0]: row[1] for row in rows}
