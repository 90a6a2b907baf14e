"""Public statuses from the tag timelines of one Mastodon instance, read forwards, with a look back for what changed.

Every tag is read upwards from the last status stored (`min_id`), so its cursor is that status and a killed run goes
on where it stopped. The cursor also holds a short list of statuses to look at once more, a day after they came:
those edited since are brought up to date, those deleted are taken out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crawlers.batch import Batch, Entry, batches
from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.drift import sample
from crawlers.fields import count, told
from crawlers.networks.markup import plain
from crawlers.networks.mastodon_api import Instance
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Engagement, Post, PostKind, Source
from tanggap.settings import Settings

#: What a tag timeline gives at most per page.
PAGE = 40

#: How far the first run looks back.
FIRST = timedelta(days=7)

#: When a status is looked at once more, how many per run, and how many wait at most.
LATER, CHECKS, WAITING = timedelta(days=1), 20, 1000

TAG = re.compile(r"#?(\w{1,100})")

#: Ids are decimals on Mastodon and words on its relatives; nothing else may get into an address.
ID = re.compile(r"[A-Za-z0-9_-]{1,32}")

#: Words in a profile that ask not to be read by machines.
NO_MACHINES = re.compile(r"#no(?:bots?|index|search|archive)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a run stands: the newest stored status per tag, and (id, epoch seconds) of statuses to look at again."""

    tags: Mapping[str, str]
    waiting: tuple[tuple[str, int], ...] = ()

    @classmethod
    def read(cls, cursor: str) -> Position:
        """The position a cursor stands for; an unreadable one begins anew."""
        try:
            told = json.loads(cursor or "{}")
            tags = {str(tag): str(last) for tag, last in told.get("tags", {}).items() if ID.fullmatch(str(last))}
            return cls(
                tags, tuple((str(one), int(at)) for one, at in told.get("waiting", ()) if ID.fullmatch(str(one)))
            )
        except (ValueError, TypeError, AttributeError):
            return cls({})

    def after(self, tag: str, seen: Sequence[str], kept: Sequence[str], at: datetime) -> Position:
        """The position once a page of `tag` is stored."""
        waiting = dict(self.waiting) | {one: int(at.timestamp()) for one in kept}
        return Position({**self.tags, tag: max(seen, key=order)}, tuple(waiting.items())[-WAITING:])

    def due(self, now: datetime) -> list[str]:
        """Statuses that have waited long enough, as many as one run looks at."""
        before = (now - LATER).timestamp()
        return [one for one, at in self.waiting if at <= before][:CHECKS]

    def __str__(self) -> str:
        return json.dumps({"tags": dict(self.tags), "waiting": self.waiting}, separators=(",", ":"))


def crawl_mastodon(
    source: Source, settings: Settings, *, cursor: str = "", since: datetime | None = None, limit: int | None = None
) -> Iterator[Batch]:
    """Statuses under the tags of the source's query, one batch per page, then those looked at once more.

    Raises:
        SourceError: `config` without tags, `auth` when the instance shows its tags to nobody or to members only,
            `rate` with the hour it names, `network`, `layout`.
    """
    tags = list(dict.fromkeys(found.lower() for found in TAG.findall(source.query)))
    if not tags:
        raise SourceError(f"{source.id}: its query names no tag; write tags as in `#banjir #krl`.", "config")
    instance = Instance(source, settings)
    run = Run(instance, Door(source, settings), Position.read(cursor), since, limit or source.limit)
    yield from run.batches(tags)


