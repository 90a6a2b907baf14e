"""What was heard from each area: voices by kelurahan, kecamatan or kota, and the posts that a number counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from tanggap.records import PostKind
from tanggap.store.tables import issue_link, post

#: The smallest area a post names.
SPOT = case((post.c.kelurahan != "", post.c.kelurahan), else_=post.c.area)
#: Whose voices count: news are none.
VOICES = (PostKind.POST, PostKind.REPORT)


@dataclass(frozen=True, slots=True)
class AreaVoices:
    """What was heard from an area, not from those within it: posts that are no copies, and reports."""

    area: str
    posts: int
    reports: int


def area_voices(db: Connection, start: datetime, end: datetime) -> list[AreaVoices]:
    """Voices per smallest area named in `start <= t < end`; news and posts without a place are left out."""
    kinds = [func.sum(case((post.c.kind == kind.value, 1), else_=0)) for kind in VOICES]
    counted = (
        select(SPOT, *kinds)
        .outerjoin(issue_link, issue_link.c.post == post.c.id)
        .where(post.c.area != "", _own(start, end))
        .group_by(SPOT)
    )
    return [AreaVoices(area, int(posts), int(reports)) for area, posts, reports in db.execute(counted)]


def posts_of(
    db: Connection, area: str, kinds: Collection[PostKind], start: datetime, end: datetime, limit: int
) -> list[int]:
    """The numbers of the posts that `area_voices` counts for an area and those within it, newest first."""
    within = func.substr(SPOT, 1, len(area)) == area
    wanted = (
        select(post.c.id)
        .outerjoin(issue_link, issue_link.c.post == post.c.id)
        .where(within, post.c.kind.in_([kind.value for kind in kinds]), _own(start, end))
        .order_by(post.c.published_at.desc(), post.c.id.desc())
    )
    return list(db.scalars(wanted.limit(limit)))


def _own(start: datetime, end: datetime) -> ColumnElement[bool]:
    """Posts of a span that are no copies of another."""
    span = (post.c.hour >= start) & (post.c.hour < end)
    return and_(span, post.c.copy_of.is_(None), issue_link.c.copy_of.is_(None))
