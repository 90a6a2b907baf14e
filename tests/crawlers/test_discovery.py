"""News searches: headlines come in, nothing else is fetched, and each is held against our own articles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from crawlers.news.headlines import read_headlines, without_publisher
from pipeline import jobs
from pipeline.jobs.coverage import match_leads
from tanggap.errors import PayloadError
from tanggap.issues.headlines import Headlines
from tanggap.records import Lead, Post, PostKind, Source, SourceKind
from tanggap.settings import Settings
from tanggap.store import Store, leads, posts
from tests.crawlers.conftest import NOW
from tests.mockserver.web import MockWeb

Make = Callable[..., Source]


def search(web: MockWeb, *items: tuple[str, str, str]) -> bytes:
    """A feed as Google News writes it, of (id, title, publisher) triples."""
    rows = "".join(
        f"<item><title>{title} - {publisher}</title><link>{web.url(f'/rss/articles/{key}')}</link>"
        f'<guid isPermaLink="false">{key}</guid><pubDate>Fri, 09 Jan 2026 22:40:00 GMT</pubDate>'
        f'<source url="https://{publisher.lower()}.example">{publisher}</source></item>'
        for key, title, publisher in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>banjir</title>{rows}</channel></rss>'.encode()


def news(key: str, title: str, days: float = 0.5) -> Post:
    return Post(
        source="koran", native_id=key, title=title, text=title, kind=PostKind.NEWS,
        published_at=NOW - timedelta(days=days), collected_at=NOW,
    )  # fmt: skip


def lead(key: str, title: str, publisher: str = "Koran Lain", days: float = 0.4) -> Lead:
    at = NOW - timedelta(days=days)
    return Lead(
        source="cari", native_id=key, title=title, publisher=publisher, url="https://x.example", published_at=at
    )


def test_headlines_become_leads_with_their_coverage_and_no_page_is_fetched(
    store: Store, web: MockWeb, settings: Settings, source: Make
) -> None:
    shown = search(
        web,
        ("a", "Genangan di Pondok Uji belum surut hingga siang", "KoranUji"),
        ("b", "Pohon tumbang tutup jalan layang Uji Raya", "KabarJauh"),
        ("c", "Harga cabai naik di pasar induk", "KabarJauh"),
    )
    web.routes["/search"] = shown
    with store.write() as db:
        posts.add(db, [news("1", "Genangan di Pondok Uji Belum Surut"), news("2", "Jadwal layanan kependudukan Sabtu")])
    where = source(SourceKind.DISCOVERY, id="cari", address=web.url("/search"))
    run = jobs.crawl(store, where, settings)
    assert (run.failure, run.fetched, run.new, run.duplicate) == (None, 3, 3, 0)
    assert set(web.asked) == {"/robots.txt", "/search"}
    with store.read() as db:
        assert posts.count(db) == 2
        found = leads.coverage(db, NOW - timedelta(days=7))
    assert (found.headlines, found.matched, found.missed) == (3, 1, (("KabarJauh", 2),))
    assert found.share == pytest.approx(1 / 3)
    assert jobs.crawl(store, where, settings).duplicate == 3


def test_an_article_that_comes_later_is_found_by_the_next_run(any_store: Store, settings: Settings) -> None:
    with any_store.write() as db:
        assert leads.add(db, [lead("a", "Warga Kampung Uji keluhkan tumpukan sampah di kali")]) == 1
        assert leads.add(db, [lead("a", "Judul lain"), lead("a", "Judul lain lagi")]) == 0
    assert match_leads(any_store, settings) == 0
    with any_store.write() as db:
        posts.add(db, [news("1", "Tumpukan sampah di kali dikeluhkan warga Kampung Uji")])
    assert match_leads(any_store, settings) == 1
    assert match_leads(any_store, settings) == 0
    with any_store.read() as db:
        assert leads.coverage(db, NOW - timedelta(days=7)).share == 1.0
        assert leads.coverage(db, NOW).share is None


#: (our headline, days between, their headline, same story)
PAIRS = [
    ("Banjir rendam 12 RT di Kampung Uji", 0, "12 RT di Kampung Uji terendam banjir", True),
    ("Banjir Rendam 12 RT di Kampung Uji, Warga Mengungsi", 1, "Banjir rendam 12 RT di Kampung Uji", True),
    ("Banjir rendam 12 RT di Kampung Uji", 4, "Banjir rendam 12 RT di Kampung Uji", False),
    ("Banjir rendam 12 RT di Kampung Uji", 0, "Kebakaran hanguskan 12 rumah di Kampung Lain", False),
    ("Gubernur tinjau posko banjir Uji Timur", 0, "Gubernur resmikan taman kota Uji Barat", False),
    ("Banjir", 0, "Banjir", False),
    ("", 0, "Pohon tumbang di Jalan Uji Raya", False),
]


@pytest.mark.parametrize(("ours", "days", "theirs", "same"), PAIRS)
def test_headlines_of_one_story_are_told_from_others(ours: str, days: int, theirs: str, same: bool) -> None:
    told = Headlines()
    told.add(7, ours, NOW - timedelta(days=days))
    assert told.find(theirs, NOW) == (7 if same else None)


@pytest.mark.parametrize(
    ("title", "publisher", "bare"),
    [
        ("Banjir surut - Koran Uji", "Koran Uji", "Banjir surut"),
        ("Uji Timur - Uji Barat macet - Koran Uji", "Koran Uji", "Uji Timur - Uji Barat macet"),
        ("Uji Timur - Uji Barat macet total sejak pagi hari sampai siang tadi", "", None),
        ("Banjir surut - Koran Uji", "", "Banjir surut"),
        ("Banjir surut", "Koran Uji", "Banjir surut"),
    ],
)
def test_the_publisher_is_taken_off_a_title(title: str, publisher: str, bare: str | None) -> None:
    assert without_publisher(title, publisher) == (bare or title)


@pytest.mark.parametrize("body", [b"", b"<html><body>Sorry</body></html>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss/>"])
def test_a_search_that_answers_something_else_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadError):
        read_headlines(body, "https://x.example/")
