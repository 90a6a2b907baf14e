"""One written outcome per behaviour of the hostile web; the rest of a run always goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers import Batch, crawl
from tanggap.errors import SettingsError, SourceError
from tanggap.hosts import STRIKES
from tanggap.records import PostKind, Source
from tanggap.settings import Settings
from tests.crawlers.conftest import make_settings
from tests.mockserver.web import MockWeb, Request, article, feed, links

Make = Callable[..., Source]

GOOD = "/2026/01/02/berita-baik-dari-kota"
TITLE = "Genangan di Pondok Uji belum surut"


def nothing(_ids: object) -> set[str]:
    return set()


def run(source: Source, settings: Settings, **kwargs: Any) -> Batch:
    """A whole crawl as one batch."""
    found = list(crawl(source, settings, **{"known": nothing, **kwargs}))
    return Batch(
        posts=tuple(post for batch in found for post in batch.posts),
        cursor=found[-1].cursor,
        fetched=sum(batch.fetched for batch in found),
        refusals=tuple(refusal for batch in found for refusal in batch.refusals),
        remarks=tuple(remark for batch in found for remark in batch.remarks),
    )


def test_an_article_arrives_with_title_time_text_and_a_pseudonym(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    web.routes |= {"/": links(GOOD), GOOD: article(TITLE)}
    (post,) = run(source(address=web.url()), settings).posts
    assert post.kind is PostKind.NEWS
    assert post.title == TITLE
    assert post.native_id == post.url == web.url(GOOD)
    assert post.published_at == datetime(2026, 1, 1, 22, 40, tzinfo=UTC)
    assert post.text.startswith("Warga Pondok Uji mengeluhkan")
    assert post.author is not None
    assert post.author.startswith("a")
    assert "Rina" not in repr(post)


def test_we_say_who_we_are(web: MockWeb, settings: Settings, source: Make) -> None:
    web.routes |= {"/": links(GOOD), GOOD: article(TITLE)}
    run(source(address=web.url()), settings)
    assert web.agents == {settings.crawler.user_agent}


def listing(kind: str, web: MockWeb) -> bytes:
    url = web.url(GOOD)
    if kind == "rss":
        return feed((url, "Fri, 02 Jan 2026 05:40:00 +0700"))
    if kind == "atom":
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{url}"/></entry></feed>'.encode()
    if kind == "sitemap":
        return (
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
            f"<url><loc>{url}</loc><news:news><news:publication_date>2026-01-02</news:publication_date></news:news></url>"
            "</urlset>"
        ).encode()
    return links(GOOD)


@pytest.mark.parametrize("kind", ["rss", "atom", "sitemap", "page"])
def test_feed_sitemap_and_listing_page_are_told_apart_by_content(
    kind: str, web: MockWeb, settings: Settings, source: Make
) -> None:
    web.routes |= {"/isi": listing(kind, web), GOOD: article(TITLE)}
    assert [post.title for post in run(source(address=web.url("/isi")), settings).posts] == [TITLE]


def test_a_sitemap_index_leads_to_its_sitemaps_and_a_missing_one_is_a_note(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    index = "".join(f"<sitemap><loc>{web.url(path)}</loc></sitemap>" for path in ("/one.xml", "/gone.xml"))
    web.routes |= {
        "/index.xml": f"<sitemapindex>{index}</sitemapindex>".encode(),
        "/one.xml": listing("sitemap", web),
        GOOD: article(TITLE),
    }
    result = run(source(address=web.url("/index.xml")), settings)
    assert len(result.posts) == 1
    assert any("/gone.xml" in note and "404" in note for note in result.notes)


#: Path of tests/mockserver/web.py -> how it is counted, and what a person reads.
OUTCOMES = {
    "/silent": ("network", "it did not answer in time"),
    "/gone": ("gone", "it is not there (404)"),
    "/removed": ("gone", "it is not there (410)"),
    "/for-members": ("blocked", "its host refuses us (401)"),
    "/paywall": ("gone", "it is not there (402)"),
    "/slow": ("network", "it did not answer in time"),
    "/huge": ("payload", "larger than max_page_bytes"),
    "/announced-huge": ("payload", "larger than max_page_bytes"),
    "/image": ("payload", "it is image/png, not a page"),
    "/bomb": ("payload", "it unpacks too large"),
    "/dense": ("payload", "it unpacks too large"),
    "/nested-bomb": ("payload", "it is packed more than once"),
    "/bad-crc": ("network", "it broke off while it was unpacked"),
    "/truncated": ("network", "its answer broke off"),
    "/deep": ("layout", "it has no headline"),
    "/broken-chunk": ("network", "broke off"),
    "/endless-header": ("network", "the connection failed"),
    "/no-http": ("network", "the connection failed"),
    "/empty-page": ("layout", "it is no page"),
    "/drop": ("network", "the connection failed"),
    "/short": ("layout", "too few for an article"),
    "/loop-a": ("layout", "it redirects too often"),
    "/unasked-304": ("gone", "it is not there (304)"),
    "/to-file": ("guard", "it is file:, not http or https"),
    "/to-gopher": ("guard", "it is gopher:, not http or https"),
    "/to-metadata": ("guard", "169.254.169.254:80 is not a public address"),
    "/to-decimal-loopback": ("guard", "2130706433 leads to 127.0.0.1, which is not a public address"),
    "/unavailable": ("network", "its host is in trouble (503)"),
    "/closed/secret-page": ("robots", "robots.txt of its host forbids it"),
}


def test_each_page_that_misbehaves_is_one_note_and_the_rest_goes_on(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    # A good page after each bad one: five failures in a row would end the run with this host.
    good = [f"/2026/01/02/berita-baik-nomor-{number}" for number in range(len(OUTCOMES))]
    mixed = [path for pair in zip(OUTCOMES, good, strict=True) for path in pair]
    web.routes |= {"/": links(*mixed), **{path: article(f"Berita baik {path}") for path in good}}
    result = run(source(address=web.url()), settings)
    assert len(result.posts) == len(good)
    assert (result.fetched, result.failed) == (2 * len(OUTCOMES), len(OUTCOMES))
    for path, (kind, told) in OUTCOMES.items():
        (refusal,) = [refusal for refusal in result.refusals if f"{web.place}{path}:" in refusal.told]
        assert (refusal.kind, told in refusal.told) == (kind, True), refusal
    assert "/closed/secret-page" not in web.asked


LISTINGS = {
    "/gone": ("layout", "404"),
    "/slow": ("network", "in time"),
    "/unavailable": ("network", "503"),
    "/empty-feed": ("empty", "lists no article"),
    "/short": ("layout", "lists no article"),
    "/entity-bomb": ("layout", "entities"),
    "/huge": ("layout", "max_page_bytes"),
    "/to-metadata": ("blocked", "not a public address"),
    "/closed/feed": ("blocked", "robots.txt"),
    "/too-many": ("rate", "fewer requests"),
    "/patience": ("rate", "a pause of 3600 s"),
    "/forbidden": ("blocked", "403"),
}


@pytest.mark.parametrize(("path", "told"), LISTINGS.items())
def test_a_source_that_fails_as_a_whole_says_how(
    path: str, told: tuple[str, str], web: MockWeb, settings: Settings, source: Make
) -> None:
    web.routes |= {
        "/too-many": lambda request: request.answer(b"", status=429),
        "/patience": lambda request: request.answer(b"", status=429, headers={"Retry-After": "3600"}),
        "/forbidden": lambda request: request.answer(b"", status=403),
    }
    with pytest.raises(SourceError) as caught:
        run(source(address=web.url(path)), settings)
    assert caught.value.failure == told[0]
    assert told[1] in str(caught.value)


def robots_unavailable(request: Request) -> None:
    request.answer(b"", status=503)


def robots_silent(request: Request) -> None:
    request.close_connection = True
    request.connection.close()


@pytest.mark.parametrize("behaviour", [robots_unavailable, robots_silent])
def test_a_site_whose_robots_txt_cannot_be_had_is_closed_to_us(
    behaviour: Callable[[Request], None], web: MockWeb, settings: Settings, source: Make
) -> None:
    web.routes |= {"/robots.txt": behaviour, "/": links(GOOD), GOOD: article(TITLE)}
    with pytest.raises(SourceError, match=r"robots\.txt") as caught:
        run(source(address=web.url()), settings)
    assert caught.value.failure == "blocked"
    assert set(web.asked) == {"/robots.txt"}


def test_a_site_without_robots_txt_is_open(web: MockWeb, settings: Settings, source: Make) -> None:
    web.routes |= {
        "/robots.txt": lambda request: request.answer(b"", status=404),
        "/": links(GOOD),
        GOOD: article(TITLE),
    }
    assert len(run(source(address=web.url()), settings).posts) == 1


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_pause_the_host_asks_for_is_waited_out(form: str, web: MockWeb, settings: Settings, source: Make) -> None:
    asked: list[datetime] = []

    def busy(request: Request) -> None:
        asked.append(datetime.now(UTC))
        if len(asked) == 1:
            due = format_datetime(asked[0] + timedelta(seconds=2), usegmt=True)
            request.answer(b"", status=429, headers={"Retry-After": "1" if form == "seconds" else due})
        else:
            request.answer(article(TITLE))

    web.routes |= {"/": links(GOOD), GOOD: busy}
    result = run(source(address=web.url()), settings)
    assert len(result.posts) == 1
    assert asked[1] - asked[0] >= timedelta(seconds=0.9)


def test_a_host_that_keeps_failing_is_left_alone(web: MockWeb, settings: Settings, source: Make) -> None:
    paths = [f"/2026/01/02/berita-{n}" for n in range(12)]
    web.routes |= {"/": links(*paths), **dict.fromkeys(paths, lambda request: request.answer(b"", status=503))}
    with pytest.raises(SourceError):
        run(source(address=web.url()), settings)
    assert len(web.asked) == 2 + STRIKES


def test_the_pace_between_two_requests_to_a_host_is_kept(web: MockWeb, settings: Settings, source: Make) -> None:
    web.routes |= {"/": links(GOOD), GOOD: article(TITLE)}
    run(source(address=web.url(), pace_s=0.5), settings)
    gaps = [later - earlier for earlier, later in zip(web.times, web.times[1:], strict=False)]
    assert min(gaps) >= 0.45


def test_known_pages_are_not_fetched_again(web: MockWeb, settings: Settings, source: Make) -> None:
    other = "/2026/01/03/berita-kedua-dari-kota"
    web.routes |= {"/": links(GOOD, other), GOOD: article(TITLE), other: article("Berita kedua dari kota")}
    posts = run(source(address=web.url()), settings, known=lambda _: {web.url(GOOD)}).posts
    assert [post.url for post in posts] == [web.url(other)]
    assert GOOD not in web.asked


def test_a_page_under_another_address_or_without_article_is_settled_by_the_cursor(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    moved, empty = "/m/2026/01/02/berita-dari-telepon", "/2026/01/02/bukan-berita-sama-sekali"
    canonical = f'<link rel="canonical" href="{web.url(GOOD)}"></head>'.encode()
    page = article(TITLE).replace(b"</head>", canonical)
    web.routes |= {"/": links(moved, empty), moved: page, empty: b"<h1>Belum ada isi di halaman ini</h1>"}
    first = run(source(address=web.url()), settings)
    assert [post.native_id for post in first.posts] == [web.url(GOOD)]
    web.asked.clear()
    second = run(source(address=web.url()), settings, cursor=first.cursor)
    assert (second.fetched, second.cursor) == (0, first.cursor)
    assert set(web.asked) == {"/robots.txt", "/"}


def test_articles_older_than_asked_are_left_out(web: MockWeb, settings: Settings, source: Make) -> None:
    old, young = "/2025/01/01/berita-lama-dari-kota", GOOD
    web.routes |= {
        "/feed": feed(
            (web.url(old), "Wed, 01 Jan 2025 05:00:00 +0700"), (web.url(young), "Fri, 02 Jan 2026 05:40:00 +0700")
        ),
        young: article(TITLE),
    }
    result = run(source(address=web.url("/feed")), settings, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert [post.url for post in result.posts] == [web.url(young)]
    assert old not in web.asked


def test_no_more_articles_are_fetched_than_the_limit(web: MockWeb, settings: Settings, source: Make) -> None:
    paths = [f"/2026/01/02/berita-nomor-{n}" for n in range(30)]
    web.routes |= {"/": links(*paths), **{path: article(f"Berita bernomor {path}") for path in paths}}
    batches = list(crawl(source(address=web.url()), settings, known=nothing, limit=13))
    assert sum(len(batch.posts) for batch in batches) == 13
    assert len(batches) > 1


def test_a_split_article_becomes_one_text(web: MockWeb, settings: Settings, source: Make) -> None:
    first = article(TITLE).replace(b"</article>", b'<a href="?page=2">Selanjutnya</a></article>')
    second = article(TITLE, place="Pondok Kedua")
    web.routes |= {"/": links(GOOD), GOOD: first, f"{GOOD}?page=2": second}
    (post,) = run(source(address=web.url()), settings).posts
    assert "Warga Pondok Uji" in post.text
    assert "Warga Pondok Kedua" in post.text
    assert post.text.count("Ketua RT setempat") == 1
    assert post.native_id == web.url(GOOD)


def test_a_split_article_whose_part_is_missing_is_kept_with_a_note(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    first = article(TITLE).replace(b"</article>", b'<a href="?page=2">Selanjutnya</a></article>')
    web.routes |= {"/": links(GOOD), GOOD: first, f"{GOOD}?page=2": lambda request: request.answer(b"", status=404)}
    result = run(source(address=web.url()), settings)
    assert len(result.posts) == 1
    assert "without this part" in result.remarks[0]


def test_bytes_under_a_wrong_label_are_read_right(web: MockWeb, settings: Settings, source: Make) -> None:
    web.routes["/"] = links("/wrong-charset")
    (post,) = run(source(address=web.url()), settings).posts
    assert post.title == "Wali kota: “Kami kerja malam ini juga”"


def test_a_site_none_of_whose_pages_is_an_article_any_more_raises_the_alarm(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    paths = [f"/2026/01/02/berita-nomor-{n}" for n in range(4)]
    web.routes |= {"/": links(*paths), **dict.fromkeys(paths, b"<h1>Halaman kosong tanpa isi</h1>")}
    with pytest.raises(SourceError, match="none of 4 pages") as caught:
        run(source(address=web.url()), settings)
    assert caught.value.failure == "layout"


def test_nothing_is_crawled_without_a_pseudonym_key(web: MockWeb, settings: Settings, source: Make) -> None:
    bare = settings.model_copy(update={"pseudonym_key": b""})
    with pytest.raises(SettingsError, match="tanggap init"):
        run(source(address=web.url()), bare)
    assert web.asked == []


def test_without_permission_this_machine_is_no_public_address(tmp_path: Path, web: MockWeb, source: Make) -> None:
    with pytest.raises(SourceError, match="not a public address"):
        run(source(address=web.url()), make_settings(tmp_path))
    with pytest.raises(SourceError, match="not a public address"):
        run(source(address=web.url().replace("127.0.0.1", "localhost")), make_settings(tmp_path))
    assert web.asked == []
