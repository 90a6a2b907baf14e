"""The page, the chat text and the JSON of a brief."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as markup
from playwright.sync_api import Browser

from tanggap.briefs import render
from tanggap.city import City, load_city
from tanggap.errors import PayloadError
from tanggap.records import Brief, BriefItem, Issue, Priority, Reading, Source, SourceKind, Status
from tanggap.settings import packaged_config

CITY = load_city(packaged_config())
HOSTILE = '<script>alert(1)</script> *tebal* _miring_ ~coret~ `kode` > kutip "x" & \' =1+1 \u202e'

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
counts = st.integers(0, 10**7)
moments = st.datetimes(timezones=st.just(UTC))
items = st.builds(
    BriefItem,
    issue=words,
    title=words,
    place=words,
    topic=st.sampled_from(["banjir", "lainnya", "x"]),
    priority=st.sampled_from(Priority),
    score=st.integers(0, 100),
    status=st.sampled_from(Status),
    why=st.lists(words, max_size=3).map(tuple),
    agency=words,
    holder=st.none() | words,
    due_at=st.none() | moments,
    posts=counts,
    accounts=counts,
    news=counts,
    quote=words,
    quote_source=words,
)
day_of_counts = st.lists(counts, min_size=24, max_size=24).map(tuple)
#: What `compose` always counts.
NAMES = (
    "posts negative neutral positive news reports waiting late critical unheld answered resolved "
    "sources sources_checked sources_failed"
).split()
briefs = st.builds(
    Brief,
    day=st.dates(),
    edition=st.integers(1, 9),
    made_at=moments,
    lead=words,
    items=st.lists(items, max_size=8).map(tuple),
    hourly=day_of_counts,
    hourly_negative=day_of_counts,
    totals=st.fixed_dictionaries(dict.fromkeys(NAMES, counts)),
    changes=st.lists(words, max_size=4).map(tuple),
    answers=st.lists(words, max_size=4).map(tuple),
    promises=st.lists(words, max_size=4).map(tuple),
    sources=st.lists(st.tuples(words, words, counts), max_size=9).map(tuple),
)


@given(briefs)
def test_json_reads_back_as_the_same_brief(brief: Brief) -> None:
    assert render.from_json(render.to_json(brief)) == brief


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"day": "kemarin"}'])
def test_what_is_no_brief_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(PayloadError, match="not a saved brief"):
        render.from_json(text)


def test_the_page_shows_every_issue_with_its_link(night: Brief, city: City) -> None:
    page = markup.fromstring(render.html(night, city))
    links = [link.get("href") for link in page.xpath("//h3/a")]
    assert links == [f"/?isu={item.issue}" for item in night.items]
    assert page.get("lang") == "id"
    assert night.lead in page.text_content()


def test_the_page_has_no_script_and_asks_nobody(night: Brief, city: City) -> None:
    text = render.html(night, city)
    page = markup.fromstring(text)
    assert not page.xpath("//script | //iframe | //img | //form | //@onclick")
    assert page.xpath("//link/@href") == ["data:,"]
    assert not re.search(r"https?://|url\(|@import", text)


def test_every_bar_says_its_numbers(night: Brief, city: City) -> None:
    titles = markup.fromstring(render.html(night, city)).xpath("//svg//title/text()")
    assert len(titles) == 24
    assert titles[16] == f"23.00–00.00: {night.hourly[16]} unggahan, {night.hourly_negative[16]} negatif"


def test_hostile_text_stays_text(
    make: Callable[..., Brief], make_issue: Callable[..., Issue], make_reading: Callable[..., Reading], city: City
) -> None:
    issue = make_issue(1, title=HOSTILE, place=HOSTILE)
    brief = make(issues=[issue], members={issue.id: [make_reading(issue.first_at, HOSTILE)]})
    page = markup.fromstring(render.html(brief, city))
    assert not page.xpath("//script")
    assert HOSTILE in page.xpath("string(//h3)")


def test_a_quiet_and_an_empty_brief_are_drawn(make: Callable[..., Brief], city: City) -> None:
    page = render.html(make(sources=[]), city)
    assert "Tidak ada yang menunggu jawaban pertama." in page
    assert "Tidak ada unggahan dalam 24 jam ini." in page
    assert "Belum ada sumber yang diaktifkan." in page


def test_broken_promises_stand_on_the_page_and_in_the_chat(night: Brief, city: City) -> None:
    line = "Dinas SDA, dilanggar: “pompa *dipasang*”, tenggat 21 Nov 12.00 (lewat 18 j); Banjir (ISU-20261121-0001)."
    brief = night.evolve(promises=(line,))
    assert line in markup.fromstring(render.html(brief, city)).xpath("string(//section[h2='Janji'])")
    assert "Janji Dinas SDA, dilanggar: “pompa ∗dipasang∗”" in render.chat_text(brief, city)
    assert "Janji" not in render.html(night, city)


def test_the_chat_text_names_five_issues_and_ends_with_the_link(night: Brief, city: City) -> None:
    text = render.chat_text(night, city, "https://tanggap.example.go.id/ringkasan/2026-11-22")
    assert text.startswith("*Ringkasan Minggu, 22 November 2026*\n")
    assert re.findall(r"^\*(\d)\. ", text, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    assert text.rstrip().endswith("/ringkasan/2026-11-22")


def test_marks_of_citizens_are_inert_in_chat(
    make: Callable[..., Brief], make_issue: Callable[..., Issue], city: City
) -> None:
    text = render.chat_text(make(issues=[make_issue(1, title=HOSTILE)]), city)
    ours = {"*Ringkasan Minggu, 22 November 2026*"} | {line for line in text.splitlines() if line.startswith("*1.")}
    assert len(ours) == 2
    assert all(line.count("*") == 2 for line in ours)
    rest = "".join(line for line in text.splitlines() if line not in ours)
    assert not set(rest) & set("*_~`>")


@given(briefs, words)
def test_the_chat_text_stays_below_1500_characters(brief: Brief, link: str) -> None:
    assert len(render.chat_text(brief, CITY, link[:200])) < 1500


@given(briefs)
def test_any_brief_becomes_a_page(brief: Brief) -> None:
    assert render.html(brief, CITY).startswith("<!doctype html>")


@pytest.mark.browser
def test_the_page_fits_a_phone_and_prints_on_two_pages(
    chromium: Browser, make: Callable[..., Brief], night_facts: dict[str, Any], city: City, moment: datetime
) -> None:
    """Eight issues with the longest texts that compose lets through, and fourteen sources."""
    base = night_facts["issues"][0]
    quoted = night_facts["members"][base.id][0]
    members = {}
    for number in range(8):
        key = f"ISU-20261122-{number:04d}"
        long = "air sudah sepinggang dan belum ada perahu yang lewat " * 6
        members[key] = [quoted.evolve(post=quoted.post.evolve(text=long))]
    issues = [base.evolve(id=key, title=(base.title + " dan sekitarnya sampai pagi ini")[:90]) for key in members]
    more = [Source(id=f"s{n}", kind=SourceKind.NEWS, title=f"Kabar Kota {n}", address="") for n in range(14)]
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(render.html(make(**{**night_facts, "issues": issues, "members": members, "sources": more}), city))
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))
    page.close()
    assert sheets <= 2
    assert [url for url in asked if not url.startswith(("data:", "about:"))] == []


def test_every_number_of_an_issue_opens_the_posts_it_counts(night: Brief, city: City) -> None:
    first = night.items[0].evolve(since=night.made_at, counts=(("suara", 38), ("laporan", 7), ("berita", 4)))
    page = render.html(night.evolve(items=(first, *night.items[1:])), city)
    assert f'<a href="/?isu={first.issue}&amp;baris=suara">38 suara berbeda</a>' in page
    assert f'<a href="/?isu={first.issue}&amp;baris=laporan">7 lewat laporan warga</a>' in page
    assert "baris=berita" not in page
