"""What normalisation promises of public Indonesian, example by example, and the tables it keeps the promises with."""

from __future__ import annotations

import re

import pytest

from nlp.lexicon import read_acronyms, read_table
from nlp.prepare import Preparer
from nlp.vowels import Worn
from tanggap.city import City, load_city
from tanggap.settings import packaged_config
from tanggap.slang import MEANT, TYPED


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(packaged_config())


@pytest.fixture(scope="module")
def preparer(city: City) -> Preparer:
    return Preparer.load(city)


CLAIMS = {
    "a run of a letter is one letter, and stress": [
        ("banjiiiir", "banjir emo_tekan"),
        ("MANTAAAP", "mantap emo_tekan"),
        ("macett", "macet"),
        ("maaf saat tunggu", "maaf saat tunggu"),
    ],
    "vowels that were left out come back": [
        ("yg gk bgt", "yang tidak banget"),
        ("pnjlasan lngkungan mmbtuhkan", "penjelasan lingkungan membutuhkan"),
        ("trtib bnjir smph", "tertib banjir sampah"),
        ("prmohonan krusakan", "permohonan kerusakan"),
        ("Brantas", "brantas"),
    ],
    "digits stand for letters and for doubling": [
        ("g4ji k0t0r s4mp4h b@njir", "gaji kotor sampah banjir"),
        ("jln2 org2nya kupu2 lari2an", "jalan-jalan orang-orangnya kupu-kupu lari-larian"),
        ("500rb rt05 per4an", "500 ribu rt 05 perempatan"),
    ],
    "clitics and prefixes are joined as they should be": [
        ("rmhku tmnnya airny bantuanya", "rumahku temannya airnya bantuannya"),
        ("dirmh dijln dbantu", "di rumah di jalan dibantu"),
        ("laporin ngurus", "laporkan mengurus"),
    ],
    "what is said twice stays one word": [
        ("anak-anak mobil-mobil pukul-memukul", "anak-anak mobil-mobil pukul-memukul"),
        ("lalu-lintas", "lalu lintas"),
    ],
    "hashtags are split": [
        ("#BanjirJakarta #banjirjakarta", "banjir jakarta banjir jakarta"),
        ("#KJPplus #PJUmati #SampahMenumpuk2024", "kjp plus pju mati sampah menumpuk 2024"),
    ],
    "signs have a meaning": [
        ("😡😡 🙏🏽 🔥", "emo_marah emo_mohon emo_api"),
        (":( :D T_T -_- <3", "emo_sedih emo_tawa emo_sedih emo_kesal emo_cinta"),
    ],
    "laughter and sobbing are no words": [
        ("wkwkwk hahaha awokwok xixixi ngakak xD", " ".join(["emo_tawa"] * 6)),
        ("hiks huhu", "emo_sedih emo_sedih"),
    ],
    "look-alikes and letters without width change nothing": [
        ("bаnjіr ｂａｎｊｉｒ 𝗯𝗮𝗻𝗷𝗶𝗿", "banjir banjir banjir"),
        ("ban\u200bjir ba\u00adnjir", "banjir banjir"),
    ],
    "the frame of a retweet or a quote is no neighbourhood": [
        ("RT @warga: banjir di rt 05", "banjir di rt 05"),
        ("mantap QT @lapor banjir", "mantap banjir"),
    ],
    "the languages of the city are understood": [
        ("kaga ade aer nyok", "tidak ade air nyok"),
        ("dalane rusak kabeh ora iso liwat", "jalan rusak semua tidak bisa lewat"),
        ("cai na euweuh, jalan ruksak pisan", "air na tidak ada jalan rusak banget"),
        ("please fix the road", "tolong perbaiki the jalan"),
    ],
    "acronyms stay what they are": [("PJU mati, PPSU, RPTRA, ODGJ, JPO", "pju mati ppsu rptra odgj jpo")],
}


@pytest.mark.parametrize(("typed", "plain"), [pair for pairs in CLAIMS.values() for pair in pairs])
def test_public_spellings_are_read_as_promised(preparer: Preparer, typed: str, plain: str) -> None:
    assert " ".join(preparer.prepare(typed).words) == plain


def test_spans_stay_where_they_were_behind_the_frame_of_a_retweet(preparer: Preparer) -> None:
    text = "RT @warga: banjir"
    (token,) = preparer.prepare(text).tokens
    assert text[token.start : token.end] == "banjir"


def test_a_worn_word_that_may_be_two_common_words_stays(city: City) -> None:
    worn = Worn(words={"bntng": ((40, "bintang"), (30, "banteng"))})
    assert worn.whole("bntng") is None
    assert Worn.load(city.language_dir).whole("lngkungan") == "lingkungan"
    assert Worn.load(city.language_dir).whole("lingkungan") is None


def test_every_entry_of_the_slang_table_is_one_typed_word_with_a_final_meaning(city: City) -> None:
    rows = read_table(city.language_dir / "slang.csv")
    meant = {row["slang"]: row["normal"] for row in rows}
    assert len(rows) == len(meant) >= 4_000
    assert {row["region"] for row in rows} == {"id", "jkt", "jv", "su", "en"}
    assert not [row for row in rows if not TYPED.fullmatch(row["slang"])]
    assert not [row for row in rows if not all(MEANT.fullmatch(part) for part in row["normal"].split("-"))]
    fixed = {"ya ampun", "pak ogah", "omong kosong", "car free day"}
    again = [normal for normal in meant.values() if normal not in fixed and meant.keys() & set(normal.split())]
    assert not again


def test_an_acronym_is_known_and_explained_and_no_slang(city: City, preparer: Preparer) -> None:
    acronyms = read_acronyms(city.language_dir)
    slang = {row["slang"] for row in read_table(city.language_dir / "slang.csv")}
    assert {"pju", "sda", "dlh", "ppsu", "jpo", "rptra", "kjp", "bst", "odgj"} <= acronyms.keys()
    assert not acronyms.keys() & slang
    assert acronyms.keys() <= preparer.normalizer.vocabulary
    assert all(re.fullmatch(r"[a-z0-9 ]+", meaning) for meaning in acronyms.values())
