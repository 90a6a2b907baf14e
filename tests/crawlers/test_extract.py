"""Single pages: what must come out of a layout, what must stay out, and what is no article at all."""

from __future__ import annotations

from datetime import datetime

import pytest

from crawlers.news.extract import extract, joined
from tanggap.errors import PayloadError
from tests.corpus.cases import HERE, Case, own_cases

CASES = own_cases()

SENTENCES = (
    "Warga Kampung Uji mengeluhkan genangan air yang sudah tiga hari tidak surut di jalan lingkungan mereka.",
    "Petugas suku dinas datang pada pagi hari dengan satu pompa dan berjanji menambah satu pompa lagi besok.",
    "Ketua RT setempat mengatakan saluran penghubung tersumbat sampah sejak galian bulan lalu selesai.",
)

TITLE = "Genangan Kampung Uji Belum Surut"

MARKED_BY_OUTLET = """<script type="application/ld+json">
{"@type": "NewsArticle", "author": {"name": "Koran Uji"}, "publisher": {"name": "KoranUji.com"}}</script>"""


def page_of(site: str) -> str:
    """The first page of a fixture."""
    return (HERE / site / "page.html").read_text(encoding="utf-8")


def small(body: str = "", head: str = "", over: str = "") -> str:
    """A page with a headline and three sentences; `over` stands between them, `body` among the sentences."""
    first, *rest = (f"<p>{sentence}</p>" for sentence in SENTENCES)
    text = f'<div class="isi">{first}{body}{"".join(rest)}</div>'
    return f"<html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{over}{text}</body></html>"


def text_of(page: str) -> list[str]:
    """The lines of a page's article."""
    return extract(page, "https://a.example/berita").text.splitlines()


def author_of(page: str) -> str:
    """The author of a page's article."""
    return extract(page, "https://a.example/berita").author


@pytest.mark.parametrize("case", CASES, ids=[case.site for case in CASES])
def test_each_layout_gives_its_article_and_nothing_else(case: Case) -> None:
    address = f"https://{case.site}.example{case.url}"
    first = extract(case.page.read_text(encoding="utf-8"), address)
    parts = [extract(path.read_text(encoding="utf-8"), address + query) for query, path in case.parts.items()]
    text = joined([first.text, *(part.text for part in parts)])
    assert (first.title, first.published_at, first.author) == (case.title, case.published_at, case.author)
    assert first.parts == tuple(address + query for query in case.parts)
    assert text.splitlines() == list(case.text)
    assert [phrase for phrase in case.absent if phrase in text] == []


def test_the_whole_of_a_split_article_stands_before_its_parts() -> None:
    page = page_of("tribun").replace("<span class", '<a href="?page=all">Semua</a><span class')
    assert extract(page, "https://t.example/a").parts == ("https://t.example/a?page=all",)


def test_lines_that_every_part_repeats_stand_once() -> None:
    assert joined(["Pembuka.\nSatu.", "Pembuka.\nDua.", "Dua.\nTiga."]) == "Pembuka.\nSatu.\nDua.\nTiga."


def test_the_parts_of_an_article_in_one_page_are_all_read() -> None:
    part = '<div class="halaman">{}</div>'
    paragraphs = "".join(f"<p>{sentence} {sentence}</p>" for sentence in SENTENCES)
    other = paragraphs.replace("Warga", "Pedagang").replace("Petugas", "Relawan").replace("Ketua", "Wakil")
    page = f"<h1>{TITLE}</h1><div>{part.format(f'<div>{paragraphs}</div>')}{part.format(f'<div>{other}</div>')}</div>"
    assert len(text_of(f"<html><title>{TITLE}</title><body>{page}</body></html>")) == 6


@pytest.mark.parametrize(
    "insert",
    [
        '<p><strong>Baca juga: <a href="/x">Judul Berita Lain yang Panjang</a></strong></p>',
        '<p>Baca Juga</p><ul><li><a href="/x">Judul Berita Lain yang Panjang</a></li></ul>',
        '<div><b>Lihat Juga :</b> <a href="/x">Judul Berita Lain yang Panjang</a></div>',
        '<p>Saksikan Video Pilihan Berikut Ini:</p><iframe src="about:blank"></iframe>',
        "<p>SCROLL TO CONTINUE WITH CONTENT</p>",
        "<p>Scroll ke bawah untuk lanjut membaca</p>",
        "<div>ADVERTISEMENT</div>",
        "<p>Bersambung ke halaman berikutnya...</p>",
        '<div class="ringkas"><b>Ringkasan Berita:</b><ul><li>Air belum surut.</li><li>Pompa ditambah.</li></ul></div>',
        '<div class="share-box"><a href="/s">Bagikan</a> <a href="/w">WhatsApp</a></div>',
        "<figure><img src='x.jpg'><figcaption>Genangan di jalan lingkungan.</figcaption></figure>",
        "<p>Genangan di jalan lingkungan. Foto: Rina/Koran Uji</p>",
        "<p>Ikuti berita pilihan kami setiap pagi lewat saluran WhatsApp Koran Uji, gratis dan tanpa iklan.</p>",
        "<p>Copyright © 2026 Koran Uji</p>",
        "<amp-ad type='x'><div fallback>Iklan tidak dapat ditampilkan pada peramban Anda saat ini.</div></amp-ad>",
        "<blockquote>saluran penghubung tersumbat sampah</blockquote>",
    ],
)
def test_an_insert_between_paragraphs_stays_out(insert: str) -> None:
    assert text_of(small(insert)) == list(SENTENCES)


