from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.issues.copies import CopyIndex, essence

COMPLAINT = "air di gang kami sudah tiga hari tidak mengalir, tolong kirim tangki ke rw 04 secepatnya"


@pytest.mark.parametrize(
    "copy",
    [
        COMPLAINT,
        COMPLAINT.upper() + "!!!",
        f"RT @tetangga: {COMPLAINT}",
        f"{COMPLAINT} https://contoh.example/a",
        COMPLAINT[: int(len(COMPLAINT) * 0.85)],
        COMPLAINT.replace("tangki", "tanki"),
    ],
)
def test_a_shared_text_is_folded_into_the_first_one(copy: str) -> None:
    index = CopyIndex()
    assert index.add(1, COMPLAINT) is None
    assert index.add(2, copy) == 1


def test_alike_complaints_from_two_places_are_two_voices() -> None:
    index = CopyIndex()
    index.add(1, "lampu jalan di depan pasar Rawasari mati sejak kemarin malam, gelap sekali")
    assert index.add(2, "lampu jalan di belakang sekolah Tegal Alur padam dua minggu, rawan begal") is None


def test_a_text_of_nothing_but_a_link_is_never_a_copy() -> None:
    index = CopyIndex()
    assert index.add(1, "https://contoh.example/1") is None
    assert index.add(2, "https://contoh.example/2") is None


def test_a_copy_of_a_copy_leads_to_the_first() -> None:
    index = CopyIndex()
    index.add(1, COMPLAINT)
    index.add(2, f"RT @a: {COMPLAINT}")
    assert index.add(3, f"RT @b: {COMPLAINT} !") == 1


@settings(deadline=None)  # the first example may wait for machine code
@given(st.lists(st.text(max_size=200), max_size=20))
def test_any_text_is_taken_and_an_original_is_never_its_own_copy(texts: list[str]) -> None:
    index = CopyIndex()
    found = [index.add(key, text) for key, text in enumerate(texts)]
    for key, original in enumerate(found):
        assert original is None or (original < key and found[original] is None)
    assert all(essence(text) == essence(essence(text)) for text in texts)
