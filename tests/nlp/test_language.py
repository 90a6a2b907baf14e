"""Indonesian is recognised through its slang; what is not Indonesian is told apart; no words, no language."""

from __future__ import annotations

import pytest

from nlp.prepare import Preparer
from tanggap.city import City


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "und"),
        ("😭😭", "und"),
        ("https://t.co/x @DKIJakarta", "und"),
        ("anjir macet bgt", "id"),
        ("mampet", "id"),
        ("gw udh lapor dr kmrn ga ada respon", "id"),
        ("#BanjirJakarta", "id"),
        ("tulung pak dalan ngarep omahku wis rusak, ora iso liwat", "jv"),
        ("punten pak jalan di lembur abdi teh geus ruksak pisan", "su"),
        ("please fix the road in front of my house, it is so bad", "en"),
        ("macet banget literally the worst", "id"),
        ("Пожалуйста помогите нам", "other"),
        ("洪水です 助けてください", "other"),
        ("กรุงเทพน้ำท่วมมาก", "other"),
    ],
)
def test_language(city: City, text: str, language: str) -> None:
    assert Preparer.load(city).prepare(text).language == language
