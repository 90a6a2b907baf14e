"""The door every item passes: text repaired, identifiers masked, author made a pseudonym, then a Post."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tanggap import privacy, text
from tanggap.errors import PayloadError, SettingsError
from tanggap.records import Engagement, Post, PostKind, Source, Status
from tanggap.settings import Settings

#: A source's clock may run ahead this much before its time is replaced by ours.
AHEAD = timedelta(minutes=10)

#: Longest native id kept as it came; PostgreSQL cannot index much longer keys.
ID_CHARS = 500


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
        self.now = settings.now()

    def admit(self, item: Item) -> Post:
        """The item as a Post.

        Raises:
            PayloadError: it has no id, no text, or a time without zone.
        """
        body = self.clean(item.text)
        if not item.native_id.strip():
            raise PayloadError("it has no id")
        if not body:
            raise PayloadError("it has no text")
        if item.published_at.tzinfo is None:
            raise PayloadError("its time has no zone")
        lat, lon = position(item.lat, item.lon)
        published, extra = item.published_at, dict(item.extra)
        if published > self.now + AHEAD:
            extra["claimed_time"] = published.isoformat()
            published = self.now
        return Post(
            source=self.source.id,
            native_id=short_id(item.native_id.strip()),
            text=body,
            kind=item.kind,
            title=self.clean(item.title) or None,
            url=web_address(item.url),
            published_at=published,
            collected_at=self.now,
            author=self.pseudonym(item.author),
            engagement=item.engagement,
            lat=lat,
            lon=lon,
            reply_to=item.reply_to,
            status=item.status,
            extra=self.clean_all(extra),
        )

    def readmit(self, post: Post) -> Post:
        """A post of another installation's export, cleaned by our rules and filed under our source."""
        extra = post.extra if post.source == self.source.id else {**post.extra, "source": post.source}
        return post.evolve(
            source=self.source.id,
            native_id=short_id(post.native_id),
            title=self.clean(post.title or "") or None,
            text=self.clean(post.text),
            url=web_address(post.url or ""),
            extra=self.clean_all(extra),
        )

    def clean(self, value: str) -> str:
        """Text repaired, masked and cut to the limit of this installation."""
        return text.clip(privacy.mask(text.repair(value)), self.limit).strip()

    def clean_all(self, value: Any) -> Any:
        """`clean` for every string inside mappings and lists."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, Mapping):
            return {str(key): self.clean_all(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean_all(inner) for inner in value]
        return value

    def pseudonym(self, handle: str) -> str | None:
        """The keyed name of a person; None for nobody."""
        handle = text.repair(handle).strip()
        return privacy.pseudonym(handle, self.key) if handle else None


def short_id(native_id: str) -> str:
    """The id itself, or its SHA-256 when it is too long for an index."""
    return native_id if len(native_id) <= ID_CHARS else hashlib.sha256(native_id.encode()).hexdigest()


def web_address(url: str) -> str | None:
    """`url` when a browser may follow it safely, else None."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else None


def position(lat: Any, lon: Any) -> tuple[float | None, float | None]:
    """Degrees, or (None, None) where they are missing, out of range or 0,0 (a phone without a fix)."""
    try:
        pair = float(lat), float(lon)
    except (TypeError, ValueError):
        return None, None
    if pair == (0.0, 0.0) or not (-90 <= pair[0] <= 90 and -180 <= pair[1] <= 180):
        return None, None
    return pair
