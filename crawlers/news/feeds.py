"""Finds the articles a source lists: in an RSS or Atom feed, a sitemap or a listing page, told apart by content."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import feedparser
from lxml import etree

from crawlers.dates import read_time
from crawlers.news.extract import parse
from crawlers.news.listing import Candidate, Listing
from crawlers.news.urls import clean_url, same_site
from crawlers.web.unpacking import unpack
from tanggap.errors import PayloadError

#: First bytes that are searched for the root element.
HEAD = 4096

#: Anchor texts of at least this many characters are headlines, shorter ones navigation.
HEADLINE = 25

#: Paths that list, explain or sell, but are no article.
NO_ARTICLE = re.compile(
    r"/(tags?|topi[ck]s?|search|cari|indeks?|kategori|category|authors?|penulis|editor|login|register|about|tentang|"
    r"privacy|kebijakan-privasi|disclaimer|kontak|contact|redaksi|pedoman|karir|career|rss|feed|page|video|foto|"
    r"photo|galeri|live|infografis|podcast)(/|$)",
    re.IGNORECASE,
)

#: An article's address carries a number, a date or a slug of several words.
SLUG = re.compile(r"\d{5,}|/\d{4}/\d{1,2}/|(?:[a-z0-9]+-){3,}[a-z0-9]+", re.IGNORECASE)

EPOCH = datetime.fromtimestamp(0, UTC)


def read_listing(body: bytes, url: str, page: str, limit_bytes: int) -> Listing:
    """The articles listed in `body`, of which `page` is the decoded text.

    Raises:
        PayloadError: it is a feed or sitemap that cannot be read, or defines entities.
    """
    if body[:2] == b"\x1f\x8b":
        body = unpack("gzip", body, limit_bytes)
    head = body[:HEAD].lower()
    refuse_entities(body)
    if re.search(rb"<(\w+:)?(urlset|sitemapindex)[\s>]", head):
        return read_sitemap(body, url)
    if re.search(rb"<(rss|feed|rdf:rdf)[\s>]", head) and b"<html" not in head:
        return read_feed(body, url)
    return read_page(page, url)


def refuse_entities(body: bytes) -> None:
    """
    Raises:
        PayloadError: the document defines XML entities.
    """
    if b"<!entity" in body[: HEAD * 4].lower():
        raise PayloadError("it defines XML entities, which no feed needs")


def read_feed(body: bytes, url: str) -> Listing:
    """The entries of an RSS or Atom feed."""
    entries = feedparser.parse(io.BytesIO(body), sanitize_html=False).entries
    found = (
        Candidate(
            url=link,
            published_at=read_time(entry.get("published") or entry.get("updated")),
            updated_at=read_time(entry.get("updated")),
        )
        for entry in entries
        if (link := clean_url(entry.get("link", ""), url))
    )
    return Listing(kind="feed", candidates=newest_first(found))


def read_sitemap(body: bytes, url: str) -> Listing:
    """The entries of a sitemap, with news times where it has them, or the sitemaps of an index.

    Raises:
        PayloadError: it is broken XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise PayloadError(f"it is broken XML: {error}") from None
    if root is None:
        raise PayloadError("it is broken XML")
    found = (
        Candidate(
            url=link,
            published_at=read_time(child(entry, "publication_date") or child(entry, "lastmod")),
            updated_at=read_time(child(entry, "lastmod")),
        )
        for entry in root.iter("{*}url", "{*}sitemap")
        if (link := clean_url(child(entry, "loc"), url))
    )
    listed = newest_first(found)
    if etree.QName(root).localname == "sitemapindex":
        return Listing(kind="index", sitemaps=listed)
    return Listing(kind="sitemap", candidates=listed)


def child(entry: etree._Element, name: str) -> str:
    """The text of the first element called `name` inside `entry`, whatever its namespace."""
    return next((element.text or "" for element in entry.iter(f"{{*}}{name}")), "").strip()


def read_page(page: str, url: str) -> Listing:
    """Links of a listing page that lead to articles of the same site, in page order."""
    found: dict[str, Candidate] = {}
    for link, text in anchors(page):
        target = clean_url(link, url)
        if target and target != clean_url(url) and same_site(target, url) and is_article(target, text):
            found.setdefault(target, Candidate(url=target))
    return Listing(kind="page", candidates=tuple(found.values()))


def anchors(page: str) -> Iterator[tuple[str, str]]:
    """(address, text) of every link of a page."""
    for anchor in parse(page).iter("a"):
        if anchor.get("href"):
            yield anchor.get("href"), " ".join((anchor.text_content() or anchor.get("title") or "").split())


def is_article(url: str, text: str) -> bool:
    """Whether a link looks like one to an article: a headline for text, or a slug for address."""
    path = urlsplit(url).path
    if path in ("", "/") or NO_ARTICLE.search(path):
        return False
    return len(text) >= HEADLINE or bool(SLUG.search(path))


def newest_first(candidates: Iterator[Candidate]) -> tuple[Candidate, ...]:
    """Each address once, newest first; those without time keep their place behind the others."""
    once: dict[str, Candidate] = {}
    for candidate in candidates:
        once.setdefault(candidate.url, candidate)
    return tuple(sorted(once.values(), key=lambda c: c.published_at or EPOCH, reverse=True))
