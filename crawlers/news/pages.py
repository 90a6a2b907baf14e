"""What the reading process is asked for. Only there are the parsers loaded, so each function loads its own."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from crawlers.news.charset import decode
from crawlers.news.listing import Headline, Listing, Part
from tanggap.errors import PayloadError


def listing(body: bytes, declared: str, url: str, limit: int) -> Listing:
    """What a feed, sitemap or listing page lists; `limit` is the most bytes a gzipped one may unpack to.

    Raises:
        PayloadError: it cannot be read.
    """
    from crawlers.news.feeds import read_listing

    return read_listing(body, url, decode(body, declared), limit)


def headlines(body: bytes, url: str) -> tuple[Headline, ...]:
    """What a news search lists.

    Raises:
        PayloadError: it is no feed.
    """
    from crawlers.news.headlines import read_headlines

    return read_headlines(body, url)


def article(body: bytes, declared: str, url: str, hint: datetime | None) -> Part:
    """The article of a page; `hint` is the time its feed gives it.

    Raises:
        PayloadError: it is none, or names no time.
    """
    from crawlers.news.extract import extract

    found = extract(decode(body, declared), url, hint)
    if found.published_at is None:
        raise PayloadError("it names no time of publishing")
    return Part(**asdict(found))


def whole(texts: list[str]) -> str:
    """The parts of a split article as one text."""
    from crawlers.news.extract import joined

    return joined(texts)
