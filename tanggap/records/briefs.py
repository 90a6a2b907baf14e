"""The daily brief as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tanggap.records.base import Record
from tanggap.records.issues import Priority, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefItem(Record):
    """One issue as the brief shows it."""

    issue: str
    title: str
    place: str
    topic: str
    priority: Priority
    score: int
    status: Status
    why: tuple[str, ...]
    agency: str
    holder: str | None
    #: When the first public answer is due.
    due_at: datetime | None
    posts: int
    accounts: int
    news: int
    quote: str
    quote_source: str
    #: Stored post that is quoted, so that the quote goes when the post goes.
    quote_post: int | None = None
    #: When the first post spoke of it.
    since: datetime | None = None
    #: (name of a count in the address of the issue page, how many): who speaks where, and who asks for something.
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief(Record):
    """The daily brief of one city day; saved whole, so it can be read again as it was."""

    day: date
    edition: int
    made_at: datetime
    #: One sentence on top.
    lead: str
    items: tuple[BriefItem, ...]
    #: Posts per Jakarta hour, 24 numbers, and how many of them were negative.
    hourly: tuple[int, ...]
    hourly_negative: tuple[int, ...]
    totals: Mapping[str, int] = field(default_factory=dict)
    #: Named changes against the day before, in words.
    changes: tuple[str, ...] = ()
    #: Public answers of the day and what the posts did afterwards, in words.
    answers: tuple[str, ...] = ()
    #: Promises that are broken or due soon, in words.
    promises: tuple[str, ...] = ()
    #: (source title, state in words, posts of the day)
    sources: tuple[tuple[str, str, int], ...] = ()
