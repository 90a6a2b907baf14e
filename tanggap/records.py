"""The nouns of the product as frozen values; times are aware UTC and a naive one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Self

from tanggap.clock import aware

Sentiment = Literal["negative", "neutral", "positive"]
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "neutral", "positive")


class Record:
    """Base of all records: makes every time UTC on the way in and copies with changes on the way out."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for spec in fields(self):  # type: ignore[arg-type]
            value = getattr(self, spec.name)
            if isinstance(value, datetime):
                object.__setattr__(self, spec.name, aware(value))

    def evolve(self, **changes: Any) -> Self:
        """A copy with `changes`."""
        return replace(self, **changes)  # type: ignore[type-var]


class PostKind(StrEnum):
    """What a post is, whatever channel it came by."""

    POST = "post"
    NEWS = "news"
    REPORT = "report"


class SourceKind(StrEnum):
    """How a source is read."""

    NEWS = "news"
    X = "x"
    QLUE_A = "qlue-a"
    QLUE_B = "qlue-b"
    CSV = "csv"
    COUNTER = "counter"


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


class Role(StrEnum):
    """What a person may do; deny by default."""

    READER = "reader"
    ANALYST = "analyst"
    OFFICER = "officer"
    VERIFIER = "verifier"
    ADMIN = "admin"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """Where posts come from: one entry of sources.toml."""

    id: str
    kind: SourceKind
    title: str
    #: Feed, sitemap, listing page, endpoint or file; `{config}` stands for the configuration directory.
    address: str
    #: Search query for sources that take one (X).
    query: str = ""
    #: Terms under which the city may read it; for X also the reference of the agreement.
    licence: str = ""
    agreement: str = ""
    enabled: bool = True
    #: Seconds between two requests to one host.
    pace_s: float = 2.0
    #: Most items taken in one run.
    limit: int = 200
    expected_per_day: int = 0
    #: Column mapping of CSV sources: our field -> their column.
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """How far a post travelled, as its channel counts it."""

    likes: int = 0
    replies: int = 0
    reposts: int = 0
    views: int = 0

    @property
    def reach(self) -> int:
        """Views where the channel tells them, else a careful guess of ten views per reaction."""
        return self.views or 10 * (self.likes + self.replies + self.reposts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Record):
    """One public post, article or citizen report, already repaired and masked."""

    source: str
    #: Its identity at the source; (source, native_id) is unique.
    native_id: str
    text: str
    kind: PostKind = PostKind.POST
    #: Given by the store; None until stored.
    id: int | None = None
    title: str | None = None
    url: str | None = None
    published_at: datetime
    collected_at: datetime
    #: Keyed pseudonym, never a handle.
    author: str | None = None
    engagement: Engagement = Engagement()
    lat: float | None = None
    lon: float | None = None
    reply_to: str | None = None
    #: Status a citizen report has at its own desk, in our words.
    status: Status | None = None
    #: Ticket number, category, follow-ups, unknown columns: kept as they came, masked.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_text(self) -> str:
        """Title and text as one."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place named in a text: where it stands in the original and what it resolves to."""

    text: str
    start: int
    end: int
    #: provinsi, kota, kecamatan, kelurahan, landmark, road, outside
    level: str
    #: Kemendagri code of the area (of the kecamatan for landmarks); None for roads and outside.
    code: str | None
    name: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Record):
    """What the machine understood of one post. A field it will not decide is None and named in `abstained`."""

    model: str
    relevant: bool | None
    relevance: float | None
    sentiment: Sentiment | None
    sentiment_probs: Mapping[str, float] = field(default_factory=dict)
    topic: str | None
    topic_probs: Mapping[str, float] = field(default_factory=dict)
    complaint: bool | None
    urgency: int | None
    #: Probabilities of urgency 0, 1, 2, 3.
    urgency_probs: tuple[float, ...] = ()
    places: tuple[Place, ...] = ()
    agency: str | None = None
    language: str | None = None
    #: Task -> words in the writer's spelling that moved the decision, or why it abstained.
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    abstained: tuple[str, ...] = ()
    #: Normalised words and their stems, space separated: what full text search and grouping read.
    terms: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Record):
    """A post with its score: the unit that grouping, ranking and briefs work on."""

    post: Post
    score: Score


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
    #: Closed before and opened again, how often.
    reopened: int = 0
    posts: int = 0
    #: Independent voices: distinct authors after copies are folded.
    accounts: int = 0
    news: int = 0
    reach: int = 0
    negative: int = 0
    merged_into: str | None = None
    #: Rises with every change; an update with an old version is refused.
    version: int = 1


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRun(Record):
    """One crawl of one source, as it went."""

    id: int | None = None
    source: str
    started_at: datetime
    ended_at: datetime | None = None
    fetched: int = 0
    new: int = 0
    duplicate: int = 0
    failed: int = 0
    #: Opaque position to continue from; moves together with the posts.
    cursor: str = ""
    failure: str | None = None
    #: One sentence for people.
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Record):
    """A person who signs in."""

    name: str
    full_name: str
    roles: tuple[Role, ...]
    agency: str | None = None
    disabled: bool = False
    must_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry(Record):
    """One decision of a person or the machine, with before and after; append-only."""

    at: datetime
    by: str
    action: str
    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCount(Record):
    """One cell of the hourly rollup."""

    hour: datetime
    source: str
    topic: str
    area: str
    sentiment: str
    posts: int


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
    #: (source title, state in words, posts of the day)
    sources: tuple[tuple[str, str, int], ...] = ()
