"""The spiders: from a feed, sitemap or listing to its articles; the headlines of a search; one single body."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from crawlers.news import pages
from crawlers.news.listing import Candidate, Part
from crawlers.news.reading import Reader
from crawlers.news.urls import canonical
from crawlers.web.job import Job, conditions
from crawlers.web.refusals import Told, explain
from crawlers.web.talk import Talk
from tanggap.errors import PayloadError, RefusalKind

#: Most sitemaps of one index that are opened in a run, newest first.
SITEMAPS = 5

#: Longest ETag or Last-Modified that is kept.
VALIDATOR_CHARS = 200

#: Lets a 304 through to us; only where we sent validators does one mean anything.
UNCHANGED = {"handle_httpstatus_list": [304]}


@dataclass(slots=True)
class Reading:
    """An article while its parts come in."""

    asked: str
    first: Part
    validators: tuple[str, str]
    again: bool
    texts: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class TalkingSpider(Spider):
    """A spider with a job; each outcome is said to the parent as it happens."""

    def __init__(self, job: Job, talk: Talk, reader: Reader) -> None:
        super().__init__()
        self.job, self.talk, self.reader = job, talk, reader

    def lost(self, failure: Any) -> None:
        """The source itself cannot be had."""
        self.fault(explain(failure.value), failure.request.url)

    def fault(self, told: Told, url: str) -> None:
        """Says what is wrong with the source as a whole."""
        until = told.until.isoformat() if told.until else ""
        self.talk.say("fault", failure=told.failure, reason=f"{url}: {told.reason}", until=until)

    def unreadable(self, error: PayloadError, url: str) -> None:
        """The answer of the source itself cannot be read."""
        self.fault(Told("layout", "layout", str(error)), url)


class NewsSpider(TalkingSpider):
    """Listing -> what the parent does not know yet -> articles."""

    name = "news"

    def __init__(self, job: Job, talk: Talk, reader: Reader) -> None:
        super().__init__(job, talk, reader)
        self.since = datetime.fromisoformat(job.since) if job.since else None
        self.left = job.limit

    async def start(self) -> AsyncIterator[Request]:
        """Asks for the source's address."""
        yield self.listing_request(self.job.address, 0)

    def listing_request(self, url: str, depth: int) -> Request:
        """The request for a listing, on condition that it changed."""
        headers = self.job.conditions(url)
        kept = {"asked": url, "depth": depth}
        meta = UNCHANGED if headers else None
        return Request(url, self.listing, errback=self.no_listing, cb_kwargs=kept, headers=headers, meta=meta)

    async def listing(self, response: Response, asked: str, depth: int) -> AsyncIterator[Request]:
        """Reads what the address lists and goes on to what the parent does not know."""
        if response.status == 304:
            for request in await self.choose(asked, ("", ""), (), same=True):
                yield request
            return
        try:
            limit = self.job.max_page_bytes
            found = await self.reader.read(pages.listing, response.body, declared(response), response.url, limit)
        except PayloadError as error:
            self.no_good(Told("layout", "layout", str(error)), asked, depth)
            return
        if not found.candidates and not found.sitemaps:
            empty = Told("layout", "layout" if found.kind == "page" else "empty", f"the {found.kind} lists no article")
            self.no_good(empty, asked, depth)
        for sitemap in found.sitemaps[:SITEMAPS] if depth == 0 else ():
            yield self.listing_request(sitemap.url, 1)
        # An index may stay as it is while its sitemaps change, so it is always asked for in full.
        if found.candidates:
            for request in await self.choose(asked, validators(response), found.candidates):
                yield request

    async def choose(
        self, listing: str, marks: tuple[str, str], candidates: tuple[Candidate, ...], *, same: bool = False
    ) -> list[Request]:
        """Requests for the candidates worth fetching: new to the parent, young enough, within the limit."""
        young = [c for c in candidates if not (self.since and c.published_at and c.published_at < self.since)]
        named = {canonical(None, c.url): c for c in reversed(young)}
        articles = [[url, c.updated_at.isoformat() if c.updated_at else ""] for url, c in reversed(named.items())]
        whole = len(young) == len(candidates)
        answer = await self.talk.ask(
            "ask", listing=listing, etag=marks[0], modified=marks[1], whole=whole, same=same, articles=articles
        )
        chosen = answer["wanted"][: self.left]
        self.left -= len(chosen)
        fresh = [self.article_request(named[url].url, url, named[url].published_at) for url in chosen]
        return fresh + [self.again_request(**old) for old in answer["again"]]

    def article_request(self, url: str, asked: str, hint: datetime | None) -> Request:
        """The request for a new article."""
        kept = {"asked": asked, "hint": hint, "again": False}
        return Request(url, self.article, errback=self.no_article, cb_kwargs=kept)

    def again_request(self, url: str, etag: str, modified: str) -> Request:
        """The request for an article that is stored already and may have been edited."""
        kept = {"asked": url, "hint": None, "again": True}
        headers = conditions(etag, modified)
        meta = UNCHANGED if headers else None
        return Request(url, self.article, errback=self.no_article, cb_kwargs=kept, headers=headers, meta=meta)

    async def article(self, response: Response, asked: str, hint: datetime | None, again: bool) -> Request | None:
        """Reads an article; says it, or goes on to its next part."""
        if response.status == 304:
            return None
        try:
            found = await self.read(response, hint)
        except PayloadError as error:
            self.say_note(Told(fault_kind(response), "layout", str(error), final=True), asked, again=again)
            return None
        reading = Reading(asked, found, validators(response), again, [found.text], list(found.parts))
        return await self.next_part(reading)

    async def part(self, response: Response, reading: Reading) -> Request | None:
        """Adds one part; a whole (`?page=all`) takes the place of the first part it begins with."""
        try:
            reading.texts.append((await self.read(response, reading.first.published_at)).text)
        except PayloadError as error:
            self.talk.say("note", told=f"{response.url}: {error}; the article is kept without this part.")
        return await self.next_part(reading)

    async def no_part(self, failure: Any) -> Request | None:
        """A part that cannot be had leaves the article with what there is."""
        reading: Reading = failure.request.cb_kwargs["reading"]
        told = f"{failure.request.url}: {explain(failure.value).reason}; kept without this part."
        self.talk.say("note", told=told)
        return await self.next_part(reading)

    async def next_part(self, reading: Reading) -> Request | None:
        """The request for the next part, or the article said when there is none left."""
        if reading.left:
            url = reading.left.pop(0)
            return Request(url, self.part, errback=self.no_part, cb_kwargs={"reading": reading}, priority=1)
        first, texts = reading.first, reading.texts
        assert first.published_at is not None
        self.talk.say(
            "page",
            asked=reading.asked,
            again=reading.again,
            url=first.url,
            title=first.title,
            text=await self.reader.read(pages.whole, texts) if len(texts) > 1 else texts[0],
            author=first.author,
            published_at=first.published_at.isoformat(),
            etag=reading.validators[0],
            modified=reading.validators[1],
        )
        return None

    async def read(self, response: Response, hint: datetime | None) -> Part:
        """The article of a response.

        Raises:
            PayloadError: it is none, or names no time.
        """
        if not is_page(response):
            raise PayloadError(f"it is {kind_of(response)}, not a page")
        return await self.reader.read(pages.article, response.body, declared(response), response.url, hint)

    def no_listing(self, failure: Any) -> None:
        """A listing cannot be had."""
        self.no_good(explain(failure.value), failure.request.url, failure.request.cb_kwargs["depth"])

    def no_good(self, told: Told, url: str, depth: int) -> None:
        """The source's own listing failed; one sitemap of several is only a note."""
        if depth:
            self.talk.say("note", told=f"{url}: {told.reason}.")
        else:
            self.fault(told, url)

    def no_article(self, failure: Any) -> None:
        """One article cannot be had."""
        kept = failure.request.cb_kwargs
        self.say_note(explain(failure.value), kept["asked"], again=kept["again"])

    def say_note(self, told: Told, asked: str, *, again: bool) -> None:
        """What became of one page; of one that is stored already it is only a remark."""
        if again:
            self.talk.say("note", told=f"{asked}: looked at again, but {told.reason}.")
        else:
            self.talk.say("note", told=f"{asked}: {told.reason}.", asked=asked, kind=told.kind, final=told.final)


