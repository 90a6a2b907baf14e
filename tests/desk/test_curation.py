"""People put issues in order: every act is logged, obeyed and can be taken back; old numbers always lead somewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanggap.city import City
from tanggap.desk.curation import Curator
from tanggap.desk.deciding import Deciding
from tanggap.desk.hooks import new_hook
from tanggap.desk.service import Desk
from tanggap.desk.undoing import Undoing
from tanggap.errors import ConflictError, RuleError, StoreError
from tanggap.records import (
    BondKind,
    Decided,
    EventKind,
    Issue,
    Link,
    Post,
    Role,
    Score,
    Status,
    Suggestion,
    SuggestionKind,
    User,
)
from tanggap.store import Store, audit, issue_events, issues, people, posts, scores, suggestions
from tanggap.store.issue_tables import issue_event
from tanggap.store.shelf import deliveries, webhooks

from .conftest import NOW

ANA = User(name="ana", full_name="Ana Lisa", roles=(Role.ANALYST,))
LIA = User(name="lia", full_name="Lia Baca", roles=(Role.READER,))
ISSUES = [f"ISU-20261123-{number:04d}" for number in (1, 2, 3)]


@dataclass
class Room:
    """Three issues of four posts each, and those who put them in order."""

    curator: Curator
    undoing: Undoing
    deciding: Deciding
    store: Store

    def issue(self, name: str) -> Issue:
        with self.store.read() as db:
            return issues.exact(db, name)

    def state(self) -> dict[int, str]:
        """Post -> the living issue it is in."""
        with self.store.read() as db:
            return {link.post: issues.get(db, link.issue).id for link in issues.links(db, NOW - timedelta(days=9))}  # type: ignore[union-attr]

    def log(self, *names: str) -> list[EventKind]:
        with self.store.read() as db:
            return [event.kind for event in issue_events.log(db, *names)]

    def last(self, *names: str) -> int:
        with self.store.read() as db:
            return issue_events.log(db, *names)[-1].id or 0


def seed(store: Store, city: City, make_issue: Callable[..., Issue]) -> Room:
    with store.write() as db:
        for user in (ANA, LIA):
            people.add(db, user, "no hash")
        for name in ISSUES:
            issues.add(db, make_issue(id=name, posts=4, accounts=4))
        told = [Post(source="x", native_id=str(n), text=f"banjir gang {n}", author=f"a{n}", published_at=NOW,
                     collected_at=NOW) for n in range(1, 13)]  # fmt: skip
        posts.add(db, told)
        keys = {post.native_id: post.id or 0 for post in posts.unscored(db, "t", 99)}
        blank = Score(model="t", relevant=True, relevance=1.0, sentiment="negative", topic="banjir", complaint=True,
                      urgency=1, urgency_probs=(0.1, 0.9, 0.0, 0.0), terms="banjir gang")  # fmt: skip
        scores.add(db, [(key, blank) for key in keys.values()])
        issues.link(db, [Link(post=keys[str(n)], issue=ISSUES[(n - 1) // 4], similarity=0.8) for n in range(1, 13)])
    curator = Curator(Desk(store, city, lambda: NOW))
    return Room(curator, Undoing(curator), Deciding(curator), store)


@pytest.fixture
def room(any_store: Store, city: City, make_issue: Callable[..., Issue]) -> Room:
    return seed(any_store, city, make_issue)


def test_a_split_takes_chosen_posts_into_an_issue_of_their_own(room: Room) -> None:
    child = room.curator.split(ISSUES[0], [1, 2], ANA, version=1, title="Gang lain")
    assert (child.title, child.posts, child.status) == ("Gang lain", 2, Status.DETECTED)
    assert room.issue(ISSUES[0]).posts == 2
    assert {post for post, issue in room.state().items() if issue == child.id} == {1, 2}
    with room.store.read() as db:
        [bond] = issue_events.bonds(db)
        assert [entry.action for entry in audit.entries(db, ISSUES[0])] == ["issue.split"]
    assert (bond.kind, bond.issue, bond.other) == (BondKind.CANNOT, ISSUES[0], child.id)


def test_a_split_tells_webhooks_of_the_new_issue(room: Room) -> None:
    with room.store.write() as db:
        webhooks.add(db, new_hook("https://sistem.example.go.id/", (), "cli", NOW))
    child = room.curator.split(ISSUES[0], [1, 2], ANA, version=1)
    with room.store.read() as db:
        assert [item.event for item in deliveries.where(db)] == [f"{child.id}-1-1"]


def test_a_merge_and_its_undoing_are_told_with_the_versions_of_the_issue(room: Room) -> None:
    with room.store.write() as db:
        webhooks.add(db, new_hook("https://sistem.example.go.id/", (), "cli", NOW))
    room.curator.merge(ISSUES[1], ISSUES[0], ANA, version=1)
    room.undoing.undo(room.last(ISSUES[1]), ANA)
    with room.store.read() as db:
        laid = deliveries.where(db)
    assert [item.event for item in laid] == [f"{ISSUES[1]}-2-1", f"{ISSUES[1]}-3-1"]
    assert room.issue(ISSUES[1]).version == 3


def test_copies_go_with_the_words_they_repeat(room: Room) -> None:
    with room.store.write() as db:
        issues.link(db, [Link(post=3, issue=ISSUES[0], similarity=1, copy_of=1)])
    child = room.curator.split(ISSUES[0], [1], ANA, version=1)
    assert {post for post, issue in room.state().items() if issue == child.id} == {1, 3}


@pytest.mark.parametrize("chosen", [[], [1, 2, 3, 4], [5]])
def test_a_split_leaves_both_issues_with_posts_of_the_issue(room: Room, chosen: list[int]) -> None:
    with pytest.raises(RuleError, match=r"tidak boleh kosong|tidak berada dalam"):
        room.curator.split(ISSUES[0], chosen, ANA, version=1)


def test_a_moved_post_is_remembered_to_belong_there_and_not_here(room: Room) -> None:
    target = room.curator.move(1, ISSUES[1], ANA, version=1)
    assert target is not None
    assert (target.posts, room.issue(ISSUES[0]).posts) == (5, 3)
    with room.store.read() as db:
        told = {(bond.kind, bond.issue, bond.post) for bond in issue_events.bonds(db)}
    assert told == {(BondKind.CANNOT, ISSUES[0], 1), (BondKind.MUST, ISSUES[1], 1)}


def test_a_post_may_be_taken_out_and_put_back(room: Room) -> None:
    assert room.curator.move(1, None, ANA, version=1) is None
    assert 1 not in room.state()
    room.curator.move(1, ISSUES[0], ANA, version=2)
    assert room.state()[1] == ISSUES[0]


def test_posts_that_leave_together_come_back_together(room: Room) -> None:
    target = room.curator.move_all([1, 2], ISSUES[1], ANA, version=1)
    assert target is not None
    assert (target.posts, room.issue(ISSUES[0]).posts) == (6, 2)
    with pytest.raises(RuleError, match="dalam satu isu"):
        room.curator.move_all([1, 3], None, ANA, version=room.issue(ISSUES[0]).version)
    room.undoing.undo(room.last(*ISSUES), ANA)
    assert [room.state()[post] for post in (1, 2)] == [ISSUES[0]] * 2


def test_a_post_near_the_threshold_is_made_sure_and_asked_again_after_undo(room: Room) -> None:
    with room.store.write() as db:
        issues.link(db, [Link(post=1, issue=ISSUES[0], similarity=0.3, suggested=True)])
    with pytest.raises(RuleError, match="tidak berhak"):
        room.curator.confirm(1, LIA, version=1)
    room.curator.confirm(1, ANA, version=1)
    with room.store.read() as db:
        assert not issues.link_of(db, 1).suggested  # type: ignore[union-attr]
        [bond] = issue_events.bonds(db)
    assert (bond.kind, bond.issue, bond.post) == (BondKind.MUST, ISSUES[0], 1)
    with pytest.raises(RuleError, match="sudah pasti"):
        room.curator.confirm(1, ANA, version=2)
    room.undoing.undo(room.last(ISSUES[0]), ANA)
    with room.store.read() as db:
        assert issues.link_of(db, 1).suggested  # type: ignore[union-attr]
        assert issue_events.bonds(db) == []


def test_a_place_that_a_person_gave_stays_when_posts_come_and_go(room: Room) -> None:
    with room.store.write() as db:
        kept = issues.exact(db, ISSUES[0])
        issues.update(db, kept.evolve(areas=("31.75.03.1008",), place="Cipinang Muara, Jatinegara"))
        issues.fix_place(db, ISSUES[0], "31.75.03.1008")
    room.curator.move(1, ISSUES[1], ANA, version=2)
    assert (room.issue(ISSUES[0]).place, room.issue(ISSUES[0]).posts) == ("Cipinang Muara, Jatinegara", 3)


def test_a_title_of_people_can_be_taken_back(room: Room) -> None:
    room.curator.title(ISSUES[0], "  Banjir   Kali Pasir ", ANA, version=1)
    assert room.issue(ISSUES[0]).title == "Banjir Kali Pasir"
    room.undoing.undo(room.last(ISSUES[0]), ANA)
    assert room.issue(ISSUES[0]).title == "Banjir di Kampung Melayu"


def test_old_numbers_lead_on_through_a_chain_of_merges_and_back_after_undo(room: Room) -> None:
    room.curator.merge(ISSUES[0], ISSUES[1], ANA, version=1)
    room.curator.merge(ISSUES[1], ISSUES[2], ANA, version=2)
    with room.store.read() as db:
        assert {name: issue.id for name, issue in issues.living(db, ISSUES).items()} == dict.fromkeys(ISSUES, ISSUES[2])
    assert room.issue(ISSUES[2]).posts == 12
    with pytest.raises(RuleError, match="Batalkan dahulu penggabungan nomor"):
        room.undoing.undo(room.last(ISSUES[0]), ANA)
    room.undoing.undo(room.last(ISSUES[2]), ANA)
    room.undoing.undo(room.last(ISSUES[0]), ANA)
    assert [room.issue(name).status for name in ISSUES] == [Status.DETECTED] * 3
    assert [room.issue(name).posts for name in ISSUES] == [4, 4, 4]


def test_an_act_is_taken_back_once(room: Room) -> None:
    room.curator.split(ISSUES[0], [1], ANA, version=1)
    number = room.last(ISSUES[0])
    room.undoing.undo(number, ANA)
    for again in (number, number + 1, 404):
        with pytest.raises(RuleError, match=r"sudah dibatalkan|bukan tindakan"):
            room.undoing.undo(again, ANA)
    assert room.log(ISSUES[0]) == [EventKind.SPLIT, EventKind.UNDONE]


def test_readers_put_nothing_in_order_and_old_versions_conflict(room: Room) -> None:
    with pytest.raises(RuleError, match="tidak berhak"):
        room.curator.split(ISSUES[0], [1], LIA, version=1)
    with pytest.raises(ConflictError):
        room.curator.title(ISSUES[0], "Judul lain", ANA, version=7)
    assert room.log(*ISSUES) == []


def test_the_log_cannot_be_rewritten(room: Room) -> None:
    room.curator.title(ISSUES[0], "Judul baru", ANA, version=1)
    for statement in (sa.update(issue_event).values(by="x"), sa.delete(issue_event)):
        with pytest.raises(StoreError, match="append-only"), room.store.write() as db:
            db.execute(statement)


def offered(room: Room, **told: object) -> int:
    item = Suggestion(kind=SuggestionKind.MERGE, issue=ISSUES[0], other=ISSUES[1], at=NOW, reason="kemiripan 0,3")
    with room.store.write() as db:
        suggestions.offer(db, [item.evolve(**told)], kinds=list(SuggestionKind))
        return suggestions.open_ones(db)[0].id or 0


def test_an_accepted_merge_is_an_act_of_the_person(room: Room) -> None:
    number = offered(room)
    assert room.deciding.accept(number, ANA).posts == 8
    with room.store.read() as db:
        assert issues.get(db, ISSUES[1]).id == ISSUES[0]  # type: ignore[union-attr]
        assert suggestions.open_ones(db) == []
    with pytest.raises(RuleError):
        room.deciding.accept(number, ANA)


def test_a_rejected_suggestion_is_never_made_again(room: Room) -> None:
    number = offered(room)
    room.deciding.reject(number, ANA)
    with room.store.write() as db:
        suggestions.offer(db, [suggestions.get(db, number).evolve(state=Decided.OPEN)], kinds=[])  # type: ignore[union-attr]
        assert suggestions.open_ones(db) == []
        assert [item.id for item in suggestions.rejected(db)] == [number]
    with pytest.raises(ConflictError):
        room.deciding.reject(number, ANA)


def test_an_accepted_post_joins_and_what_is_no_longer_held_is_withdrawn(room: Room) -> None:
    room.curator.move(1, None, ANA, version=1)
    number = offered(room, kind=SuggestionKind.JOIN, other=None, posts=(1,))
    assert room.deciding.accept(number, ANA).posts == 4
    offered(room)
    with room.store.write() as db:
        suggestions.offer(db, [], kinds=[SuggestionKind.MERGE])
        assert suggestions.open_ones(db) == []


ACTS = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "move", "out", "title"]), st.integers(0, 5), st.integers(0, 11)),
    min_size=1,
    max_size=8,
)
FILES = count(1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_row_of_acts_can_be_taken_back_to_where_it_began(
    acts: list[tuple[str, int, int]], city: City, make_issue: Callable[..., Issue], blank_file, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / f"{next(FILES)}.sqlite"
    path.write_bytes(blank_file.read_bytes())
    room = seed(Store.open(f"sqlite:///{path}"), city, make_issue)
    before = room.state()
    done, names = 0, list(ISSUES)
    for act, which, post in acts:
        done += bool(attempt(room, act, names, which, post + 1))
    with room.store.read() as db:
        assert issues.living(db, names).keys() == set(names)
        log = issue_events.log(db, *names)
    assert len(log) == done
    for event in reversed(log):
        room.undoing.undo(event.id or 0, ANA)
    assert room.state() == before
    with room.store.read() as db:
        assert issue_events.bonds(db) == []
        assert issue_events.curated(db) == frozenset()
        assert {name: item.posts for name, item in issues.living(db, ISSUES).items()} == dict.fromkeys(ISSUES, 4)
    room.store.close()


def attempt(room: Room, act: str, names: list[str], which: int, post: int) -> bool:
    """Makes an act on what there is now; False where a rule refuses it."""
    name, other = names[which % len(names)], names[(which + 1 + post) % len(names)]
    home = room.state().get(post)
    version = room.issue(home or other if act in ("move", "out") else name).version
    try:
        if act == "merge":
            room.curator.merge(name, other, ANA, version=version)
        elif act == "split":
            mine = sorted(key for key, issue in room.state().items() if issue == name)
            names.append(room.curator.split(name, mine[: 1 + post % 3], ANA, version=version).id)
        elif act == "title":
            room.curator.title(name, f"Judul {post}", ANA, version=version)
        else:
            room.curator.move(post, other if act == "move" else None, ANA, version=version)
    except RuleError:
        return False
    return True
