"""The reading of the page of signals on a real store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Connection

from dashboard import noticed
from tanggap.city import City
from tanggap.records import Issue, Post, PostKind, Signal, SignalKind, Source, SourceKind
from tanggap.schedules import JobRun, State
from tanggap.store import Store, issues, job_runs, posts, signals, sources

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
NUMBER = "ISU-20261122-0001"
FIRST = "katanya jembatan <b>ambruk</b>, sebarkan"


def wrote(db: Connection, *texts: str, source: str = "kicau", kind: PostKind = PostKind.POST) -> list[int]:
    """Stores posts of an hour ago and gives their numbers."""
    posts.add(
        db,
        [
            Post(source=source, native_id=f"{source}{at}", text=text, kind=kind, published_at=NOW - timedelta(hours=1),
                 collected_at=NOW, url="https://kabar.example.id/1")
            for at, text in enumerate(texts)
        ],
    )  # fmt: skip
    return sorted(post.id or 0 for post in posts.unscored(db, "m", 99) if post.source == source)


def keep(db: Connection, kind: SignalKind, subject: str, told: str, **rest: Any) -> None:
    item = Signal(kind=kind, subject=subject, since=NOW - timedelta(hours=2), told=told).evolve(**rest)
    signals.keep(db, kind, [item], NOW - timedelta(minutes=7))


def issue(db: Connection) -> None:
    now = NOW - timedelta(hours=3)
    item = Issue(id=NUMBER, title="Jembatan di Koja", topic="jalan_trotoar", first_at=now, last_at=now,
                 detected_at=now, status_at=now)  # fmt: skip
    issues.add(db, item)


def part(data: dict[str, Any], title: str) -> dict[str, Any]:
    (found,) = [one for one in data["parts"] if one["title"] == title]
    card: dict[str, Any] = found["cards"][0]
    return card


def test_an_empty_page_says_when_it_was_last_looked(store: Store, city: City) -> None:
    with store.write() as db:
        before = noticed.page_data(db, city, NOW)
        at = NOW - timedelta(minutes=7)
        run = JobRun(id="r", job="signals", schedule="sinyal", state=State.DONE, asked_at=at, due_at=at, ended_at=at)
        job_runs.ask(db, run)
        after = noticed.page_data(db, city, NOW)
    assert before["looked"].startswith("Belum pernah dilihat;")
    assert (before["stale"], before["parts"], before["nothing"]) == (True, [], "")
    assert after["nothing"] == "Tidak ada yang di luar kebiasaan."
    assert (after["looked"], after["stale"]) == ("Terakhir dilihat 7 mnt lalu, 22 Nov 07.53 WIB.", False)


def test_what_is_withheld_comes_first_with_its_reason(store: Store, city: City) -> None:
    with store.write() as db:
        keep(db, SignalKind.COVERAGE, "all", "Tren tidak disimpulkan: Detik tidak terbaca.")
        data = noticed.page_data(db, city, NOW)
    assert data["withheld"] == ["Tren tidak disimpulkan: Detik tidak terbaca."]
    assert data["parts"] == []


def test_a_burst_leads_to_the_issues_of_its_topic_and_kota(store: Store, city: City) -> None:
    kota = next(code for code, area in city.areas.items() if area.level == "kota")
    with store.write() as db:
        keep(db, SignalKind.BURST, f"topic:banjir@{kota}", "naik", evidence={"voices": 26, "usual": 10.0, "times": 2.6})
        card = part(noticed.page_data(db, city, NOW), "Lonjakan")
    asked = parse_qs(urlsplit(card["href"]).query)
    assert asked == {"urusan": [city.topics["banjir"].label], "wilayah": [city.areas[kota].name]}
    assert [one["value"] for one in card["figures"]] == ["26", "10", "2,6×"]


def test_a_break_stands_beside_before_after_mood_and_the_news_of_its_days(store: Store, city: City) -> None:
    with store.write() as db:
        news = wrote(db, "Denda bagi pelapor mulai berlaku", source="koran", kind=PostKind.NEWS)
        told = {"usual": 50.0, "now": 19.2, "days_before": 21, "days_after": 14, "volume": None, "news": news,
                "mood": {"value": -0.4, "low": -0.6, "high": -0.3}}  # fmt: skip
        keep(db, SignalKind.BREAK, "topic:laporan", "Laporan warga turun 62 %.", evidence=told, withheld="Tak terbaca.")
        card = part(noticed.page_data(db, city, NOW), "Perubahan")
    assert [one["value"] for one in card["figures"]] == ["50", "19,2", "-0,4"]
    assert card["figures"][2]["words"] == "perubahan nada (-0,6 sampai -0,3)"
    assert card["beside"][0]["posts"][0]["text"] == "Denda bagi pelapor mulai berlaku"
    assert (card["title"], card["withheld"]) == ("Laporan warga", "Tak terbaca.")


def test_posting_in_concert_is_told_in_numbers_without_any_account(store: Store, city: City) -> None:
    told = {"times": 7, "chance": 3e-9, "window_s": 60, "accounts": 24, "posts": [1, 2], "voices": 1}
    with store.write() as db:
        issue(db)
        keep(db, SignalKind.COORDINATION, f"issue:{NUMBER}", "Dipasang serentak 7 kali.", evidence=told)
        card = part(noticed.page_data(db, city, NOW), "Dipasang serentak")
    assert [one["value"] for one in card["figures"]] == ["7", "3e-09", "24"]
    assert (card["title"], card["href"], card["beside"]) == ("Jembatan di Koja", f"./?isu={NUMBER}", [])


@pytest.mark.parametrize("display", ["text", "labels"])
def test_hearsay_shows_its_first_posts_and_what_was_said_since(store: Store, city: City, display: str) -> None:
    with store.write() as db:
        item = Source(id="kicau", kind=SourceKind.X, title="Kicau", address="https://kicau.example.id", display=display)
        sources.put(db, item)
        issue(db)
        first = wrote(db, FIRST)
        official = wrote(db, "Dinas membantah kabar itu", source="koran", kind=PostKind.NEWS)
        told = {"posts": 9, "accounts": 8, "first": [*first, 999], "said": official, "clarification": official[0]}
        keep(db, SignalKind.RUMOUR, f"issue:{NUMBER}", "Kabar.", evidence=told)
        card = part(noticed.page_data(db, city, NOW), "Kabar yang menyebar")
    beside = {one["title"]: one["posts"] for one in card["beside"]}
    assert list(beside) == ["Kiriman pertama", "Penjelasan"]
    assert [one["text"] == FIRST for one in beside["Kiriman pertama"]] == [display == "text"]
    assert beside["Penjelasan"][0]["link"] == {"href": "https://kabar.example.id/1", "host": "kabar.example.id"}


def test_hearsay_outside_issues_shows_more_of_its_posts_and_the_sentence_that_clears_it_up(
    store: Store, city: City
) -> None:
    with store.write() as db:
        told = wrote(db, *(f"katanya ragunan tutup, {number}" for number in range(5)))
        [denial] = wrote(db, "Ramai. Pengelola membantah. Loket buka.", source="koran", kind=PostKind.NEWS)
        evidence = {"posts": 5, "accounts": 5, "first": told[:3], "said": [denial], "clarification": denial,
                    "sentence": [7, 27], "tellings": told}  # fmt: skip
        keep(db, SignalKind.RUMOUR, f"post:{told[0]}", "Kabar.", evidence=evidence)
        card = part(noticed.page_data(db, city, NOW), "Kabar yang menyebar")
    assert (card["title"], card["href"]) == ("Kabar di luar isu", "")
    assert [(one["title"], len(one["posts"])) for one in card["more"]] == [("Kiriman berikutnya", 2)]
    beside = {one["title"]: one["posts"] for one in card["beside"]}
    assert beside["Penjelasan"][0]["said"] == "Pengelola membantah."
    assert {one["said"] for one in beside["Kiriman pertama"]} == {""}


def test_a_report_closed_too_soon_stands_beside_those_who_complain_on(store: Store, city: City) -> None:
    with store.write() as db:
        [report] = wrote(db, "lampu mati", source="jaki", kind=PostKind.REPORT)
        later = wrote(db, *(f"masih mati {number}" for number in range(5)))
        keep(db, SignalKind.CLOSING, f"post:{report}", "Ditutup.", evidence={"report": report, "complaints": later})
        card = part(noticed.page_data(db, city, NOW), "Selesai semu")
    assert (card["title"], card["figures"][0]["value"]) == ("Laporan yang ditutup", "5")
    assert [(one["title"], len(one["posts"])) for one in card["beside"]] == [("Laporan", 1), ("Masih dikeluhkan", 3)]
    assert [len(one["posts"]) for one in card["more"]] == [2]
