"""Telegram channels, with a client of ours that hands out Telethon's own types: MTProto itself cannot be run here."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon import TelegramClient, errors
from telethon.crypto import AuthKey
from telethon.sessions import StringSession
from telethon.tl import types

from crawlers import Batch, crawl
from crawlers.networks import telegram
from tanggap.errors import SourceError
from tanggap.records import Source, SourceKind
from tanggap.settings import Secrets, Settings
from tests.crawlers.conftest import NOW

Make = Callable[..., Source]
BEGIN = datetime(2026, 1, 9, tzinfo=UTC)


def message(number: int, text: str | None = None, **fields: Any) -> types.Message:
    """A message of a channel as Telethon reads it; the text is ours."""
    given = {
        "peer_id": types.PeerChannel(7),
        "date": BEGIN + timedelta(minutes=number),
        "message": f"Genangan di Pondok Uji, kabar {number}" if text is None else text,
        **fields,
    }
    return types.Message(id=number, **given)


def channel(**fields: Any) -> types.Channel:
    """A public channel."""
    given = {"title": "Kabar Uji", "photo": types.ChatPhotoEmpty(), "date": BEGIN, "username": "kabaruji", **fields}
    return types.Channel(id=7, **given)


class Client:
    """What the crawler asks of Telethon: iter_messages upwards, get_messages by number, and its errors."""

    def __init__(self, messages: list[Any]) -> None:
        self.messages = messages
        self.found: Any = channel()
        self.authorized = True
        self.refusals: dict[str, Exception] = {}
        self.asked: list[dict[str, Any]] = []

    def answer(self, name: str, value: Any) -> Any:
        if name in self.refusals:
            raise self.refusals[name]
        return value

    async def connect(self) -> None:
        self.answer("connect", None)

    async def disconnect(self) -> None:
        """Hangs up."""

    async def is_user_authorized(self) -> bool:
        return bool(self.answer("is_user_authorized", self.authorized))

    async def get_entity(self, _name: str) -> Any:
        return self.answer("get_entity", self.found)

    async def iter_messages(self, _entity: Any, **asked: Any) -> AsyncIterator[Any]:
        self.asked.append(asked)
        self.answer("iter_messages", None)
        assert asked["reverse"]
        begin = asked.get("offset_date", BEGIN - timedelta(days=99))
        rising = [m for m in self.messages if m.id > asked.get("min_id", 0) and m.date >= begin]
        for one in rising[: asked["limit"]]:
            yield one

    async def get_messages(self, _entity: Any, ids: Sequence[int]) -> list[Any]:
        self.answer("get_messages", None)
        return [next((m for m in self.messages if m.id == number), None) for number in ids]


class World:
    """A channel, its client, and what a store would hold."""

    def __init__(self, source: Source, settings: Settings, client: Client) -> None:
        self.source, self.settings, self.client = source, settings, client
        self.stored: dict[str, str] = {}
        self.cursor = ""

    def known(self, native_ids: Sequence[str]) -> set[str]:
        return self.stored.keys() & set(native_ids)

    def run(self, *, most: int | None = None, **kwargs: Any) -> list[Batch]:
        """A run; killed after `most` batches."""
        got: list[Batch] = []
        found = crawl(self.source, self.settings, cursor=self.cursor, known=self.known, **kwargs)
        for batch in found:
            got.append(batch)
            self.stored |= {post.native_id: post.text for post in batch.posts}
            for one in batch.removed:
                del self.stored[one]
            self.cursor = batch.cursor or self.cursor
            if most is not None and len(got) >= most:
                break
        found.close()  # type: ignore[attr-defined]
        return got

    def refused(self) -> SourceError:
        with pytest.raises(SourceError) as caught:
            self.run()
        return caught.value


@pytest.fixture
def world(source: Make, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> World:
    client = Client([message(n) for n in range(1, 251)])
    monkeypatch.setattr(telegram, "connect", lambda *_: client)
    return World(source(kind=SourceKind.TELEGRAM, address="@kabaruji", limit=10_000), settings, client)


def numbers(batches: list[Batch]) -> list[int]:
    return [int(post.native_id) for batch in batches for post in batch.posts]


def test_a_channel_is_read_upwards_and_the_newest_number_is_the_cursor(world: World) -> None:
    batches = world.run()
    assert numbers(batches) == list(range(1, 251))
    assert [batch.cursor for batch in batches] == ["100", "200", "250"]
    assert world.client.asked[0]["offset_date"] == NOW - timedelta(days=7)


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_a_run_killed_after_any_batch_loses_and_doubles_nothing(killed_after: int, world: World) -> None:
    got = world.run(most=killed_after)
    world.client.messages += [message(n) for n in range(251, 256)]
    got += world.run()
    got += world.run()
    assert numbers(got) == list(range(1, 256))


def test_a_run_that_meets_its_limit_goes_on_above_it(world: World) -> None:
    assert numbers(world.run(limit=30)) == list(range(1, 31))
    assert numbers(world.run(limit=30)) == list(range(31, 61))


def test_edited_messages_are_brought_up_to_date_and_deleted_ones_taken_out(world: World) -> None:
    world.run()
    world.client.messages[9] = message(10, "Sudah surut", edit_date=NOW)
    del world.client.messages[4]
    (batch,) = world.run()
    assert [post.text for post in batch.posts] == ["Sudah surut"]
    assert batch.removed == ("5",)
    assert "5" not in world.stored


def test_a_message_keeps_its_counters_and_loses_its_author(world: World) -> None:
    world.client.messages = [
        message(
            3,
            post_author="Rina Wati",
            views=900,
            forwards=4,
            replies=types.MessageReplies(replies=6, replies_pts=1),
            reactions=types.MessageReactions(
                results=[
                    types.ReactionCount(types.ReactionEmoji("👍"), 5),
                    types.ReactionCount(types.ReactionEmoji("😢"), 2),
                ]
            ),
            reply_to=types.MessageReplyHeader(reply_to_msg_id=2),
        )
    ]
    ((post,),) = [batch.posts for batch in world.run()]
    assert (post.engagement.likes, post.engagement.replies) == (7, 6)
    assert (post.engagement.reposts, post.engagement.views) == (4, 900)
    assert (post.url, post.reply_to) == ("https://t.me/kabaruji/3", "2")
    assert post.author
    assert "Rina" not in repr(post)


def test_pictures_and_notices_are_passed_over(world: World) -> None:
    notice = types.MessageService(
        id=2, peer_id=types.PeerChannel(7), date=BEGIN, action=types.MessageActionPinMessage()
    )
    world.client.messages = [message(1, ""), notice, message(3)]
    (batch,) = world.run()
    assert (numbers([batch]), batch.fetched, batch.cursor, batch.refusals) == ([3], 3, "3", ())


def test_the_topic_guard_keeps_its_words_out(world: World) -> None:
    world.client.messages = [message(1, "Ada unjuk rasa"), message(2)]
    world.source = world.source.evolve(topic_guard=("unjuk rasa",))
    (batch,) = world.run()
    assert (numbers([batch]), [one.kind for one in batch.refusals]) == ([2], ["topic"])


REFUSALS: dict[str, tuple[str, Exception, str]] = {
    "flood": ("iter_messages", errors.FloodWaitError(None, 300), "rate"),
    "no such name": ("get_entity", errors.UsernameNotOccupiedError(None), "config"),
    "no possible name": ("get_entity", errors.UsernameInvalidError(None), "config"),
    "nobody": ("get_entity", ValueError('No user has "kabaruji" as username'), "config"),
    "private": ("iter_messages", errors.ChannelPrivateError(None), "blocked"),
    "forbidden": ("iter_messages", errors.ForbiddenError(None, "no"), "blocked"),
    "revoked": ("is_user_authorized", errors.SessionRevokedError(None), "auth"),
    "unregistered": ("get_entity", errors.AuthKeyUnregisteredError(None), "auth"),
    "duplicated": ("connect", errors.AuthKeyDuplicatedError(None), "auth"),
    "api id": ("get_entity", errors.ApiIdInvalidError(None), "auth"),
    "server": ("iter_messages", errors.ServerError(None, "RPC_CALL_FAIL"), "network"),
    "line": ("connect", ConnectionError("Connection to Telegram failed 2 time(s)"), "network"),
    "silence": ("iter_messages", TimeoutError(), "network"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_has_its_class_and_sentence(name: str, world: World) -> None:
    place, error, failure = REFUSALS[name]
    world.client.refusals = {place: error}
    told = world.refused()
    assert told.failure == failure
    assert str(told).startswith("uji: ")
    assert told.retry_at == (NOW + timedelta(minutes=5) if name == "flood" else None)


def test_a_session_that_is_signed_out_asks_for_a_new_one(world: World) -> None:
    world.client.authorized = False
    assert world.refused().failure == "auth"


@pytest.mark.parametrize(
    "found", [channel(username=None), types.User(id=3, username="kabaruji"), types.ChatForbidden(id=3, title="x")]
)
def test_only_public_channels_are_read(found: Any, world: World) -> None:
    world.client.found = found
    assert world.refused().failure == "config"


STRANGE = {
    "empty": types.MessageEmpty(id=13, peer_id=types.PeerChannel(7)),
    "no text": types.Message(id=14, peer_id=types.PeerChannel(7), date=BEGIN, message=None),
    "list for text": types.Message(id=15, peer_id=types.PeerChannel(7), date=BEGIN, message=["x"]),
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_messages_are_refused_with_a_sample_and_the_rest_goes_on(name: str, world: World) -> None:
    strange = STRANGE[name]
    strange.date = BEGIN
    world.client.messages = [*(message(n) for n in range(1, 10)), strange]
    (batch, _) = world.run()
    assert numbers([batch]) == list(range(1, 10))
    assert [one.kind for one in batch.refusals] == ["payload"]
    assert batch.refusals[0].sample


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        ({}, "TANGGAP_TELEGRAM_API_ID"),
        ({"telegram_api_id": "x", "telegram_api_hash": "h", "telegram_session": "s"}, "TANGGAP_TELEGRAM_API_ID"),
        ({"telegram_api_id": "1", "telegram_api_hash": "h", "telegram_session": "s"}, "no session string"),
    ],
)
def test_telegram_without_keys_is_not_configured(
    secrets: dict[str, str], told: str, source: Make, settings: Settings
) -> None:
    keyed = settings.model_copy(update={"secrets": Secrets(**secrets)})
    with pytest.raises(SourceError, match=told) as caught:
        list(crawl(source(kind=SourceKind.TELEGRAM, address="@kabaruji"), keyed, known=lambda _: set()))
    assert caught.value.failure == "config"


def test_telegram_without_its_extra_tells_how_to_install_it(
    source: Make, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "telethon", None)
    with pytest.raises(SourceError, match=r"tanggap-monitor\[telegram\]") as caught:
        list(crawl(source(kind=SourceKind.TELEGRAM, address="@kabaruji"), settings, known=lambda _: set()))
    assert caught.value.failure == "config"


def test_the_real_client_takes_a_session_string(source: Make, settings: Settings) -> None:
    session = StringSession()
    session.set_dc(2, "149.154.167.51", 443)
    session.auth_key = AuthKey(bytes(range(256)))
    keys = {"telegram_api_id": "1", "telegram_api_hash": "h", "telegram_session": session.save()}
    keyed = settings.model_copy(update={"secrets": Secrets(**keys)})
    client = telegram.connect(source(kind=SourceKind.TELEGRAM, address="@kabaruji"), keyed)
    assert isinstance(client, TelegramClient)
