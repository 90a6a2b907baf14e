"""Posts from X, page by page, with a cursor that a killed run resumes from and a price on every page.

X answers newest first, so a run walks backwards from the newest post to the last one stored. Each page carries the
cursor that is true once its posts are stored; a run that is killed, limited or refused goes on below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from crawlers.batch import Batch, Entry, Known, Refusal, batches
from crawlers.dates import read_time
from crawlers.door import Door
from crawlers.drift import sample
from crawlers.x.client import OutOfReachError, connect, next_midnight
from crawlers.x.guard import guarded_query, guarded_words, refuse_topic
from crawlers.x.pages import Feed
from crawlers.x.posts import read_tweet
from crawlers.x.walk import Walk
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings


def crawl_x(
    source: Source,
    settings: Settings,
    *,
    cursor: str = "",
    known: Known,
    since: datetime | None = None,
    limit: int | None = None,
) -> Iterator[Batch]:
    """Posts of the search or timeline the source names, one batch per page, each with what it cost.

    No page is asked for more than may still be taken: where X gives none so small, the run ends and says so.

    Raises:
        SourceError: `config` without agreement or key, or for a guarded query; `rate` and `cap` with the time of
            renewal; `auth` on 401 and 403; `network`; `layout` where answers have changed shape.
    """
    client = connect(source, settings)
    words = guarded_words(source, settings.config_dir)
    refuse_topic(source, words)
    feed = Feed.of(source, guarded_query(source.query, words))
    run = Run(feed, Door(source.evolve(topic_guard=words), settings), known, since)
    with client.session:
        yield from run.batches(client, Walk.read(cursor), limit or source.limit)


class Run:
    """One walk of one source."""

    def __init__(self, feed: Feed, door: Door, known: Known, since: datetime | None) -> None:
        self.feed, self.door, self.known, self.since = feed, door, known, since

    def batches(self, client: Any, walk: Walk, left: int) -> Iterator[Batch]:
        """The pages below `walk`, as long as `left` posts may be taken and the walk goes on."""
        first = True
        while left > 0:
            size = self.feed.size(walk, left)
            if not size:
                yield self.too_few(walk, left, first)
                return
            try:
                page = self.feed.page(client, walk, size, self.since, self.door.now)
            except OutOfReachError as lost:
                if walk == walk.without(lost.parameter):
                    raise
                walk = walk.without(lost.parameter)
                continue
            batch, walk = self.read(page, walk)
            yield batch
            left -= batch.fetched
            first = False
            if not walk.until:
                return

    def too_few(self, walk: Walk, left: int, first: bool) -> Batch:
        """The end of a run that may take fewer posts than X gives at once.

        Raises:
            SourceError: it was the first page and a budget set the limit; failure `cap` until the next UTC day.
        """
        source, least = self.feed.source, self.feed.endpoint.least
        told = f"{source.id}: {left} more posts may be read, but X gives no fewer than {least} at once"
        if first and (source.budget_items or source.budget_usd):
            raise SourceError(
                f"{told}; the rest of the day's budget stays.", "cap", retry_at=next_midnight(self.door.now)
            )
        return Batch(cursor=str(walk), remarks=(f"{told}; it stopped here.",))

    def read(self, page: Mapping[str, Any], walk: Walk) -> tuple[Batch, Walk]:
        """The batch of one answer and the walk after it.

        Raises:
            SourceError: the answer holds no list of posts with ids; failure `layout`.
        """
        tweets, meta = page.get("data") or [], page.get("meta") or {}
        if not isinstance(tweets, list) or not isinstance(meta, Mapping):
            raise SourceError(f"{self.door.source.id}: X sent no list of posts; its answers have changed.", "layout")
        ids = [int(id_of(tweet)) for tweet in tweets if id_of(tweet)]
        if tweets and not ids:
            raise SourceError(f"{self.door.source.id}: X sent posts without ids; its answers have changed.", "layout")
        after = self.feed.after(walk, ids, str(meta.get("next_token") or ""))
        fresh = [tweet for tweet in tweets if not id_of(tweet) or int(id_of(tweet)) > int(walk.since or 0)]
        left_out = gone(page.get("errors"))
        read = next(batches(self.entries(fresh), since=self.since), Batch())
        batch = Batch(
            posts=read.posts,
            cursor=str(after),
            fetched=len(tweets) + len(left_out),
            refusals=read.refusals + left_out,
            cost_usd=self.paid(tweets) * self.feed.source.price,
        )
        return batch, after

    def entries(self, tweets: Sequence[Any]) -> list[Entry]:
        """The posts of a page before they are read."""
        return [
            Entry(where=f"post {number}", read=partial(read_tweet, tweet, self.door), sample=partial(sample, tweet))
            for number, tweet in enumerate(tweets, 1)
        ]

    def paid(self, tweets: Sequence[Any]) -> int:
        """How many posts of a page X bills: it bills a post once per UTC day.

        A known post of today was read today and is free. A known one of an earlier day may have been read on that
        day, so it counts: the spend shown is never less than the bill.
        """
        seen = self.known([found for tweet in tweets if (found := id_of(tweet))])
        today = self.door.now.astimezone(UTC).date()
        free = [tweet for tweet in tweets if id_of(tweet) in seen and day_of(tweet) == today]
        return len(tweets) - len(free)


def id_of(tweet: Any) -> str:
    """The id of a post as X sent it; "" where it has none."""
    found = tweet.get("id") if isinstance(tweet, Mapping) else None
    return found if isinstance(found, str) and found.isdecimal() else ""


def day_of(tweet: Mapping[str, Any]) -> Any:
    """The UTC day a post was written."""
    written = read_time(tweet.get("created_at"))
    return written.astimezone(UTC).date() if written else None


def gone(errors: Any) -> tuple[Refusal, ...]:
    """What X left out of an answer that is otherwise good, each with its title."""
    listed = [error for error in errors if isinstance(error, Mapping)] if isinstance(errors, list) else []
    return tuple(
        Refusal(kind="gone", told=f"X left out a record: {str(e.get('title') or e.get('detail'))[:100]}.")
        for e in listed
    )
