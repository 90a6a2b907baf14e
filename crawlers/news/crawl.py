"""News articles of one source: asks the crawl process, passes what it finds through the door, keeps the cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawlers.batch import Batch, Known, Refusal
from crawlers.door import Door, Item, short_id
from crawlers.news.positions import Position
from crawlers.web.child import converse, fault
from crawlers.web.hosts import Hosts
from crawlers.web.job import Job
from tanggap.errors import FailureClass, PayloadError, RefusalKind, SourceError
from tanggap.records import Post, PostKind, Source
from tanggap.settings import Settings

#: Articles per batch: at one page in two seconds the store hears from us a few times a minute.
ARTICLES = 10

#: This many pages, not one of them an article: the site has a new layout.
NO_ARTICLES = 3

#: Stored articles are looked at again when they reach these ages, for most edits come early; and how many in a run.
AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(hours=36))
AGAIN = 10

#: The stored articles of a source published since a moment.
Recent = Callable[[datetime], Sequence[Post]]


def nothing_recent(_since: datetime) -> Sequence[Post]:
    """The stored articles of a source where there is no store."""
    return ()


#: What a run of pages that failed for the same reason tells of the source.
FAILURES: dict[RefusalKind, FailureClass] = {
    "robots": "blocked",
    "guard": "blocked",
    "blocked": "blocked",
    "network": "network",
}


@dataclass(slots=True)
class Run:
    """One crawl of a news source while it goes on."""

    known: Known
    recent: Recent
    position: Position
    since: datetime | None
    posts: list[Post] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    fetched: int = 0
    #: Stored articles that were sent to be looked at again.
    again: set[str] = field(default_factory=set)
    #: Totals of the batches handed on, to tell a new layout from bad luck.
    good: int = 0
    bad: Counter[RefusalKind] = field(default_factory=Counter)

    def choose(self, told: dict[str, Any]) -> dict[str, Any]:
        """Of a listing, the addresses that neither store nor cursor settles, and stored articles to look at again."""
        if told["same"]:
            self.remarks.append(f"{told['listing']} has not changed since the last run (304).")
        self.position.read_listing(told["listing"], told)
        fresh = [url for url, _ in told["articles"] if not self.position.settles(url)]
        stored = self.known([short_id(url) for url in fresh]) if fresh else set()
        for url in fresh:
            if short_id(url) in stored:
                self.position.store(url)
        edited = [url for url, updated in told["articles"] if short_id(url) in stored and self.edited(updated)]
        return {"wanted": [url for url in fresh if short_id(url) not in stored], "again": self.revisit(edited)}

    def edited(self, updated: str) -> bool:
        """Whether a listed article was changed since the last whole run; a time to come is a broken clock."""
        last, now = self.position.at, self.position.started_at
        return bool(last and updated and last < datetime.fromisoformat(updated) <= now)

    def revisit(self, edited: Sequence[str]) -> list[dict[str, str]]:
        """Stored articles to look at again: those listed as edited, then those whose age says so."""
        last, now = self.position.at, self.position.started_at
        if last is None:
            return []
        young = {post.url: post for post in self.recent(now - AGES[-1] - (now - last)) if post.url}
        due = [url for url, post in young.items() if any(last < post.published_at + age <= now for age in AGES)]
        chosen = [url for url in dict.fromkeys((*edited, *due)) if url not in self.again][: AGAIN - len(self.again)]
        self.again.update(chosen)
        return [{"url": url, **validators(young.get(url))} for url in chosen]

    def take(self, told: dict[str, Any], door: Door) -> None:
        """An article of the crawl process becomes a post."""
        self.fetched += 1
        try:
            self.admit(told, door)
        except PayloadError as error:
            self.refuse(f"{told['asked']}: {error}.", told["asked"], "layout")

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
                extra={name: page[name] for name in ("etag", "modified") if page[name]},
            )
        )
        if page["again"]:
            if page["url"] == page["asked"]:
                self.posts.append(post)
            return
        old = self.since is not None and post.published_at < self.since
        if old or page["url"] != page["asked"]:
            self.position.settle(page["asked"])
        else:
            self.position.store(page["asked"])
        self.good += 1
        if not old:
            self.posts.append(post)

    def note(self, told: dict[str, Any]) -> None:
        """A page that gave no article, or a remark on the run."""
        if "asked" not in told:
            self.remarks.append(told["told"])
            return
        self.fetched += 1
        self.refuse(told["told"], told["asked"], told["kind"], settle=told["final"])

    def refuse(self, told: str, asked: str, kind: RefusalKind, *, settle: bool = True) -> None:
        """One page that failed, for good if `settle`."""
        self.refusals.append(Refusal(kind=kind, told=told))
        self.bad[kind] += 1
        if settle:
            self.position.settle(asked)

    def batch(self, cursor: str) -> Batch:
        """What has come since the last batch."""
        made = Batch(
            posts=tuple(self.posts),
            cursor=cursor,
            fetched=self.fetched,
            refusals=tuple(self.refusals),
            remarks=tuple(self.remarks),
        )
        self.posts, self.refusals, self.remarks, self.fetched = [], [], [], 0
        return made


def crawl_news(
    source: Source,
    settings: Settings,
    *,
    cursor: str,
    known: Known,
    recent: Recent,
    hosts: Hosts,
    since: datetime | None,
    limit: int | None,
) -> Iterator[Batch]:
    """The new and the edited articles of a feed, sitemap or listing page.

    Raises:
        SourceError: the source cannot be had, lists nothing, or none of its pages is an article any more.
    """
    door = Door(source, settings)
    run = Run(known, recent, Position(cursor, settings.now()), since)
    validators = {} if since else run.position.validators
    job = Job.of("news", source, settings, limit=limit or source.limit, since=since, validators=validators)
    whole = True
    with closing(converse(job, hosts, run.choose)) as said:
        for word, told in said:
            if word == "fault":
                raise fault(source, settings, told)
            if word == "done" and told["reason"] != "finished":
                whole = False
                run.remarks.append(f"The run ended early ({told['reason']}); the rest comes next time.")
            if word == "page":
                run.take(told, door)
            if word == "note":
                run.note(told)
            if run.fetched >= ARTICLES:
                yield run.batch(run.position.meanwhile())
    if run.bad.total() >= NO_ARTICLES and not run.good:
        last = run.refusals[-1].told if run.refusals else "see the notes before"
        yield run.batch(cursor)
        kind = run.bad.most_common(1)[0][0]
        raise SourceError(
            f"{source.id}: none of {run.bad.total()} pages is an article any more ({last})",
            FAILURES.get(kind, "layout"),
        )
    yield run.batch(run.position.final() if whole else run.position.meanwhile())


def validators(post: Post | None) -> dict[str, str]:
    """The validators a stored article came with."""
    extra = post.extra if post else {}
    return {"etag": str(extra.get("etag", "")), "modified": str(extra.get("modified", ""))}
