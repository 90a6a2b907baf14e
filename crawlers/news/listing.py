"""What a source lists: articles, further sitemaps, or the headlines of a news search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that a source lists."""

    url: str
    published_at: datetime | None = None
    #: When its source says it was last changed.
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source lists: articles, newest first, or further sitemaps."""

    kind: Literal["feed", "sitemap", "index", "page"]
    candidates: tuple[Candidate, ...] = ()
    sitemaps: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One entry of a news search. Its address leads through the search engine and is never followed."""

    native_id: str
    title: str
    publisher: str
    url: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An article, or one part of a split one, as the reading process found it."""

    url: str
    title: str
    text: str
    author: str
    published_at: datetime | None
    #: Addresses of the other parts.
    parts: tuple[str, ...] = ()
