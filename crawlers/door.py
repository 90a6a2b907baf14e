"""The door every item passes: text repaired, identifiers masked, author made a pseudonym, then a Post."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from crawlers.reports.duty import RT_RW, is_duty
from tanggap import privacy, text
from tanggap.errors import PayloadError, SettingsError
from tanggap.records import Engagement, Post, PostKind, Source, Status
from tanggap.settings import Settings

#: A source's clock may run ahead this much before its time is replaced by ours.
AHEAD = timedelta(minutes=10)

#: Longest native id kept as it came; PostgreSQL cannot index much longer keys.
ID_CHARS = 500


#: What is told to be older is a broken date; nothing public was on the web before.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

#: Largest counter and number kept; larger ones are broken, and no database column holds them.
MOST = 2**53

#: Entries of one list or object in `extra`, and levels of nesting, that are kept.
EXTRA_ITEMS, EXTRA_DEPTH = 500, 8

#: Texts this short repeat from record to record (areas, tags, states), so that cleaning them is remembered.
SHORT = 100

#: A hash is no number of anybody, though one in two hundred holds digits that look like a telephone's.
HASH = re.compile(r"(?=\d*[a-f])[0-9a-f]{64}")

NO_ENGAGEMENT = Engagement()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing as its source wrote it, before the door; it may hold names and numbers of people."""

    native_id: str
    text: str
    published_at: datetime
    kind: PostKind = PostKind.REPORT
    title: str = ""
    url: str = ""
    #: Handle or name; never leaves the door.
    author: str = ""
    engagement: Engagement = NO_ENGAGEMENT
    lat: Any = None
    lon: Any = None
    reply_to: str | None = None
    status: Status | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


