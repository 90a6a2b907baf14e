"""What the machine put together wrongly it takes apart by itself, or proposes it where people had their hands on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from pipeline.jobs.dividing import divide
from tanggap.city import City
from tanggap.desk.curation import Curator
from tanggap.desk.deciding import Deciding
from tanggap.desk.service import Desk
from tanggap.desk.undoing import Undoing
from tanggap.issues.parts import parts
from tanggap.records import (
    EventKind,
    Issue,
    IssueEvent,
    Link,
    Reading,
    Role,
    Source,
    SourceKind,
    Suggestion,
    SuggestionKind,
    User,
)
from tanggap.settings import ClockSection, IssuesSection, Settings
from tanggap.store import Store, issue_events, issues, people, posts, scores, sources, suggestions

from .conftest import START, Tell

CHIEF = User(name="rina", full_name="Rina", roles=tuple(Role))
FLOOD = [
    "banjir sepinggang di gang kami butuh perahu",
    "banjir di gang kami sepinggang belum ada perahu",
    "gang kami banjir sepinggang perahu mana",
    "perahu karet belum datang, gang kami banjir sepinggang",
]
LAMPS = ["lampu jalan padam gelap sekali", "gelap, lampu jalan padam lagi", "lampu jalan padam sejak senin, gelap"]
ONE = "ISU-20261121-0001"
Divide = Callable[[], int]


@pytest.fixture
def mixed(tell: Tell) -> list[Reading]:
    floods = [tell(text, place="Pluit", hour=at / 10) for at, text in enumerate(FLOOD)]
    return floods + [tell(text, "listrik_penerangan", place="Kapuk", hour=at / 10) for at, text in enumerate(LAMPS)]


@pytest.fixture
def divided(any_store: Store, city: City, settings: Settings, mixed: Sequence[Reading]) -> Divide:
    """One issue that holds a flood and broken lamps; looks at it."""
    with any_store.write() as db:
        sources.sync(db, [Source(id="x", kind=SourceKind.X, title="X", address="")])
        people.add(db, CHIEF, "x")
        posts.add(db, [reading.post.evolve(id=None) for reading in mixed])
        keys = {post.native_id: post.id or 0 for post in posts.unscored(db, "t", 1000)}
        scores.add(db, [(keys[reading.post.native_id], reading.score) for reading in mixed])
        issues.add(db, Issue(id=ONE, title="Banjir", topic="banjir", first_at=START, last_at=START, detected_at=START,
                             status_at=START, posts=len(mixed), accounts=len(mixed)))  # fmt: skip
        issues.link(db, [Link(post=key, issue=ONE, similarity=1.0) for key in keys.values()])
        opened = IssueEvent(kind=EventKind.OPENED, issue=ONE, posts=tuple(keys.values()), at=START, by="machine 1")
        issue_events.add(db, opened)
    offset = (START + timedelta(hours=1) - settings.now()).total_seconds()
    later = settings.model_copy(update={"clock": ClockSection(offset_s=offset)})
    return lambda: divide(any_store, city, later)


@pytest.fixture
def curator(any_store: Store, city: City) -> Curator:
    return Curator(Desk(any_store, city, lambda: START + timedelta(hours=2)))


def homes(store: Store) -> dict[str, str | None]:
    with store.read() as db:
        return {key: issue for (_, key), issue in issues.membership(db).items()}


def waiting(store: Store) -> list[Suggestion]:
    with store.read() as db:
        return suggestions.open_ones(db)


def test_an_issue_of_one_trouble_has_no_parts(city: City, mixed: Sequence[Reading]) -> None:
    assert parts(mixed[:4], city, IssuesSection(), sure=False) == []


def test_a_part_is_told_with_its_words_and_why(city: City, mixed: Sequence[Reading]) -> None:
    (found,) = parts(mixed, city, IssuesSection(), sure=True)
    assert found.members == (4, 5, 6)
    for word in ("kemiripan kedua bagian hanya", "lampu", "tempat lain", "urusan lain"):
        assert word in found.reason


def test_what_too_few_speak_of_is_no_part(city: City, mixed: Sequence[Reading]) -> None:
    assert parts(mixed[:6], city, IssuesSection(), sure=True) == []


def test_the_machine_takes_two_troubles_apart_and_the_larger_keeps_the_number(
    divided: Divide, any_store: Store
) -> None:
    assert divided() == 1
    where = homes(any_store)
    child = where["5"]
    assert [where[str(post)] for post in range(1, 8)] == [ONE] * 4 + [child] * 3
    with any_store.read() as db:
        event = issue_events.log(db, ONE)[-1]
        parent, born = issues.exact(db, ONE), issues.exact(db, child or "")
    assert (event.kind, event.other, event.posts) == (EventKind.SPLIT, child, (5, 6, 7))
    assert event.by.startswith("machine ")
    assert (parent.posts, parent.version, born.posts, born.topic) == (4, 1, 3, "listrik_penerangan")
    assert divided() == 0


def test_where_people_touched_the_issue_the_split_is_proposed_and_done_on_their_word(
    divided: Divide, any_store: Store, curator: Curator
) -> None:
    curator.title(ONE, "Banjir Pluit", CHIEF, version=1)
    assert divided() == 0
    (offered,) = waiting(any_store)
    assert (offered.kind, offered.issue, offered.posts) == (SuggestionKind.SPLIT, ONE, (5, 6, 7))
    child = Deciding(curator).accept(offered.id or 0, CHIEF)
    assert homes(any_store)["6"] == child.id
    assert waiting(any_store) == []


def test_a_refused_split_is_not_proposed_again(divided: Divide, any_store: Store, curator: Curator) -> None:
    curator.title(ONE, "Banjir Pluit", CHIEF, version=1)
    divided()
    Deciding(curator).reject(waiting(any_store)[0].id or 0, CHIEF)
    divided()
    assert waiting(any_store) == []
    assert set(homes(any_store).values()) == {ONE}


def test_a_split_that_people_took_back_is_not_repeated(divided: Divide, any_store: Store, curator: Curator) -> None:
    divided()
    with any_store.read() as db:
        number = issue_events.log(db, ONE)[-1].id or 0
    Undoing(curator).undo(number, CHIEF)
    assert divided() == 0
    assert waiting(any_store) == []
    assert set(homes(any_store).values()) == {ONE}


def test_only_what_outgrew_its_last_look_is_looked_at(
    any_store: Store, city: City, settings: Settings, divided: Divide
) -> None:
    with any_store.read() as db:
        last = issue_events.newest(db)
    assert divide(any_store, city, settings, since=last) == 0
    with any_store.write() as db:
        issue_events.add(db, IssueEvent(kind=EventKind.JOINED, issue=ONE, posts=(1, 2, 3), at=START, by="machine 1"))
    assert divide(any_store, city, settings, since=last) == 1
    del divided