def test_comments_longer_than_the_article_stay_out() -> None:
    remark = "<p>Di RT {} juga begitu, sudah dua kali kami lapor tetapi belum ada jawaban sama sekali dari kantor.</p>"
    remarks = "".join(f"<li><b>budi</b>{remark.format(number)}</li>" for number in range(8))
    page = small().replace("</body>", f'<ol class="comment-list">{remarks}</ol></body>')
    assert text_of(page) == list(SENTENCES)


def test_teasers_of_other_articles_stay_out_without_telling_names() -> None:
    teaser = "Cuplikan berita yang panjangnya lebih dari delapan puluh huruf agar tampak seperti sebuah paragraf."
    card = f'<div class="x9"><a href="/{{n}}">Judul Berita Lain Nomor {{n}} yang Panjang</a><p>{teaser}</p></div>'
    cards = "".join(card.format(n=n) for n in range(6))
    assert text_of(small().replace("</body>", f"<div>{cards}</div></body>")) == list(SENTENCES)


def test_an_article_among_many_more_words_in_links_is_kept() -> None:
    links = "".join(f'<div><a href="/{n}">Judul Berita Lain Nomor {n} yang Cukup Panjang</a></div>' for n in range(60))
    page = small().replace("<h1>", '<div class="row"><h1>').replace("</h1>", "</h1></div>")
    page = page.replace('<div class="isi">', f'<div class="row">{links}<div class="isi">').replace(
        "</body>", "</div></body>"
    )
    assert text_of(page.replace("<body>", f'<body><div class="row">{links}</div>')) == list(SENTENCES)


def test_class_names_without_meaning_do_not_matter() -> None:
    for case in (case for case in CASES if case.site in ("kumparan", "jawapos", "merdeka", "republika")):
        page = case.page.read_text(encoding="utf-8")
        for at, name in enumerate(("StoryRenderer", "detail_content", "articles-content__body", "article-content")):
            page = page.replace(name, f"c{at}f3a")
        assert text_of(page) == list(case.text)


@pytest.mark.parametrize(
    ("opening", "line"),
    [
        ("<b>JAKARTA, KORANUJI.com</b> - ", "JAKARTA - "),
        ("KORANUJI.CO.ID, BEKASI -- ", "BEKASI -- "),
        ("Jakarta (KANTOR BERITA) - ", "Jakarta - "),
        ("<strong>Koran Uji Online</strong> – ", ""),
        ("<strong>CAKUNG</strong> - ", "CAKUNG - "),
        ("Jakarta Timur - ", "Jakarta Timur - "),
    ],
)
def test_the_outlet_leaves_the_dateline_and_the_place_stays(opening: str, line: str) -> None:
    page = small(head='<meta property="og:site_name" content="Koran Uji">')
    assert text_of(page.replace(SENTENCES[0], opening + SENTENCES[0]))[0] == line + SENTENCES[0]


def test_a_dash_inside_the_first_sentence_is_no_dateline() -> None:
    sentence = "Koran Uji - yang terbit sejak 1990 - mengeluhkan genangan air di depan kantornya sejak tiga hari lalu."
    assert text_of(small().replace(SENTENCES[0], sentence))[0] == sentence


@pytest.mark.parametrize("initials", ["(mar/uji)", "(ren)", "[ak/bd]"])
def test_initials_behind_the_last_sentence_are_cut_off(initials: str) -> None:
    page = small().replace(SENTENCES[2], f"{SENTENCES[2]} {initials}")
    assert text_of(page)[-1] == SENTENCES[2]


def test_an_aside_in_brackets_is_no_initials() -> None:
    sentence = "Hasil pemeriksaan diumumkan oleh perusahaan air minum daerah yang melayani kawasan itu (PAM)"
    assert text_of(small().replace(SENTENCES[2], sentence))[-1] == sentence


