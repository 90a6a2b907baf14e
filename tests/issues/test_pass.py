"""A grouping pass on a real store, with people who act while and between passes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import jobs
from pipeline.jobs import grouping
from tanggap.city import City
from tanggap.desk.hooks import new_hook
from tanggap.desk.service import Desk
from tanggap.issues.group import Grouper
from tanggap.issues.priority import Ranking
from tanggap.records import Issue, Reading, Role, Source, SourceKind, Status, User
from tanggap.settings import ClockSection, IssuesSection, Settings
from tanggap.store import Store, issues, people, posts, scores, sources
from tanggap.store.shelf import deliveries, webhooks

from .conftest import START, Tell

CHIEF = User(name="rina", full_name="Rina", roles=tuple(Role))
FLOOD = [
    "banjir sepinggang di gang kami butuh perahu",
    "banjir di gang kami sepinggang belum ada perahu",
    "gang kami banjir sepinggang perahu mana",
]

Pass = Callable[[Sequence[Reading]], list[Issue]]


@pytest.fixture
def ranking(config_dir: Path) -> Ranking:
    return Ranking.load(config_dir)


@pytest.fixture
def group(any_store: Store, city: City, settings: Settings, ranking: Ranking) -> Pass:
    """Stores readings, makes one grouping pass as of the last of them, and gives the open issues."""
    with any_store.write() as db:
        sources.sync(db, [Source(id="x", kind=SourceKind.X, title="X", address="")])
        people.add(db, CHIEF, "x")

    def make(readings: Sequence[Reading]) -> list[Issue]:
        with any_store.write() as db:
            posts.add(db, [reading.post.evolve(id=None) for reading in readings])
            keys = {post.native_id: post.id for post in posts.unscored(db, "t", 1000)}
            scores.add(db, [(keys[r.post.native_id] or 0, r.score) for r in readings])
        last = max((reading.post.published_at for reading in readings), default=START + timedelta(hours=4))
        offset = (last - settings.now()).total_seconds() + 60
        jobs.group(any_store, city, settings.model_copy(update={"clock": ClockSection(offset_s=offset)}), ranking)
        with any_store.read() as db:
            return issues.open_issues(db)

    return make


@pytest.fixture
def desk(any_store: Store, city: City) -> Desk:
    return Desk(any_store, city, lambda: START + timedelta(hours=3))


def flood(tell: Tell, place: str = "Pluit", hour: float = 0.0) -> list[Reading]:
    return [tell(text, place=place, hour=hour + i / 10, urgency=3) for i, text in enumerate(FLOOD)]


def test_a_pass_without_news_changes_nothing(group: Pass, tell: Tell, any_store: Store) -> None:
    told = [*flood(tell), *flood(tell, "Cengkareng Timur", 1), tell("perahu sudah datang, terima kasih", None, hour=2)]
    before = group(told)
    with any_store.read() as db:
        members = issues.membership(db)
    again = group([])
    with any_store.read() as db:
        assert issues.membership(db) == members
    assert [(issue.id, issue.posts, issue.title) for issue in again] == [
        (issue.id, issue.posts, issue.title) for issue in before
    ]


def test_an_issue_the_machine_opens_is_told_once(group: Pass, tell: Tell, any_store: Store) -> None:
    with any_store.write() as db:
        for states in ((), ("detected",), ("resolved",)):
            webhooks.add(db, new_hook("https://sistem.example.go.id/", states, "cli", START))
    (issue,) = group(flood(tell))
    group([tell("gang kami banjir sepinggang lagi", place="Pluit", hour=2)])
    with any_store.read() as db:
        laid = deliveries.where(db)
    assert [item.event for item in laid] == [f"{issue.id}-1-1", f"{issue.id}-1-2"]
    told = json.loads(laid[0].body)
    assert (told["before"], told["after"], told["title"]) == (None, "detected", issue.title)


def test_posts_told_in_many_passes_make_the_groups_they_make_in_one(
    group: Pass, tell: Tell, any_store: Store, city: City
) -> None:
    rounds = [
        [reading for place in ("Pluit", "Cengkareng Timur", "Kapuk") for reading in flood(tell, place, hour)]
        for hour in (0, 1, 2)
    ]
    limits = IssuesSection()
    whole = Grouper(city, join=limits.join, consolidate=limits.consolidate)
    for told in rounds:
        for reading in told:
            whole.add(reading)
        group(told)
    whole.consolidate()
    with any_store.read() as db:
        homes = {key: issue for (_, key), issue in issues.membership(db).items()}
    stored = {frozenset(key for key, home in homes.items() if home == issue) for issue in homes.values()}
    assert stored == {frozenset(str(at + 1) for at in cluster.members) for cluster in whole.values()}


def test_later_posts_never_move_earlier_ones(group: Pass, tell: Tell, any_store: Store) -> None:
    group([*flood(tell), *flood(tell, "Cengkareng Timur", 1)])
    with any_store.read() as db:
        before = issues.membership(db)
    group([*flood(tell, "Kapuk", 2), tell("perahu karet belum cukup di gang kami", place="Pluit", hour=3)])
    with any_store.read() as db:
        after = issues.membership(db)
    assert {key: after[key] for key in before} == before


def test_the_body_an_officer_chose_stays(group: Pass, desk: Desk, tell: Tell) -> None:
    (issue,) = group(flood(tell))
    desk.assign(issue.id, CHIEF, version=issue.version, agency="AG16")
    (later,) = group([tell("gang kami banjir sepinggang lagi", place="Pluit", hour=2)])
    assert (later.id, later.agency, later.posts) == (issue.id, "AG16", 4)


def test_trouble_told_after_a_closing_opens_anew(group: Pass, desk: Desk, tell: Tell) -> None:
    (issue,) = group(flood(tell))
    desk.move(issue.id, Status.DISMISSED, CHIEF, version=issue.version, note="simulasi")
    assert [found.id for found in group(flood(tell, hour=5))] != [issue.id]


def test_an_issue_keeps_its_beginning_when_the_window_moves_on(group: Pass, tell: Tell, city: City) -> None:
    days = city.topics["jalan_trotoar"].idle_h / 24
    words = [
        "jalan pasar berlubang motor jatuh",
        "motor jatuh jalan pasar berlubang",
        "berlubang jalan pasar, jatuh motor",
    ]
    (issue,) = group([tell(text, "jalan_trotoar", place="Pluit") for text in words])
    for day in (days - 1, 2 * days - 3):
        (issue,) = group([tell(f"jalan pasar berlubang hari {day}", "jalan_trotoar", place="Pluit", hour=24 * day)])
    assert issue.first_at == START
    assert issue.posts == 5


def test_a_merge_during_a_pass_is_respected_and_the_pass_repeated(
    group: Pass, desk: Desk, tell: Tell, any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, lost = group([*flood(tell, "Pluit"), *flood(tell, "Cengkareng Timur")])
    real, acted = grouping.tell, []

    def slow(*args: object, **options: object) -> object:
        found = real(*args, **options)  # type: ignore[arg-type]
        if not acted:
            acted.append(desk.move(lost.id, Status.WAITING, CHIEF, version=lost.version))
            desk.move(lost.id, Status.MERGED, CHIEF, version=acted[0].version, note=kept.id)
        return found

    monkeypatch.setattr(grouping, "tell", slow)
    place = next(area for area in ("Pluit", "Cengkareng Timur") if area in lost.place)
    open_now = group([tell("gang kami banjir sepinggang malam ini", place=place, hour=1)])
    monkeypatch.undo()
    assert acted
    assert lost.id not in {issue.id for issue in open_now}
    with any_store.read() as db:
        home = issues.get(db, lost.id)
    assert home is not None
    assert home.id == kept.id
    assert lost.id not in {issue.id for issue in group([tell("sepinggang banjir gang kami lagi", place=place, hour=2)])}


def test_two_passes_at_once_open_one_issue(
    group: Pass, tell: Tell, any_store: Store, city: City, settings: Settings, ranking: Ranking,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    real, nested = grouping.tell, []

    def meanwhile(*args: object, **options: object) -> object:
        found = real(*args, **options)  # type: ignore[arg-type]
        if not nested:
            nested.append(True)
            now = args[-1].now
            offset = (now - settings.now()).total_seconds()  # type: ignore[attr-defined]
            jobs.group(any_store, city, settings.model_copy(update={"clock": ClockSection(offset_s=offset)}), ranking)
        return found

    monkeypatch.setattr(grouping, "tell", meanwhile)
    (issue,) = group(flood(tell))
    assert nested
    assert issue.posts == 3
