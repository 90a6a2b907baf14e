"""Grouping passes obey what people said about belonging, suggest where they may not act, and survive being killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import jobs
from pipeline.jobs import grouping
from tanggap.city import City
from tanggap.desk.curation import Curator
from tanggap.desk.deciding import Deciding
from tanggap.desk.service import Desk
from tanggap.desk.undoing import Undoing
from tanggap.issues.priority import Ranking
from tanggap.records import EventKind, Issue, Reading, Role, Source, SourceKind, SuggestionKind, User
from tanggap.settings import ClockSection, Settings
from tanggap.store import Store, issue_events, issues, people, posts, scores, sources, suggestions

from .conftest import START, Tell

CHIEF = User(name="rina", full_name="Rina", roles=tuple(Role))
FLOOD = [
    "banjir sepinggang di gang kami butuh perahu",
    "banjir di gang kami sepinggang belum ada perahu",
    "gang kami banjir sepinggang perahu mana",
]
Pass = Callable[[Sequence[Reading]], list[Issue]]


@pytest.fixture
def group(any_store: Store, city: City, settings: Settings, config_dir: Path) -> Pass:
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
        clock = settings.model_copy(update={"clock": ClockSection(offset_s=offset)})
        jobs.group(any_store, city, clock, Ranking.load(config_dir))
        with any_store.read() as db:
            return issues.open_issues(db)

    return make


@pytest.fixture
def curator(any_store: Store, city: City) -> Curator:
    return Curator(Desk(any_store, city, lambda: START + timedelta(hours=3)))


def flood(tell: Tell, place: str = "Pluit", hour: float = 0.0) -> list[Reading]:
    return [tell(text, place=place, hour=hour + i / 10, urgency=3) for i, text in enumerate(FLOOD)]


def homes(store: Store) -> dict[str, str | None]:
    with store.read() as db:
        return {key: issue for (_, key), issue in issues.membership(db).items()}


def test_the_machine_logs_what_it_opens_and_what_joins_with_its_version(
    group: Pass, tell: Tell, any_store: Store
) -> None:
    (issue,) = group(flood(tell))
    group([tell("gang kami banjir sepinggang lagi", place="Pluit", hour=2)])
    with any_store.read() as db:
        opened, joined = issue_events.log(db, issue.id)
    assert (opened.kind, opened.posts, joined.kind, joined.posts) == (
        EventKind.OPENED, (1, 2, 3), EventKind.JOINED, (4,),
    )  # fmt: skip
    assert opened.by.startswith("machine ")


def test_what_people_split_the_machine_never_merges_again(
    group: Pass, tell: Tell, curator: Curator, any_store: Store
) -> None:
    (issue,) = group([*flood(tell), *flood(tell, hour=1)])
    child = curator.split(issue.id, [1, 2], CHIEF, version=issue.version)
    for hour in (2, 3):
        found = group([tell("gang kami banjir sepinggang perahu lagi", place="Pluit", hour=hour)])
        assert {child.id, issue.id} <= {item.id for item in found}
    with any_store.read() as db:
        assert [item for item in suggestions.open_ones(db) if item.kind is SuggestionKind.MERGE] == []


def test_a_moved_post_and_its_later_copies_stay_where_people_put_them(
    group: Pass, tell: Tell, curator: Curator, any_store: Store
) -> None:
    here, there = group([*flood(tell), *flood(tell, "Cengkareng Timur")])
    key = "1" if homes(any_store)["1"] == here.id else "4"
    curator.move(int(key), there.id, CHIEF, version=here.version)
    place = "Pluit" if key == "1" else "Cengkareng Timur"
    copy = tell(FLOOD[0], place=place, hour=1)
    group([copy])
    assert homes(any_store)[key] == there.id
    assert homes(any_store)[copy.post.native_id] == there.id


def test_a_post_taken_out_does_not_come_back(group: Pass, tell: Tell, curator: Curator, any_store: Store) -> None:
    (issue,) = group([*flood(tell), *flood(tell, hour=1)])
    curator.move(1, None, CHIEF, version=issue.version)
    group([])
    assert homes(any_store)["1"] != issue.id


def test_two_likely_issues_that_staff_touched_are_suggested_and_merged_on_their_word(
    group: Pass, tell: Tell, curator: Curator, any_store: Store, city: City
) -> None:
    (issue,) = group([*flood(tell), *flood(tell, hour=1)])
    child = curator.split(issue.id, [1, 2], CHIEF, version=issue.version)
    with any_store.read() as db:
        number = issue_events.log(db, child.id)[-1].id or 0
    Undoing(curator).undo(number, CHIEF)
    curator.title(issue.id, "Banjir di gang", CHIEF, version=group([])[0].version)
    weak = tell("sepinggang airnya di gang sebelah, perahu?", place="Pluit", hour=26, urgency=1)
    group([weak])
    with any_store.read() as db:
        offered = suggestions.open_ones(db, issue.id)
    assert homes(any_store)[weak.post.native_id] is None
    assert [(item.kind, item.posts) for item in offered] == [(SuggestionKind.JOIN, (7,))]
    assert "kemiripan" in offered[0].reason
    Deciding(curator).accept(offered[0].id or 0, CHIEF)
    group([])
    assert homes(any_store)[weak.post.native_id] == issue.id


def test_a_refused_post_stays_out_for_good(group: Pass, tell: Tell, curator: Curator, any_store: Store) -> None:
    (issue,) = group([*flood(tell), *flood(tell, hour=1)])
    curator.title(issue.id, "Banjir di gang", CHIEF, version=issue.version)
    weak = tell("sepinggang airnya di gang sebelah, perahu?", place="Pluit", hour=26, urgency=1)
    group([weak])
    with any_store.read() as db:
        (offered,) = suggestions.open_ones(db, issue.id)
    Deciding(curator).reject(offered.id or 0, CHIEF)
    for hour in (27, 28):
        group([tell("gang sebelah sepinggang airnya, perahu", place="Pluit", hour=hour)])
    assert homes(any_store)[weak.post.native_id] != issue.id


def test_an_act_during_a_pass_wins(
    group: Pass, tell: Tell, curator: Curator, any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (issue,) = group([*flood(tell), *flood(tell, hour=1)])
    real, children = grouping.tell, []

    def slow(*args: object, **options: object) -> object:
        found = real(*args, **options)  # type: ignore[arg-type]
        if not children:
            children.append(curator.split(issue.id, [1, 2], CHIEF, version=issue.version))
        return found

    monkeypatch.setattr(grouping, "tell", slow)
    group([tell("gang kami banjir sepinggang malam ini", place="Pluit", hour=2)])
    assert {key: home for key, home in homes(any_store).items() if key in "12"} == dict.fromkeys("12", children[0].id)


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline import jobs
from pipeline.jobs import grouping
from tanggap.city import load_city
from tanggap.issues.priority import Ranking
from tanggap.settings import load_settings
from tanggap.store import Store, issues
config, url, offset = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
real = issues.link
def die(db, links):
    real(db, links)
    os.kill(os.getpid(), signal.SIGKILL)
issues.link = die
settings = load_settings(config, environ={"TANGGAP_KEY": "k"})
settings = settings.model_copy(update={"clock": settings.clock.model_copy(update={"offset_s": offset})})
jobs.group(Store.open(url), load_city(config), settings, Ranking.load(config))
"""


