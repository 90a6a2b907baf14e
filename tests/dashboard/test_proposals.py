"""The reading of the page of proposals on a real store, and who may decide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard import proposals
from tanggap.city import City
from tanggap.clock import Clock
from tanggap.desk.curation import Curator
from tanggap.desk.deciding import Deciding
from tanggap.desk.service import Desk
from tanggap.desk.undoing import Undoing
from tanggap.errors import ConflictError, RuleError
from tanggap.records import Decided, Issue, Link, Post, Role, Score, Suggestion, SuggestionKind, User
from tanggap.store import Store, issues, posts, scores, suggestions

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
KEPT, LOST = "ISU-20261122-0001", "ISU-20261122-0002"
SARI = User(name="sari", full_name="Sari Wulandari", roles=(Role.OFFICER,))
SCORE = Score(model="m", relevant=True, relevance=0.9, sentiment="negative", topic="banjir", complaint=True, urgency=1)
READER = User(name="lihat", full_name="Pejabat Pembaca", roles=(Role.READER,))


@pytest.fixture
def deciding(store: Store, city: City, clock: Clock) -> Deciding:
    """Two issues of one post each, and the proposal that they are one."""
    at = NOW - timedelta(hours=3)
    with store.write() as db:
        told = [
            Post(source="kicau", native_id=str(n), text=f"banjir {n}", published_at=at, collected_at=at)
            for n in range(2)
        ]
        posts.add(db, told)
        keys = sorted(post.id or 0 for post in posts.unscored(db, "m", 9))
        scores.add(db, [(key, SCORE) for key in keys])
        for number, key in zip((KEPT, LOST), keys, strict=True):
            item = Issue(id=number, title=f"Banjir {number[-1]}", topic="banjir", first_at=at, last_at=at,
                         detected_at=at, status_at=at, posts=1, accounts=1)  # fmt: skip
            issues.add(db, item)
            issues.link(db, [Link(post=key, issue=number, similarity=1.0)])
        offered = Suggestion(kind=SuggestionKind.MERGE, issue=KEPT, other=LOST, posts=(keys[1],), likeness=0.5,
                          reason="Tempat dan urusan sama.", at=at)  # fmt: skip
        suggestions.offer(db, [offered], kinds=[SuggestionKind.MERGE])
    return Deciding(Curator(Desk(store, city, clock)))


def waiting(store: Store) -> int:
    with store.read() as db:
        return suggestions.open_ones(db)[0].id or 0


def test_a_proposal_names_both_issues_its_reason_and_its_posts(deciding: Deciding, store: Store, city: City) -> None:
    with store.read() as db:
        (card,) = proposals.proposed(db, city)
    assert (card["kind"], card["act"], card["reason"]) == ("mungkin sama", "Gabungkan", "Tempat dan urusan sama.")
    assert [one["id"] for one in card["issues"]] == [KEPT, LOST]
    assert [one["text"] for one in card["posts"]] == ["banjir 1"]


def test_an_accepted_proposal_stands_among_the_last_acts_until_it_is_taken_back(
    deciding: Deciding, store: Store, city: City
) -> None:
    names = {"sari": SARI.full_name}
    deciding.accept(waiting(store), SARI)
    with store.read() as db:
        assert proposals.proposed(db, city) == []
        (act,) = proposals.done(db, names)
    assert (act["issue"], act["told"], act["by"], act["undone"]) == (
        LOST, f"digabung ke {KEPT}, 1 kiriman", "Sari Wulandari", "",
    )  # fmt: skip
    Undoing(deciding.curator).undo(act["id"], SARI)
    with store.read() as db:
        (act,) = proposals.done(db, names)
    assert act["undone"] == "dibatalkan Sari Wulandari"


def test_a_reader_may_neither_accept_nor_reject(deciding: Deciding, store: Store) -> None:
    number = waiting(store)
    with pytest.raises(RuleError):
        deciding.accept(number, READER)
    with pytest.raises(RuleError):
        deciding.reject(number, READER)
    with store.read() as db:
        assert [item.state for item in suggestions.open_ones(db)] == [Decided.OPEN]


def test_who_comes_second_is_refused(deciding: Deciding, store: Store) -> None:
    number = waiting(store)
    deciding.reject(number, SARI)
    with pytest.raises((ConflictError, RuleError)):
        deciding.accept(number, SARI)


def test_two_troubles_in_one_issue_are_proposed_to_be_split(deciding: Deciding, store: Store, city: City) -> None:
    deciding.accept(waiting(store), SARI)
    with store.write() as db:
        offered = Suggestion(kind=SuggestionKind.SPLIT, issue=KEPT, posts=(2,), reason="kata khas: lampu", at=NOW)
        suggestions.offer(db, [offered], kinds=[SuggestionKind.SPLIT])
        (card,) = proposals.proposed(db, city)
    assert (card["kind"], card["act"]) == ("mungkin dua masalah", "Pisahkan")
    assert [one["text"] for one in card["posts"]] == ["banjir 1"]
    child = deciding.accept(card["id"], SARI)
    with store.read() as db:
        assert proposals.done(db, {})[0]["told"] == f"dipisah menjadi {child.id}, 1 kiriman"
