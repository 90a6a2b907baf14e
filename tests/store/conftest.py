"""Records to fill a store with; every value that does not matter to a test has a default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tanggap.clock import Clock
from tanggap.records import Issue, Place, Post, Score
from tanggap.store import Store, posts

Make = Callable[..., Any]


@pytest.fixture
def make_post(now: Clock) -> Make:
    """A post published `ago` before the present."""
    numbers = count(1)

    def make(text: str = "banjir di kampung melayu", *, ago: timedelta = timedelta(hours=1), **values: Any) -> Post:
        values = {
            "source": "antara",
            "native_id": f"n-{next(numbers)}",
            "published_at": now() - ago,
            "collected_at": now(),
            **values,
        }
        return Post(text=text, **values)

    return make


@pytest.fixture
def make_score() -> Make:
    """A score of a relevant, negative flood post."""

    def make(**values: Any) -> Score:
        defaults: dict[str, Any] = {
            "model": "2026.11.1",
            "relevant": True,
            "relevance": 0.97,
            "sentiment": "negative",
            "topic": "banjir",
            "complaint": True,
            "urgency": 2,
        }
        return Score(**{**defaults, **values})

    return make


@pytest.fixture
def make_issue(now: Clock) -> Make:
    """An issue detected now."""

    def make(**values: Any) -> Issue:
        times = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), now())
        defaults: dict[str, Any] = {"id": "ISU-20261122-0001", "title": "Banjir di Kampung Melayu", "topic": "banjir"}
        return Issue(**{**times, **defaults, **values})

    return make


@pytest.fixture
def kampung_melayu() -> Place:
    """A kelurahan as the gazetteer finds it."""
    return Place(
        text="kampung melayu",
        start=10,
        end=24,
        level="kelurahan",
        code="31.75.03.1008",
        name="Kampung Melayu",
        lat=-6.22,
        lon=106.86,
    )


@pytest.fixture
def keep(any_store: Store) -> Callable[..., list[int]]:
    """Stores posts and gives their ids, in order."""

    def keep(*items: Post) -> list[int]:
        with any_store.write() as db:
            posts.add(db, items)
            found = {(p.source, p.native_id): p.id for p in posts.unscored(db, "none", 100_000)}
        return [found[item.source, item.native_id] or 0 for item in items]

    return keep
