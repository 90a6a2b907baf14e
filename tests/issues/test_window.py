"""A window held between passes is what the store would give anew, whatever people and machines did in between."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from pipeline import jobs
from pipeline.jobs import grouping, windows
from pipeline.jobs.windows import HELD, Ground, Scope, opened
from tanggap.city import City
from tanggap.desk.correcting import correct
from tanggap.desk.curation import Curator
from tanggap.desk.service import Desk
from tanggap.desk.undoing import Undoing
from tanggap.errors import ConflictError, RuleError
from tanggap.issues.priority import Ranking
from tanggap.issues.window import Window
from tanggap.records import Issue, Place, Post, Reading, Role, Score, Source, SourceKind, Status, User
from tanggap.settings import ClockSection, Settings
from tanggap.store import Store, erasure, issue_events, issues, people, placements, posts, scores, sources

from .conftest import START, Tell

CHIEF = User(name="rina", full_name="Rina", roles=tuple(Role))
TOLD = [
    "banjir sepinggang di gang kami butuh perahu",
    "gang kami banjir, perahu mana, air sepinggang",
    "air banjir masuk rumah, tolong perahu karet cepat ke gang kami",
    "lampu jalan padam gelap sekali sejak senin",
    "gelap, lampu jalan padam lagi, rawan begal",
    "tolak wajib lapor tiga kali sehari, pengurus rt bukan petugas bayaran per laporan",
]
PLACES = ("Pluit", "Kapuk", "Cengkareng Timur", None)
ACTS = ("post", "post", "post", "pass", "pass", "merge", "split", "move", "undo", "close", "correct", "rewrite",
        "score", "erase", "kill", "other")  # fmt: skip


class Killed(BaseException):
    """What a pass dies of."""


class Play:
    """One store on which things happen as dice fall."""

    def __init__(self, store: Store, city: City, settings: Settings, tell: Tell, seed: int) -> None:
        self.store, self.city, self.settings, self.tell = store, city, settings, tell
        self.dice = random.Random(seed)
        self.hour = 1.0
        desk = Desk(store, city, lambda: START + timedelta(hours=self.hour))
        self.desk, self.curator, self.undoing = desk, Curator(desk), Undoing(Curator(desk))
        self.ranking = Ranking.load(settings.config_dir)
        with store.write() as db:
            sources.sync(db, [Source(id="x", kind=SourceKind.X, title="X", address="")])
            people.add(db, CHIEF, "x")

    def run(self, *acts: str) -> None:
        for act in (*acts, "pass"):
            self.hour += self.dice.choice((0.001, 0.01, 0.5))
            with suppress(RuleError, ConflictError):
                getattr(self, f"do_{act}")()

    def do_pass(self) -> None:
        jobs.group(self.store, self.city, self.now, self.ranking)
        assert_same(HELD[self.store], self.anew())

    @property
    def now(self) -> Settings:
        offset = (START + timedelta(hours=self.hour) - self.settings.now()).total_seconds()
        return self.settings.model_copy(update={"clock": ClockSection(offset_s=offset)})

    def anew(self) -> Window:
        scope = Scope.of(self.city, self.now, self.now.now())
        with self.store.read() as db:
            return opened(db, None, Ground.read(db, scope.start), scope).window

    def do_post(self) -> None:
        told = [self._told() for _ in range(self.dice.randint(1, 4))]
        with self.store.write() as db:
            posts.add(db, [reading.post.evolve(id=None) for reading in told])
        self._score({reading.post.native_id: reading.score for reading in told})

    def _told(self) -> Reading:
        text = self.dice.choice(TOLD) + self.dice.choice(("", " ya", " pak", " sekarang juga"))
        topic = "banjir" if "banjir" in text else "listrik_penerangan" if "lampu" in text else "pelaporan_warga"
        hour = max(0.0, self.hour - self.dice.choice((0.0, 0.2, 5.0)))
        return self.tell(text, topic, place=self.dice.choice(PLACES), hour=hour, urgency=self.dice.choice((0, 3)))

    def _score(self, known: dict[str, Score]) -> None:
        with self.store.write() as db:
            waiting = posts.unscored(db, "t", 1000)
            scores.add(db, [(post.id or 0, known[post.native_id]) for post in waiting if post.native_id in known])

    def issue(self) -> Issue:
        with self.store.read() as db:
            found = issues.open_issues(db)
        if not found:
            raise RuleError("none")
        return self.dice.choice(sorted(found, key=lambda issue: issue.id))

    def post(self) -> tuple[Post, Score]:
        with self.store.read() as db:
            found = scores.readings(db, START - timedelta(days=9), START + timedelta(days=9), relevance=None)
        if not found:
            raise RuleError("none")
        reading = self.dice.choice(found)
        return reading.post, reading.score

    def do_merge(self) -> None:
        one, other = self.issue(), self.issue()
        self.curator.merge(one.id, other.id, CHIEF, version=one.version)

    def do_split(self) -> None:
        issue = self.issue()
        with self.store.read() as db:
            keys = [link.post for link in issues.links_of(db, issue.id)]
        self.curator.split(issue.id, keys[: len(keys) // 2], CHIEF, version=issue.version)

    def do_move(self) -> None:
        issue, (post, _) = self.issue(), self.post()
        to = self.dice.choice((issue.id, None))
        with self.store.read() as db:
            link = issues.link_of(db, post.id or 0)
            home = issues.get(db, link.issue) if link else issue
        self.curator.move(post.id or 0, to, CHIEF, version=home.version if home else 1)

    def do_undo(self) -> None:
        with self.store.read() as db:
            acts = issue_events.lately(db, limit=3)
        for event in acts[:1]:
            self.undoing.undo(event.id or 0, CHIEF)

    def do_close(self) -> None:
        issue = self.issue()
        self.desk.move(issue.id, Status.DISMISSED, CHIEF, version=issue.version, note="selesai")

    def do_correct(self) -> None:
        field, to = self.dice.choice((("topic", "air_bersih"), ("urgency", "0"), ("places", "+31.71")))
        at = START + timedelta(hours=self.hour)
        correct(self.store, self.city, CHIEF, self.post()[0].id or 0, field, to, why="salah baca mesin", at=at)

    def do_rewrite(self) -> None:
        post, score = self.post()
        with self.store.write() as db:
            posts.add(db, [post.evolve(id=None, text=f"{post.text} disunting {self.hour}")])
        if self.dice.random() < 0.7:
            self._score({post.native_id: score})

    def do_score(self) -> None:
        post, score = self.post()
        place = Place(text="x", start=0, end=1, level="kelurahan", code="31.72.01.1003", name="Marunda")
        with self.store.write() as db:
            scores.add(db, [(post.id or 0, score.evolve(model="u", places=(place,)))])

    def do_erase(self) -> None:
        post, _ = self.post()
        with self.store.write() as db:
            erasure.erase(db, "x", [post.native_id], at=START + timedelta(hours=self.hour))

    def do_kill(self) -> None:
        with dying(), suppress(Killed):
            jobs.group(self.store, self.city, self.now, self.ranking)

    def do_other(self) -> None:
        """Another worker makes a pass."""
        mine = HELD.pop(self.store, None)
        jobs.group(self.store, self.city, self.now, self.ranking)
        if mine is not None:
            HELD[self.store] = mine


@contextmanager
def dying() -> Iterator[None]:
    """A pass ends in the middle of what it writes."""
    patch = pytest.MonkeyPatch()

    def die(*_: object) -> None:
        raise Killed

    patch.setattr(grouping.placements, "advance", die)
    yield
    patch.undo()


def assert_same(held: Window, anew: Window) -> None:
    """All that a window decides by is the same in both."""
    assert list(held.numbers) == list(anew.numbers)
    assert list(held.posts) == list(anew.posts)
    assert state(held) == state(anew)
    for text in TOLD:
        for key in range(0, len(held), 7):
            assert near(held, text, key) == near(anew, text, key)


def state(window: Window) -> list[Any]:
    """The clusters in full, without their keys, which tell nothing."""
    found = []
    for key, cluster in window.grouper.items():
        cluster.key = 0
        decided = [window.grouper.decision(at) for at in cluster.members]
        members = [(at, one.similarity, one.copy_of, one.suggested) for at, one in enumerate(decided)]
        found.append((cluster, members, window.drafts.get(key)))
    return sorted(found, key=lambda told: told[0].members)


def near(window: Window, text: str, at: int) -> list[int]:
    """The first posts of the clusters that a text would be compared with, in order, and which post it copies."""
    grouper = window.grouper
    told = grouper.told(PROBES[text])
    firsts = grouper.index.facts["head"][grouper.index.nearest(told)].tolist()
    copied = grouper._copies.look_up(told.print)
    return [*firsts, -1 if copied is None else copied, at]


PROBES: dict[str, Reading] = {}


@pytest.fixture(autouse=True)
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are weighed anew less often, so that windows this small are held at all."""
    monkeypatch.setattr(windows, "outweighed", lambda count, weighed: count > 3 * weighed)


