"""Readings made by hand: the language room is not asked, so that these tests are about grouping alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tanggap.city import City
from tanggap.records import Engagement, Place, Post, PostKind, Reading, Score

START = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)

Tell = Callable[..., Reading]


@pytest.fixture
def tell(city: City) -> Tell:
    """Makes a reading: `tell("banjir di kampung melayu", "banjir", place="Kampung Melayu", hour=1)`."""
    by_name = {(area.name, area.level): area for area in city.areas.values()}
    count = 0

    def make(
        text: str,
        topic: str | None = "banjir",
        *,
        place: str | None = None,
        code: str | None = None,
        level: str = "kelurahan",
        hour: float = 0.0,
        author: str | None = "",
        kind: PostKind = PostKind.POST,
        title: str | None = None,
        sentiment: str | None = "negative",
        urgency: int = 1,
        complaint: bool = True,
        views: int = 0,
        source: str = "x",
    ) -> Reading:
        nonlocal count
        count += 1
        area = city.areas[code] if code else by_name[(place, level)] if place else None
        places = (
            (Place(text=area.name, start=0, end=1, level=area.level, code=area.code, name=area.name),) if area else ()
        )
        at = START + timedelta(hours=hour)
        post = Post(
            id=count,
            source=source,
            native_id=str(count),
            text=text,
            title=title,
            kind=kind,
            published_at=at,
            collected_at=at,
            author=f"a{count}" if author == "" else author,
            engagement=Engagement(views=views),
        )
        probs = tuple(0.85 if level_ == urgency else 0.05 for level_ in range(4))
        score = Score(
            model="t",
            relevant=True,
            relevance=1.0,
            sentiment=sentiment,  # type: ignore[arg-type]
            topic=topic,
            topic_probs={topic: 0.9, "lainnya": 0.1} if topic else {},
            complaint=complaint,
            urgency=urgency,
            urgency_probs=probs,
            places=places,
            terms=f"{title or ''} {text}".lower(),
        )
        return Reading(post=post, score=score)

    return make
