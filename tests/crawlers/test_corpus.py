"""Pages of Indonesian papers and city portals through the whole crawl: how much of each article comes out right."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawlers import crawl
from crawlers.news.extract import extract, joined
from tanggap import privacy
from tanggap.clock import WIB
from tanggap.records import Post
from tests.corpus.cases import HERE, SAVED, Case, holds, nameless, own_cases, same_minute, saved_cases, text_f1
from tests.crawlers.conftest import make_settings
from tests.mockserver.web import MockWeb, feed, links

FLOORS = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))

MEASURES = ("title", "date", "author", "text")

#: F1 of the text when the names of classes and ids tell nothing: how a site nobody has seen yet may fare.
NAMELESS = "nameless"

#: How far a measure may rise above its floor before the floor has to follow.
SLACK = 0.02

Scores = dict[str, dict[str, float]]


def crawled(cases: list[Case], directory: Path, source: Callable[..., Any]) -> dict[str, Post]:
    """Path -> post of a crawl over a listing page that links to the articles of all cases."""
    pages = {path: page for case in cases for path, page in case.pages().items()}
    with MockWeb({"/indeks-berita": links(*(case.url for case in cases)), **pages}) as web:
        settings = make_settings(directory, web)
        listing = source(address=web.url("/indeks-berita"))
        posts = [post for batch in crawl(listing, settings, known=lambda _: set()) for post in batch.posts]
        return {str(post.url).removeprefix(web.url("")): post for post in posts}


def judged(case: Case, post: Post | None, key: bytes) -> dict[str, float]:
    """Each measure of one article between 0 and 1; an author nobody told counts as right."""
    if post is None:
        return dict.fromkeys(MEASURES, 0.0)
    author = privacy.pseudonym(case.author, key) if case.author else None
    whole = len(case.text) > 2
    return {
        "title": float(post.title == case.title),
        "date": float(same_minute(post.published_at, case.published_at)),
        "author": float(case.author is None or post.author == author),
        "text": text_f1(post.text, case.text) if whole else sum(holds(post.text, line) for line in case.text) / 2,
    }


def measured(cases: list[Case], directory: Path, source: Callable[..., Any]) -> Scores:
    """Site -> measures of its article after a whole crawl."""
    key = make_settings(directory).pseudonym_key
    posts = crawled(cases, directory, source)
    return {case.site: judged(case, posts.get(case.url), key) for case in cases}


def show(scores: Scores) -> None:
    """Prints a table of the measures with their means."""
    names = list(next(iter(scores.values())))
    means = {name: sum(row[name] for row in scores.values()) / len(scores) for name in names}
    print(f"\n{'':22}" + "".join(f"{name:>10}" for name in names))
    for site, row in {**scores, "mean": means}.items():
        print(f"{site:22}" + "".join(f"{row[name]:10.3f}" for name in names))


def below(scores: Scores, floors: Scores) -> list[str]:
    """What fell under its floor, or has no floor yet."""
    return [
        f"{site}: {name} is {value:.3f}, its floor {floors.get(site, {}).get(name, 'missing')}"
        for site, row in scores.items()
        for name, value in row.items()
        if value < floors.get(site, {}).get(name, 2)
    ]


def above(scores: Scores, floors: Scores) -> list[str]:
    """What improved so far that its floor should rise in tests/corpus/floors.toml."""
    return [
        f"{site}: {name} is {value:.3f} now, raise its floor above {floors[site][name]}"
        for site, row in scores.items()
        for name, value in row.items()
        if value > floors[site][name] + SLACK
    ]


def test_no_site_layout_is_read_worse_than_its_floor(tmp_path: Path, source: Callable[..., Any]) -> None:
    cases = own_cases()
    scores = measured(cases, tmp_path, source)
    for case in cases:
        pages = {address: nameless(page.decode()) for address, page in case.pages().items()}
        text = joined([extract(page, f"https://a.example{address}").text for address, page in pages.items()])
        scores[case.site][NAMELESS] = text_f1(text, case.text)
    show(scores)
    assert below(scores, FLOORS["own"]) == []
    assert above(scores, FLOORS["own"]) == []
    assert sorted(FLOORS["own"]) == sorted(scores)


@pytest.mark.skipif(not SAVED.is_dir(), reason="the saved pages stand beside the project, not in it")
def test_no_saved_page_of_eight_papers_is_read_worse_than_its_floor(tmp_path: Path, source: Callable[..., Any]) -> None:
    scores = measured(saved_cases(), tmp_path, source)
    show(scores)
    assert below(scores, FLOORS["saved"]) == []
    assert above(scores, FLOORS["saved"]) == []


def test_a_fall_and_a_rise_are_both_told() -> None:
    floors = {"koran": {"title": 1.0, "text": 0.9}}
    assert below({"koran": {"title": 0.0, "text": 0.9}}, floors) == ["koran: title is 0.000, its floor 1.0"]
    assert below({"baru": {"title": 1.0}}, floors) == ["baru: title is 1.000, its floor missing"]
    assert above({"koran": {"title": 1.0, "text": 0.95}}, floors) == [
        "koran: text is 0.950 now, raise its floor above 0.9"
    ]


@pytest.mark.parametrize(
    ("found", "f1"),
    [
        ("satu dua tiga empat lima", 1.0),
        ("Satu dua, tiga.\nEmpat lima!", 1.0),
        ("satu dua tiga empat", 2 / 3),
        ("enam tujuh delapan sembilan", 0.0),
        ("", 0.0),
    ],
)
def test_text_is_measured_by_runs_of_four_words(found: str, f1: float) -> None:
    assert text_f1(found, ["satu dua tiga", "empat lima"]) == pytest.approx(f1)


ARTICLES = {
    "article_qlue_crop_kecamatan_2017.txt": (
        "Aplikasi Qlue Tetap Digunakan Walau Layanan Pengaduan Masyarakat di Kecamatan Diterapkan",
        "Camat Jatinegara",
        "Penulis:",
    ),
    "article_qlue_rtrw_2017.txt": (
        "Evaluasi Teknis dan Sosialisasi, Pemprov DKI Jakarta Hentikan Penggunaan Qlue untuk Pelaporan RT/RW",
        "Pergub no.903 Tahun 2016",
        "Quantcast",
    ),
}


@pytest.mark.skipif(not SAVED.is_dir(), reason="the saved articles stand beside the project, not in it")
def test_articles_saved_as_plain_text_come_through_a_feed(tmp_path: Path, source: Any) -> None:
    pages = {f"/berita/{name}": wrapped(SAVED / name, title) for name, (title, _, _) in ARTICLES.items()}
    with MockWeb(pages) as web:
        web.routes["/rss"] = feed(*((web.url(path), "Fri, 17 Nov 2017 10:00:00 +0700") for path in pages))
        listing = source(address=web.url("/rss"))
        found = crawl(listing, make_settings(tmp_path, web), known=lambda _: set())
        posts = {post.title: post for batch in found for post in batch.posts}
    for title, inside, outside in ARTICLES.values():
        assert inside in posts[title].text
        assert outside not in posts[title].text
        assert posts[title].published_at.astimezone(WIB).isoformat() == "2017-11-17T10:00:00+07:00"


def wrapped(path: Path, title: str) -> bytes:
    """A saved text as the page it may have come from: what stands above its headline is navigation."""
    above_it, _, below_it = path.read_text(encoding="utf-8").partition(title)
    rows = "".join(f"<p>{line}</p>" for line in below_it.splitlines() if line.strip())
    page = f"<title>{title}</title><div>{above_it}</div><h1>{title}</h1><div>{rows}</div>"
    return f'<!doctype html><meta charset="utf-8">{page}'.encode()
