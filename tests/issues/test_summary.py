"""The summary of an issue says only what its posts hold."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanggap.city import City
from tanggap.clock import stamp
from tanggap.issues.places import label
from tanggap.issues.summary import Sentence, summary
from tanggap.issues.tickets import still
from tanggap.records import Link, PostKind, Reading, Status

from .conftest import Tell

TEXTS = [
    "banjir 70 cm di gang 3, tolong kirim perahu ke RT 05!",
    "air makin naik. kapan pompa nyala? sudah 2 jam",
    "rumah kami kebanjiran",
    "“tolong” kata warga… 12 orang menunggu\nbutuh makanan bayi segera",
    "   ",
    "x" * 300,
]


def members(readings: list[Reading], copies: frozenset[int] = frozenset()) -> list[tuple[Link, Reading]]:
    first = readings[0].post.id if readings else None
    return [
        (Link(post=r.post.id or 0, issue="I", similarity=1, copy_of=first if at in copies else None), r)
        for at, r in enumerate(readings)
    ]


def test_it_tells_what_where_since_when_who_and_what_is_asked(city: City, tell: Tell) -> None:
    told = [
        tell("banjir di gang kami sepinggang. tolong kirim perahu!", place="Kampung Melayu", hour=1),
        tell("banjir sepinggang di gang kami", place="Kampung Melayu", hour=2, kind=PostKind.REPORT),
        tell("banjir sepinggang di gang kami", place="Kampung Melayu", hour=3, author="a1"),
        tell("warga mengungsi", kind=PostKind.NEWS, title="Kampung Melayu Banjir", hour=4, place="Kampung Melayu"),
    ]
    assert [sentence.text for sentence in summary(members(told), topic="banjir", city=city)] == [
        "Banjir & genangan di Kampung Melayu, Jatinegara, dibicarakan sejak 21 Nov 08.00 WIB.",
        "3 suara berbeda: 1 di media sosial, 1 lewat laporan warga, 1 di berita.",
        "Warga menulis: “banjir sepinggang di gang kami”",
        "1 kiriman meminta sesuatu, misalnya: “tolong kirim perahu!” …",
        "1 berita memuatnya, terbaru: “Kampung Melayu Banjir”",
    ]


def test_copies_are_nobodys_voice_and_emptied_texts_say_nothing(city: City, tell: Tell) -> None:
    told = [tell("banjir di gang"), tell("banjir di gang"), tell(" ")]
    found = summary(members(told, frozenset({1})), topic="banjir", city=city)
    assert found[1].text == "1 suara berbeda: 1 di media sosial."
    assert summary(members([tell(" ")]), topic="banjir", city=city) == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.lists(
        st.tuples(st.one_of(st.sampled_from(TEXTS), st.text(max_size=80)), st.sampled_from(PostKind), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
def test_every_number_and_quotation_is_found_in_its_posts(
    chosen: list[tuple[str, PostKind, bool]], city: City, tell: Tell
) -> None:
    titles = {PostKind.NEWS: "Judul 9"}
    readings = [
        tell(text, kind=kind, hour=at, place="Pluit" if at % 2 else None, title=titles.get(kind))
        for at, (text, kind, _) in enumerate(chosen)
    ]
    rows = members(readings, frozenset(at for at, (_, _, copy) in enumerate(chosen) if copy and at))
    by_key = {reading.post.id: reading for reading in readings}
    for sentence in summary(rows, topic="banjir", city=city):
        assert set(sentence.posts) <= by_key.keys()
        assert sentence.posts
        check(sentence, by_key, city)


def check(sentence: Sentence, by_key: dict[int | None, Reading], city: City) -> None:
    plain = sentence.text
    for quote in sentence.quotes:
        post = by_key[quote.post].post
        assert quote.post in sentence.posts
        assert quote.text in " ".join(post.text.split()) or quote.text in " ".join((post.title or "").split())
        plain = plain.replace(f"“{quote.text}”", "")
    for count in sentence.counts:
        assert count.number == len(set(count.posts))
        assert set(count.posts) <= set(sentence.posts)
    known = {str(count.number) for count in sentence.counts}
    if not sentence.counts:
        first = by_key[sentence.posts[0]].post
        plain = plain.replace(stamp(first.published_at), "").replace(label(by_key.values(), city)[1] or "-", "")
    assert set(re.findall(r"\d+", plain)) <= known


@pytest.mark.parametrize("text", ["tolong", "mohon dibantu ya", "air naik. segera kirim pompa"])
def test_a_request_is_quoted_as_it_was_written(text: str, city: City, tell: Tell) -> None:
    *_, asked = summary(members([tell(text)]), topic="banjir", city=city)
    assert asked.quotes[0].text in text


def test_words_that_may_not_be_shown_cut_are_counted_and_not_quoted(city: City, tell: Tell) -> None:
    told = [tell("banjir, tolong kirim perahu"), tell("warga mengungsi", kind=PostKind.NEWS, title="Banjir")]
    sources = {reading.post.source for reading in told}
    found = summary(members(told), topic="banjir", city=city, unquoted=sources)
    assert [sentence.text for sentence in found][2:] == ["1 kiriman meminta sesuatu.", "1 berita memuatnya."]
    assert not any(sentence.quotes for sentence in found)


def closed(reading: Reading, at: str, **step: str) -> Reading:
    """A report that its own desk has closed."""
    steps = [{"at": at, "status": "resolved", **step}]
    return reading.evolve(post=reading.post.evolve(status=Status.RESOLVED, extra={"follow_ups": steps}))


def test_reports_closed_while_people_complain_on_are_counted_with_both_sides(city: City, tell: Tell) -> None:
    report = tell("lampu padam", place="Pluit", kind=PostKind.REPORT, hour=1)
    told = [
        tell("lampu padam", hour=0),
        closed(report, "2026-11-21T09:00:00+07:00"),
        tell("katanya selesai, masih padam", hour=4),
        tell("masih gelap", hour=5),
        tell("terima kasih sudah nyala", hour=6, complaint=False),
    ]
    last = summary(members(told), topic="banjir", city=city)[-1]
    assert last.text == (
        "1 laporan sudah ditutup di sumbernya, yang pertama 21 Nov 09.00 WIB; sesudah itu masih ada 2 keluhan."
    )
    assert [(count.name, count.posts) for count in last.counts] == [
        ("ditutup", (told[1].post.id,)), ("sesudahnya", (told[2].post.id, told[3].post.id)),
    ]  # fmt: skip


def test_one_voice_or_a_closing_that_nobody_dates_contradicts_nothing(city: City, tell: Tell) -> None:
    report = tell("lampu padam", kind=PostKind.REPORT, hour=1)
    later = [tell("masih padam", hour=4), tell("masih padam juga", hour=5)]
    assert still([closed(report, "2026-11-21T09:00:00+07:00"), later[0]]) is None
    assert still([closed(report, "kemarin"), *later]) is None
    assert still([report, *later]) is None
