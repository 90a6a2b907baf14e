"""The headlines a news search lists: title and publisher apart, as Google News writes them into its feeds."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import feedparser

from crawlers.dates import read_time
from crawlers.news.feeds import refuse_entities
from crawlers.news.listing import Headline
from crawlers.news.urls import clean_url
from tanggap.errors import PayloadError


def read_headlines(body: bytes, url: str) -> tuple[Headline, ...]:
    """The headlines of a search feed, as it orders them; entries without title, address or time are left out.

    Raises:
        PayloadError: it is no feed.
    """
    refuse_entities(body)
    feed = feedparser.parse(io.BytesIO(body), sanitize_html=False)
    if not feed.get("version"):
        raise PayloadError("it is no feed")
    return tuple(headline for entry in feed.entries if (headline := read_entry(entry, url)))


def read_entry(entry: feedparser.FeedParserDict, base: str) -> Headline | None:
    """One entry; None where something is missing."""
    link = clean_url(entry.get("link", ""), base)
    moment = read_time(entry.get("published") or entry.get("updated"))
    told = entry.get("source") or {}
    publisher = " ".join(told.get("title", "").split())
    title = without_publisher(" ".join(entry.get("title", "").split()), publisher)
    if not (link and moment and title):
        return None
    home = urlsplit(told.get("href", "")).hostname or ""
    return Headline(
        native_id=entry.get("id") or link,
        title=title,
        publisher=publisher or home or (urlsplit(link).hostname or ""),
        url=link,
        published_at=moment,
    )


def without_publisher(title: str, publisher: str) -> str:
    """`Banjir surut - Koran Uji` without its publisher; without a named one, the last part is taken for it."""
    head, dash, tail = title.rpartition(" - ")
    if dash and (tail == publisher or (not publisher and len(tail) < 40)):
        return head
    return title
