"""Our own pages in the layouts of big papers: what must come out, and what must stay out."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from crawlers.extract import extract, joined
from tanggap.errors import PayloadError

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SITES = sorted(page.parent.name for page in CORPUS.glob("*/page.html"))


@pytest.mark.parametrize("site", SITES)
def test_each_layout_gives_its_article_and_nothing_else(site: str) -> None:
    expected = json.loads((CORPUS / site / "expected.json").read_text(encoding="utf-8"))
    parts = [path.read_text(encoding="utf-8") for path in sorted((CORPUS / site).glob("pa*.html"))]
    parts.sort(key=lambda page: "Halaman 2 -" in page)
    articles = [extract(page, f"https://{site}.example/2026/01/01/berita-uji") for page in parts]
    text = joined([article.text for article in articles])
    assert articles[0].title == expected["title"]
    assert articles[0].published_at == datetime.fromisoformat(expected["published_at"])
    assert articles[0].author == expected["author"]
    assert expected["first"] in text
    assert text.endswith(expected["last"])
    assert [phrase for phrase in expected["absent"] if phrase in text] == []


def test_a_split_article_names_its_other_parts() -> None:
    page = (CORPUS / "tribun" / "page.html").read_text(encoding="utf-8")
    article = extract(page, "https://tribun.example/2026/01/07/sampah")
    assert article.parts == ("https://tribun.example/2026/01/07/sampah?page=2",)


def test_the_whole_of_a_split_article_stands_before_its_parts() -> None:
    page = (CORPUS / "tribun" / "page.html").read_text(encoding="utf-8")
    page = page.replace("<span>Halaman 1/2</span>", '<a href="?page=all">Semua</a>')
    assert extract(page, "https://t.example/a").parts == ("https://t.example/a?page=all",)


def test_the_feed_time_stands_where_the_page_marks_none() -> None:
    page = (CORPUS / "tempo" / "page.html").read_text(encoding="utf-8")
    hint = datetime.fromisoformat("2026-01-08T02:31:44+00:00")
    article = extract(page, "https://t.example/a", hint)
    assert article.published_at == hint


def test_a_local_time_marked_as_utc_is_read_as_the_page_shows_it() -> None:
    page = (CORPUS / "antara" / "page.html").read_text(encoding="utf-8")
    page = page.replace("<head>", '<head><meta name="pubdate" content="2026-01-10T12:05:33Z">')
    article = extract(page, "https://a.example/a")
    assert article.published_at == datetime.fromisoformat("2026-01-10T12:05:33+07:00")


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html></html>",
        "<h1>Hanya judul yang cukup panjang untuk berita</h1>",
        "<html><body>" + "<div>" * 5000 + "</body></html>",
        "<?xml version='1.0' encoding='utf-16'?><html><body>\x00</body></html>",
        "<html><head><title>Indeks berita hari ini di kota</title></head><body>"
        + '<ul><li><a href="/x">Judul berita yang panjang sekali untuk sebuah tautan</a></li></ul>' * 40
        + "</body></html>",
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(page: str) -> None:
    with pytest.raises(PayloadError, match=r"^it "):
        extract(page, "https://a.example/a")


def test_a_short_article_in_a_box_named_after_its_share_buttons_is_kept() -> None:
    page = (CORPUS / "tempo" / "page.html").read_text(encoding="utf-8")
    boxed = page.replace('class="detail-in"', 'class="detail-in social-share tags"')
    assert extract(boxed, "https://t.example/a").text == extract(page, "https://t.example/a").text
