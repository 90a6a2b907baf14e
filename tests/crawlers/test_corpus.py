"""Real saved pages of Indonesian papers and our own fixture pages, through the whole crawl."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers import crawl
from tanggap.clock import WIB
from tanggap.records import Post
from tests.crawlers.conftest import make_settings
from tests.mockserver.web import MockWeb, feed

ROOT = Path(__file__).resolve().parents[2]
SAVED = ROOT.parent / "shared" / "data" / "pages"
OWN = ROOT / "tests" / "corpus"


def serve(pages: dict[str, bytes], tmp_path: Path, source: Any) -> dict[str, Post]:
    """The posts of a crawl over a listing page that links to `pages`, by title."""
    rows = "".join(f'<li><a href="{path}">Sebuah berita untuk diuji dari {path}</a></li>' for path in pages)
    routes = {"/indeks-berita": f"<html><body><ul>{rows}</ul></body></html>".encode(), **pages}
    with MockWeb(routes) as web:
        settings = make_settings(tmp_path, web)
        listing = source(address=web.url("/indeks-berita"))
        posts = [post for batch in crawl(listing, settings, known=lambda _: set()) for post in batch.posts]
        return {post.title or "": post for post in posts}


def plain(text: str) -> str:
    """A text for comparison: one line, no blank before punctuation."""
    return re.sub(r"\s+([,.])", r"\1", " ".join(text.split()))


def right_time(post: Post, expected: str) -> bool:
    """Same instant, or same minute by a clock in Jakarta."""
    due = datetime.fromisoformat(expected)
    found = post.published_at.astimezone(WIB)
    return abs(found - due) < timedelta(seconds=1) or found.replace(second=0) == due.astimezone(WIB).replace(second=0)


@pytest.mark.skipif(not SAVED.is_dir(), reason="the saved pages stand beside the project, not in it")
def test_saved_pages_of_eight_papers_are_read_right(tmp_path: Path, source: Any) -> None:
    expected = [json.loads(line) for line in (SAVED / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    pages = {f"/berita/{Path(row['file']).name}": (SAVED / row["file"]).read_bytes() for row in expected}
    found = serve(pages, tmp_path, source)
    counts = dict.fromkeys(("title", "time", "first", "last"), 0)
    for row in expected:
        post = found.get(row["title"])
        text = plain(post.text) if post else ""
        result = {
            "title": post is not None,
            "time": post is not None and right_time(post, row["date"]),
            "first": plain(row["first_sentence"]) in text,
            "last": plain(row["last_sentence"]) in text,
        }
        print(f"{Path(row['file']).stem:34}", *(f"{name}={'yes' if good else 'NO'}" for name, good in result.items()))
        for name, good in result.items():
            counts[name] += good
    print(f"of {len(expected)}: {counts}")
    assert counts["title"] == len(expected)
    assert min(counts["time"], counts["first"], counts["last"]) >= len(expected) - 1


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
    above, _, below = path.read_text(encoding="utf-8").partition(title)
    rows = "".join(f"<p>{line}</p>" for line in below.splitlines() if line.strip())
    page = f"<title>{title}</title><div>{above}</div><h1>{title}</h1><div>{rows}</div>"
    return f'<!doctype html><meta charset="utf-8">{page}'.encode()
