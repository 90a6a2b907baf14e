"""Reads the posts of X out of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawlers.dates import read_time
from crawlers.door import Door, Item
from tanggap.errors import PayloadError
from tanggap.records import Engagement, Post, PostKind


def read_tweet(tweet: Any, door: Door) -> Post:
    """One post of X.

    Raises:
        PayloadError: it has no id, time or text, or speaks of what the topic guard keeps out.
    """
    if not isinstance(tweet, Mapping):
        raise PayloadError("it is no object")
    published, native_id = read_time(tweet.get("created_at")), str(tweet.get("id") or "")
    if published is None:
        raise PayloadError("its created_at is no time")
    longer = tweet.get("note_tweet")
    text = (longer.get("text") if isinstance(longer, Mapping) else None) or tweet.get("text")
    lon, lat = coordinates(tweet)
    return door.admit(
        Item(
            native_id=native_id,
            text=text if isinstance(text, str) else "",
            published_at=published,
            kind=PostKind.POST,
            url=f"https://x.com/i/status/{native_id}",
            author=str(tweet.get("author_id") or ""),
            engagement=engagement(tweet.get("public_metrics")),
            lat=lat,
            lon=lon,
            reply_to=replied_to(tweet.get("referenced_tweets")),
            extra={"language": str(tweet["lang"])} if tweet.get("lang") else {},
        )
    )


def replied_to(references: Any) -> str | None:
    """The id of the post this one answers."""
    listed = references if isinstance(references, list) else []
    found = [one.get("id") for one in listed if isinstance(one, Mapping) and one.get("type") == "replied_to"]
    return str(found[0]) if found and found[0] else None


def coordinates(tweet: Mapping[str, Any]) -> tuple[Any, Any]:
    """Longitude and latitude of an exact position, as GeoJSON orders them."""
    geo = tweet.get("geo")
    point = geo.get("coordinates") if isinstance(geo, Mapping) else None
    pair = point.get("coordinates") if isinstance(point, Mapping) else None
    return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else (None, None)


def engagement(metrics: Any) -> Engagement:
    """X's public counters; quotes travel like reposts.

    Raises:
        PayloadError: a counter is no number.
    """
    told = metrics if isinstance(metrics, Mapping) else {}
    try:
        likes, replies, reposts, quotes, views = (
            int(told.get(f"{name}_count") or 0) for name in ("like", "reply", "retweet", "quote", "impression")
        )
    except (TypeError, ValueError):
        raise PayloadError("a counter in public_metrics is no number") from None
    return Engagement(likes=likes, replies=replies, reposts=reposts + quotes, views=views)