class DiscoverySpider(TalkingSpider):
    """The headlines of one search; none of their addresses is followed."""

    name = "discovery"

    async def start(self) -> AsyncIterator[Request]:
        """Asks for the search."""
        yield Request(self.job.address, self.search, errback=self.lost)

    async def search(self, response: Response) -> None:
        """Says each headline."""
        try:
            found = await self.reader.read(pages.headlines, response.body, response.url)
        except PayloadError as error:
            self.unreadable(error, self.job.address)
            return
        if not found:
            self.fault(Told("layout", "empty", "the search lists no headline"), self.job.address)
        for headline in found[: self.job.limit]:
            self.talk.say(
                "lead",
                native_id=headline.native_id,
                title=headline.title,
                publisher=headline.publisher,
                url=headline.url,
                published_at=headline.published_at.isoformat(),
            )


class FetchSpider(TalkingSpider):
    """Brings the body at one address back. robots.txt speaks to crawlers; this address was named by the operator."""

    name = "fetch"

    async def start(self) -> AsyncIterator[Request]:
        """Asks for the address."""
        yield Request(self.job.address, self.body, errback=self.lost, meta={"robots": False})

    def body(self, response: Response) -> None:
        """Says the body."""
        self.talk.say("body", base64=base64.b64encode(response.body).decode())


def declared(response: Response) -> str:
    """The charset the answer's header declares, "" where it declares none."""
    header = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    return header.partition("charset=")[2].split(";")[0].strip(" \"'")


def kind_of(response: Response) -> str:
    """The media type of an answer."""
    return (response.headers.get("Content-Type") or b"text/html").decode("latin-1").partition(";")[0].strip()


def fault_kind(response: Response) -> RefusalKind:
    """What kind of fault it is that an answer holds no article: another layout, or no page at all."""
    return "layout" if is_page(response) else "payload"


def is_page(response: Response) -> bool:
    """Whether an answer is text to read."""
    kind = kind_of(response)
    return kind.startswith("text/") or "xml" in kind


def validators(response: Response) -> tuple[str, str]:
    """(ETag, Last-Modified) of an answer; one too long to be kept counts as none."""
    told = [(response.headers.get(name) or b"").decode("latin-1") for name in ("ETag", "Last-Modified")]
    etag, modified = (value if len(value) <= VALIDATOR_CHARS else "" for value in told)
    return etag, modified