@pytest.mark.parametrize(
    ("over", "author"),
    [
        ("<p>Penulis: Rina Wati</p>", "Rina Wati"),
        ("<div>Penulis: <a href='/p'>Rina Wati</a> | Editor: <a href='/e'>Mira</a></div>", "Rina Wati"),
        (
            "<table><tr><td>Penulis</td><td>: Kontributor Depok, Rina Wati</td></tr></table>",
            "Kontributor Depok, Rina Wati",
        ),
        ("<p>Rep: Rina Wati Red: Mira Sari</p>", "Rina Wati"),
        ("<div>Rabu, 7 Januari 2026 | Reporter: Rina Wati | Editor: Mira</div>", "Rina Wati"),
        ("<div><span>Oleh :</span><ul><li>Rina Wati</li><li>Mira Sari</li></ul></div>", "Rina Wati"),
        ("<div>By <span><a href='/r'>Rina Wati</a></span><time>on 16 Feb 2016 at 09:10 WIB</time></div>", "Rina Wati"),
        ("<div class='author'><strong>Rina Wati</strong> - koranuji</div>", "Rina Wati"),
        ("<div><a href='/penulis/rina-7'><img></a> <a href='/penulis/rina-7'>Rina Wati</a></div>", "Rina Wati"),
        ("<p>Penulis: Tim Redaksi</p><div class='author'>Rina Wati</div>", "Rina Wati"),
        ("<div class='author'>Admin</div>", ""),
        ("<p>Editor: Mira Sari</p>", ""),
    ],
)
def test_the_author_is_the_person_who_wrote_however_the_page_says_it(over: str, author: str) -> None:
    assert author_of(small(over=over)) == author


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="Koran Uji"><meta property="og:site_name" content="koranuji.com">',
        '<meta name="author" content="redaksi@koranuji.example">',
        '<meta property="article:author" content="https://www.facebook.example/koranuji">',
        '<meta name="author" content="Admin Kominfo">',
        MARKED_BY_OUTLET,
    ],
)
def test_an_outlet_or_its_newsroom_is_no_author(head: str) -> None:
    assert author_of(small(head=head)) == ""


def test_an_address_in_one_mark_does_not_hide_the_name_in_another() -> None:
    head = '<meta property="article:author" content="https://f.example/k"><meta name="author" content="Rina Wati">'
    assert author_of(small(head=head)) == "Rina Wati"


def test_the_feed_time_stands_where_the_page_marks_none() -> None:
    hint = datetime.fromisoformat("2026-01-08T02:31:44+00:00")
    assert extract(small(over="<p>8 Januari 2026 | 09.30 WIB</p>"), "https://t.example/a", hint).published_at == hint


def test_a_local_time_marked_as_utc_is_read_as_the_page_shows_it() -> None:
    head = '<meta name="pubdate" content="2026-01-10T12:05:33Z">'
    page = small(head=head, over="<p>Sabtu, 10 Januari 2026 12:05 WIB</p>")
    assert extract(page, "https://a.example/a").published_at == datetime.fromisoformat("2026-01-10T12:05:33+07:00")


def test_a_true_utc_time_is_left_as_it_is() -> None:
    head = '<meta name="pubdate" content="2026-01-10T05:05:33Z">'
    page = small(head=head, over="<p>Sabtu, 10 Januari 2026 12:05 WIB</p>")
    assert extract(page, "https://a.example/a").published_at == datetime.fromisoformat("2026-01-10T12:05:33+07:00")


@pytest.mark.parametrize(
    ("over", "time"),
    [
        ("<p>Sabtu, 10 Januari 2026 12:05 WIB</p>", "2026-01-10T12:05:00+07:00"),
        ("<p>Minggu, 11 Januari 2026 12:05 WIB</p>", "2026-01-10T00:00:00+07:00"),
        ("", "2026-01-10T00:00:00+07:00"),
    ],
)
def test_a_marked_day_takes_its_time_of_day_from_what_the_page_shows_for_it(over: str, time: str) -> None:
    page = small(head='<meta name="date" content="2026-01-10">', over=over)
    assert extract(page, "https://a.example/a").published_at == datetime.fromisoformat(time)


def test_a_day_and_its_time_side_by_side_are_one_date() -> None:
    page = small(over="<div><span>Sabtu, 10 Januari 2026</span> <span>12:05 WIB</span></div>")
    assert extract(page, "https://a.example/a").published_at == datetime.fromisoformat("2026-01-10T12:05:00+07:00")


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


@pytest.mark.parametrize("name", ["social-share tags", "related-content", "body-comments-open"])
def test_a_short_article_in_a_box_with_a_misleading_name_is_kept(name: str) -> None:
    assert text_of(small().replace('class="isi"', f'class="{name}"')) == list(SENTENCES)


def test_an_article_inside_a_form_is_kept() -> None:
    page = small().replace("<body>", "<body><form action='/'>").replace("</body>", "</form></body>")
    assert text_of(page) == list(SENTENCES)
