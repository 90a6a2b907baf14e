from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest

from tanggap.city import City
from tanggap.issues.detect import Detection, detect
from tanggap.issues.priority import Ranking
from tanggap.records import Issue, PostKind, Reading, Status
from tanggap.settings import IssuesSection, Settings

from .conftest import START, Tell


@pytest.fixture
def run(city: City, settings: Settings):  # type: ignore[no-untyped-def]
    numbers = count(1)

    def next_id(day: date) -> str:
        return f"ISU-{day:%Y%m%d}-{next(numbers):04d}"

    def detected(
        readings: list[Reading], belongs: list[str | None] | None = None, existing: dict[str, Issue] | None = None
    ) -> Detection:
        return detect(
            readings,
            belongs or [None] * len(readings),
            existing or {},
            city=city,
            settings=IssuesSection(),
            ranking=Ranking.load(settings.config_dir),
            now=START + timedelta(hours=6),
            next_id=next_id,
        )

    return detected


LAMPS = (
    "lampu jalan umum mati di gang kami sejak senin",
    "lampu jalan umum di gang kami masih mati, anak takut",
    "sudah lapor lampu jalan umum mati sejak senin di gang kami",
    "gelap banget, lampu jalan umum mati sejak senin kapan diganti",
    "kemarin ada jambret karena lampu jalan umum mati di gang kami",
)


def lamp(tell: Tell, count_: int, hour: float = 0) -> list[Reading]:
    return [tell(LAMPS[i], "listrik_penerangan", place="Cipinang Muara", hour=hour + i / 10) for i in range(count_)]


def test_an_issue_carries_its_numbers_and_its_place(run, tell: Tell) -> None:  # type: ignore[no-untyped-def]
    (issue,) = run(lamp(tell, 5)).issues
    assert issue.id == "ISU-20261121-0001"
    assert (issue.posts, issue.accounts, issue.negative) == (5, 5, 5)
    assert issue.place == "Cipinang Muara, Jatinegara"
    assert issue.agency == "AG52"
    assert issue.title == "Lampu jalan umum mati di Cipinang Muara"


def test_a_headline_alone_does_not_rename_what_its_voices_agree_on(run, tell: Tell) -> None:  # type: ignore[no-untyped-def]
    news = tell(
        "lampu jalan umum padam di gang kami sejak senin kata warga",
        "listrik_penerangan",
        place="Cipinang Muara",
        kind=PostKind.NEWS,
        title="Lampu Jalan Cipinang Muara Padam Sepekan",
        source="warta",
    )
    (issue,) = run([*lamp(tell, 4), news]).issues
    assert issue.title.startswith("Lampu jalan umum mati")
    assert issue.news == 1


def test_a_second_pass_keeps_the_identity_and_adds_what_is_new(run, tell: Tell) -> None:  # type: ignore[no-untyped-def]
    first = lamp(tell, 4)
    (issue,) = run(first).issues
    more = [*first, *lamp(tell, 3, hour=2)]
    (again,) = run(more, [issue.id] * 4 + [None] * 3, {issue.id: issue}).issues
    assert again.id == issue.id
    assert again.posts == 7
    assert again.detected_at == issue.detected_at


def test_what_people_decided_outlives_the_next_pass(run, tell: Tell) -> None:  # type: ignore[no-untyped-def]
    first = lamp(tell, 4)
    (issue,) = run(first).issues
    held = issue.evolve(status=Status.IN_PROCESS, holder="rina", title="Lampu padam: sedang diperbaiki", agency="AG06")
    (again,) = run([*first, *lamp(tell, 3, hour=2)], [issue.id] * 4 + [None] * 3, {issue.id: held}).issues
    assert (again.status, again.holder, again.title, again.agency) == (
        Status.IN_PROCESS, "rina", "Lampu padam: sedang diperbaiki", "AG06",
    )  # fmt: skip
    assert again.posts == 7


def test_chatter_below_three_voices_is_no_issue(run, tell: Tell) -> None:  # type: ignore[no-untyped-def]
    found = run(lamp(tell, 2))
    assert found.issues == ()
    assert found.memberships == ()


def test_nothing_in_gives_nothing_out(run) -> None:  # type: ignore[no-untyped-def]
    assert run([]).issues == ()
