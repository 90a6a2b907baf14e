"""What the sample city publishes: posts, articles and citizen reports, each with its time and the issue it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

WARTA = "warta-kota-contoh"
METRO = "metro-contoh"
SUARA = "suara-warga-contoh"
X = "x-contoh"
QLUE = "qlue-contoh"
JAKI = "jaki-contoh"
COUNTER = "loket-contoh"

#: Channel word of reports.jsonl -> source.
CHANNELS: Mapping[str, str] = {"qlue": QLUE, "jaki": JAKI, "loket": COUNTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueIssue:
    """One line of the truth list; hours are Jakarta time of the sample day."""

    slug: str
    topic: str
    place: str
    code: str
    start_h: float
    peak_h: float
    end_h: float
    #: X posts wanted, variants included.
    posts: int
    urgency: int
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One X post."""

    native_id: str
    text: str
    #: Handle without @.
    author: str
    at: datetime
    likes: int = 0
    reposts: int = 0
    replies: int = 0
    views: int = 0
    #: Slug of the true issue, None for background talk.
    issue: str | None
    #: The hand-written post it was made from, and the rule that made it.
    variant_of: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article on one of the three sites."""

    id: str
    site: str
    issue: str | None
    at: datetime
    title: str
    author: str
    paragraphs: tuple[str, ...]
    #: How many pages the site splits it over.
    pages: int = 1
    #: The page that answers late.
    slow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One step of the unit that works on a report; `status` is wait, process or complete."""

    at: datetime
    status: str
    note: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One citizen report, in whichever channel it came."""

    native_id: str
    source: str
    issue: str | None
    at: datetime
    text: str
    author: str
    #: Kemendagri code and name of the kelurahan.
    area: str
    area_name: str
    #: 0.0 and 0.0 when the phone gave no position.
    lat: float
    lon: float
    category: str
    follow_ups: tuple[FollowUp, ...] = ()
    variant_of: str | None = None
    rule: str | None = None

    def steps(self, now: datetime) -> tuple[FollowUp, ...]:
        """The follow-ups taken until `now`, oldest first."""
        return tuple(step for step in self.follow_ups if step.at <= now)

    def status(self, now: datetime) -> str:
        """wait, process or complete, as the channel shows it at `now`."""
        return next((step.status for step in reversed(self.steps(now))), "wait")
