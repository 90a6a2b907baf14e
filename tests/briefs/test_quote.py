"""Which text speaks for an issue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tanggap.briefs.items import QUOTE, best_quote
from tanggap.records import Reading, Source, SourceKind

MakeReading = Callable[..., Reading]
SOURCES = {"qlue": Source(id="qlue", kind=SourceKind.QLUE_B, title="Qlue", address="")}


def test_an_issue_without_members_has_no_quote() -> None:
    assert best_quote((), {}) == ("", "", None)


def test_a_resident_speaks_before_the_press(make_reading: MakeReading, moment: datetime) -> None:
    press = make_reading(moment, "Banjir melanda", source="kota", title="Banjir melanda Jakarta", urgency=3)
    resident = make_reading(moment, "air masuk rumah", source="qlue", urgency=1)
    assert best_quote([press, resident], SOURCES) == ("air masuk rumah", "Laporan warga · Qlue · 06.30", None)


def test_news_is_quoted_by_its_headline(make_reading: MakeReading, moment: datetime) -> None:
    press = make_reading(moment, "Isi berita.", source="kota", title="Banjir melanda Jakarta")
    assert best_quote([press], {})[:2] == ("Banjir melanda Jakarta", "Berita · kota · 06.30")


def test_the_most_urgent_complaint_is_chosen(make_reading: MakeReading, moment: datetime) -> None:
    calm = make_reading(moment, "banjirnya sudah biasa di sini tiap tahun", urgency=1)
    alarm = make_reading(moment, "tolong ada bayi terjebak di lantai dua", urgency=3)
    thanks = make_reading(moment, "terima kasih petugas sudah datang cepat", urgency=3, sentiment="positive")
    assert best_quote([calm, alarm, thanks], {})[0] == alarm.post.text


def test_a_long_text_is_clipped_to_one_line(make_reading: MakeReading, moment: datetime) -> None:
    quote, _, _ = best_quote([make_reading(moment, "banjir\n\nlagi " * 80)], {})
    assert len(quote) <= QUOTE
    assert "\n" not in quote
