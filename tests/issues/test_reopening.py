"""Closed but still complained about: the machine proposes, with evidence; people open it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import jobs
from tanggap.city import City
from tanggap.desk.curation import Curator
from tanggap.desk.deciding import Deciding
from tanggap.desk.service import Desk
from tanggap.errors import RuleError
from tanggap.issues.priority import Ranking
from tanggap.records import Issue, PostKind, Reading, Role, Status, Suggestion, SuggestionKind, User
from tanggap.settings import ClockSection, Settings
from tanggap.store import Store, issues, people, posts, scores, suggestions

from .conftest import START, Tell

CHIEF = User(name="rina", full_name="Rina", roles=tuple(Role))
VERA = User(name="vera", full_name="Vera", roles=(Role.VERIFIER,))
ANA = User(name="ana", full_name="Ana", roles=(Role.ANALYST,))
LAMPS = [
    "lampu jalan umum mati di gang kami sejak senin",
    "lampu jalan umum di gang kami masih mati, anak takut",
    "sudah lapor lampu jalan umum mati sejak senin di gang kami",
]
Pass = Callable[..., list[Suggestion]]


@pytest.fixture
def group(any_store: Store, city: City, settings: Settings, config_dir: Path) -> Pass:
    """Stores readings, makes a pass an hour after the last of them, and gives what is proposed to be opened again."""

    def make(*readings: Reading) -> list[Suggestion]:
        with any_store.write() as db:
            posts.add(db, [reading.post.evolve(id=None) for reading in readings])
            keys = {post.native_id: post.id for post in posts.unscored(db, "t", 1000)}
            scores.add(db, [(keys[r.post.native_id] or 0, r.score) for r in readings])
        last = max((reading.post.published_at for reading in readings), default=START + timedelta(hours=40))
        offset = (last - settings.now()).total_seconds() + 3600
        clock = settings.model_copy(update={"clock": ClockSection(offset_s=offset)})
        jobs.group(any_store, city, clock, Ranking.load(config_dir))
        with any_store.read() as db:
            return [item for item in suggestions.open_ones(db) if item.kind is SuggestionKind.REOPEN]

    return make


@pytest.fixture
def closed(group: Pass, tell: Tell, any_store: Store, city: City) -> Issue:
    """An issue of three posts and one report, closed by a verifier ten hours later."""
    with any_store.write() as db:
        for user in (CHIEF, VERA, ANA):
            people.add(db, user, "x")
    told = [tell(text, "listrik_penerangan", place="Pluit", hour=i / 10) for i, text in enumerate(LAMPS)]
    report = tell(LAMPS[0] + " mohon", "listrik_penerangan", place="Pluit", kind=PostKind.REPORT, hour=1)
    report = report.evolve(post=report.post.evolve(native_id="JAKI-552310"))
    group(*told, report)
    desk = Desk(any_store, city, lambda: START + timedelta(hours=10))
    with any_store.read() as db:
        (issue,) = issues.open_issues(db)
    for to, by, note in (
        (Status.WAITING, CHIEF, ""),
        (Status.IN_PROCESS, CHIEF, ""),
        (Status.MONITORING, CHIEF, ""),
        (Status.RESOLVED, VERA, "foto lampu menyala"),
    ):
        issue = desk.move(issue.id, to, by, version=issue.version, note=note)
    return issue


def still_dark(tell: Tell, hour: float, **told: object) -> Reading:
    words = f"lampu jalan umum di gang kami tetap mati {hour:.0f}"
    return tell(words, "listrik_penerangan", place="Pluit", hour=hour, **told)


def test_two_later_voices_about_the_same_place_and_service_propose_it_once(
    group: Pass, closed: Issue, tell: Tell, any_store: Store, city: City
) -> None:
    assert group(still_dark(tell, 20)) == []
    (proposed,) = group(
        tell("gang kami lampu jalan umum masih mati juga", "listrik_penerangan", place="Pluit", hour=30)
    )
    assert (proposed.issue, len(proposed.posts)) == (closed.id, 2)
    assert proposed.reason.startswith("2 suara mengeluh sesudah ditutup 21 Nov 17.00 WIB; urusan dan tempat sama")
    assert [item.id for item in group()] == [proposed.id]
    deciding = Deciding(Curator(Desk(any_store, city, lambda: START + timedelta(hours=31))))
    with pytest.raises(RuleError, match="tidak berhak"):
        deciding.accept(proposed.id or 0, ANA)
    again = deciding.accept(proposed.id or 0, CHIEF)
    assert (again.status, again.reopened, again.posts) == (Status.WAITING, 1, 6)
    assert group() == []


@pytest.mark.parametrize(
    "told",
    ["JAKI 552310 katanya selesai, bohong", "laporan jaki-552310 ditutup padahal gelap", "ISU-20261121-0001 belum"],
)
def test_one_voice_that_names_the_ticket_is_enough(group: Pass, closed: Issue, tell: Tell, told: str) -> None:
    (proposed,) = group(tell(told, None, hour=20))
    assert proposed.issue == closed.id
    assert "menyebut nomor" in proposed.reason


def test_a_later_report_from_the_same_place_is_enough(group: Pass, closed: Issue, tell: Tell) -> None:
    (proposed,) = group(still_dark(tell, 20, kind=PostKind.REPORT))
    assert proposed.issue == closed.id


def test_thanks_other_places_and_earlier_posts_propose_nothing(group: Pass, closed: Issue, tell: Tell) -> None:
    assert group(
        tell("lampu jalan umum di gang kami sudah nyala, terima kasih", "listrik_penerangan", place="Pluit", hour=20,
             complaint=False),
        tell("lampu jalan umum di gang kami mati", "listrik_penerangan", place="Lebak Bulus", hour=21),
        tell("lampu jalan umum mati di gang kami nih", "listrik_penerangan", place="Lebak Bulus", hour=22),
        still_dark(tell, 9, author="lama"),
    ) == []  # fmt: skip


def test_what_people_refused_is_no_evidence_any_more(
    group: Pass, closed: Issue, tell: Tell, any_store: Store, city: City
) -> None:
    (proposed,) = group(still_dark(tell, 20, kind=PostKind.REPORT))
    Deciding(Curator(Desk(any_store, city, lambda: START + timedelta(hours=31)))).reject(proposed.id or 0, CHIEF)
    assert group() == []
    (later,) = group(still_dark(tell, 35, kind=PostKind.REPORT, author="b"))
    assert set(later.posts).isdisjoint(proposed.posts)
