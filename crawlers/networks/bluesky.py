"""Posts of Bluesky by Jetstream: all that is posted there streams past, and what holds the words asked for is kept.

A run goes from the cursor (the time of the last event handled, in microseconds) up to the present and ends. It
rewinds a few seconds, because two servers of one address do not send in the same order; what is stored already is
left out. Events of deletion and change reach the posts we hold.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from crawlers.batch import BATCH, Batch, Entry, Known, Refusal, batches
from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.drift import sample
from crawlers.fields import mapping
from crawlers.networks.jetstream import Stream, micros
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Post, PostKind, Source
from tanggap.settings import Settings
from tanggap.text import fold

POSTS = "app.bsky.feed.post"

#: How far a run rewinds, and how far the first one looks back.
REWIND, FIRST = timedelta(seconds=5), timedelta(hours=1)

#: Events after which the cursor moves although nothing was kept.
STEP = 20_000

#: What is checked and used of a record; the rest may look as it likes.
USED = ("$type", "text", "createdAt", "langs", "reply")

DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,200}")
RKEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}")


def crawl_bluesky(
    source: Source,
    settings: Settings,
    *,
    cursor: str = "",
    known: Known,
    since: datetime | None = None,
    limit: int | None = None,
) -> Iterator[Batch]:
    """Posts that hold a word or phrase of the query; `known` tells which of them, and of the deleted ones, we hold.

    Raises:
        SourceError: `config` without words, `blocked` for an address we do not ask, `rate`, `auth`, `network`.
    """
    words = tuple(word for part in re.split(r"\bOR\b|,", source.query) if (word := fold(part)))
    if not words:
        raise SourceError(f'{source.id}: its query names no word; write words as in `banjir OR "air mati"`.', "config")
    door = Door(source, settings)
    stored = min(int(cursor), micros(door.now)) if cursor.isdecimal() and len(cursor) < 20 else 0
    begin = datetime.fromtimestamp(stored / 1e6, UTC) - REWIND if stored else since or door.now - FIRST
    stream = Stream(source, settings, POSTS, begin=micros(begin), stored=stored)
    run = Run(door, words, known, limit or source.limit, time.monotonic() + settings.limits.crawl_timeout_s)
    yield from run.batches(stream, since)


@dataclass(slots=True)
class Harvest:
    """What has come since the cursor last moved."""

    #: Address of a post -> (its entry, whether it is to be kept although we do not know it, or though we do).
    entries: dict[str, tuple[Entry, bool, bool]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    broken: list[Refusal] = field(default_factory=list)
    events: int = 0

    def wanted(self, known: Known) -> tuple[list[Entry], tuple[str, ...]]:
        """The entries to read and the stored posts to take out."""
        have = known([*self.entries, *self.deleted]) if self.entries or self.deleted else set()
        keep = [entry for uri, (entry, new, again) in self.entries.items() if (again if uri in have else new)]
        return keep, tuple(sorted(self.deleted & have))


class Run:
    """One run over the stream: sorts events into batches until the present, the limit or the hour is reached."""

    def __init__(self, door: Door, words: tuple[str, ...], known: Known, limit: int, deadline: float) -> None:
        self.door, self.known, self.left, self.deadline = door, known, limit, deadline
        self.words = tuple(f" {word} " for word in words)

    def batches(self, stream: Stream, since: datetime | None) -> Iterator[Batch]:
        """The batches; what came before the line failed for good is handed on first."""
        now, harvest, at = micros(self.door.now), Harvest(), 0
        try:
            for event, at in stream.events():
                self.sort(event, at, harvest)
                over = at >= now or time.monotonic() > self.deadline
                if over or len(harvest.entries) >= min(BATCH, self.left) or harvest.events >= STEP:
                    batch = self.close(harvest, at, stream, since)
                    self.left -= len(batch.posts)
                    harvest = Harvest()
                    yield batch
                    if over or self.left <= 0:
                        return
        except SourceError:
            if harvest.events:
                yield self.close(harvest, at, stream, since)
            raise

    def sort(self, event: Any, at: int, harvest: Harvest) -> None:
        """Files one event."""
        harvest.events += 1
        try:
            commit = mapping(event if isinstance(event, str) else event.get("commit", {}), "the event")
            if commit.get("collection") != POSTS:
                return
            uri = address_of(event, commit)
            if commit.get("operation") == "delete":
                harvest.entries.pop(uri, None)
                harvest.deleted.add(uri)
                return
            self.file(uri, mapping(commit.get("record"), "record"), commit.get("operation"), at, harvest)
        except PayloadError as error:
            harvest.broken.append(Refusal(kind="payload", told=f"event {at}: {error}.", sample=sample(event)))

    def file(self, uri: str, record: Mapping[str, Any], operation: Any, at: int, harvest: Harvest) -> None:
        """Files a new or changed post that holds our words, or that may be one we hold."""
        told = record.get("text")
        if not isinstance(told, str):
            raise PayloadError("text is missing or no text")
        padded = f" {fold(told)} "
        matches = any(word in padded for word in self.words)
        changed = operation != "create" or uri in harvest.deleted
        if matches or changed:
            harvest.deleted.discard(uri)
            entry = Entry(
                where=uri, read=partial(read_post, uri, record, at, self.door), sample=partial(sample, record)
            )
            harvest.entries[uri] = entry, matches, changed

    def close(self, harvest: Harvest, at: int, stream: Stream, since: datetime | None) -> Batch:
        """The batch of what has come, and the cursor after it."""
        entries, removed = harvest.wanted(self.known)
        batch = next(batches(entries, since=since), Batch())
        lost, stream.lost = tuple(stream.lost), []
        return replace(
            batch,
            cursor=str(at),
            fetched=batch.fetched + len(harvest.broken),
            refusals=batch.refusals + tuple(harvest.broken),
            removed=removed,
            remarks=lost,
        )


def address_of(event: Mapping[str, Any], commit: Mapping[str, Any]) -> str:
    """The AT-URI of the post an event speaks of.

    Raises:
        PayloadError: its repository or key is none.
    """
    did, rkey = event.get("did"), commit.get("rkey")
    if not (isinstance(did, str) and DID.fullmatch(did) and isinstance(rkey, str) and RKEY.fullmatch(rkey)):
        raise PayloadError("did or rkey is missing or malformed")
    return f"at://{did}/{POSTS}/{rkey}"


def read_post(uri: str, record: Mapping[str, Any], at: int, door: Door) -> Post:
    """One post; a time its writer claims for later than the event is the event's.

    Raises:
        PayloadError: the record is not what the lexicon of app.bsky.feed.post says.
    """
    from atproto_client import models
    from pydantic import ValidationError

    try:
        post = models.AppBskyFeedPost.Record.model_validate({key: record[key] for key in USED if key in record})
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(step) for step in fault["loc"])
        raise PayloadError(f"{where} is wrong: {fault['msg']}") from None
    claimed, seen = read_time(post.created_at), datetime.fromtimestamp(at / 1e6, UTC)
    if claimed is None:
        raise PayloadError("createdAt is no time")
    did, rkey = uri.removeprefix("at://").split(f"/{POSTS}/")
    return door.admit(
        Item(
            native_id=uri,
            text=post.text,
            published_at=min(claimed, seen),
            kind=PostKind.POST,
            url=f"https://bsky.app/profile/{did}/post/{rkey}",
            author=did,
            reply_to=post.reply.parent.uri if post.reply else None,
            extra={"language": post.langs[0]} if post.langs else {},
        )
    )
