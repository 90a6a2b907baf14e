"""Turns at web hosts: a crawl process asks its parent before every request, and all parents share one memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from tanggap.clock import Clock, system_clock
from tanggap.hosts import Host, Rules, Turn, give_turn, take_outcome
from tanggap.store import Store
from tanggap.store import hosts as stored


class Hosts(Protocol):
    """What is remembered of web hosts; its clock is the wall clock."""

    clock: Clock

    def turn(self, name: str, pace_s: float, hold_s: float) -> Turn:
        """A turn at a host, if it is free; it is held until the outcome is heard or `hold_s` are over."""

    def heard(self, name: str, pace_s: float, *, failed: bool, pause_s: float = 0.0) -> None:
        """Notes how a request ended."""

    def rules(self, origin: str) -> Rules | None:
        """The robots.txt of an origin, as long as it holds."""

    def keep_rules(self, origin: str, status: int, body: str) -> None:
        """Remembers a robots.txt; status 0 for an origin that could not be reached."""


class MemoryHosts:
    """Host memory of one process, for crawls without a store. Pace and pauses run on the wall clock."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self.clock = clock
        self.states: dict[str, Host] = {}
        self.told: dict[str, Rules] = {}

    def turn(self, name: str, pace_s: float, hold_s: float) -> Turn:
        """A turn at a host, if it is free; it is held until the outcome is heard or `hold_s` are over."""
        now = self.clock()
        self.states[name], given = give_turn(self.state(name, now), now, pace_s, hold_s)
        return given

    def heard(self, name: str, pace_s: float, *, failed: bool, pause_s: float = 0.0) -> None:
        """Notes how a request ended."""
        now = self.clock()
        self.states[name] = take_outcome(self.state(name, now), now, pace_s, failed=failed, pause_s=pause_s)

    def state(self, name: str, now: datetime) -> Host:
        """What is known of a host."""
        return self.states.get(name) or Host(next_at=now)

    def rules(self, origin: str) -> Rules | None:
        """The robots.txt of an origin, as long as it holds."""
        found = self.told.get(origin)
        return found if found and found.fresh(self.clock()) else None

    def keep_rules(self, origin: str, status: int, body: str) -> None:
        """Remembers a robots.txt."""
        self.told[origin] = Rules(status=status, body=body, at=self.clock())


class StoredHosts:
    """Host memory of all processes and machines on one store.

    `clock` is the wall clock even where the installation lives on a shifted one: hosts live in real time.
    """

    def __init__(self, store: Store, clock: Clock = system_clock) -> None:
        self.store, self.clock = store, clock

    def turn(self, name: str, pace_s: float, hold_s: float) -> Turn:
        """A turn at a host, if it is free; it is held until the outcome is heard or `hold_s` are over."""
        with self.store.write() as db:
            return stored.turn(db, name, self.clock(), pace_s, hold_s)

    def heard(self, name: str, pace_s: float, *, failed: bool, pause_s: float = 0.0) -> None:
        """Notes how a request ended."""
        with self.store.write() as db:
            stored.heard(db, name, self.clock(), pace_s, failed=failed, pause_s=pause_s)

    def rules(self, origin: str) -> Rules | None:
        """The robots.txt of an origin, as long as it holds."""
        with self.store.read() as db:
            found = stored.rules(db, origin)
        return found if found and found.fresh(self.clock()) else None

    def keep_rules(self, origin: str, status: int, body: str) -> None:
        """Remembers a robots.txt."""
        with self.store.write() as db:
            stored.keep_rules(db, origin, Rules(status=status, body=body, at=self.clock()))


Told = dict[str, Any]


def listen(hosts: Hosts) -> dict[str, Callable[[Told], Told | None]]:
    """What to do with each word of a crawl process about hosts (see talk.py); None is no answer."""
    return {
        "turn": partial(answer_turn, hosts),
        "rules": partial(answer_rules, hosts),
        "heard": lambda told: hosts.heard(told["host"], told["pace"], failed=told["failed"], pause_s=told["pause"]),
        "learned": lambda told: hosts.keep_rules(told["origin"], told["status"], told["body"]),
    }


def answer_turn(hosts: Hosts, told: Told) -> Told:
    """A turn, or how long to wait before asking again, or why there is none and until when."""
    given = hosts.turn(told["host"], told["pace"], told["hold"])
    if given.granted:
        return {}
    if given.why:
        return {"closed": given.why, "failure": given.failure, "until": given.at.isoformat()}
    return {"wait": max(0.0, (given.at - hosts.clock()).total_seconds())}


def answer_rules(hosts: Hosts, told: Told) -> Told:
    """Status and body of a robots.txt that still holds, or nothing."""
    found = hosts.rules(told["origin"])
    return {"status": found.status, "body": found.body} if found else {}
