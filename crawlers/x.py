"""Posts from X by recent search, page by page, with a cursor that a killed run resumes from.

Search answers newest first, so a run walks backwards from the newest post to the last one stored. Its cursor is
either `N` (everything up to N is stored) or, in the middle of a walk, `S/U/N`: everything up to S is stored, the
walk began at N and has come down to U. Each page carries the cursor that is true once its posts are stored; a run
that is killed, limited or refused goes on below U and pays for no page twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import requests
import tweepy
from requests.adapters import HTTPAdapter

from crawlers.batch import Batch, Entry, batches
from crawlers.dates import read_time
from crawlers.door import Door, Item
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Engagement, Post, PostKind, Source
from tanggap.settings import Settings

API = "https://api.twitter.com"

#: Fields of the post itself. `author_id` is one of them; the author expansion would cost a paid user read.
FIELDS = ("created_at", "author_id", "public_metrics", "lang", "geo", "referenced_tweets", "note_tweet")

#: What recent search gives per page, and the least it may be asked for.
PAGE, LEAST = 100, 10

AGREEMENT = (
    "{id} stays off: X allows government bodies to use its posts only under an agreement made with X beforehand; "
    "write the reference of that agreement into `agreement` of the source."
)


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a walk from the newest post down to the last stored one has come; ids are decimal strings."""

    since: str = ""
    until: str = ""
    newest: str = ""

    @classmethod
    def read(cls, cursor: str) -> Walk:
        """The walk a cursor stands for; an unreadable one begins anew."""
        parts = cursor.split("/")
        if not all(part.isdecimal() or not part for part in parts):
            return cls()
        return cls(*parts) if len(parts) == 3 else cls(since=parts[0])

    def after(self, newest: str, oldest: str, *, last: bool) -> Walk:
        """The walk once a page is stored; the last page ends it."""
        top = self.newest or newest
        return Walk(since=top) if last else Walk(self.since, oldest, top)

    def __str__(self) -> str:
        return f"{self.since}/{self.until}/{self.newest}" if self.until else self.since


class Transport(HTTPAdapter):
    """Sends what tweepy addresses to X to the configured host, and never waits for ever as tweepy would."""

    def __init__(self, host: str, timeout_s: float) -> None:
        super().__init__()
        self.host = host.rstrip("/")
        self.timeout_s = timeout_s

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Sends `request` with our time limit, to our host."""
        request.url = self.host + (request.url or "").removeprefix(API)
        return super().send(request, *args, **{**kwargs, "timeout": self.timeout_s})


def crawl_x(
    source: Source, settings: Settings, *, cursor: str = "", since: datetime | None = None, limit: int | None = None
) -> Iterator[Batch]:
    """Posts that match the source's query, one batch per page.

    Raises:
        SourceError: `config` without agreement or key, `rate` or `cap` on 429, `auth` on 401 and 403, `network`.
    """
    if not source.agreement.strip():
        raise SourceError(AGREEMENT.format(id=source.id), "config")
    if not settings.x_bearer_token:
        raise SourceError(f"{source.id} is not configured: set TANGGAP_X_BEARER_TOKEN to a token of X.", "config")
    client = tweepy.Client(settings.x_bearer_token, return_type=dict, wait_on_rate_limit=False)
    client.session.mount(API, Transport(settings.crawler.x_api, settings.limits.page_timeout_s))
    door, walk, left = Door(source, settings), Walk.read(cursor), limit or source.limit
    with client.session:
        while left > 0:
            page = search(client, source, walk, left, since)
            if page is None:
                walk = Walk()
                continue
            batch, walk = read_page(page, door, walk, since)
            yield batch
            left -= batch.fetched
            if not walk.until:
                return


def search(client: Any, source: Source, walk: Walk, left: int, since: datetime | None) -> Mapping[str, Any] | None:
    """One page below `walk.until` and above `walk.since`; None when X no longer reaches back to them (7 days)."""
    try:
        page: Mapping[str, Any] = client.search_recent_tweets(
            source.query,
            max_results=max(LEAST, min(PAGE, left)),
            since_id=walk.since or None,
            until_id=walk.until or None,
            start_time=None if walk.since else since,
            tweet_fields=list(FIELDS),
        )
    except tweepy.BadRequest as error:
        if walk.since or walk.until:
            return None
        raise SourceError(f"{source.id}: X does not accept the query: {first_line(error)}.", "config") from None
    except tweepy.HTTPException as error:
        raise refusal(source, error) from None
    except requests.RequestException as error:
        raise SourceError(f"{source.id}: X cannot be reached ({type(error).__name__}).", "network") from None
    return page


def refusal(source: Source, error: tweepy.HTTPException) -> SourceError:
    """X's answer as the error class a schedule can act on."""
    status, told = error.response.status_code, error.response.text.lower()
    if status in (402, 429) and any(word in told for word in ("usagecap", "usage-cap", "spend", "credit")):
        return SourceError(
            f"{source.id}: the paid volume of X is used up; raise the cap or wait for its renewal.", "cap"
        )
    if status == 429:
        reset = error.response.headers.get("x-rate-limit-reset", "")
        until = read_time(reset)
        when = f" until {until:%H:%M} UTC" if until else ""
        return SourceError(f"{source.id}: X asks for a pause{when}.", "rate")
    if status in (401, 403):
        return SourceError(f"{source.id}: X refuses the key ({status}); check the token and its access level.", "auth")
    return SourceError(f"{source.id}: X answered {status}.", "network")


