"""The four ways X gives posts, newest first: recent search, the posts of an account or a list, and mentions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crawlers.x.client import ask
from crawlers.x.walk import Walk
from tanggap.errors import SourceError
from tanggap.records import Source

#: Fields of the post itself. `author_id` is one of them; the author expansion would cost a paid user read.
FIELDS = ("created_at", "author_id", "public_metrics", "lang", "geo", "referenced_tweets", "note_tweet")

#: Most posts per page, and how many of a list are asked for when only its new ones are wanted: a list cannot be asked
#: from an id on, so what is known of it comes, and may be paid for, again.
PAGE, LIST_PAGE = 100, 20

#: Recent search reaches back this far; a little less, for the clocks differ.
REACH = timedelta(days=7) - timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to be given posts."""

    #: Method of the client.
    method: str
    #: Fewest posts a page may be asked for.
    least: int
    #: Whether ids bound a page; otherwise only a token turns it.
    by_id: bool = True


SEARCH = Endpoint("search_recent_tweets", 10)
TIMELINES = {
    "user": Endpoint("get_users_tweets", 5),
    "mentions": Endpoint("get_users_mentions", 5),
    "list": Endpoint("get_list_tweets", 1, by_id=False),
}


@dataclass(frozen=True, slots=True)
class Feed:
    """What one source asks X for."""

    source: Source
    endpoint: Endpoint
    #: The query, or the number of the account or list.
    subject: str

    @classmethod
    def of(cls, source: Source, query: str) -> Feed:
        """The feed of a source: the timeline its address names, else a search.

        Raises:
            SourceError: the address names no number; failure `config`.
        """
        name, _, number = source.address.partition(":")
        if name not in TIMELINES:
            return cls(source, SEARCH, query)
        if not number.isdecimal():
            raise SourceError(f"{source.id}: write the number of the account or list, as in `{name}:123`.", "config")
        return cls(source, TIMELINES[name], number)

    def size(self, walk: Walk, left: int) -> int:
        """Posts to ask for: never more than `left`; 0 where X gives no page so small."""
        most = LIST_PAGE if not self.endpoint.by_id and walk.since and not walk.until else PAGE
        return min(most, left) if left >= self.endpoint.least else 0

    def page(self, client: Any, walk: Walk, size: int, since: datetime | None, now: datetime) -> Mapping[str, Any]:
        """One page of `size` posts below where the walk stands.

        Raises:
            SourceError: X did not answer with a page.
        """
        bounds: dict[str, Any] = {"pagination_token": walk.token or None}
        if self.endpoint.by_id:
            start = max(since, now - REACH) if since and self.endpoint is SEARCH else since
            bounds = {"since_id": walk.since or None, "until_id": walk.until or None}
            bounds["start_time"] = None if walk.since else start
        call = getattr(client, self.endpoint.method)
        return ask(self.source, now, partial(call, self.subject, max_results=size, tweet_fields=list(FIELDS), **bounds))

    def after(self, walk: Walk, ids: list[int], token: str) -> Walk:
        """The walk once a page is stored; a list ends where its known posts begin."""
        if self.endpoint.by_id:
            return walk.after(ids, last=not token)
        known = bool(ids) and min(ids) <= int(walk.since or 0)
        return walk.after(ids, token, last=not token or known)
