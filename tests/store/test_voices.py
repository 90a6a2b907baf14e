"""How much was said of issues around a moment, counted in the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tanggap.records import Issue, Link, Post, Priority, Score
from tanggap.store import Store, issues, posts, scores, voices

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def score(sentiment: str) -> Score:
    return Score(
        model="m", relevant=True, relevance=1.0, sentiment=sentiment, topic="banjir", complaint=True, urgency=1
    )


def tell(store: Store, name: str, hours: list[float], *, answered: bool = False) -> None:
    """An issue with a post at each of these hours, the second of them angry."""
    first, last = START + hours[0] * HOUR, START + hours[-1] * HOUR
    issue = Issue(
        id=name, title="x", topic="banjir", priority=Priority.P3, first_at=first, last_at=last, detected_at=first,
        status_at=first, answered_at=last if answered else None,
    )  # fmt: skip
    with store.write() as db:
        issues.add(db, issue)
        told = [
            Post(source="x", native_id=f"{name}-{at}", text=f"{name} {at}", published_at=START + at * HOUR,
                 collected_at=last)
            for at in hours
        ]  # fmt: skip
        posts.add(db, told)
        keys = [post.id or 0 for post in posts.unscored(db, "m", 100)]
        scores.add(db, [(key, score("negative" if at == 1 else "neutral")) for at, key in enumerate(keys)])
        issues.link(db, [Link(post=key, issue=name, similarity=1) for key in keys])


def test_the_posts_around_an_answer_are_counted_per_issue_on_both_sides(any_store: Store) -> None:
    tell(any_store, "ISU-20261120-0001", [0, 1, 2, 5, 6])
    tell(any_store, "ISU-20261120-0002", [0, 3, 4])
    with any_store.read() as db:
        windows = [(f"ISU-20261120-000{n}", START + HOUR, START + 3 * HOUR, START + 6 * HOUR) for n in (1, 2, 3)]
        assert voices.halves(db, windows) == {"ISU-20261120-0001": (2, 1), "ISU-20261120-0002": (0, 2)}
        told = voices.between(db, "ISU-20261120-0001", START, START + 2 * HOUR)
    assert told == [(START, False), (START + HOUR, True)]


def test_like_issues_are_unanswered_and_began_in_time(any_store: Store) -> None:
    tell(any_store, "ISU-20261120-0001", [0, 1])
    tell(any_store, "ISU-20261120-0002", [2, 3])
    tell(any_store, "ISU-20261120-0003", [9, 10])
    tell(any_store, "ISU-20261120-0004", [1, 2], answered=True)
    with any_store.read() as db:
        found = voices.unanswered(db, "banjir", START, START + 5 * HOUR)
    assert found == [("ISU-20261120-0002", START + 2 * HOUR), ("ISU-20261120-0001", START)]
