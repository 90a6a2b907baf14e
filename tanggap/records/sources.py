"""Sources and the crawls of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tanggap.records.base import Record

#: What X asks for one post read, in dollars, where no other price was agreed (pay-per-use, 2026).
X_PRICE_USD = 0.005


class SourceKind(StrEnum):
    """How a source is read."""

    NEWS = "news"
    #: Headlines of a search engine, held against what our own sources brought; none becomes a post.
    DISCOVERY = "discovery"
    X = "x"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    YOUTUBE = "youtube"
    TELEGRAM = "telegram"
    QLUE_A = "qlue-a"
    QLUE_B = "qlue-b"
    COGNICITY = "cognicity"
    OPEN311 = "open311"
    CSV = "csv"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """Where posts come from: one entry of sources.toml, or one added to the store."""

    id: str
    kind: SourceKind
    title: str
    #: Feed, sitemap, listing page, endpoint or file; `{config}` stands for the configuration directory.
    address: str
    #: What is searched or listened for, in the words of the network.
    query: str = ""
    #: Code of the area the source speaks of, "" for the whole city.
    area: str = ""
    #: Words a post must not hold to be kept: protests and persons are out of scope on some networks.
    topic_guard: tuple[str, ...] = ()
    #: Terms under which the city may read it; for X also the reference of the agreement.
    licence: str = ""
    agreement: str = ""
    enabled: bool = True
    #: Seconds between two requests to one host.
    pace_s: float = 2.0
    #: Most items taken in one run.
    limit: int = 200
    expected_per_day: int = 0
    #: When it is crawled: cron in Jakarta time, "" for never by itself.
    schedule: str = ""
    #: What one item costs, and the most items and dollars of a UTC day; 0 is without limit (of the price: the usual).
    price_usd: float = 0.0
    budget_items: int = 0
    budget_usd: float = 0.0
    #: Days after collecting that texts are kept, 0 for as long as tanggap.toml says.
    retention_days: int = 0
    #: A live run of ours has seen the address answer.
    verified: bool = False
    #: Column mapping of CSV sources: our field -> their column.
    columns: Mapping[str, str] = field(default_factory=dict)
    #: `text` shows masked texts of its posts, `link` our labels and a link only; "" is what its network asks for.
    display: str = ""

    @property
    def shows_text(self) -> bool:
        """Whether screens and briefs may show its texts; X forbids altered ones, and masking alters."""
        return (self.display or ("link" if self.kind is SourceKind.X else "text")) == "text"

    @property
    def price(self) -> float:
        """Dollars of one item; an X source without a price of its own pays the usual one."""
        return self.price_usd or (X_PRICE_USD if self.kind is SourceKind.X else 0.0)


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
    #: Known posts that came with another text.
    changed: int = 0
    failed: int = 0
    #: Posts taken out because their source deleted them.
    removed: int = 0
    #: Why items were refused -> how many.
    refused: Mapping[str, int] = field(default_factory=dict)
    cost_usd: float = 0.0
    #: Opaque position to continue from; moves together with the posts.
    cursor: str = ""
    failure: str | None = None
    #: One sentence for people.
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Record):
    """A headline that a news search shows; its article is never fetched through the search."""

    source: str
    #: Its identity at the search; (source, native_id) is unique.
    native_id: str
    #: Without the name of the publisher.
    title: str
    publisher: str
    url: str
    published_at: datetime
