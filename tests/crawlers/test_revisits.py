"""Listings asked for only if they changed, and articles looked at again: nothing new may hide behind a 304."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers import Batch, crawl
from crawlers.news.crawl import AGAIN, Run
from crawlers.news.positions import Position
from tanggap.records import Post, PostKind, Source
from tanggap.settings import Settings
from tests.crawlers.conftest import NOW
from tests.mockserver.web import MockWeb, Request, Versioned, article, feed, links

Make = Callable[..., Source]

FEED = "https://koran.example/feed"
ONE, TWO = "https://koran.example/berita-satu", "https://koran.example/berita-dua"
DATE = "Fri, 02 Jan 2026 05:40:00 +0700"


@dataclass
class Shelf:
    """What a store would hold of one source, and its cursor."""

    posts: dict[str, Post] = field(default_factory=dict)
    cursor: str = ""
    changed: int = 0

    def known(self, ids: Sequence[str]) -> set[str]:
        return set(ids) & set(self.posts)

    def recent(self, since: datetime) -> list[Post]:
        return [post for post in self.posts.values() if post.published_at >= since]

    def take(self, source: Source, settings: Settings, **given: Any) -> list[Batch]:
        batches = list(crawl(source, settings, cursor=self.cursor, known=self.known, recent=self.recent, **given))
        for batch in batches:
            for post in batch.posts:
                before = self.posts.get(post.native_id)
                self.changed += before is not None and before.text != post.text
                self.posts[post.native_id] = post
            self.cursor = batch.cursor or self.cursor
        return batches


def listed(*urls: str, etag: str = '"1"', whole: bool = True, same: bool = False, updated: str = "") -> dict[str, Any]:
    """What the crawl process says of a listing."""
    articles = [[url, updated] for url in urls]
    return {"listing": FEED, "etag": etag, "modified": "", "whole": whole, "same": same, "articles": articles}


def position(*told: dict[str, Any], cursor: str = "") -> Position:
    made = Position(cursor, NOW)
    for each in told:
        made.read_listing(each["listing"], each)
    return made


def test_a_listing_is_asked_for_conditionally_once_all_it_lists_is_stored_or_settled() -> None:
    one = position(listed(ONE, TWO))
    one.store(ONE)
    one.settle(TWO)
    assert Position(one.final(), NOW).validators == {FEED: ('"1"', "")}


@pytest.mark.parametrize(
    "trap",
    [
        listed(ONE, TWO),  # TWO was beyond the limit of the run, or failed for now
        listed(ONE, whole=False),  # something was left out as too old
        listed(ONE, etag=""),  # the site tells no validators
    ],
    ids=["pending", "left-out", "untold"],
)
def test_a_listing_of_which_something_is_left_is_read_again_in_full(trap: dict[str, Any]) -> None:
    one = position(trap)
    one.store(ONE)
    assert Position(one.final(), NOW).validators == {}


def test_a_run_that_is_killed_leaves_no_validators_of_what_it_had_read() -> None:
    before = position(listed(ONE))
    before.store(ONE)
    now = position(listed(ONE, TWO, etag='"2"'), cursor=before.final())
    now.store(ONE)
    now.store(TWO)
    assert Position(now.meanwhile(), NOW).validators == {}
    untouched = Position(before.final(), NOW)
    assert Position(untouched.meanwhile(), NOW).validators == {FEED: ('"1"', "")}


def test_an_unchanged_listing_keeps_what_was_settled_and_a_changed_one_forgets_what_is_gone() -> None:
    first = position(listed(ONE, TWO))
    first.store(ONE)
    first.settle(TWO)
    same = position(listed(same=True), cursor=first.final())
    assert same.final() == first.final()
    assert Position(same.final(), NOW).settles(TWO)
    other = position(listed(ONE, etag='"2"'), cursor=first.final())
    other.store(ONE)
    assert not Position(other.final(), NOW).settles(TWO)


def test_a_cursor_of_the_first_version_or_of_another_shape_is_understood() -> None:
    first = position(listed(TWO))
    first.settle(TWO)
    marks = json.loads(first.final())["pages"][FEED]["settled"]
    assert Position(json.dumps(marks), NOW).settles(TWO)
    assert Position(json.dumps(marks), NOW).validators == {}
    for strange in ("{", "7", '{"a": 1}', "null"):
        assert not Position(strange, NOW).settles(TWO)


def run_at(last: datetime | None, *posts: Post) -> Run:
    cursor = json.dumps({"at": last.isoformat() if last else "", "pages": {}})
    known = {post.native_id for post in posts}
    return Run(lambda ids: set(ids) & known, lambda since: posts, Position(cursor, NOW), None)


def stored(url: str, age: timedelta) -> Post:
    return Post(
        source="uji", native_id=url, url=url, text="isi", kind=PostKind.NEWS, published_at=NOW - age, collected_at=NOW,
        extra={"etag": '"7"'},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("updated", "again"),
    [
        (NOW - timedelta(minutes=5), True),
        (NOW - timedelta(hours=2), False),  # before the last run, which has seen it
        (NOW + timedelta(hours=1), False),  # a clock that runs ahead would ask for it in every run
        (None, False),
    ],
)
def test_an_article_listed_as_edited_since_the_last_run_is_looked_at_again(
    updated: datetime | None, again: bool
) -> None:
    run = run_at(NOW - timedelta(hours=1), stored(ONE, timedelta(days=9)))
    answer = run.choose(listed(ONE, TWO, updated=updated.isoformat() if updated else ""))
    assert answer["wanted"] == [TWO]
    assert answer["again"] == ([{"url": ONE, "etag": '"7"', "modified": ""}] if again else [])


@pytest.mark.parametrize(
    ("age", "again"),
    [
        (20, False),
        (61, True),
        (100, False),
        (245, True),
        (725, True),
        (1000, False),
        (36 * 60 + 5, True),
        (2800, False),
    ],
)
def test_young_articles_are_looked_at_again_at_a_few_ages(age: int, again: bool) -> None:
    run = run_at(NOW - timedelta(minutes=15), stored(ONE, timedelta(minutes=age)))
    assert bool(run.choose(listed(same=True))["again"]) is again
    assert not run.choose(listed(same=True))["again"]


def test_no_run_looks_at_more_than_a_few_articles_again() -> None:
    posts = [stored(f"{ONE}-{number}", timedelta(minutes=61)) for number in range(30)]
    run = run_at(NOW - timedelta(minutes=15), *posts)
    assert len(run.choose(listed(same=True))["again"]) == AGAIN
    assert run.choose(listed(same=True))["again"] == []
    assert run_at(None, *posts).choose(listed(same=True))["again"] == []


def test_an_unchanged_feed_ends_the_run_well_and_an_edit_still_comes_in(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    paths = [f"/2026/01/10/berita-nomor-{number}" for number in (1, 2)]
    recent = (NOW - timedelta(minutes=70)).isoformat()
    pages = [Versioned(article(f"Berita bernomor {number}", moment=recent)) for number in (1, 2)]
    listing = Versioned(feed(*((web.url(path), DATE) for path in paths)))
    web.routes |= {"/moved": lambda request: request.redirect("/feed"), "/feed": listing}
    web.routes |= zip(paths, pages, strict=True)
    shelf, where = Shelf(), source(address=web.url("/moved"))
    shelf.take(where, settings)
    assert len(shelf.posts) == 2

    earlier = json.loads(shelf.cursor)
    shelf.cursor = json.dumps(earlier | {"at": (NOW - timedelta(minutes=30)).isoformat()})
    pages[0].change(article("Berita bernomor 1", place="Kampung Ralat", moment=recent))
    web.asked.clear()
    (batch,) = shelf.take(where, settings)
    assert (batch.fetched, batch.failed, len(batch.posts)) == (1, 0, 1)
    assert "has not changed since the last run (304)" in batch.remarks[0]
    assert set(web.asked) == {"/robots.txt", "/moved", "/feed", *paths}
    assert shelf.changed == 1
    assert "Kampung Ralat" in shelf.posts[web.url(paths[0])].text
    assert json.loads(shelf.cursor)["pages"] == earlier["pages"]


def test_what_a_run_left_behind_comes_with_the_next_although_the_feed_is_the_same(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    paths = [f"/2026/01/02/berita-nomor-{number}" for number in range(3)]
    listing = Versioned(links(*paths), etag=False)
    down = True

    def troubled(request: Request) -> None:
        request.answer(b"" if down else article("Berita yang sempat hilang"), status=503 if down else 200)

    web.routes |= {"/": listing, **{path: article(f"Berita bernomor {path}") for path in paths}, paths[0]: troubled}
    shelf, where = Shelf(), source(address=web.url())
    shelf.take(where, settings, limit=2)
    down = False
    assert len(shelf.posts) == 1
    shelf.take(where, settings)
    assert len(shelf.posts) == 3
    (batch,) = shelf.take(where, settings)
    assert "(304)" in batch.remarks[0]


def test_an_index_is_always_read_and_only_its_sitemaps_are_asked_for_conditionally(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    good, later = "/2026/01/02/berita-pertama-kota", "/2026/01/02/berita-kedua-kota"

    def sitemap(*paths: str) -> bytes:
        return (
            b"<urlset>"
            + b"".join(b"<url><loc>%s</loc></url>" % web.url(path).encode() for path in paths)
            + b"</urlset>"
        )

    index = f"<sitemapindex><sitemap><loc>{web.url('/one.xml')}</loc></sitemap></sitemapindex>".encode()
    one = Versioned(sitemap(good))
    web.routes |= {"/index.xml": Versioned(index), "/one.xml": one}
    web.routes |= {path: article(f"Berita {path}") for path in (good, later)}
    shelf, where = Shelf(), source(address=web.url("/index.xml"))
    shelf.take(where, settings)
    (batch,) = shelf.take(where, settings)
    assert "one.xml has not changed" in batch.remarks[0]
    one.change(sitemap(good, later))
    shelf.take(where, settings)
    assert len(shelf.posts) == 2


def test_a_whole_article_on_one_page_takes_the_place_of_its_parts(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    path = "/2026/01/02/berita-panjang-kota"
    first = article("Berita panjang kota ini").replace(
        b"</article>", b'<a href="?page=2">2</a><a href="?page=all">Tampilkan semua</a></article>'
    )
    whole = article("Berita panjang kota ini").replace(
        b"</article>", b"<p>Bagian kedua memuat jawaban dinas atas keluhan warga kampung itu.</p></article>"
    )
    web.routes |= {"/": links(path), path: first, f"{path}?page=all": whole}
    shelf = Shelf()
    shelf.take(source(address=web.url()), settings)
    (post,) = shelf.posts.values()
    assert post.text.endswith("keluhan warga kampung itu.")
    assert post.text.count("Ketua RT setempat") == 1
    assert f"{path}?page=2" not in web.asked
    assert post.published_at == datetime(2026, 1, 1, 22, 40, tzinfo=UTC)
