"""What the machine notes in English is read in Indonesian; the note itself stays within reach."""

from __future__ import annotations

from typing import get_args

import pytest

from dashboard.messages import CLASSES, UNKNOWN, note
from tanggap.errors import FailureClass


def test_every_error_class_has_its_sentence() -> None:
    assert set(CLASSES) == set(get_args(FailureClass))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("detik: https://detik.example.id gave no answer.", "Situs tidak menjawab dalam waktu yang diberikan."),
        (
            "x: the budget of the day is spent; it is renewed at 7.00 WIB.",
            "Jatah hari ini habis; pulih pukul 7.00 WIB.",
        ),
        ("x is not configured: set TANGGAP_X_TOKEN to a token.", "Kunci belum dipasang: isi TANGGAP_X_TOKEN."),
        ("a: 3 of 9 records could not be read", "3 dari 9 rekaman tidak terbaca; bentuknya berubah."),
        ("There is no source `a`; see the list.", "Sumber `a` tidak ada lagi; hapus atau ubah jadwal ini."),
    ],
)
def test_a_known_note_is_told_and_kept(message: str, words: str) -> None:
    assert note(message).words == words
    assert note(message).more == message


def test_an_unknown_note_is_told_by_its_class_or_as_technical() -> None:
    assert note("a: 418 teapot", "blocked").words == CLASSES["blocked"]
    assert note("a: 418 teapot").words == UNKNOWN
    assert note("a: 418 teapot").more == "a: 418 teapot"


def test_a_job_that_failed_again_and_again_says_how_often_and_why() -> None:
    told = note("gagal 3 kali: detik: it gave no answer.")
    assert told.words == "Gagal 3 kali. Situs tidak menjawab dalam waktu yang diberikan."
    assert told.more == "detik: it gave no answer."


def test_what_is_indonesian_already_stays_as_it_is() -> None:
    told = note("terlewat: tidak ada pekerja yang hidup saat itu")
    assert (told.words, told.more) == ("Terlewat: tidak ada pekerja yang hidup saat itu.", "")
    assert note("") == note("  ")