class Door:
    """Turns items of one source into posts that may be stored and shown."""

    def __init__(self, source: Source, settings: Settings) -> None:
        """
        Raises:
            SettingsError: no pseudonym key exists; nothing may be stored without one.
        """
        if not settings.pseudonym_key:
            raise SettingsError("There is no key for author pseudonyms yet; `tanggap init` makes one.")
        self.source = source
        self.key = settings.pseudonym_key
        self.limit = settings.limits.max_text_chars
        self.public = settings.public_numbers
        self.now = settings.now()
        self.clean_short = lru_cache(maxsize=20_000)(self.clean_now)
        self.guarded = [word for word in map(text.fold, source.topic_guard) if word]

    def admit(self, item: Item) -> Post:
        """The item as a Post.

        Raises:
            PayloadError: it has no id, no text, or a time without zone or before EARLIEST; of kind `topic` where it
                speaks of what the source's topic guard keeps out.
        """
        body = self.clean(item.text)
        native_id = text.repair(item.native_id)
        if not native_id:
            raise PayloadError("it has no id")
        if not body:
            raise PayloadError("it has no text")
        if item.published_at.tzinfo is None:
            raise PayloadError("its time has no zone")
        if item.published_at < EARLIEST:
            raise PayloadError(f"its time is of the year {item.published_at.year}")
        self.keep_out(f"{item.title} {body}")
        lat, lon = position(item.lat, item.lon)
        published, extra = item.published_at, self.marked(item)
        if published > self.now + AHEAD:
            extra["claimed_time"] = published.isoformat()
            published = self.now
        return Post(
            source=self.source.id,
            native_id=short_id(native_id),
            text=body,
            kind=item.kind,
            title=self.clean(item.title) or None,
            url=web_address(item.url),
            published_at=published,
            collected_at=self.now,
            author=self.pseudonym(item.author),
            engagement=counted(item.engagement),
            lat=lat,
            lon=lon,
            reply_to=short_id(text.repair(item.reply_to or "")) or None,
            status=item.status,
            extra=self.clean_all(extra),
        )

    def keep_out(self, told: str) -> None:
        """
        Raises:
            PayloadError: a word of the topic guard stands in what is told; kind `topic`.
        """
        padded = f" {text.fold(told)} " if self.guarded else ""
        for word in self.guarded:
            if f" {word} " in padded:
                raise PayloadError(f"it speaks of `{word}`, which the topic guard keeps out", "topic")

    def readmit(self, post: Post) -> Post:
        """A post of another installation's export, cleaned by our rules and filed under our source.

        Raises:
            PayloadError: it has no id, or a time before EARLIEST.
        """
        if not post.native_id or post.published_at < EARLIEST:
            raise PayloadError("it has no id" if not post.native_id else "its time is too long ago")
        extra = post.extra if post.source == self.source.id else {**post.extra, "source": post.source}
        return post.evolve(
            source=self.source.id,
            native_id=short_id(post.native_id),
            engagement=counted(post.engagement),
            title=self.clean(post.title or "") or None,
            text=self.clean(post.text),
            url=web_address(post.url or ""),
            extra=self.clean_all(extra),
        )

    def marked(self, item: Item) -> dict[str, Any]:
        """The extras of an item, with `duty` where an RT or RW head sent it as a duty."""
        extra = dict(item.extra)
        tags = [tag for tag in (extra.get("type"), *listed(extra.get("tags"))) if isinstance(tag, str)]
        if item.kind is PostKind.REPORT and is_duty(author=item.author, title=item.title, text=item.text, tags=tags):
            extra["duty"] = RT_RW
        return extra

    def clean(self, value: str) -> str:
        """Text repaired, masked and cut to the limit of this installation."""
        return self.clean_short(value) if len(value) <= SHORT else self.clean_now(value)

    def clean_now(self, value: str) -> str:
        """`clean`, not remembered."""
        # Repairing takes time that grows with the text, and of a longer one only the beginning is kept.
        return text.clip(privacy.mask(text.repair(value[: 4 * self.limit]), self.public), self.limit).strip()

    def clean_all(self, value: Any, depth: int = EXTRA_DEPTH) -> Any:
        """`clean` for every string inside mappings and lists; numbers no store can hold become text."""
        if isinstance(value, str):
            return value if HASH.fullmatch(value) else self.clean(value)
        if isinstance(value, Mapping | list | tuple) and not depth:
            return text.ELLIPSIS
        if isinstance(value, Mapping):
            entries = islice(value.items(), EXTRA_ITEMS)
            return {self.clean(str(key))[:200]: self.clean_all(inner, depth - 1) for key, inner in entries}
        if isinstance(value, list | tuple):
            return [self.clean_all(inner, depth - 1) for inner in value[:EXTRA_ITEMS]]
        if isinstance(value, int | float) and not -MOST <= value <= MOST:
            return text.ELLIPSIS
        return value

    def pseudonym(self, handle: str) -> str | None:
        """The keyed name of a person; None for nobody."""
        handle = text.repair(handle).strip()
        return privacy.pseudonym(handle, self.key) if handle else None


def short_id(native_id: str) -> str:
    """The id itself, or its SHA-256 when it is too long for an index."""
    return native_id if len(native_id) <= ID_CHARS else hashlib.sha256(native_id.encode()).hexdigest()


def web_address(url: str) -> str | None:
    """`url`, without what no address holds, when a browser may follow it safely, else None."""
    url = text.UNWANTED.sub("", url).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def listed(value: Any) -> list[Any]:
    """A list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def counted(told: Engagement) -> Engagement:
    """The counters within 0 and MOST."""
    if max(told.likes, told.replies, told.reposts, told.views) <= MOST:
        return told
    likes, replies, reposts, views = (min(n, MOST) for n in (told.likes, told.replies, told.reposts, told.views))
    return Engagement(likes=likes, replies=replies, reposts=reposts, views=views)


def position(lat: Any, lon: Any) -> tuple[float | None, float | None]:
    """Degrees, or (None, None) where they are missing, out of range or 0,0 (a phone without a fix)."""
    if isinstance(lat, bool) or isinstance(lon, bool):
        return None, None
    try:
        pair = float(lat), float(lon)
    except (TypeError, ValueError, OverflowError):
        return None, None
    if pair == (0.0, 0.0) or not (-90 <= pair[0] <= 90 and -180 <= pair[1] <= 180):
        return None, None
    return pair
