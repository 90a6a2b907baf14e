"""The memory of hosts that all crawls share: turns, pauses, the circuit breaker and robots.txt, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawlers import crawl
from crawlers.web.child import fetch
from crawlers.web.hosts import Hosts, MemoryHosts, StoredHosts, listen
from tanggap.errors import SourceError
from tanggap.hosts import CLOSED, PROBE, RULES_KEPT, SILENCE_KEPT, STRIKES
from tanggap.records import Source
from tanggap.store import Store
from tanggap.store import hosts as stored
from tests.crawlers.conftest import make_settings
from tests.mockserver.web import MockWeb, article, links

Make = Callable[..., Source]

HOST, PACE, HOLD = "koran.example", 2.0, 20.0


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, length: timedelta | float) -> None:
        self.now += length if isinstance(length, timedelta) else timedelta(seconds=length)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def hosts(any_store: Store, clock: Hand) -> StoredHosts:
    return StoredHosts(any_store, clock)


def both(hosts: StoredHosts, clock: Hand) -> tuple[Hosts, ...]:
    """The memory of a store and that of one process: the same rules."""
    return hosts, MemoryHosts(clock)


def test_one_request_goes_at_a_time_and_the_next_a_pace_after_its_answer(hosts: StoredHosts, clock: Hand) -> None:
    for memory in both(hosts, clock):
        assert memory.turn(HOST, PACE, HOLD).granted
        clock.pass_by(5)
        assert not memory.turn(HOST, PACE, HOLD).granted
        assert memory.turn("lain.example", PACE, HOLD).granted
        memory.heard(HOST, PACE, failed=False)
        clock.pass_by(PACE - 0.1)
        turn = memory.turn(HOST, PACE, HOLD)
        assert (turn.granted, turn.why, turn.at) == (False, "", clock() + timedelta(seconds=0.1))
        clock.pass_by(0.1)
        assert memory.turn(HOST, PACE, HOLD).granted
        clock.pass_by(3600)


def test_a_crawl_that_was_killed_holds_a_host_no_longer_than_a_page_may_take(hosts: StoredHosts, clock: Hand) -> None:
    assert hosts.turn(HOST, PACE, HOLD).granted
    clock.pass_by(HOLD + PACE)
    assert hosts.turn(HOST, PACE, HOLD).granted


def test_a_host_of_the_operator_without_pace_is_never_held(hosts: StoredHosts) -> None:
    assert all(hosts.turn(HOST, 0.0, HOLD).granted for _ in range(3))


def test_of_many_crawls_at_once_one_is_granted_the_turn(any_store: Store, clock: Hand) -> None:
    crawls = [StoredHosts(any_store, clock) for _ in range(4)]
    with ThreadPoolExecutor(len(crawls)) as pool:
        turns = list(pool.map(lambda number: crawls[number % 4].turn(HOST, PACE, HOLD), range(24)))
    assert sum(turn.granted for turn in turns) == 1


def test_a_pause_a_host_asked_for_outlives_the_run(any_store: Store, hosts: StoredHosts, clock: Hand) -> None:
    hosts.heard(HOST, PACE, failed=False, pause_s=3600)
    other = StoredHosts(any_store, clock).turn(HOST, PACE, HOLD)
    assert (other.why, other.failure) == ("its host asked for a pause", "rate")
    assert other.at == clock() + timedelta(hours=1)
    with any_store.read() as db:
        assert set(stored.resting(db, clock())) == {HOST}
    clock.pass_by(3590)
    near = hosts.turn(HOST, PACE, HOLD)
    assert (near.granted, near.why, near.at) == (False, "", clock() + timedelta(seconds=10))


def test_an_answer_that_was_still_on_its_way_does_not_shorten_a_pause(hosts: StoredHosts, clock: Hand) -> None:
    for memory in both(hosts, clock):
        memory.heard(HOST, PACE, failed=False, pause_s=3600)
        for _ in range(2):
            memory.heard(HOST, PACE, failed=False)
            assert "pause" in memory.turn(HOST, PACE, HOLD).why
        clock.pass_by(3600)
        assert memory.turn(HOST, PACE, HOLD).granted
        memory.heard(HOST, PACE, failed=False)
        clock.pass_by(PACE)
        assert memory.turn(HOST, PACE, HOLD).granted


def test_five_failures_in_a_row_close_a_host_for_an_hour_then_one_probe_goes(hosts: StoredHosts, clock: Hand) -> None:
    for memory in both(hosts, clock):
        for _ in range(STRIKES - 1):
            memory.heard(HOST, PACE, failed=True)
        memory.heard(HOST, PACE, failed=False)
        for _ in range(STRIKES - 1):
            memory.heard(HOST, PACE, failed=True)
        assert not memory.turn(HOST, PACE, HOLD).why
        memory.heard(HOST, PACE, failed=True)
        assert "5 times in a row" in memory.turn(HOST, PACE, HOLD).why
        clock.pass_by(CLOSED)
        assert not memory.turn(HOST, PACE, HOLD).why
        assert memory.turn(HOST, PACE, HOLD).failure == "network"
        memory.heard(HOST, PACE, failed=True)
        assert memory.turn(HOST, PACE, HOLD).at == clock() + CLOSED
        clock.pass_by(CLOSED)
        assert not memory.turn(HOST, PACE, HOLD).why
        memory.heard(HOST, PACE, failed=False)
        assert not memory.turn(HOST, PACE, HOLD).why
        clock.pass_by(3600)


def test_a_probe_that_is_never_heard_of_again_does_not_close_a_host_for_good(hosts: StoredHosts, clock: Hand) -> None:
    for _ in range(STRIKES):
        hosts.heard(HOST, PACE, failed=True)
    clock.pass_by(CLOSED)
    assert not hosts.turn(HOST, PACE, HOLD).why
    clock.pass_by(PROBE)
    assert not hosts.turn(HOST, PACE, HOLD).why


@pytest.mark.parametrize(
    ("status", "kept"),
    [(200, RULES_KEPT), (404, RULES_KEPT), (503, SILENCE_KEPT), (429, SILENCE_KEPT), (0, SILENCE_KEPT)],
)
def test_rules_hold_for_a_day_and_silence_for_minutes(
    status: int, kept: timedelta, hosts: StoredHosts, clock: Hand
) -> None:
    origin = "https://koran.example"
    for memory in both(hosts, clock):
        assert memory.rules(origin) is None
        memory.keep_rules(origin, status, "User-agent: *\nDisallow: /é")
        clock.pass_by(kept - timedelta(seconds=1))
        found = memory.rules(origin)
        assert found is not None
        assert (found.status, found.body) == (status, "User-agent: *\nDisallow: /é")
        clock.pass_by(1)
        assert memory.rules(origin) is None
        assert memory.rules("http://koran.example") is None


def test_a_crawl_is_told_how_long_to_wait(clock: Hand) -> None:
    words = listen(MemoryHosts(clock))
    asked = {"host": HOST, "pace": PACE, "hold": HOLD}
    assert words["turn"](asked) == {}
    assert words["turn"](asked) == {"wait": PACE + HOLD}
    assert words["heard"]({"host": HOST, "pace": PACE, "failed": False, "pause": 0.0}) is None
    assert words["turn"](asked) == {"wait": PACE}
    assert words["rules"]({"origin": "x"}) == {}


def test_two_crawls_of_one_host_keep_its_pace_together_and_ask_for_robots_txt_once(
    store: Store, web: MockWeb, tmp_path: Path, source: Make
) -> None:
    paths = [f"/2026/01/02/berita-nomor-{n}" for n in range(6)]
    web.routes |= {"/satu": links(*paths[:3]), "/dua": links(*paths[3:])}
    web.routes |= {path: article(f"Berita bernomor {path}") for path in paths}
    settings, hosts = make_settings(tmp_path, web), StoredHosts(store)
    fetch(web.url("/satu"), source(pace_s=0.4), settings, hosts)

    def whole(path: str) -> int:
        found = crawl(source(address=web.url(path), pace_s=0.4), settings, known=lambda _: set(), hosts=hosts)
        return sum(len(batch.posts) for batch in found)

    first = whole("/satu")
    with ThreadPoolExecutor(2) as pool:
        assert [first, *pool.map(whole, ("/satu", "/dua"))] == [3, 3, 3]
    assert web.asked.count("/robots.txt") == 1
    gaps = [later - earlier for earlier, later in pairwise(web.times)]
    assert min(gaps) >= 0.4


def test_a_host_that_failed_is_not_asked_in_the_next_run_either(
    store: Store, web: MockWeb, tmp_path: Path, source: Make
) -> None:
    settings, hosts = make_settings(tmp_path, web), StoredHosts(store)
    for _ in range(STRIKES):
        hosts.heard(web.place, 0.0, failed=True)
    with pytest.raises(SourceError, match="left alone for an hour") as caught:
        list(crawl(source(address=web.url()), settings, known=lambda _: set(), hosts=hosts))
    assert caught.value.failure == "network"
    assert caught.value.retry_at is not None
    assert web.asked == []
