"""Text from the outside becomes safe to store, cut and compare."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tanggap.text import clip, fold, repair


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Banjir â€œsepahaâ€\x9d", "Banjir “sepaha”"),
        ("cafÃ©", "café"),
        ("cafe\u0301", "café"),
        ("NUL\x00 dan BEL\x07", "NUL dan BEL"),
        ("sendiri \ud83d saja", "sendiri saja"),
        ("pasangan \ud83d\ude00", "pasangan 😀"),
        ("satu\r\ndua\rtiga\u2028empat", "satu\ndua\ntiga\nempat"),
        ("  banyak \t\u00a0 spasi \n  di sini  ", "banyak spasi\ndi sini"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("hujan &amp; banjir", "hujan & banjir"),
        ("\ufeffawal", "awal"),
        ("１２３ ﬁ", "１２３ ﬁ"),
        ("👨‍👩‍👧 keluarga", "👨‍👩‍👧 keluarga"),
        ("\u202eterbalik", "\u202eterbalik"),
        ("", ""),
        ("\ud800", ""),
    ],
)
def test_broken_text_is_repaired_and_sound_text_kept(raw, clean):
    assert repair(raw) == clean


def test_a_tower_of_accents_is_cut_before_it_costs_time():
    tower = repair("a" + "\u0301\u0316" * 50_000)
    assert len(tower) <= 31
    assert len(fold("a" + "\u0301\u0316" * 50_000)) == 1


@given(st.text(alphabet=st.characters(), max_size=200))
@example("\ud83d\ude00\ud800\x00")
def test_whatever_comes_in_can_be_stored(raw):
    clean = repair(raw)
    clean.encode()
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in clean if char != "\n")
    assert unicodedata.is_normalized("NFC", clean)
    assert "  " not in clean
    assert clean == clean.strip()


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("pendek", 10, "pendek"),
        ("banjir di kampung melayu", 17, "banjir di…"),
        ("banjir di kampung melayu", 18, "banjir di kampung…"),
        ("aaaaaaaaaaaaaaaaaaaa", 5, "aaaa…"),
        ("cafe\u0301e\u0301e\u0301", 5, "caf…"),
        ("ab👍🏽cd", 4, "ab…"),
        ("👨‍👩‍👧👨‍👩‍👧", 6, "👨‍👩‍👧…"),
        ("🇮🇩🇮🇩🇮🇩", 4, "🇮🇩…"),
        ("🇮🇩🇮🇩🇮🇩", 5, "🇮🇩🇮🇩…"),
        ("teks", 1, "…"),
        ("teks", 0, ""),
    ],
)
def test_text_is_cut_between_words_or_characters(text, limit, cut):
    assert clip(text, limit) == cut


@given(text=st.text(max_size=80), limit=st.integers(0, 90))
def test_a_cut_text_is_a_beginning_and_fits(text, limit):
    cut = clip(text, limit)
    assert len(cut) <= max(limit, 0) or cut == text
    assert text.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Banjir, Kampung-Melayu!", "banjir kampung melayu"),
        ("CAFÉ naïve Ç", "cafe naive c"),
        ("ＦＵＬＬ　ｗｉｄｔｈ １２", "full width 12"),
        ("Jum'at ½ ①", "jum at 1 2 1"),
        ("😀 !!", ""),
        ("STRASSE straße", "strasse strasse"),
        ("\ud800", ""),
    ],
)
def test_folding_leaves_plain_words(text, folded):
    assert fold(text) == folded


@given(st.text(alphabet=st.characters(), max_size=100))
def test_folding_twice_changes_nothing(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
