"""The open networks through the job that crawls: posts, cursor, deletions and waits as the store keeps them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

import crawlers
from crawlers.batch import Entry, read_entry
from crawlers.door import Door
from crawlers.drift import sample
from crawlers.networks import bluesky, youtube
from crawlers.networks import mastodon as mastodon_reader
from pipeline import jobs
from tanggap.records import Post, Source, SourceKind
from tanggap.settings import CrawlerSection, LimitsSection, Secrets, Settings
from tanggap.store import Store, posts, quarantine, runs, waits
from tests.crawlers.conftest import NOW
from tests.mockserver.api import stand_in
from tests.mockserver.jetstream import DID, Jetstream, event
from tests.mockserver.mastodon_api import BASE, MastodonApi, status
from tests.mockserver.web import MockWeb
from tests.mockserver.youtube_api import CHANNEL, YouTubeApi, error, thread

Make = Callable[..., Source]
PRESENT = int(NOW.timestamp() * 1e6)


@pytest.fixture
def mastodon(source: Make, web: MockWeb) -> Source:
    return source(kind=SourceKind.MASTODON, address=web.url("/").rstrip("/"), query="#banjir", limit=100)


@contextmanager
def listening(settings: Settings, events: list[Any]) -> Iterator[tuple[str, Settings]]:
    """(address, settings) of a Jetstream server that plays `events` up to the present."""
    with Jetstream([*events, event(PRESENT, text="selamat pagi")]) as server:
        limits = LimitsSection(allow_addresses=(server.place,), page_timeout_s=2.0)
        yield f"ws://{server.place}/subscribe", settings.model_copy(update={"limits": limits})


def test_a_second_run_of_mastodon_stores_nothing_twice(
    store: Store, web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    api = MastodonApi([status(n, "banjir") for n in range(5)])
    stand_in(web, api)
    first = jobs.crawl(store, mastodon, settings)
    api.statuses.append(status(5, "banjir"))
    second = jobs.crawl(store, mastodon, settings)
    assert (first.new, second.new, second.duplicate, second.failure) == (5, 1, 0, None)
    assert json.loads(second.cursor)["tags"] == {"banjir": str(BASE + 5)}


def test_a_pause_outlives_the_run(store: Store, web: MockWeb, mastodon: Source, settings: Settings) -> None:
    api = MastodonApi([status(1, "banjir")], refusals={1: (429, {}, {"Retry-After": "300"})})
    stand_in(web, api)
    assert jobs.crawl(store, mastodon, settings).failure == "rate"
    with store.read() as db:
        wait = waits.until(db, mastodon.id)
    assert wait is not None
    assert wait.until == NOW + timedelta(minutes=5)
    assert jobs.crawl(store, mastodon, settings).failure == "rate"
    assert len(api.calls) == 1


def test_a_broken_status_lies_in_quarantine(store: Store, web: MockWeb, mastodon: Source, settings: Settings) -> None:
    broken = status(9, "banjir", created_at="kemarin", content="<p>hubungi 081234567890</p>")
    stand_in(web, MastodonApi([*(status(n, "banjir") for n in range(9)), broken]))
    run = jobs.crawl(store, mastodon, settings)
    with store.read() as db:
        (entry,) = quarantine.entries(db, mastodon.id)
    assert (run.new, run.failed, run.refused) == (9, 1, {"payload": 1})
    assert f"status {BASE + 9}: created_at 'kemarin' is no time" in entry.told
    assert "081234567890" not in entry.sample


def test_bluesky_deletions_and_changes_reach_the_store(store: Store, source: Make, settings: Settings) -> None:
    old = [event(PRESENT - n * 1_000_000) for n in (60, 50)]
    with listening(settings, old) as (address, heard):
        bluesky = source(kind=SourceKind.BLUESKY, address=address, query="banjir")
        assert jobs.crawl(store, bluesky, heard).new == 2
    later = [
        event(PRESENT - 4_000_000, "delete", rkey=old[0]["commit"]["rkey"]),
        event(PRESENT - 3_000_000, "update", "sudah surut", rkey=old[1]["commit"]["rkey"]),
    ]
    with listening(settings, later) as (address, heard):
        run = jobs.crawl(store, bluesky.evolve(address=address), heard)
    assert (run.new, run.changed, run.removed) == (0, 1, 1)
    with store.read() as db:
        assert [post.text for post in posts.search(db, "surut")] == ["sudah surut"]
        assert posts.count(db) == 1


def test_youtube_rests_until_midnight_in_california(
    store: Store, web: MockWeb, source: Make, settings: Settings
) -> None:
    keyed = settings.model_copy(
        update={"secrets": Secrets(youtube_api_key="a-key"), "crawler": CrawlerSection(youtube_api=web.url("/"))}
    )
    api = YouTubeApi({"vidUjiUji01": [thread(n) for n in range(120)]}, refusals={3: error(403, "quotaExceeded")})
    stand_in(web, api)
    youtube = source(kind=SourceKind.YOUTUBE, address=f"channel:{CHANNEL}", limit=1000)
    run = jobs.crawl(store, youtube, keyed)
    assert (run.new, run.failure) == (100, "cap")
    with store.write() as db:
        wait = waits.until(db, youtube.id)
        waits.clear(db, youtube.id)
    assert wait is not None
    assert f"{wait.until:%d %b %H.%M}" == "10 Jan 08.00"
    api.refusals = {}
    again = jobs.crawl(store, youtube, keyed)
    assert (again.new, again.duplicate, again.failure) == (20, 0, None)


def test_each_run_that_is_killed_leaves_posts_and_cursor_in_step(
    store: Store, web: MockWeb, mastodon: Source, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(web, MastodonApi([status(n, "banjir") for n in range(90)]))
    real = crawlers.crawl
    for alive in (1, 0, 2, 9):
        monkeypatch.setattr(crawlers, "crawl", lambda *a, alive=alive, **k: dying(real(*a, **k), alive))
        jobs.crawl(store, mastodon, settings)
        with store.read() as db:
            place = json.loads(runs.cursor(db, mastodon.id) or "{}").get("tags", {}).get("banjir", str(BASE - 1))
            assert posts.count(db) == int(place) - BASE + 1
    assert posts_of(store) == 90


def dying(found: Iterator[Any], alive: int) -> Iterator[Any]:
    """The first batches of a run, then its death."""
    for _ in range(alive):
        batch = next(found, None)
        if batch is None:
            return
        yield batch
    raise RuntimeError("killed")


def posts_of(store: Store) -> int:
    """How many posts a store holds."""
    with store.read() as db:
        return posts.count(db)


def comment_record(door: Door, record: Any) -> Callable[[], Post]:
    return partial(youtube.read_comment, record, "vidUjiUji01", door)


def post_record(door: Door, record: Any) -> Callable[[], Post]:
    return partial(bluesky.read_post, f"at://{DID}/app.bsky.feed.post/3k1", record, PRESENT, door)


def status_record(door: Door, record: Any) -> Callable[[], Post]:
    return partial(mastodon_reader.read_status, record, door)


RECORDS: list[tuple[Any, Callable[[Door, Any], Callable[[], Post]]]] = [
    (status(1, "banjir"), status_record),
    (thread(1)["top"], comment_record),
    (event(PRESENT)["commit"]["record"], post_record),
]

VALUES = [
    None,
    0,
    -1,
    2**70,
    1.5,
    True,
    "",
    "x",
    "x" * 30_000,
    "\ud800\x00",
    "https://a.example/\ud800\x00",
    [],
    [None],
    {},
    {"a": []},
    float("nan"),
]


def mutations(record: Any) -> Iterator[Any]:
    """`record` with each of its fields, at any depth, dropped, renamed, and set to each of VALUES."""
    for key in record if isinstance(record, dict) else ():
        rest = {name: value for name, value in record.items() if name != key}
        yield rest
        yield rest | {f"{key}_2": record[key]}
        yield from (rest | {key: value} for value in VALUES)
        yield from (rest | {key: inner} for inner in mutations(record[key]))


@pytest.mark.parametrize("number", range(len(RECORDS)))
def test_no_mutated_record_crashes_and_none_vanishes(
    number: int, store: Store, source: Make, settings: Settings
) -> None:
    record, reader = RECORDS[number]
    door = Door(source(), settings)
    kept: list[Post] = []
    tried = 0
    for mutated in mutations(record):
        tried += 1
        entry = Entry(where="it", read=reader(door, mutated), sample=partial(sample, mutated))
        result = read_entry(entry)
        if isinstance(result, Post):
            kept.append(result)
        else:
            assert result.told
            assert result.sample or result.kind != "payload"
    with store.write() as db:
        posts.add(db, kept)
    assert 0 < len(kept) < tried
    print(f"{reader.__name__}: {tried} mutated, {len(kept)} kept, {tried - len(kept)} refused")
