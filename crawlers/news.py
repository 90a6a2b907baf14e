"""News articles of one source: asks the crawl process, passes what it finds through the door, keeps the cursor.

The cursor of a news source is JSON: short hashes of listed addresses that are settled but whose own address the
store does not know, because they lead to an article under another address or to none at all. It holds only what
the source still lists, so it stays small.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawlers.batch import Batch, Known
from crawlers.child import converse
from crawlers.door import Door, Item, short_id
from crawlers.job import Job
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Post, PostKind, Source
from tanggap.settings import Settings

#: Articles per batch: at one page in two seconds the store hears from us a few times a minute.
ARTICLES = 10

#: This many pages, not one of them an article: the site has a new layout.
NO_ARTICLES = 3


@dataclass(slots=True)
class Run:
    """One crawl of a news source while it goes on."""

    known: Known
    settled: set[str]
    since: datetime | None
    listed: set[str] = field(default_factory=set)
    posts: list[Post] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fetched: int = 0
    failed: int = 0
    #: Totals of the batches handed on, to tell a new layout from bad luck.
    good: int = 0
    bad: int = 0

    def wanted(self, urls: list[str]) -> list[str]:
        """Those of the listed addresses that neither the store nor the cursor settles."""
        self.listed.update(map(mark, urls))
        fresh = [url for url in urls if mark(url) not in self.settled]
        stored = self.known([short_id(url) for url in fresh]) if fresh else set()
        return [url for url in fresh if short_id(url) not in stored]

    def take(self, message: dict[str, Any], door: Door) -> None:
        """One message of the crawl process: an article, or a note on a page that gave none."""
        asked = message.get("page", message).get("asked")
        if asked:
            self.fetched += 1
        try:
            if "page" in message:
                self.admit(message["page"], door)
        except PayloadError as error:
            self.refuse(f"{asked}: {error}.", asked)
        if "note" in message:
            self.refuse(message["note"], asked, settle=bool(message.get("final")))

    def admit(self, page: dict[str, Any], door: Door) -> None:
        """An article becomes a post; one older than `since` or under another address is only settled."""
        post = door.admit(
            Item(
                native_id=page["url"],
                url=page["url"],
                title=page["title"],
                text=page["text"],
                author=page["author"],
                published_at=datetime.fromisoformat(page["published_at"]),
                kind=PostKind.NEWS,
            )
        )
        old = self.since is not None and post.published_at < self.since
        if old or page["url"] != page["asked"]:
            self.settled.add(mark(page["asked"]))
        self.good += 1
        if not old:
            self.posts.append(post)

    def refuse(self, note: str, asked: str | None, *, settle: bool = True) -> None:
        """A note; with `asked`, one page that failed, for good if `settle`."""
        self.notes.append(note)
        if asked:
            self.failed += 1
            self.bad += 1
            if settle:
                self.settled.add(mark(asked))

    def batch(self) -> Batch:
        """What has come since the last batch."""
        made = Batch(
            posts=tuple(self.posts),
            cursor=write_cursor(self.settled),
            fetched=self.fetched,
            failed=self.failed,
            notes=tuple(self.notes),
        )
        self.posts, self.notes, self.fetched, self.failed = [], [], 0, 0
        return made


def crawl_news(
    source: Source, settings: Settings, *, cursor: str, known: Known, since: datetime | None, limit: int | None
) -> Iterator[Batch]:
    """The new articles of a feed, sitemap or listing page.

    Raises:
        SourceError: the source cannot be had, lists nothing, or none of its pages is an article any more.
    """
    door = Door(source, settings)
    run = Run(known=known, settled=read_cursor(cursor), since=since)
    job = Job.of("news", source, settings, limit=limit or source.limit, since=since)
    with closing(converse(job, run.wanted)) as said:
        for message in said:
            if "fault" in message:
                raise SourceError(f"{source.id}: {message['reason']}.", message["fault"])
            if message.get("done", "finished") != "finished":
                run.refuse(f"The run ended early ({message['done']}); the rest comes next time.", None)
            run.take(message, door)
            if run.fetched >= ARTICLES:
                yield run.batch()
    if run.bad >= NO_ARTICLES and not run.good:
        run.settled = read_cursor(cursor)
        last = run.notes[-1] if run.notes else "see the notes before"
        yield run.batch()
        raise SourceError(f"{source.id}: none of {run.bad} pages is an article any more ({last})", "layout")
    run.settled &= run.listed
    yield run.batch()


def mark(url: str) -> str:
    """A short hash of an address."""
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def read_cursor(cursor: str) -> set[str]:
    """The marks of a cursor; one of another shape settles nothing."""
    try:
        marks = json.loads(cursor or "[]")
    except json.JSONDecodeError:
        return set()
    return {str(each) for each in marks} if isinstance(marks, list) else set()


def write_cursor(marks: Iterable[str]) -> str:
    """The cursor of some marks; "" for none."""
    kept = sorted(marks)
    return json.dumps(kept) if kept else ""