def test_a_pass_killed_in_the_middle_leaves_the_same_groups_as_one_that_was_not(
    group: Pass, tell: Tell, any_store: Store, config_dir: Path, settings: Settings
) -> None:
    group(flood(tell))
    more = [*flood(tell, "Cengkareng Timur", 1), tell("gang kami banjir sepinggang lagi", place="Pluit", hour=2)]
    with any_store.write() as db:
        posts.add(db, [reading.post.evolve(id=None) for reading in more])
        keys = {post.native_id: post.id for post in posts.unscored(db, "t", 1000)}
        scores.add(db, [(keys[r.post.native_id] or 0, r.score) for r in more])
    before = homes(any_store)
    offset = (START + timedelta(hours=2, minutes=1) - settings.now()).total_seconds()
    url = any_store.engine.url.render_as_string(hide_password=False)
    words = [sys.executable, "-c", KILLED, str(config_dir), url, str(offset)]
    died = subprocess.run(words, check=False, cwd=Path(__file__).parents[2])
    assert died.returncode == -signal.SIGKILL
    assert homes(any_store) == before
    found = group([])
    assert [issue.id[-4:] for issue in sorted(found, key=lambda issue: issue.id)] == ["0001", "0002"]
    assert homes(any_store)["7"] == homes(any_store)["1"]
    assert len({homes(any_store)[key] for key in "456"}) == 1