def first_line(error: Exception) -> str:
    """What X said, in one line."""
    return " ".join(str(error).split())[:200]


def read_page(page: Mapping[str, Any], door: Door, walk: Walk, since: datetime | None) -> tuple[Batch, Walk]:
    """The batch of one answer and the walk after it.

    Raises:
        SourceError: the answer holds records but no ids; failure `layout`.
    """
    tweets, meta = page.get("data") or [], page.get("meta") or {}
    ids = [int(t["id"]) for t in tweets if isinstance(t, Mapping) and str(t.get("id", "")).isdecimal()]
    if tweets and not ids:
        raise SourceError("X sent posts without ids; its answers have changed shape.", "layout")
    last = not ids or not meta.get("next_token")
    after = walk.after(str(max(ids, default=int(walk.since or 0)) or ""), str(min(ids, default=0)), last=last)
    entries = [
        Entry(where=f"post {i}", read=partial(read_tweet, t, door), cursor=str(after)) for i, t in enumerate(tweets, 1)
    ]
    notes = tuple(f"X left out a record: {e.get('title') or e.get('detail')}." for e in page.get("errors") or [])
    batch = next(batches(entries, since=since), Batch(cursor=str(after)))
    return (
        Batch(
            posts=batch.posts,
            cursor=str(after),
            fetched=batch.fetched + len(notes),
            failed=batch.failed + len(notes),
            notes=batch.notes + notes,
        ),
        after,
    )


def read_tweet(tweet: Any, door: Door) -> Post:
    """One post of X.

    Raises:
        PayloadError: it has no id, time or text.
    """
    if not isinstance(tweet, Mapping):
        raise PayloadError("it is no object")
    published, native_id = read_time(tweet.get("created_at")), str(tweet.get("id") or "")
    if published is None:
        raise PayloadError(f"created_at {tweet.get('created_at')!r} is no time")
    replied = [r.get("id") for r in tweet.get("referenced_tweets") or [] if r.get("type") == "replied_to"]
    longer = tweet.get("note_tweet") or {}
    lon, lat = coordinates(tweet)
    return door.admit(
        Item(
            native_id=native_id,
            text=str(longer.get("text") or tweet.get("text") or ""),
            published_at=published,
            kind=PostKind.POST,
            url=f"https://x.com/i/status/{native_id}",
            author=str(tweet.get("author_id") or ""),
            engagement=engagement(tweet.get("public_metrics") or {}),
            lat=lat,
            lon=lon,
            reply_to=str(replied[0]) if replied else None,
            extra={"language": tweet["lang"]} if tweet.get("lang") else {},
        )
    )


def coordinates(tweet: Mapping[str, Any]) -> tuple[Any, Any]:
    """Longitude and latitude of an exact position, as GeoJSON orders them."""
    point = (tweet.get("geo") or {}).get("coordinates") or {}
    pair = point.get("coordinates") if isinstance(point, Mapping) else None
    return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else (None, None)


def engagement(metrics: Mapping[str, Any]) -> Engagement:
    """X's public counters; quotes travel like reposts."""
    return Engagement(
        likes=int(metrics.get("like_count") or 0),
        replies=int(metrics.get("reply_count") or 0),
        reposts=int(metrics.get("retweet_count") or 0) + int(metrics.get("quote_count") or 0),
        views=int(metrics.get("impression_count") or 0),
    )
