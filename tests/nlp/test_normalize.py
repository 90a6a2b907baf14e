"""What people type becomes plain words, and every token knows where it stood."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.normalize import Normalizer
from tanggap.errors import SettingsError
from tanggap.settings import packaged_config


@pytest.fixture(scope="module")
def normalizer() -> Normalizer:
    return Normalizer.load(packaged_config() / "language", {"jakarta", "tebet", "kampung", "melayu"})


def words(normalizer: Normalizer, text: str) -> str:
    return " ".join(token.norm for token in normalizer.tokens(text) if token.norm)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("gak bs lwt jln krn bnjr", "tidak bisa lewat jalan karena banjir"),
        ("banjiiiir parahhhh", "banjir emo_tekan parah emo_tekan"),
        ("macett", "macet"),
        ("maaf saat", "maaf saat"),
        ("g4ji b4njir", "gaji banjir"),
        ("anak2 jln2 org2nya", "anak-anak jalan-jalan orang-orangnya"),
        ("anak-anak", "anak-anak"),
        ("lalu-lintas jak-bar", "lalu lintas jakarta barat"),
        ("tmnnya rumahny bantuanya", "temannya rumahnya bantuannya"),
        ("laporin ngurus dbantu dirmh", "laporkan mengurus dibantu di rumah"),
        ("500rb rt05", "500 ribu rt 05"),
        ("assalamu'alaikum jum'at", "assalamualaikum jumat"),
        ("ｂａｎｊｉｒ bаnjir ban\u200bjir", "banjir banjir banjir"),
        ("#BanjirJakarta #banjirjakarta", "banjir jakarta banjir jakarta"),
        ("wkwkwk hahaha hiks", "emo_tawa emo_tawa emo_sedih"),
        ("😡😡😡 👍🏽 :( <3", "emo_marah emo_setuju emo_sedih emo_cinta"),
        ("terimakasih", "terima kasih"),
        ("kapan? kapan??\nbaik!", "kapan emo_soal kapan emo_soal emo_soal2 emo_judul baik emo_seru"),
        ("suwun nuhun tengkyu", "terima kasih terima kasih terima kasih"),
    ],
)
def test_typed_spellings_become_plain_words(normalizer: Normalizer, typed: str, plain: str) -> None:
    expected = plain.replace("jakarta barat", words(normalizer, "jak-bar")) if "jak-bar" in typed else plain
    assert words(normalizer, typed) == expected


def test_links_say_only_that_they_are_there_and_mentions_keep_their_kind(normalizer: Normalizer) -> None:
    tokens = normalizer.tokens("cek https://t.co/abc @DKIJakarta [telepon] 119")
    assert [(token.kind, token.norm) for token in tokens] == [
        ("word", "cek"),
        ("sign", "emo_link"),
        ("mention", ""),
        ("mask", ""),
        ("number", "119"),
    ]


def test_a_new_line_of_the_slang_table_is_enough(config_dir: Path) -> None:
    with (config_dir / "language" / "slang.csv").open("a", encoding="utf-8") as file:
        file.write("mbludak,meluap,jv\n")
    normalizer = Normalizer.load(config_dir / "language")
    assert words(normalizer, "kaline mbludak").endswith("meluap")


def test_a_broken_table_is_named_with_its_line(config_dir: Path) -> None:
    (config_dir / "language" / "slang.csv").write_text("slang,normal,region\ngk,tidak\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"slang\.csv, line 2"):
        Normalizer.load(config_dir / "language")


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_every_span_points_at_its_surface_and_none_overlap(text: str) -> None:
    end = 0
    for token in shared().tokens(text):
        assert text[token.start : token.end] == token.surface
        assert token.start >= end
        end = token.end


def shared(_held: list[Normalizer] = []) -> Normalizer:  # noqa: B006
    """One normaliser for all examples."""
    if not _held:
        _held.append(Normalizer.load(packaged_config() / "language"))
    return _held[0]
