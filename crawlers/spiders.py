"""The two spiders: one walks from a feed, sitemap or listing to its articles, one brings a single body back."""

from __future__ import annotations

import asyncio
import base64
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import FrameType
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from crawlers.charset import decode
from crawlers.extract import Article, extract, joined
from crawlers.feeds import Candidate, read_listing
from crawlers.job import Job
from crawlers.refusals import explain_failure
from crawlers.talk import Talk
from crawlers.urls import canonical
from tanggap.errors import PayloadError

#: Most sitemaps of one index that are opened in a run, newest first.
SITEMAPS = 5

#: Seconds one page may take to parse and extract.
EXTRACTION_S = 10.0


class TooSlow(BaseException):
    """Extraction took too long; no library may swallow it, so it is no Exception."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Ends the block after `seconds`; main thread only, as signals are.

    Raises:
        PayloadError: the time is up.
    """

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except TooSlow:
        raise PayloadError(f"it took longer than {seconds:.0f} s to read") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(slots=True)
class Reading:
    """An article while its parts come in."""

    asked: str
    hint: datetime | None
    first: Article
    texts: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class NewsSpider(Spider):
    """Listing -> known-URL check -> articles; each outcome is said to the parent as it happens."""

    name = "news"

    def __init__(self, job: Job, talk: Talk) -> None:
        super().__init__()
        self.job, self.talk = job, talk
        self.since = datetime.fromisoformat(job.since) if job.since else None
        self.left = job.limit

    async def start(self) -> AsyncIterator[Request]:
        """Asks for the source's address."""
        yield Request(self.job.address, self.listing, errback=self.no_listing, cb_kwargs={"depth": 0})

    async def listing(self, response: Response, depth: int) -> AsyncIterator[Request]:
        """Reads what the address lists and goes on to what the parent does not know."""
        try:
            with time_limit(EXTRACTION_S):
                page = decode(response.body, declared(response))
                listing = read_listing(response.body, response.url, page, self.job.max_page_bytes)
        except PayloadError as error:
            self.fault("layout", str(error), depth)
            return
        if not listing.candidates and not listing.sitemaps:
            empty = "layout" if listing.kind == "page" else "empty"
            self.fault(empty, f"the {listing.kind} at {response.url} lists no article", depth)
        for sitemap in listing.sitemaps[:SITEMAPS] if depth == 0 else ():
            yield Request(sitemap.url, self.listing, errback=self.no_listing, cb_kwargs={"depth": 1})
        for candidate in await self.wanted(listing.candidates):
            yield self.article_request(candidate)

    async def wanted(self, candidates: tuple[Candidate, ...]) -> list[Candidate]:
        """The candidates worth fetching: new to the parent, young enough, within the limit."""
        young = [c for c in candidates if not (self.since and c.published_at and c.published_at < self.since)]
        fresh = set(await asyncio.to_thread(self.talk.ask, [canonical(None, c.url) for c in young]))
        chosen = [c for c in young if canonical(None, c.url) in fresh][: self.left]
        self.left -= len(chosen)
        return chosen

    def article_request(self, candidate: Candidate) -> Request:
        """The request for one candidate."""
        kept = {"asked": canonical(None, candidate.url), "hint": candidate.published_at}
        return Request(candidate.url, self.article, errback=self.no_article, cb_kwargs=kept)

    def article(self, response: Response, asked: str, hint: datetime | None) -> Request | None:
        """Reads an article; says it, or goes on to its next part."""
        try:
            found = self.read(response, hint)
        except PayloadError as error:
            self.talk.say(note=f"{asked}: {error}.", asked=asked, final=True)
            return None
        return self.next_part(Reading(asked, hint, found, [found.text], list(found.parts)))

    def part(self, response: Response, reading: Reading) -> Request | None:
        """Adds one part; a whole (`?page=all`) takes the place of the first part it begins with."""
        try:
            reading.texts.append(self.read(response, reading.hint).text)
        except PayloadError as error:
            self.talk.say(note=f"{response.url}: {error}; the article is kept without this part.")
        return self.next_part(reading)

    def no_part(self, failure: Any) -> Request | None:
        """A part that cannot be had leaves the article with what there is."""
        reading: Reading = failure.request.cb_kwargs["reading"]
        self.talk.say(note=f"{failure.request.url}: {explain_failure(failure.value)[1]}; kept without this part.")
        return self.next_part(reading)

    def next_part(self, reading: Reading) -> Request | None:
        """The request for the next part, or the article said when there is none left."""
        if reading.left:
            url = reading.left.pop(0)
            return Request(url, self.part, errback=self.no_part, cb_kwargs={"reading": reading}, priority=1)
        first = reading.first
        assert first.published_at is not None
        self.talk.say(
            page={
                "asked": reading.asked,
                "url": first.url,
                "title": first.title,
                "text": joined(reading.texts),
                "author": first.author,
                "published_at": first.published_at.isoformat(),
            }
        )
        return None

    def read(self, response: Response, hint: datetime | None) -> Article:
        """The article of a response.

        Raises:
            PayloadError: it is none, or names no time.
        """
        kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").partition(";")[0].strip()
        if not kind.startswith("text/") and "xml" not in kind:
            raise PayloadError(f"it is {kind}, not a page")
        with time_limit(EXTRACTION_S):
            article = extract(decode(response.body, declared(response)), response.url, hint)
        if article.published_at is None:
            raise PayloadError("it names no time of publishing")
        return article

    def no_listing(self, failure: Any) -> None:
        """The source itself cannot be had; one sitemap of several is only a note."""
        kind, reason = explain_failure(failure.value)
        self.fault(kind, f"{failure.request.url}: {reason}", failure.request.cb_kwargs["depth"])

    def no_article(self, failure: Any) -> None:
        """One article cannot be had: a note; a page that is gone is not asked for again."""
        kind, reason = explain_failure(failure.value)
        asked = failure.request.cb_kwargs["asked"]
        self.talk.say(note=f"{asked}: {reason}.", asked=asked, final=kind == "layout")

    def fault(self, failure: str, reason: str, depth: int) -> None:
        """Says what is wrong with the source as a whole, or with one of its sitemaps."""
        if depth:
            self.talk.say(note=f"{reason}.")
        else:
            self.talk.say(fault=failure, reason=reason)


class FetchSpider(Spider):
    """Brings the body at one address back. robots.txt speaks to crawlers; this address was named by the operator."""

    name = "fetch"

    def __init__(self, job: Job, talk: Talk) -> None:
        super().__init__()
        self.job, self.talk = job, talk

    async def start(self) -> AsyncIterator[Request]:
        """Asks for the address."""
        yield Request(self.job.address, self.body, errback=self.nobody, meta={"robots": False})

    def body(self, response: Response) -> None:
        """Says the body."""
        self.talk.say(body=base64.b64encode(response.body).decode())

    def nobody(self, failure: Any) -> None:
        """Says why there is no body."""
        kind, reason = explain_failure(failure.value)
        self.talk.say(fault=kind, reason=f"{failure.request.url}: {reason}")


def declared(response: Response) -> str:
    """The charset the answer's header declares, "" where it declares none."""
    header = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    return header.partition("charset=")[2].split(";")[0].strip(" \"'")