class Run:
    """One run over all tags, a page of each in turn, so that a loud tag does not silence the others."""

    def __init__(self, instance: Instance, door: Door, position: Position, since: datetime | None, limit: int) -> None:
        self.instance, self.door, self.position, self.since, self.left = instance, door, position, since, limit

    def batches(self, tags: list[str]) -> Iterator[Batch]:
        """One batch per page, one for what was looked at again, and a remark where nothing came at all."""
        size = max(1, min(PAGE, self.left // len(tags)))
        open_tags, came = list(tags), False
        while open_tags and self.left > 0:
            for tag in tuple(open_tags):
                batch = self.page(tag, min(size, self.left))
                if batch is None:
                    open_tags.remove(tag)
                    continue
                came = True
                yield batch
                if self.left <= 0:
                    break
        yield from self.look_again()
        if not came:
            yield Batch(remarks=(f"{self.door.source.id}: none of {len(tags)} tags brought anything new.",))

    def page(self, tag: str, size: int) -> Batch | None:
        """The next page of `tag`; None at its upper end.

        Raises:
            SourceError: the page holds records but no ids; failure `layout`.
        """
        last = self.position.tags.get(tag)
        bounds = {"min_id": last or (self.since or self.door.now - FIRST)}
        statuses = [one for one in self.instance.page(tag, size, **bounds) if newer(id_of(one), last)]
        ids = [one for one in map(id_of, statuses) if one]
        if statuses and not ids:
            raise SourceError(f"{self.door.source.id}: #{tag} brought statuses without ids.", "layout")
        if not ids:
            return None
        self.left -= len(statuses)
        batch = self.read(statuses[::-1])
        kept = [post.native_id for post in batch.posts]
        self.position = self.position.after(tag, ids, kept, self.door.now)
        return replace(batch, cursor=str(self.position))

    def look_again(self) -> Iterator[Batch]:
        """Statuses that are a day old: as they are now, or taken out."""
        due = self.position.due(self.door.now)
        if not due:
            return
        found = {one: self.instance.status(one) for one in due}
        batch = self.read([status for status in found.values() if status is not None])
        gone = tuple(one for one, status in found.items() if status is None or withheld(status))
        self.position = replace(self.position, waiting=tuple(w for w in self.position.waiting if w[0] not in found))
        yield replace(batch, removed=gone, cursor=str(self.position))

    def read(self, statuses: list[Any]) -> Batch:
        """Statuses as one batch, oldest first."""
        entries = (
            Entry(where=f"status {id_of(s) or n}", read=partial(read_status, s, self.door), sample=partial(sample, s))
            for n, s in enumerate(statuses, 1)
        )
        return next(batches(entries, since=self.since), Batch())


def order(native_id: str) -> tuple[int, str]:
    """Sorts ids by age: decimals by value, words of one length by their letters."""
    return len(native_id), native_id


def newer(native_id: str, last: str | None) -> bool:
    """Whether a status lies above the last one; one without id is looked at, to be told of."""
    return not last or not native_id or order(native_id) > order(last)


def id_of(status: Any) -> str:
    """The id of a status, "" where it has none that could be asked for again."""
    given = status.get("id") if isinstance(status, Mapping) else None
    fit = isinstance(given, str | int) and not isinstance(given, bool) and ID.fullmatch(str(given))
    return str(given) if fit else ""


def withheld(status: Any) -> str:
    """Why a status is not for us: its audience or its author's wish; "" where neither speaks against it."""
    account = status.get("account") if isinstance(status, Mapping) else None
    if not isinstance(account, Mapping):
        return ""
    if status.get("visibility") in ("unlisted", "private", "direct"):
        return "it is not for everybody"
    if account.get("noindex") is True or NO_MACHINES.search(plain(str(account.get("note") or ""))):
        return "its author asks not to be indexed"
    return ""


def read_status(status: Any, door: Door) -> Post:
    """One status; of a boost, the status that was boosted.

    Raises:
        PayloadError: it has no id, author, time or text; of kind `blocked` when it is not for everybody, or its
            author asks not to be indexed.
    """
    if isinstance(status, Mapping) and isinstance(status.get("reblog"), Mapping):
        status = status["reblog"]
    if not isinstance(status, Mapping) or not isinstance(status.get("account"), Mapping):
        raise PayloadError("it is no status of an account")
    if not isinstance(status.get("content"), str) or not isinstance(status.get("visibility"), str):
        raise PayloadError("content or visibility is missing or no text")
    if reason := withheld(status):
        raise PayloadError(reason, "blocked")
    if status["visibility"] != "public":
        raise PayloadError(f"visibility {told(status['visibility'])} is unknown")
    published = read_time(status.get("created_at"))
    if published is None:
        raise PayloadError(f"created_at {told(status.get('created_at'))} is no time")
    warning = status.get("spoiler_text")
    return door.admit(
        Item(
            native_id=id_of(status),
            text="\n".join(filter(None, (warning if isinstance(warning, str) else "", plain(status["content"])))),
            published_at=published,
            kind=PostKind.POST,
            url=str(status.get("url") or status.get("uri") or ""),
            author=str(status["account"].get("acct") or ""),
            engagement=Engagement(
                likes=count(status.get("favourites_count")),
                replies=count(status.get("replies_count")),
                reposts=count(status.get("reblogs_count")),
            ),
            reply_to=str(status["in_reply_to_id"]) if status.get("in_reply_to_id") else None,
            extra=extra_of(status),
        )
    )


def extra_of(status: Mapping[str, Any]) -> dict[str, Any]:
    """Language and hour of the last edit, where they are told."""
    edited = read_time(status.get("edited_at"))
    language = status.get("language")
    kept = {"language": language} if isinstance(language, str) and language else {}
    return kept | ({"edited_at": edited.isoformat()} if edited else {})
