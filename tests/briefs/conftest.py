"""A made-up night of floods and outages, and a quiet one, to compose briefs from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tanggap.briefs.compose import compose
from tanggap.city import City, load_city
from tanggap.clock import WIB
from tanggap.desk.workflow import Workflow
from tanggap.records import (
    Brief,
    CrawlRun,
    Engagement,
    Issue,
    Post,
    PostKind,
    Priority,
    Reading,
    Reason,
    Score,
    Source,
    SourceKind,
    Status,
)
from tanggap.settings import packaged_config

#: Sunday 22 November 2026, 06.30 in Jakarta.
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=WIB).astimezone(UTC)
DAY = date(2026, 11, 22)

SOURCES = [
    Source(id="x", kind=SourceKind.X, title="X", address="", expected_per_day=600, display="text"),
    Source(id="qlue", kind=SourceKind.QLUE_B, title="Qlue", address="", expected_per_day=80),
    Source(id="kota", kind=SourceKind.NEWS, title="Kabar Kota", address="", expected_per_day=40),
    Source(id="betawi", kind=SourceKind.NEWS, title="Suara Betawi", address="", expected_per_day=25),
    Source(id="balai", kind=SourceKind.COUNTER, title="Loket Balai Kota", address="", expected_per_day=5),
    Source(id="mati", kind=SourceKind.NEWS, title="Sumber lama", address="", enabled=False),
]
#: title, topic, place, agency, priority, score, hours since detected, posts, accounts, news, holder, why, quote
NIGHT = [
    ("Banjir sepinggang di Kampung Melayu", "banjir", "Kampung Melayu, Jatinegara", "AG05", "P1", 91, 1.7, 170, 122, 4,
     None, ("bahaya bagi warga sekarang (banjir & genangan); menyebut lansia, bayi", "4,1× biasa dalam 3 jam terakhir",
            "8 j 10 mnt tanpa jawaban resmi"),
     ("air udah sepinggang di RW 07 kampung melayu, ada lansia sama bayi belum dijemput. perahu dari jam 3 gak ada "
     "satu pun yg lewat, tolong")),
    ("Listrik padam di Kalideres", "listrik_penerangan", "Kalideres, Jakarta Barat", "AG52", "P2", 74, 2.4, 96, 71, 2,
     "sari", ("61 kiriman minta ditangani hari ini", "2,2× biasa dalam 3 jam terakhir", "2 media memberitakan"),
     "PLN bilang jam 2 nyala, ini udah mau subuh masih gelap gulita satu kecamatan. anak saya pakai nebulizer"),
    ("Air PAM beracun, kata pesan berantai, di Jakarta Barat", "air_bersih", "Jakarta Barat", "AG42", "P2", 66, 1.1,
     104, 58, 0, None, ("104 kiriman dari 58 suara", "dilihat sekitar 41.200 kali", "5 j tanpa jawaban resmi"),
     "ini bener gak sih air PAM beracun? grup RT rame banget, ibu saya sampai beli galon semua"),
    ("Lampu jalan ditandai selesai, masih gelap, di Cipinang Muara", "listrik_penerangan",
     "Cipinang Muara, Jatinegara", "AG06", "P3", 52, 12.0, 70, 44, 1, "budi",
     ("44 suara dalam 70 kiriman", "38 dari 41 bernada negatif", "laporan sudah ditutup tetapi dikeluhkan lagi"),
     "Laporan sudah *selesai* katanya, fotonya foto lama. Sampai malam ini tetap gelap."),
    ("Tumpukan sampah di Pasar Minggu", "sampah_kebersihan", "Pasar Minggu, Jakarta Selatan", "AG08", "P4", 31, 30.0,
     18, 15, 0, None, ("15 suara dalam 18 kiriman", "keluhan rutin"),
     "bau banget depan pasar minggu, udah 3 hari ga diangkut"),
    ("Bus pengganti penuh di Blok M", "transportasi_umum", "Blok M, Kebayoran Baru", "AG38", "P4", 24, 9.0, 9, 9, 0,
     None, ("9 suara dalam 9 kiriman",), "nunggu 50 menit di blok m, bus lewat terus penuh semua"),
]  # fmt: skip
HOURLY = [31, 42, 38, 40, 44, 36, 33, 30, 35, 41, 46, 52, 61, 66, 58, 72, 95, 120, 98, 61, 40, 33, 47, 54]


def reading(
    at: datetime,
    text: str = "banjir lagi",
    *,
    sentiment: str = "negative",
    urgency: int = 2,
    source: str = "x",
    **post: object,
) -> Reading:
    """A scored post."""
    kind = {"kota": PostKind.NEWS, "betawi": PostKind.NEWS, "qlue": PostKind.REPORT}.get(source, PostKind.POST)
    facts = {"kind": kind, "engagement": Engagement(views=10), "published_at": at, "collected_at": at, **post}
    score = {"sentiment": sentiment, "urgency": urgency, "topic": "banjir", "complaint": True}
    return Reading(
        post=Post(source=source, native_id=f"{at.isoformat()}{text}", text=text, **facts),
        score=Score(model="t", relevant=True, relevance=1.0, **score),
    )


def issue(number: int, **changes: object) -> Issue:
    """A waiting issue."""
    facts: dict[str, object] = {
        "id": f"ISU-20261121-{number:04d}",
        "title": f"Isu {number}",
        "topic": "banjir",
        "status": Status.WAITING,
        "first_at": NOW - timedelta(hours=6),
        "last_at": NOW,
        "detected_at": NOW - timedelta(hours=5),
        "status_at": NOW - timedelta(hours=4),
    }
    return Issue(**{**facts, **changes})


def night_issues() -> list[Issue]:
    """Six issues that wait, one answered in the evening, one closed."""
    found = []
    for number, (title, topic, place, agency, level, score, age, posts, accounts, news, holder, why, _) in enumerate(
        NIGHT, 1
    ):
        found.append(
            issue(
                number,
                title=title,
                topic=topic,
                place=place,
                agency=agency,
                priority=Priority(level),
                score=score,
                posts=posts,
                accounts=accounts,
                news=news,
                holder=holder,
                status=Status.IN_PROCESS if holder else Status.WAITING,
                reasons=tuple(Reason(part="p", points=30 - i, text=text) for i, text in enumerate(why)),
                detected_at=NOW - timedelta(hours=age),
                status_at=NOW - timedelta(hours=age / 2),
            )
        )
    answered = {"status": Status.ANSWERED, "answered_at": NOW - timedelta(hours=9), "score": 60}
    found.append(issue(7, title="Kebakaran rumah di Tambora", posts=24, priority=Priority.P1, **answered))
    closed = {
        "status": Status.RESOLVED,
        "status_at": NOW - timedelta(hours=12),
        "detected_at": NOW - timedelta(hours=50),
    }
    return [*found, issue(8, title="Pohon tumbang di Menteng", **closed)]


def night_readings() -> list[Reading]:
    """Posts by hour, more of them negative as the water rises."""
    start = NOW.replace(minute=0) - timedelta(hours=23)
    sources = ("x", "x", "x", "x", "kota", "qlue", "x", "betawi")
    return [
        reading(
            start + timedelta(hours=hour, seconds=3000 * n // posts),
            f"kiriman {hour} {n}",
            source=sources[n % len(sources)],
            sentiment="negative" if n < posts * (0.3 + 0.02 * hour) else "neutral",
        )
        for hour, posts in enumerate(HOURLY)
        for n in range(posts)
    ]


def night_members() -> dict[str, list[Reading]]:
    """One quote per issue; twelve posts before and four after the answer on the fire."""
    quotes = {
        f"ISU-20261121-{number:04d}": [reading(NOW - timedelta(hours=1), row[-1])]
        for number, row in enumerate(NIGHT, 1)
    }
    answered = NOW - timedelta(hours=9)
    minutes = [*range(-170, -2, 14), *range(10, 170, 40), *(-400 + 5 * n for n in range(8))]
    quotes["ISU-20261121-0007"] = [
        reading(answered + timedelta(minutes=m), f"tambora {m}", source="x") for m in minutes
    ]
    return quotes


def runs() -> dict[str, CrawlRun]:
    """Every source read at 06.10; one failed, one never read."""
    at = NOW - timedelta(minutes=20)
    found = {name: CrawlRun(source=name, started_at=at, ended_at=at, fetched=9) for name in ("x", "qlue", "kota")}
    found["betawi"] = CrawlRun(source="betawi", started_at=at, ended_at=at, failure="network")
    return found


@pytest.fixture(scope="session")
def moment() -> datetime:
    """When the briefs are made: Sunday 22 November 2026, 06.30 in Jakarta."""
    return NOW


@pytest.fixture(scope="session")
def make_issue() -> Callable[..., Issue]:
    return issue


@pytest.fixture(scope="session")
def make_reading() -> Callable[..., Reading]:
    return reading


@pytest.fixture(scope="session")
def night_facts() -> dict[str, Any]:
    """What is known after the flood night, as `compose` takes it."""
    return {
        "issues": night_issues(),
        "members": night_members(),
        "readings": night_readings(),
        "runs": runs(),
    }


@pytest.fixture(scope="session")
def city() -> City:
    return load_city(packaged_config())


@pytest.fixture(scope="session")
def workflow(city: City) -> Workflow:
    return Workflow.load(city)


@pytest.fixture(scope="session")
def make(city: City, workflow: Workflow) -> Callable[..., Brief]:
    """A brief composed at 06.30 from what is given; the rest is empty."""

    def made(**given: object) -> Brief:
        facts = {"issues": [], "members": {}, "readings": [], "runs": {}, "sources": SOURCES, "before": None}
        rules = {"city": city, "workflow": workflow, "made_at": NOW}
        return compose(given.pop("day", DAY), **{**facts, **rules, **given})

    return made


@pytest.fixture(scope="session")
def day_before(make: Callable[..., Brief]) -> Brief:
    """Yesterday's brief: only the waste, not as bad yet."""
    made_at = NOW - timedelta(hours=24)
    return make(
        day=date(2026, 11, 21),
        made_at=made_at,
        issues=[night_issues()[4].evolve(score=18)],
        runs={name: run.evolve(failure=None) for name, run in runs().items()},
        readings=[reading(made_at - timedelta(minutes=n)) for n in range(900)],
    )


@pytest.fixture(scope="session")
def night(make: Callable[..., Brief], night_facts: dict[str, Any], day_before: Brief) -> Brief:
    """The brief of the flood night."""
    return make(**night_facts, before=day_before)
