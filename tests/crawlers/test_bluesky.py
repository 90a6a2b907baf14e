"""Bluesky by Jetstream, against a stand-in: matching, resuming, deletions, gaps, dropped lines and strange events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from crawlers import Batch, crawl
from tanggap.errors import SourceError
from tanggap.records import Source, SourceKind
from tanggap.settings import LimitsSection, Settings
from tests.crawlers.conftest import NOW
from tests.mockserver.jetstream import DID, Jetstream, event

Make = Callable[..., Source]

#: Microseconds of the fixed present, and of one second.
PRESENT = int(NOW.timestamp() * 1e6)
SECOND = 1_000_000

#: The event that tells a run that it has reached the present.
END = event(PRESENT, text="selamat pagi")


def ago(seconds: float, operation: str = "create", text: str | None = None, **fields: Any) -> dict[str, Any]:
    return event(PRESENT - int(seconds * SECOND), operation, text, **fields)


def uri(one: dict[str, Any]) -> str:
    return f"at://{DID}/app.bsky.feed.post/{one['commit']['rkey']}"


class World:
    """A server, a source that listens to it, and what a store would hold."""

    def __init__(self, server: Jetstream, source: Source, settings: Settings) -> None:
        self.server, self.source = server, source
        self.settings = settings.model_copy(
            update={
                "limits": LimitsSection(
                    allow_addresses=(server.place,), page_timeout_s=1.0, crawl_timeout_s=20.0, max_page_bytes=100_000
                )
            }
        )
        self.stored: dict[str, str] = {}
        self.cursor = ""

    def known(self, native_ids: Sequence[str]) -> set[str]:
        return self.stored.keys() & set(native_ids)

    def run(self, *, most: int | None = None, **kwargs: Any) -> list[Batch]:
        """A run; killed after `most` batches."""
        got = []
        for batch in crawl(self.source, self.settings, cursor=self.cursor, known=self.known, **kwargs):
            got.append(batch)
            self.stored |= {post.native_id: post.text for post in batch.posts}
            for one in batch.removed:
                del self.stored[one]
            self.cursor = batch.cursor or self.cursor
            if most is not None and len(got) >= most:
                break
        return got


@pytest.fixture
def world(source: Make, settings: Settings) -> Callable[..., Any]:
    @contextmanager
    def make(events: list[Any], *, query: str = 'banjir OR "air mati"', **kwargs: Any) -> Iterator[World]:
        with Jetstream(events, **kwargs) as server:
            address = f"ws://{server.place}/subscribe"
            yield World(server, source(kind=SourceKind.BLUESKY, address=address, query=query, limit=10_000), settings)

    return make


def test_posts_that_hold_a_word_or_phrase_are_kept(world: Callable[..., Any]) -> None:
    texts = ["BANJIR!", "air  máti sejak pagi", "air putih", "kebanjiran order", "hati mati", "kena #banjir"]
    events = [ago(60 - n, text=text) for n, text in enumerate(texts)]
    with world([*events, END]) as w:
        (batch,) = w.run()
        assert [post.text for post in batch.posts] == ["BANJIR!", "air máti sejak pagi", "kena #banjir"]
        assert (batch.fetched, batch.cursor) == (3, str(PRESENT))
        assert w.server.calls[0]["wantedCollections"] == ["app.bsky.feed.post"]
        assert w.server.agents == {w.settings.crawler.user_agent}


def test_a_post_has_its_address_language_and_no_author(world: Callable[..., Any]) -> None:
    parent = {"uri": f"at://{DID}/app.bsky.feed.post/3kparent", "cid": "bafyreib"}
    record = {**ago(9)["commit"]["record"], "reply": {"root": parent, "parent": parent}}
    with world([ago(9, record=record), END]) as w:
        ((post,),) = [batch.posts for batch in w.run()]
    assert post.native_id == f"at://{DID}/app.bsky.feed.post/3k{PRESENT - 9 * SECOND}"
    assert post.url == f"https://bsky.app/profile/{DID}/post/3k{PRESENT - 9 * SECOND}"
    assert (post.reply_to, post.extra["language"]) == (parent["uri"], "id")
    assert post.author
    assert "bv6ggog" not in post.author


def test_the_next_run_rewinds_and_stores_nothing_twice(world: Callable[..., Any]) -> None:
    with world([ago(3), ago(2), END]) as w:
        w.run()
        w.server.events[-1:] = [ago(1), END]
        (batch,) = w.run()
        assert [post.native_id for post in batch.posts] == [uri(ago(1))]
        assert int(w.server.calls[1]["cursor"][0]) == PRESENT - 5 * SECOND


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_a_run_killed_after_any_batch_loses_and_doubles_nothing(killed_after: int, world: Callable[..., Any]) -> None:
    events = [ago(600 - n / 2) for n in range(700)]
    with world([*events, END]) as w:
        got = w.run(most=killed_after)
        got += w.run()
        posts = [post.native_id for batch in got for post in batch.posts]
        assert posts == [uri(one) for one in events]


def test_a_run_that_meets_its_limit_goes_on_next_time(world: Callable[..., Any]) -> None:
    events = [ago(3 - n / 10) for n in range(25)]
    with world([*events, END]) as w:
        sizes = [sum(len(batch.posts) for batch in w.run(limit=4)) for _ in range(7)]
        assert sizes == [4, 4, 4, 4, 4, 4, 1]
        assert list(w.stored) == [uri(one) for one in events]


def test_a_dropped_line_is_dialled_anew_where_it_broke(world: Callable[..., Any]) -> None:
    events = [ago(600 - n) for n in range(50)]
    with world([*events, END], drop_after=20) as w:
        posts = [post.native_id for batch in w.run() for post in batch.posts]
        assert posts == [uri(one) for one in events]
        assert len(w.server.calls) == 2


def test_a_server_that_falls_silent_is_a_matter_of_the_network(world: Callable[..., Any]) -> None:
    with world([ago(60)]) as w:
        with pytest.raises(SourceError, match="dropped the line") as caught:
            w.run()
        assert caught.value.failure == "network"
        assert list(w.stored) == [uri(ago(60))]


def test_deletions_take_out_what_we_hold(world: Callable[..., Any]) -> None:
    with world([ago(60), ago(50), END]) as w:
        w.run()
        gone = ago(4, "delete", rkey=ago(60)["commit"]["rkey"])
        other = ago(4, "delete", rkey="3kother")
        brief = ago(3)
        w.server.events[-1:] = [gone, other, brief, ago(2, "delete", rkey=brief["commit"]["rkey"]), END]
        (batch,) = w.run()
        assert (batch.posts, batch.removed) == ((), (uri(ago(60)),))
        assert list(w.stored) == [uri(ago(50))]


def test_changes_reach_what_we_hold_even_without_our_words(world: Callable[..., Any]) -> None:
    with world([ago(60), END]) as w:
        w.run()
        mine = ago(4, "update", "sudah surut", rkey=ago(60)["commit"]["rkey"])
        w.server.events[-1:] = [mine, ago(3, "update", "kabar lain", rkey="3kother"), END]
        (batch,) = w.run()
        assert [post.text for post in batch.posts] == ["sudah surut"]
        assert list(w.stored.values()) == ["sudah surut"]


def test_lost_events_are_told(world: Callable[..., Any]) -> None:
    with world([ago(60), END], oldest=PRESENT - 100 * SECOND) as w:
        w.cursor = str(int((NOW - timedelta(days=2)).timestamp() * 1e6))
        (batch,) = w.run()
        assert batch.remarks == ("uji: events between 08 Jan 03.00 and 10 Jan 02.59 UTC are lost.",)
        assert w.run()[0].remarks == ()


def test_the_topic_guard_keeps_its_words_out(world: Callable[..., Any]) -> None:
    with world([ago(9, text="banjir massa aksi di Monas"), END]) as w:
        w.source = w.source.evolve(topic_guard=("massa aksi",))
        (batch,) = w.run()
        assert (batch.posts, [one.kind for one in batch.refusals]) == ((), ["topic"])


STATUSES = {400: "config", 401: "auth", 403: "auth", 404: "config", 429: "rate", 500: "network", 503: "network"}


@pytest.mark.parametrize("status", STATUSES)
def test_each_refusal_has_its_class_and_sentence(status: int, world: Callable[..., Any]) -> None:
    with world([], status=status) as w, pytest.raises(SourceError, match=str(status)) as caught:
        w.run()
    assert caught.value.failure == STATUSES[status]


@pytest.mark.parametrize(
    "address",
    ["ws://10.0.0.1/subscribe", "ws://localhost/subscribe", "wss://user@example.com/", "ws://169.254.169.254:80/"],
)
def test_an_address_that_is_not_public_is_not_asked(address: str, source: Make, settings: Settings) -> None:
    inside = source(kind=SourceKind.BLUESKY, address=address, query="banjir")
    with pytest.raises(SourceError) as caught:
        list(crawl(inside, settings, known=lambda _: set()))
    assert caught.value.failure == "blocked"


def test_a_query_without_words_is_not_configured(source: Make, settings: Settings) -> None:
    empty = source(kind=SourceKind.BLUESKY, address="wss://example.com/subscribe", query=' OR ,"!"')
    with pytest.raises(SourceError) as caught:
        list(crawl(empty, settings, known=lambda _: set()))
    assert caught.value.failure == "config"


BROKEN: list[Any] = [
    "no json",
    b"\xff\xfe",
    "[]",
    "null",
    "{}",
    json.dumps({"time_us": "now"}),
    json.dumps({"time_us": 2**61, "kind": "commit"}),
    ago(5, did="did:plc:x/../../y") | {"did": "did:plc:x/../../y"},
    ago(5, rkey=7),
    ago(5, record=None),
    ago(5, record={"text": ["banjir"]}),
    ago(5, record={"text": "banjir"}),
    ago(5, record={"text": "banjir", "createdAt": 7}),
    ago(5, record={"text": "banjir", "createdAt": "kemarin"}),
    ago(5, record={"text": "banjir " * 5000, "createdAt": "2026-01-10T02:30:00Z"}),
    ago(5, record={"text": "banjir", "createdAt": "2026-01-10T02:30:00Z", "reply": "x"}),
    ago(5) | {"commit": 7},
]


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_strange_events_are_refused_with_a_sample_and_the_rest_goes_on(broken: Any, world: Callable[..., Any]) -> None:
    good = [ago(60 - n) for n in range(9)]
    with world([*good, broken, ago(4), END]) as w:
        batches = w.run()
        refusals = [one for batch in batches for one in batch.refusals]
        assert [one.kind for one in refusals] == ["payload"]
        assert refusals[0].sample
        assert list(w.stored) == [uri(one) for one in [*good, ago(4)]]


def test_a_message_too_large_ends_as_trouble_of_the_network_and_keeps_what_came_before(
    world: Callable[..., Any],
) -> None:
    with world([ago(60), ago(50, text="banjir " * 20_000), END]) as w:
        with pytest.raises(SourceError) as caught:
            w.run()
        assert caught.value.failure == "network"
        assert list(w.stored) == [uri(ago(60))]


def test_events_of_other_kinds_and_collections_say_nothing(world: Callable[..., Any]) -> None:
    account = {"did": DID, "time_us": PRESENT - 9, "kind": "account", "account": {"active": False, "did": DID}}
    with world([account, ago(5, collection="app.bsky.feed.like"), END]) as w:
        (batch,) = w.run()
        assert (batch.fetched, batch.refusals, batch.cursor) == (0, (), str(PRESENT))
