"""Messages of one public Telegram channel, read upwards from the last one stored; needs the extra `telegram`.

The cursor is the number of the newest stored message. Numbers of a channel rise one by one, so the last few hundred
below the cursor are looked at once more in each run: edited messages are brought up to date, deleted ones taken out.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from crawlers.batch import Batch, Entry, Known, batches
from crawlers.door import Door, Item
from crawlers.drift import sample
from crawlers.fields import count
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Engagement, Post, PostKind, Source
from tanggap.settings import Settings

#: Messages per request, how many below the cursor are looked at again, and how far the first run looks back.
PAGE, AGAIN, FIRST = 100, 300, timedelta(days=7)

NAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{3,31})")

#: Longest pause believed.
LONGEST = timedelta(days=1)

Answer = TypeVar("Answer")


def crawl_telegram(
    source: Source,
    settings: Settings,
    *,
    cursor: str = "",
    known: Known,
    since: datetime | None = None,
    limit: int | None = None,
) -> Iterator[Batch]:
    """Messages of the channel, one batch per request; `known` tells which of the older ones we hold.

    Raises:
        SourceError: `config` without the extra, the keys or a public channel of that name, `auth` when the session
            is not valid any more, `rate` with the hour Telegram names, `network`.
    """
    name = NAME.fullmatch(source.address)
    if name is None:
        raise SourceError(f"{source.id}: write its address as @channel.", "config")
    channel = Channel(source, settings, name[1])
    run = Run(channel, Door(source, settings), known, since, limit or source.limit)
    try:
        yield from run.batches(int(cursor) if cursor.isdecimal() and len(cursor) < 10 else 0)
    finally:
        channel.close()


def connect(source: Source, settings: Settings) -> Any:
    """A Telethon client for the session string of the settings.

    Raises:
        SourceError: the extra is not installed, or its keys are missing or malformed; failure `config`.
    """
    try:
        from telethon import TelegramClient
        from telethon.sessions import StringSession
    except ImportError:
        told = 'is not installed: pip install "tanggap-monitor[telegram]"'
        raise SourceError(f"{source.id}: Telethon {told}.", "config") from None
    keys = settings.secrets
    if not (keys.telegram_api_id.isdecimal() and keys.telegram_api_hash and keys.telegram_session):
        names = "TANGGAP_TELEGRAM_API_ID, TANGGAP_TELEGRAM_API_HASH and TANGGAP_TELEGRAM_SESSION"
        raise SourceError(f"{source.id} is not configured: set {names}.", "config")
    try:
        session = StringSession(keys.telegram_session)
    except ValueError:
        raise SourceError(f"{source.id}: TANGGAP_TELEGRAM_SESSION is no session string.", "config") from None
    return TelegramClient(
        session,
        int(keys.telegram_api_id),
        keys.telegram_api_hash,
        timeout=settings.limits.page_timeout_s,
        connection_retries=2,
        receive_updates=False,
        flood_sleep_threshold=0,
    )


class Channel:
    """One public channel, asked through Telethon; every call is one request or a few."""

    def __init__(self, source: Source, settings: Settings, name: str) -> None:
        self.source, self.name, self.now = source, name, settings.now()
        self.limit_s = settings.limits.crawl_timeout_s
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        try:
            self.client = connect(source, settings)
        except SourceError:
            self.loop.close()
            raise
        self.entity: Any = None

    def open(self) -> None:
        """Connects and finds the channel.

        Raises:
            SourceError: the session is not valid, or no public channel has this name.
        """
        from telethon.tl.types import Channel as PublicChannel

        self.ask(self.client.connect())
        if not self.ask(self.client.is_user_authorized()):
            told = "its session is not signed in any more; make a new session string"
            raise SourceError(f"{self.source.id}: {told}.", "auth")
        found = self.ask(self.client.get_entity(self.name))
        if not isinstance(found, PublicChannel) or not found.username:
            raise SourceError(f"{self.source.id}: @{self.name} is no public channel.", "config")
        self.entity = found

    def above(self, number: int, size: int, begin: datetime) -> list[Any]:
        """The messages right above `number`, in rising order; from `begin` on where there is no number."""
        bounds: dict[str, Any] = {"min_id": number} if number else {"offset_date": begin}
        return self.ask(self.collect(limit=size, reverse=True, **bounds))

    def these(self, numbers: Sequence[int]) -> list[Any]:
        """The messages of these numbers, None for each that is not there."""
        return list(self.ask(self.client.get_messages(self.entity, ids=list(numbers))))

    async def collect(self, **asked: Any) -> list[Any]:
        """What iter_messages gives, as a list."""
        return [message async for message in self.client.iter_messages(self.entity, **asked)]

    def ask(self, call: Coroutine[Any, Any, Answer]) -> Answer:
        """What a call of Telethon gives.

        Raises:
            SourceError: Telegram refused or could not be reached.
        """
        from telethon import errors

        source = self.source.id
        try:
            return self.loop.run_until_complete(asyncio.wait_for(call, self.limit_s))
        except errors.FloodWaitError as error:
            pause = min(timedelta(seconds=max(0, error.seconds)), LONGEST)
            raise SourceError(f"{source}: Telegram asks for a pause.", "rate", retry_at=self.now + pause) from None
        except (errors.UsernameInvalidError, errors.UsernameNotOccupiedError, ValueError):
            raise SourceError(f"{source}: Telegram knows no channel @{self.name}.", "config") from None
        except (errors.ChannelPrivateError, errors.ForbiddenError):
            raise SourceError(f"{source}: @{self.name} is closed to us.", "blocked") from None
        except (errors.UnauthorizedError, errors.AuthKeyError, errors.ApiIdInvalidError):
            raise SourceError(f"{source}: Telegram refuses the keys; make a new session string.", "auth") from None
        except errors.RPCError as error:
            raise SourceError(f"{source}: Telegram answered {error.message}.", "network") from None
        except (OSError, TimeoutError) as error:
            raise SourceError(f"{source}: Telegram cannot be reached ({type(error).__name__}).", "network") from None

    def close(self) -> None:
        """Hangs up."""
        try:
            self.loop.run_until_complete(self.client.disconnect())
        finally:
            self.loop.close()
            asyncio.set_event_loop(None)


class Run:
    """One run: what is new, then what changed."""

    def __init__(self, channel: Channel, door: Door, known: Known, since: datetime | None, limit: int) -> None:
        self.channel, self.door, self.known, self.since, self.left = channel, door, known, since, limit

    def batches(self, stored: int) -> Iterator[Batch]:
        """One batch per request; the one about older messages comes first, below where new ones begin."""
        self.channel.open()
        if stored:
            yield self.look_again(range(max(1, stored - AGAIN + 1), stored + 1))
        begin = self.since or self.door.now - FIRST
        while self.left > 0:
            messages = self.channel.above(stored, min(PAGE, self.left), begin)
            if not messages:
                return
            self.left -= len(messages)
            stored = max(stored, *(number_of(one) for one in messages))
            yield replace(self.read(messages), cursor=str(stored), fetched=len(messages))

    def look_again(self, numbers: range) -> Batch:
        """Of the messages we hold: the edited ones as they are now, and those that are gone."""
        held = self.known([str(number) for number in numbers])
        if not held:
            return Batch()
        mine = sorted(int(number) for number in held)
        found = dict(zip(mine, self.channel.these(mine), strict=False))
        edited = [message for message in found.values() if getattr(message, "edit_date", None)]
        return replace(self.read(edited), removed=tuple(str(n) for n, message in found.items() if message is None))

    def read(self, messages: list[Any]) -> Batch:
        """Messages with words as one batch; pictures and notices of the channel say nothing to us."""
        entries = [
            Entry(
                where=f"message {number_of(one)}",
                read=partial(read_message, one, self.channel.name, self.door),
                sample=partial(sample_of, one),
            )
            for one in messages
            if has_words(one)
        ]
        parts = list(batches(entries, since=self.since))
        return Batch(
            posts=tuple(post for part in parts for post in part.posts),
            fetched=sum(part.fetched for part in parts),
            refusals=tuple(one for part in parts for one in part.refusals),
        )


def number_of(message: Any) -> int:
    """The number of a message in its channel; 0 for what has none."""
    number = getattr(message, "id", 0)
    return number if isinstance(number, int) else 0


def has_words(message: Any) -> bool:
    """Whether a message says something; one of an unknown shape is looked at, to be told of."""
    from telethon.tl.types import MessageService

    return not isinstance(message, MessageService) and getattr(message, "message", None) != ""


def sample_of(message: Any) -> str:
    """A message for quarantine."""
    return sample(message.to_dict() if hasattr(message, "to_dict") else message)


def read_message(message: Any, name: str, door: Door) -> Post:
    """One message; its author is who signed it, or the channel.

    Raises:
        PayloadError: it has no number, time or text.
    """
    number, text = number_of(message), getattr(message, "message", None)
    if number <= 0 or not isinstance(text, str):
        raise PayloadError("its number or text is missing")
    if not isinstance(getattr(message, "date", None), datetime):
        raise PayloadError("its date is no time")
    answered = getattr(message.reply_to, "reply_to_msg_id", None)
    return door.admit(
        Item(
            native_id=str(number),
            text=text,
            published_at=message.date,
            kind=PostKind.POST,
            url=f"https://t.me/{name}/{number}",
            author=str(message.post_author or name),
            engagement=engagement(message),
            reply_to=str(answered) if answered else None,
            extra={"edited_at": message.edit_date.isoformat()} if isinstance(message.edit_date, datetime) else {},
        )
    )


def engagement(message: Any) -> Engagement:
    """Telegram's public counters; every reaction counts as a like."""
    reactions = getattr(message.reactions, "results", None) or []
    return Engagement(
        likes=sum(count(getattr(one, "count", 0)) for one in reactions),
        replies=count(getattr(message.replies, "replies", 0)),
        reposts=count(message.forwards),
        views=count(message.views),
    )
