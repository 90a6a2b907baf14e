"""Voices per hour, topic and kota, and how much of each hour was read: what bursts and breaks are found in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, delete, func, insert, select

from tanggap.clock import hour_of
from tanggap.records import PostKind
from tanggap.store.dialects import chunks
from tanggap.store.signal_tables import hour_cover, voice_count
from tanggap.store.tables import crawl_run, hour_count, issue, issue_link, post

#: Characters of a Kemendagri code down to the kota, "31.75".
KOTA = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCount:
    """One cell: posts on a topic in a kota in an hour, voices among them, and their mood."""

    hour: datetime
    topic: str
    #: "" where no place is named.
    kota: str
    posts: int
    #: Posts that are no copies of another.
    voices: int
    #: Citizen reports among the voices.
    reports: int
    positive: int
    negative: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How much of an hour was read."""

    hour: datetime
    #: Of the posts usual in it, 0-1.
    share: float
    #: Sources that were not read, the largest first.
    down: tuple[str, ...] = ()


def refresh(db: Connection, start: datetime) -> int:
    """Counts the voices of the hours from `start` on anew; returns how many cells there are."""
    start = hour_of(start)
    kota = func.substr(post.c.area, 1, KOTA)
    own = and_(post.c.copy_of.is_(None), issue_link.c.copy_of.is_(None))
    counted = (
        select(
            post.c.hour,
            post.c.topic,
            kota,
            func.count(),
            func.sum(case((own, 1), else_=0)),
            func.sum(case((and_(own, post.c.kind == PostKind.REPORT.value), 1), else_=0)),
            func.sum(case((and_(own, post.c.sentiment == "positive"), 1), else_=0)),
            func.sum(case((and_(own, post.c.sentiment == "negative"), 1), else_=0)),
        )
        .outerjoin(issue_link, issue_link.c.post == post.c.id)
        .where(post.c.hour >= start, post.c.topic != "")
        .group_by(post.c.hour, post.c.topic, kota)
    )
    db.execute(delete(voice_count).where(voice_count.c.hour >= start))
    return db.execute(insert(voice_count).from_select([column.name for column in voice_count.c], counted)).rowcount


def counts(db: Connection, start: datetime, end: datetime) -> list[VoiceCount]:
    """The cells of the hours in `start <= t < end`, oldest first."""
    span = (voice_count.c.hour >= start) & (voice_count.c.hour < end)
    rows = db.execute(select(voice_count).where(span).order_by(voice_count.c.hour)).mappings()
    return [VoiceCount(**row) for row in rows]


def newest(db: Connection) -> datetime | None:
    """The last hour whose cover is known; None before the first look."""
    found: datetime | None = db.scalar(select(func.max(hour_cover.c.hour)))
    return found


def oldest_post(db: Connection) -> datetime | None:
    """The hour of the first post."""
    found: datetime | None = db.scalar(select(func.min(hour_count.c.hour)))
    return found


def write_cover(db: Connection, covers: Sequence[Cover]) -> None:
    """Notes how much of some hours was read."""
    for part in chunks(covers, 1000):
        db.execute(delete(hour_cover).where(hour_cover.c.hour.in_([one.hour for one in part])))
        db.execute(insert(hour_cover), [{"hour": c.hour, "share": c.share, "down": list(c.down)} for c in part])


def cover(db: Connection, start: datetime, end: datetime) -> list[Cover]:
    """How much of the hours in `start <= t < end` was read; hours without a note are left out."""
    span = (hour_cover.c.hour >= start) & (hour_cover.c.hour < end)
    rows = db.execute(select(hour_cover).where(span).order_by(hour_cover.c.hour)).mappings()
    return [Cover(hour=row["hour"], share=row["share"], down=tuple(row["down"])) for row in rows]


def weights(db: Connection, start: datetime, end: datetime) -> dict[str, int]:
    """Posts per source in `start <= t < end`."""
    span = (hour_count.c.hour >= start) & (hour_count.c.hour < end)
    rows = db.execute(
        select(hour_count.c.source, func.sum(hour_count.c.posts)).where(span).group_by(hour_count.c.source)
    )
    return {source: int(number) for source, number in rows}


def begun(db: Connection) -> dict[str, datetime]:
    """The hour of the first post of every source."""
    found = select(hour_count.c.source, func.min(hour_count.c.hour).label("hour")).group_by(hour_count.c.source)
    return {row.source: row.hour for row in db.execute(found)}


def read_times(db: Connection, sources: Sequence[str], start: datetime) -> Mapping[str, list[datetime]]:
    """When runs that ended without a failure began, per source that was ever crawled, oldest first."""
    ran = (crawl_run.c.source.in_(sources)) & crawl_run.c.ended_at.is_not(None)
    crawled = db.scalars(select(crawl_run.c.source).where(ran).distinct())
    found: dict[str, list[datetime]] = {source: [] for source in crawled}
    well = and_(ran, crawl_run.c.failure.is_(None), crawl_run.c.started_at >= start)
    for row in db.execute(select(crawl_run.c.source, crawl_run.c.started_at).where(well).order_by(crawl_run.c.id)):
        found[row.source].append(row.started_at)
    return found


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling of a text in an issue: whose, when, and which text it is or repeats."""

    post: int
    issue: str
    #: The post that was first with this text.
    family: int
    account: str
    at: datetime


def tellings(db: Connection, start: datetime) -> list[Telling]:
    """Signed posts since `start` of texts that more than one post of their issue has told, oldest first."""
    family = func.coalesce(issue_link.c.copy_of, issue_link.c.post)
    late = issue_link.c.published_at >= start
    repeated = select(issue_link.c.copy_of).where(late, issue_link.c.copy_of.is_not(None))
    wanted = (
        select(issue_link.c.post, issue_link.c.issue, family, post.c.author, issue_link.c.published_at)
        .join(post, post.c.id == issue_link.c.post)
        .where(late, post.c.author.is_not(None), family.in_(repeated))
        .order_by(issue_link.c.published_at, issue_link.c.post)
    )
    return [Telling(*row) for row in db.execute(wanted)]


def usual_voices(db: Connection, start: datetime, share: float = 0.95, least: int = 20) -> int | None:
    """Voices that `share` of the issues since `start` do not exceed; None where there are fewer than `least` issues."""
    known = (issue.c.last_at >= start) & (issue.c.merged_into.is_(None))
    total = db.scalar(select(func.count()).select_from(issue).where(known)) or 0
    if total < least:
        return None
    ranked = select(issue.c.accounts).where(known).order_by(issue.c.accounts)
    return int(db.scalar(ranked.offset(min(total - 1, int(share * total))).limit(1)) or 0)


def issue_times(db: Connection, issues: Sequence[str], start: datetime) -> dict[str, list[datetime]]:
    """When the voices of issues spoke since `start`; copies are left out."""
    found: dict[str, list[datetime]] = {}
    for part in chunks(issues):
        own = issue_link.c.issue.in_(part) & issue_link.c.copy_of.is_(None) & (issue_link.c.published_at >= start)
        for row in db.execute(select(issue_link.c.issue, issue_link.c.published_at).where(own)):
            found.setdefault(row.issue, []).append(row.published_at)
    return found
