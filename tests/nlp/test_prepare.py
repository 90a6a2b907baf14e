"""Words, stems and marks run side by side; negation reaches as far as its clause; nothing is too long."""

from __future__ import annotations

import pytest

from nlp.prepare import LONGEST, Preparer
from tanggap.city import City, load_city
from tanggap.settings import packaged_config


@pytest.fixture(scope="module")
def preparer() -> Preparer:
    return Preparer.load(load_city(packaged_config()))


def test_words_stems_and_marks_run_in_parallel(preparer: Preparer) -> None:
    made = preparer.prepare("Petugasnya gak pernah dateng, lampu PJU mati 3 hari!! #GelapGulita 😡")
    assert len(made.words) == len(made.stems) == len(made.marked) == len(made.sources)
    assert "tugas" in made.stems
    assert made.tokens[made.sources[-1]].surface == "😡"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("tidak jelas", "tidak NOT_jelas"),
        ("gak bagus pelayanannya lama", "tidak NOT_bagus NOT_layan lama"),
        ("tidak datang, bagus sekali", "tidak NOT_datang bagus sekali"),
        ("belum juga diperbaiki", "belum juga NOT_baik"),
        ("tidak hanya macet", "tidak hanya macet"),
        ("tidak (kata dia) bagus", "tidak kata dia bagus"),
        ("gak . bagus", "tidak bagus"),
        ("gak https://t.co/x bagus", "tidak emo_link bagus"),
        ("tidak? bagus", "tidak emo_soal bagus"),
        ("tidak tidak bagus 3.5 kali lama", "tidak tidak NOT_bagus NOT_3.5 kali lama"),
        ("jangan dibuang sembarangan", "jangan NOT_buang NOT_sembarang"),
    ],
)
def test_a_negation_marks_the_next_two_content_words_of_its_clause(preparer: Preparer, text: str, marked: str) -> None:
    assert " ".join(preparer.prepare(text).marked) == marked


def test_terms_hold_words_and_differing_stems_without_stop_words(preparer: Preparer) -> None:
    assert preparer.prepare("yg kebanjiran di rumah https://t.co/x @user").terms == "kebanjiran banjir rumah"


def test_an_empty_text_gives_empty_parts(preparer: Preparer) -> None:
    made = preparer.prepare("")
    assert (made.tokens, made.words, made.stems, made.marked, made.terms) == ((), (), (), (), "")
    assert made.language == "und"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "ab1" * 33_000,
        "#" + "banjir" * 17_000,
        "😂" * 100_000,
        "a-" * 50_000,
        "@" * 100_000,
        "1." * 50_000,
        "a" + "\u0301\u0316" * 50_000,
        "anak2" * 20_000,
        "banjir " * 15_000,
    ],
)
def test_a_text_far_beyond_the_limit_is_read_up_to_it(preparer: Preparer, text: str) -> None:
    made = preparer.prepare(text)
    assert made.text == text
    assert all(token.end <= LONGEST for token in made.tokens)
    assert all(len(word) < 100 for word in made.words)


def test_the_preparer_of_a_city_knows_its_place_names(city: City) -> None:
    assert "cengkareng" in Preparer.load(city).normalizer.vocabulary
