"""Titles say what and where in plain words that several voices share."""

from __future__ import annotations

import pytest

from tanggap.city import City
from tanggap.issues.clauses import clauses, parts
from tanggap.issues.titles import placed, spot_of, title
from tanggap.records import PostKind, Reading

from .conftest import Tell

PLACE = "Cipinang Muara, Jatinegara"


def named(readings: list[Reading], city: City, *, topic: str = "listrik_penerangan", before: str = "") -> str:
    return title(readings, topic=topic, place=PLACE, city=city, before=before)


def test_a_title_is_what_several_voices_share_and_not_the_headline_of_one(city: City, tell: Tell) -> None:
    told = [
        tell("tiga tiang lampu jalan padam di depan gang", "listrik_penerangan"),
        tell("mohon dicek, lampu jalan padam sudah seminggu", "listrik_penerangan"),
        tell("lampu jalan padam, gelap banget", "listrik_penerangan"),
        tell("Warga menunggu.", kind=PostKind.NEWS, title="Di Layar Selesai, di Jalan Gelap: Cerita Sebuah Gang"),
    ]
    assert named(told, city) == "Lampu jalan padam di Cipinang Muara"


def test_a_title_begins_and_ends_where_a_sentence_may_and_keeps_its_negation(city: City, tell: Tell) -> None:
    said = "air PAM di rusun tidak mengalir tiga hari, tolong kirim tangki"
    told = [tell(said), tell("lapor: air PAM tidak mengalir tiga hari"), tell("air PAM tidak mengalir tiga hari ya")]
    assert named(told, city, topic="air_bersih") == "Air PAM tidak mengalir tiga hari di Cipinang Muara"


def test_nobody_shouts_speaks_of_himself_or_writes_slang_in_a_title(city: City, tell: Tell) -> None:
    told = [tell("TOLONG POHON TUMBANG DI GANG KAMI!!!"), tell("pohon tumbang yg udah miring"), tell("pohon tumbang")]
    assert named(told, city, topic="pohon_taman") == "Pohon tumbang di Cipinang Muara"
    alone = tell("KTP saya blm jadi, blangko KTP habis")
    assert named([alone], city, topic="administrasi_kependudukan") == "Blangko KTP habis di Cipinang Muara"


def test_hearsay_is_never_a_fact_in_a_title(city: City, tell: Tell) -> None:
    heard = ["katanya air PAM beracun, dari grup RT", "bener gak sih air PAM beracun? sebarkan", "air PAM beracun"]
    told = [tell(f"{text}, dari grup RT sebarkan katanya sudah 7 orang meninggal") for text in heard]
    assert named(told, city, topic="air_bersih").startswith("Kabar ")


def test_a_title_stays_while_it_is_as_good_as_any(city: City, tell: Tell) -> None:
    told = [tell("tanggul jebol"), tell("jebol tanggul")]
    for before in ("Tanggul jebol di Cipinang Muara", "Jebol tanggul di Cipinang Muara"):
        assert named(told, city, before=before) == before


def test_voices_that_share_nothing_are_named_by_the_service(city: City, tell: Tell) -> None:
    told = [tell("gorong tersumbat"), tell("perahu bocor"), tell("tanggul jebol")]
    assert named(told, city, topic="banjir") == "Banjir & genangan di Cipinang Muara"


@pytest.mark.parametrize(
    ("name", "place", "whole"),
    [
        ("Lift JPO Semanggi mati", "Simpang Susun Semanggi", "Lift JPO Semanggi mati"),
        ("Pompa mati", "Pasar Ikan Muara Baru / Modern, Penjaringan", "Pompa mati di Pasar Ikan Muara Baru"),
        ("Marka hilang", "jl penjernihan", "Marka hilang di Jalan Penjernihan"),
        ("Keluhan", "", "Keluhan"),
    ],
)
def test_the_place_is_named_once(name: str, place: str, whole: str) -> None:
    assert placed(name, spot_of(place)) == whole


def test_a_question_is_known_and_a_part_never_begins_with_where() -> None:
    assert [(words, asked) for words, asked in clauses("Lampu mati, kapan nyala? Gelap.") if words] == [
        (["Lampu", "mati"], False), (["kapan", "nyala"], True), (["Gelap"], False),
    ]  # fmt: skip
    found = list(parts("di gang sebelah lampu mati karena kabel putus".split(), ()))
    assert found == [["kabel", "putus"]]
