"""Fifty officers at once: nobody's act is lost, nobody's overwrites another's, the audit chain stays whole."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count, takewhile

import pytest

from tanggap.city import City
from tanggap.desk.service import Desk
from tanggap.errors import ConflictError, RuleError, StoreError
from tanggap.records import Issue, Role, User
from tanggap.store import Store, audit, issues, people

WRITERS = 50
ISSUES = 10
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TEAM = [User(name=f"p{number}", full_name=f"Petugas {number}", roles=(Role.OFFICER,)) for number in range(WRITERS)]


@pytest.fixture
def desk(any_store: Store, city: City, make_issue: Callable[..., Issue]) -> Desk:
    with any_store.write() as db:
        for user in TEAM:
            people.add(db, user, "no hash")
        for number in range(ISSUES):
            issues.add(db, make_issue(id=f"ISU-20261123-{number:04d}"))
    return Desk(any_store, city, lambda: NOW)


def acts(desk: Desk, user: User, rounds: Iterator[int]) -> Counter[str]:
    """One officer takes issues in turn, each time from what was just read; how often it went how."""
    done: Counter[str] = Counter()
    for number in rounds:
        key = f"ISU-20261123-{(number + int(user.name[1:])) % ISSUES:04d}"
        with desk.store.read() as db:
            issue = issues.get(db, key)
        assert issue is not None
        try:
            desk.take(key, user, version=issue.version)
            done["done"] += 1
        except ConflictError:
            done["conflict"] += 1
        except RuleError:
            done["held already"] += 1
        except StoreError:  # SQLite lets nobody queue: on a loaded machine one of fifty may wait 30 seconds in vain
            done["busy"] += 1
    return done


def play(desk: Desk, rounds: Callable[[], Iterator[int]]) -> Counter[str]:
    with ThreadPoolExecutor(WRITERS) as officers:
        return sum(officers.map(lambda user: acts(desk, user, rounds()), TEAM), Counter())


def check(desk: Desk, done: Counter[str]) -> None:
    """Every act that was reported done is one version and one entry; no other is."""
    with desk.store.read() as db:
        found = audit.verify(db)
        versions = sum(issue.version - 1 for issue in issues.queue(db))
        holders = {entry.subject: entry.after["holder"] for entry in audit.entries(db, limit=10**6)[::-1]}
        kept = {issue.id: issue.holder for issue in issues.queue(db) if issue.holder}
    assert (found.fault, found.entries, versions) == ("", done["done"], done["done"])
    assert kept == holders


def test_fifty_writers_lose_no_act(desk: Desk) -> None:
    done = play(desk, lambda: iter(range(3)))
    assert done.total() == 3 * WRITERS
    assert done["done"] >= ISSUES
    check(desk, done)


@pytest.mark.slow
def test_fifty_writers_lose_no_act_for_a_minute(desk: Desk) -> None:
    end = time.monotonic() + 60

    done = play(desk, lambda: takewhile(lambda _: time.monotonic() < end, count()))
    print(f"{desk.store.engine.dialect.name}: {dict(done)}")
    check(desk, done)
