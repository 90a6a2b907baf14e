"""Posts and what the machine understood of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from tanggap.records.base import Record
from tanggap.records.issues import Status


class PostKind(StrEnum):
    """What a post is, whatever channel it came by."""

    POST = "post"
    NEWS = "news"
    REPORT = "report"


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
    #: Stored post it repeats, for news that another paper published first; set by the machine.
    copy_of: int | None = None
    #: Status a citizen report has at its own desk, in our words.
    status: Status | None = None
    #: Ticket number, category, follow-ups, unknown columns: kept as they came, masked.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_text(self) -> str:
        """Title and text as one."""
        return f"{self.title}\n{self.text}" if self.title else self.text


Sentiment = Literal["negative", "neutral", "positive"]
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "neutral", "positive")


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
    #: Code of a body, or name of a place -> sentiment of what is said of it, where the post speaks of several.
    toward: Mapping[str, Sentiment] = field(default_factory=dict)
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
class HourCount(Record):
    """One cell of the hourly rollup."""

    hour: datetime
    source: str
    topic: str
    area: str
    sentiment: str
    posts: int
