"""What a news source is remembered by between two runs: its cursor, which moves together with the posts.

It is JSON: when the last whole run began (`at`), and for every listing (`pages`) the ETag and Last-Modified it had
when all it listed was done, with short hashes of listed addresses that are settled although the store does not know
them, because they lead to an article under another address or to none. It holds only what is still listed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Page:
    """One listing of a source."""

    etag: str = ""
    modified: str = ""
    #: Marks of addresses that need not be asked for again.
    settled: set[str] = field(default_factory=set)
    #: Marks of all it lists, once it was read in this run.
    listed: set[str] | None = None
    #: It has not changed since the last run.
    same: bool = False
    #: Nothing it lists was left out.
    whole: bool = True


class Position:
    """The cursor of a source while it is crawled."""

    def __init__(self, cursor: str, started_at: datetime) -> None:
        self.started_at = started_at
        told = read(cursor)
        self.at = datetime.fromisoformat(told["at"]) if told.get("at") else None
        self.pages = {
            url: Page(page["etag"], page["modified"], set(page["settled"])) for url, page in told["pages"].items()
        }
        #: Marks of articles that are in the store, or on their way with a batch of this run.
        self.stored: set[str] = set()

    @property
    def validators(self) -> dict[str, tuple[str, str]]:
        """Listing -> what it may be asked for conditionally with."""
        return {url: (page.etag, page.modified) for url, page in self.pages.items() if page.etag or page.modified}

    def read_listing(self, url: str, told: dict[str, Any]) -> None:
        """A listing came, or is the same as before."""
        page = self.pages.setdefault(url, Page())
        page.same, page.whole = told["same"], told["whole"]
        if not page.same:
            page.etag, page.modified = told["etag"], told["modified"]
            page.listed = {mark(address) for address, _ in told["articles"]}

    def store(self, url: str) -> None:
        """An address leads to an article that is in the store, or on its way there."""
        self.stored.add(mark(url))

    def settle(self, url: str) -> None:
        """An address leads to no article of its own."""
        for page in self.pages.values():
            if page.listed is not None and mark(url) in page.listed:
                page.settled.add(mark(url))

    def settles(self, url: str) -> bool:
        """Whether an address need not be asked for."""
        return any(mark(url) in page.settled for page in self.pages.values())

    def meanwhile(self) -> str:
        """The cursor in the middle of a run: a listing read in it must be read again if the run ends here."""
        return write(self.at, self.pages, done=())

    def final(self) -> str:
        """The cursor of a whole run: what is not listed any more is forgotten."""
        settled = set().union(*(page.settled for page in self.pages.values()))
        kept = {}
        for url, page in self.pages.items():
            if page.listed is not None:
                page.settled = settled & page.listed
            if page.listed is not None or page.same:
                kept[url] = page
        done = {url for url, page in kept.items() if self.complete(page)}
        return write(self.started_at, kept, done)

    def complete(self, page: Page) -> bool:
        """Whether everything a listing lists is stored or settled, so that it need not be read again unchanged."""
        return page.whole and page.listed is not None and page.listed <= page.settled | self.stored


def mark(address: str) -> str:
    """A short hash of an address."""
    return hashlib.sha256(address.encode()).hexdigest()[:12]


def read(cursor: str) -> dict[str, Any]:
    """The values of a cursor. One of the first version, a list, holds settled marks only; any other settles nothing."""
    try:
        told = json.loads(cursor or "{}")
    except json.JSONDecodeError:
        told = {}
    if isinstance(told, list):
        return {"pages": {"": {"etag": "", "modified": "", "settled": told}}}
    return told if isinstance(told, dict) and "pages" in told else {"pages": {}}


def write(at: datetime | None, pages: dict[str, Page], done: Iterable[str]) -> str:
    """The cursor of some pages; validators are kept of those unchanged or done."""
    told = {
        url: {
            "etag": page.etag if page.same or url in done or page.listed is None else "",
            "modified": page.modified if page.same or url in done or page.listed is None else "",
            "settled": sorted(page.settled),
        }
        for url, page in sorted(pages.items())
    }
    return json.dumps({"at": at.isoformat() if at else "", "pages": told}, separators=(",", ":"))