@pytest.fixture(autouse=True)
def probes(tell: Tell) -> None:
    PROBES.update({text: tell(text, place="Pluit") for text in TOLD})


@pytest.mark.parametrize("seed", [1])
def test_a_window_that_is_held_is_what_its_store_gives_anew(
    any_store: Store, city: City, settings: Settings, tell: Tell, seed: int
) -> None:
    play = Play(any_store, city, settings, tell, seed)
    play.run(*play.dice.choices(ACTS, k=25))


@drawn(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9), st.lists(st.sampled_from(ACTS), min_size=5, max_size=20))
def test_whatever_happens_in_whatever_order_held_and_made_anew_are_the_same(
    blank_file: Path, tmp_path: Path, city: City, settings: Settings, tell: Tell, seed: int, acts: list[str]
) -> None:
    path = shutil.copy(blank_file, tmp_path / "drawn.sqlite")
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    store = Store.open(f"sqlite:///{path}")
    Play(store, city, settings, tell, seed).run("post", *acts)
    store.close()


def test_nothing_but_new_posts_is_read_again(
    store: Store, city: City, settings: Settings, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = Play(store, city, settings, tell, 3)
    play.run(*["post"] * 12)
    read: list[int] = []
    real: Callable[..., dict[int, Reading]] = placements.readings

    def counted(db: Any, keys: Any) -> dict[int, Reading]:
        read.append(len(keys))
        return real(db, keys)

    monkeypatch.setattr(placements, "readings", counted)
    held = HELD[store]
    play.hour += 0.001
    jobs.group(store, city, play.now, play.ranking)
    assert HELD[store] is held
    assert sum(read) == 0
