"""Issues: one problem, one place, these days; their links, their reasons, their moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tanggap.records.base import Record


class Status(StrEnum):
    """State of an issue; labels, colours and allowed moves stand in config/workflow.toml."""

    DETECTED = "detected"
    WAITING = "waiting"
    COORDINATION = "coordination"
    DISPOSITION = "disposition"
    IN_PROCESS = "in_process"
    ANSWERED = "answered"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    DEFERRED = "deferred"
    REFERRED = "referred"
    DISMISSED = "dismissed"
    MERGED = "merged"


class Priority(StrEnum):
    """Priority class; P1 is kritis."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a priority: how many of the 100 points it gives and the evidence in words."""

    part: str
    points: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Record):
    """One problem, one place, these days."""

    #: ISU-YYYYMMDD-nnnn, stable for good.
    id: str
    title: str
    topic: str
    status: Status = Status.DETECTED
    priority: Priority = Priority.P4
    #: The most urgent class since it was opened or reopened; its clocks run by it.
    highest: Priority = Priority.P4
    #: 0-100
    score: int = 0
    reasons: tuple[Reason, ...] = ()
    #: Area codes, most named first.
    areas: tuple[str, ...] = ()
    #: The place in words, for titles and lists.
    place: str = ""
    agency: str | None = None
    #: Username of the person who holds it.
    holder: str | None = None
    #: First and last public post.
    first_at: datetime
    last_at: datetime
    detected_at: datetime
    #: When the present state began.
    status_at: datetime
    #: When the first public answer went out.
    answered_at: datetime | None = None
    #: Closed before and opened again, how often, and when last.
    reopened: int = 0
    reopened_at: datetime | None = None
    #: Seconds for which the work had been followed up when it was deferred; 0 for work that begins anew.
    followed_s: int = 0
    posts: int = 0
    #: Independent voices: distinct authors after copies are folded.
    accounts: int = 0
    news: int = 0
    reach: int = 0
    negative: int = 0
    merged_into: str | None = None
    #: Rises with every change; an update with an old version is refused.
    version: int = 1

    def __post_init__(self) -> None:
        super(Issue, self).__post_init__()  # a class with slots is made twice; the short form would name the first
        object.__setattr__(self, "highest", min(self.highest, self.priority))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """A post's membership of an issue."""

    post: int
    issue: str
    similarity: float
    #: Stored post it is a copy of, if it is one.
    copy_of: int | None = None
    #: Near the threshold: shown as "perlu dicek".
    suggested: bool = False
    by: str = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange(Record):
    """One move of an issue; append-only."""

    issue: str
    at: datetime
    by: str
    before: Status | None
    after: Status
    note: str = ""
