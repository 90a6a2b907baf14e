"""Issues: the queue, the posts each one lives on, and the history of its states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping, and_, case, func, insert, or_, select

from tanggap.clock import hour_of
from tanggap.errors import ConflictError, StoreError
from tanggap.records import Issue, Link, Priority, Reading, Reason, Status, StatusChange
from tanggap.store import scores
from tanggap.store.desk_tables import fixed_place
from tanggap.store.dialects import chunks, upsert
from tanggap.store.tables import issue, issue_link, issue_number, post, score, status_change
from tanggap.text import fold

#: States in which nobody has to do anything any more.
CLOSED = (Status.RESOLVED, Status.DISMISSED, Status.MERGED)

MOST_URGENT = (issue.c.score.desc(), issue.c.last_at.desc(), issue.c.id)
#: Columns of an issue that hold its value as it is.
PLAIN = tuple(
    name for name in Issue.__slots__ if name not in ("status", "priority", "highest", "reasons", "areas", "version")
)
#: Columns that only people and moves change.
DECIDED = (
    "id", "status", "status_at", "holder", "answered_at", "reopened", "reopened_at", "followed_s", "merged_into",
    "detected_at", "version",
)  # fmt: skip
LINK = tuple(issue_link.c[name] for name in Link.__slots__)
CHANGE = tuple(status_change.c[name] for name in StatusChange.__slots__)


def next_id(db: Connection, day: date) -> str:
    """A new id, ISU-YYYYMMDD-nnnn; every call gives another one, also to two writers at a time."""
    prefix = f"ISU-{day:%Y%m%d}-"
    numbers = db.scalars(select(issue.c.id).where(issue.c.id.startswith(prefix, autoescape=True)))
    seen = max((int(key[len(prefix) :]) for key in numbers if key[len(prefix) :].isdecimal()), default=0)
    statement = upsert(db, issue_number).values(day=day, last=seen + 1)
    last = case((issue_number.c.last > seen, issue_number.c.last), else_=seen)
    number = db.execute(
        statement.on_conflict_do_update(index_elements=["day"], set_={"last": last + 1}).returning(issue_number.c.last)
    ).scalar_one()
    return f"{prefix}{number:04d}"


def add(db: Connection, item: Issue) -> None:
    """Stores a new issue."""
    db.execute(insert(issue).values(row_from(item)))


def update(db: Connection, item: Issue) -> Issue:
    """Writes an issue that was read at `item.version`; gives it back with the next version.

    Raises:
        ConflictError: somebody changed it since, or it is gone.
    """
    values = {**row_from(item), "version": item.version + 1}
    same = (issue.c.id == item.id) & (issue.c.version == item.version)
    if db.execute(sa.update(issue).where(same).values(values)).rowcount != 1:
        raise ConflictError(f"{item.id} was changed by somebody else; look at it again and repeat your change.")
    if item.merged_into is not None:
        hand_on_class(db, item)
    return item.evolve(version=item.version + 1)


def hand_on_class(db: Connection, item: Issue) -> None:
    """Lets the clocks of an issue run on in the one it was merged into, though its class is lower."""
    lower = (issue.c.id == item.merged_into) & (issue.c.highest > item.highest.value)
    db.execute(sa.update(issue).where(lower).values(highest=item.highest.value))


def refresh(db: Connection, item: Issue) -> None:
    """Writes what the machine found of an issue; what people decide (status, holder, version) stays as it is.

    Raises:
        ConflictError: somebody changed it since it was read.
    """
    values = {name: value for name, value in row_from(item).items() if name not in DECIDED}
    if fixed_area(db, item.id):
        values = {name: value for name, value in values.items() if name not in ("areas", "place", "terms")}
    highest = item.highest.value
    values["highest"] = case((issue.c.highest < highest, issue.c.highest), else_=highest)
    same = (issue.c.id == item.id) & (issue.c.version == item.version)
    if db.execute(sa.update(issue).where(same).values(values)).rowcount != 1:
        raise ConflictError(f"{item.id} was changed by somebody else; look at it again.")


def fix_place(db: Connection, issue_id: str, area: str) -> None:
    """Remembers that a person said where an issue is; `refresh` leaves that alone."""
    statement = upsert(db, fixed_place).values(issue=issue_id, area=area)
    db.execute(statement.on_conflict_do_update(index_elements=["issue"], set_={"area": area}))


def fixed_area(db: Connection, issue_id: str) -> str | None:
    """The area a person gave an issue."""
    return db.scalar(select(fixed_place.c.area).where(fixed_place.c.issue == issue_id))


def get(db: Connection, issue_id: str) -> Issue | None:
    """The issue with this id, or the one it was merged into in the end."""
    passed: set[str] = set()
    found: Issue | None = None
    key: str | None = issue_id
    while key is not None and key not in passed:
        passed.add(key)
        row = db.execute(select(issue).where(issue.c.id == key)).mappings().one_or_none()
        if row is None:
            break
        found = from_row(row)
        key = found.merged_into
    return found


def exact(db: Connection, issue_id: str) -> Issue:
    """The issue of this id itself, also where it lives on in another.

    Raises:
        StoreError: there never was one.
    """
    for row in _rows_of(db, [issue_id]):
        return from_row(row)
    raise StoreError(f"There is no issue {issue_id}.")


def open_issues(db: Connection) -> list[Issue]:
    """Issues that still need somebody, the most urgent first."""
    query = select(issue).where(issue.c.status.not_in([state.value for state in CLOSED]))
    return [from_row(row) for row in db.execute(query.order_by(*MOST_URGENT)).mappings()]


def queue(
    db: Connection,
    *,
    status: Sequence[Status] | None = None,
    topic: str | None = None,
    area: str | None = None,
    words: str = "",
    since: datetime | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[Issue]:
    """Issues that fit every filter given, the most urgent first; without filters all, closed ones too.

    `area` is a Kemendagri code and stands for everything inside it; `words` are parts of title, place or id;
    `since` leaves out those whose state is older.
    """
    query = select(issue)
    if status is not None:
        query = query.where(issue.c.status.in_([state.value for state in status]))
    if topic is not None:
        query = query.where(issue.c.topic == topic)
    if since is not None:
        query = query.where(issue.c.status_at >= since)
    if area is not None:
        within = [issue.c.areas.contains(f" {area}{end}", autoescape=True) for end in (" ", ".")]
        query = query.where(or_(*within))
    query = query.where(and_(True, *(issue.c.terms.contains(word) for word in fold(words).split())))
    rows = db.execute(query.order_by(*MOST_URGENT).limit(limit).offset(offset)).mappings()
    return [from_row(row) for row in rows]


def link(db: Connection, links: Sequence[Link]) -> None:
    """Makes posts members of issues; a post that is in another issue moves.

    Raises:
        StoreError: a post does not exist.
    """
    for part in chunks(list({item.post: item for item in links}.values())):
        dates = select(post.c.id, post.c.published_at, post.c.hour).where(post.c.id.in_([item.post for item in part]))
        times = {row.id: {"published_at": row.published_at, "hour": row.hour} for row in db.execute(dates)}
        if missing := [item.post for item in part if item.post not in times]:
            raise StoreError(f"There is no post {missing[0]} to link; it was erased, or never stored.")
        statement = upsert(db, issue_link)
        changes = {column.name: statement.excluded[column.name] for column in issue_link.c if column.name != "post"}
        rows = [{**asdict(item), **times[item.post]} for item in part]
        db.execute(statement.on_conflict_do_update(index_elements=["post"], set_=changes), rows)


def links(db: Connection, start: datetime) -> list[Link]:
    """Links of posts published since `start`, oldest post first."""
    query = select(*LINK).where(issue_link.c.published_at >= start)
    rows = db.execute(query.order_by(issue_link.c.published_at, issue_link.c.post)).mappings()
    return [Link(**row) for row in rows]


def links_of(db: Connection, *issue_ids: str) -> list[Link]:
    """All links of some issues, oldest post first."""
    query = select(*LINK).where(issue_link.c.issue.in_(issue_ids))
    rows = db.execute(query.order_by(issue_link.c.published_at, issue_link.c.post)).mappings()
    return [Link(**row) for row in rows]


def link_of(db: Connection, post_id: int) -> Link | None:
    """Where a post belongs, if anywhere."""
    row = db.execute(select(*LINK).where(issue_link.c.post == post_id)).mappings().one_or_none()
    return None if row is None else Link(**row)


def stored(db: Connection, posts: Sequence[int]) -> list[int]:
    """Those of the posts that are still there, in their order."""
    kept = {key for part in chunks(posts) for key in db.scalars(select(post.c.id).where(post.c.id.in_(part)))}
    return [key for key in posts if key in kept]


def unlink(db: Connection, posts: Sequence[int]) -> None:
    """Takes posts out of their issues."""
    for part in chunks(posts):
        db.execute(sa.delete(issue_link).where(issue_link.c.post.in_(part)))


def living(db: Connection, ids: Iterable[str]) -> dict[str, Issue]:
    """For each id the issue it lives on in, through any chain of merges; ids that never were are left out."""
    asked = set(ids)
    found: dict[str, Issue] = {}
    fresh = set(asked)
    while fresh:
        rows = [row for part in chunks(sorted(fresh)) for row in _rows_of(db, part)]
        found |= {item.id: item for item in map(from_row, rows)}
        fresh = {item.merged_into for item in found.values() if item.merged_into} - found.keys() - fresh
    return {name: _last(found, name) for name in asked if name in found}


def _rows_of(db: Connection, ids: Sequence[str]) -> Sequence[RowMapping]:
    return db.execute(select(issue).where(issue.c.id.in_(ids))).mappings().all()


def _last(found: Mapping[str, Issue], name: str) -> Issue:
    """The end of a chain of merges; issues merged in a circle end somewhere."""
    passed = {name}
    item = found[name]
    while (after := item.merged_into) is not None and after in found and after not in passed:
        passed.add(after)
        item = found[after]
    return item


def membership(db: Connection) -> dict[tuple[str, str], str | None]:
    """Every stored post as (source, native id), with the issue it belongs to or None."""
    query = select(post.c.source, post.c.native_id, issue_link.c.issue).outerjoin(
        issue_link, issue_link.c.post == post.c.id
    )
    return {(row.source, row.native_id): row.issue for row in db.execute(query)}


def members(
    db: Connection, issue_id: str, *, limit: int = 100, posts: Collection[int] | None = None
) -> list[tuple[Link, Reading]]:
    """The scored posts of an issue with their links, newest first; with `posts` only those of them."""
    query = select(issue_link, post, score).join(post, post.c.id == issue_link.c.post).join(score, scores.current())
    newest = (issue_link.c.published_at.desc(), issue_link.c.post.desc())
    query = query.where(issue_link.c.issue == issue_id)
    if posts is not None:
        query = query.where(issue_link.c.post.in_(posts))
    rows = db.execute(query.order_by(*newest).limit(limit)).mappings()
    return [(Link(**{column.name: row[column] for column in LINK}), scores.reading_from(row)) for row in rows]


def open_members(db: Connection, before: datetime) -> list[tuple[Link, Reading]]:
    """The scored posts of open issues that were published before a moment, oldest first."""
    query = select(issue_link, post, score).join(post, post.c.id == issue_link.c.post).join(score, scores.current())
    alive = issue.c.status.not_in([state.value for state in CLOSED])
    query = query.join(issue, issue.c.id == issue_link.c.issue).where(alive, issue_link.c.published_at < before)
    rows = db.execute(query.order_by(issue_link.c.published_at, issue_link.c.post)).mappings()
    return [(Link(**{column.name: row[column] for column in LINK}), scores.reading_from(row)) for row in rows]


def chosen_members(db: Connection, start: datetime) -> list[Reading]:
    """The scored posts since a moment that a person, not the machine, put into their issues."""
    query = select(post, score).join(issue_link, post.c.id == issue_link.c.post).join(score, scores.current())
    chosen = (issue_link.c.published_at >= start) & (issue_link.c.by != "machine")
    return [scores.reading_from(row) for row in db.execute(query.where(chosen)).mappings()]


def hourly(db: Connection, issue_ids: Sequence[str], end: datetime, hours: int = 24) -> dict[str, list[int]]:
    """Posts of issues in each of the `hours` whole hours up to the one that `end` closes or cuts, oldest first."""
    last = hour_of(end - timedelta(microseconds=1))
    slots = {last - timedelta(hours=hours - 1 - slot): slot for slot in range(hours)}
    counts = {key: [0] * hours for key in issue_ids}
    span = (issue_link.c.published_at >= min(slots)) & (issue_link.c.published_at < end)
    for part in chunks(list(counts)):
        query = select(issue_link.c.issue, issue_link.c.hour, func.count()).where(issue_link.c.issue.in_(part), span)
        for key, hour, number in db.execute(query.group_by(issue_link.c.issue, issue_link.c.hour)):
            counts[key][slots[hour]] = number
    return counts


def revision(db: Connection) -> int:
    """A number that grows with every issue, act and post; screens ask it what they missed."""
    return int(db.scalar(select(func.coalesce(func.sum(issue.c.version + issue.c.posts), 0))) or 0)


def add_change(db: Connection, change: StatusChange) -> None:
    """Writes one move into the history of its issue."""
    before = change.before.value if change.before else None
    row = {**asdict(change), "before": before, "after": change.after.value}
    db.execute(insert(status_change).values(row))


def history(db: Connection, issue_id: str) -> list[StatusChange]:
    """The moves of an issue, oldest first."""
    query = select(*CHANGE).where(status_change.c.issue == issue_id).order_by(status_change.c.at, status_change.c.id)
    return [
        StatusChange(
            **{**row, "before": Status(row["before"]) if row["before"] else None, "after": Status(row["after"])}
        )
        for row in db.execute(query).mappings()
    ]


def row_from(item: Issue) -> dict[str, Any]:
    """An issue on its way into the table."""
    return {
        **{name: getattr(item, name) for name in PLAIN},
        "status": item.status.value,
        "priority": item.priority.value,
        "highest": item.highest.value,
        "reasons": [asdict(reason) for reason in item.reasons],
        "areas": "".join(f" {code}" for code in item.areas) + " ",
        "version": item.version,
        "terms": fold(f"{item.title} {item.place} {item.id}"),
    }


def from_row(row: RowMapping) -> Issue:
    """An issue as the table keeps it."""
    return Issue(
        **{name: row[issue.c[name]] for name in PLAIN},
        status=Status(row[issue.c.status]),
        priority=Priority(row[issue.c.priority]),
        highest=Priority(row[issue.c.highest]),
        reasons=tuple(Reason(**reason) for reason in row[issue.c.reasons]),
        areas=tuple(row[issue.c.areas].split()),
        version=row[issue.c.version],
    )
