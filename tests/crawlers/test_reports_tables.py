"""Tables of reports: workbooks told by content and guarded, torn CSV files, the walk-in counter's book."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crawlers.batch import Batch
from crawlers.gather import read_file
from crawlers.reports import workbook
from tanggap.errors import SourceError
from tanggap.records import Source, SourceKind, Status
from tanggap.settings import Settings

Make = Callable[..., Source]

COLUMNS = {"id": "Nomor", "text": "Uraian", "published_at": "Tanggal", "time": "Jam"}
SHEET = "xl/worksheets/sheet1.xml"
ROOT = Path(__file__).resolve().parents[2]


def book(*rows: list[Any]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


SHARED = "xl/sharedStrings.xml"
TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
TABLE = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
INLINE = re.compile(rb't="inlineStr"><is>(<t[^>]*>[^<]*</t>)</is>')


def as_excel_writes(content: bytes) -> bytes:
    """The workbook with its texts in a table of shared strings."""
    strings: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        strings.append(b"<si>" + found[1] + b"</si>")
        return b't="s"><v>%d</v>' % (len(strings) - 1)

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            told = old.read(part)
            if part == SHEET:
                told = INLINE.sub(shared, told)
            new.writestr(part, told.replace(b"</Types>", TYPE) if part == "[Content_Types].xml" else told)
        new.writestr(SHARED, TABLE + b"".join(strings) + b"</sst>")
    return out.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return out.getvalue()


@pytest.fixture
def read(tmp_path: Path, settings: Settings, source: Make) -> Callable[..., list[Batch]]:
    def inner(content: bytes | str, **fields: Any) -> list[Batch]:
        file = tmp_path / "laporan.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read_file(file, "csv", source(**{"kind": SourceKind.CSV, **fields}), settings))

    return inner


def test_a_workbook_is_read_whatever_its_name_with_dates_as_cells(read: Any) -> None:
    content = book(
        ["Nomor", "Tanggal", "Jam", "Uraian", "Kanal", "Nama Pelapor"],
        [12.0, date(2026, 1, 2), time(5, 40), "Pohon tumbang", "WA", "Siti Contoh"],
        ["T-2", datetime(2026, 1, 3, 5, 40, 30), None, "Sampah menumpuk", None, "Budi Contoh"],  # noqa: DTZ001
    )
    (batch,) = read(content, columns=COLUMNS)
    first, second = batch.posts
    assert (first.native_id, first.published_at) == ("12", datetime(2026, 1, 1, 22, 40, tzinfo=UTC))
    assert (second.native_id, second.published_at) == ("T-2", datetime(2026, 1, 2, 22, 40, 30, tzinfo=UTC))
    assert (first.extra, second.extra) == ({"Kanal": "WA"}, {})
    assert "Contoh" not in repr(batch)


def test_texts_in_a_table_of_shared_strings_are_the_same(read: Any) -> None:
    content = book(["Nomor", "Tanggal", "Uraian"], ["1", "2026-01-02", "Air mati “lagi”"])
    assert read(as_excel_writes(content), columns=COLUMNS) == read(content, columns=COLUMNS)


def test_a_formula_is_never_evaluated(read: Any) -> None:
    content = book(["Nomor", "Tanggal", "Jam", "Uraian", "Nilai"], ["1", "2026-01-02", "", "Air mati", '=CMD("x")'])
    ((post,),) = [batch.posts for batch in read(content, columns=COLUMNS)]
    assert post.extra == {}


def test_broken_rows_of_a_workbook_are_told_by_their_line(read: Any) -> None:
    content = book(
        ["Nomor", "Tanggal", "Uraian"], ["1", "2026-01-02", "Air mati"], ["2", "kapan", "Air mati"], [None, None, None]
    )
    (batch,) = read(content, columns=COLUMNS)
    assert [refusal.told.split(":")[0] for refusal in batch.refusals] == ["line 3"]
    assert '"Uraian": "Air mati"' in batch.refusals[0].sample


GOOD = book(["Nomor", "Tanggal", "Uraian"], ["1", "2026-01-02", "Air mati"])
ROW_FAR_AWAY = b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
STEPS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9)).encode()
BROKEN = {
    "cut": GOOD[: len(GOOD) // 2],
    "no workbook": b"PK\x03\x04" + bytes(500),
    "another zip": with_part(GOOD, "[Content_Types].xml", lambda _: b"<a/>"),
    "broken sheet": with_part(GOOD, SHEET, lambda old: old[:300]),
    "row without end": with_part(GOOD, SHEET, lambda old: old.replace(b"</sheetData>", ROW_FAR_AWAY)),
    "string of nowhere": with_part(as_excel_writes(GOOD), SHEET, lambda old: old.replace(b"<v>0</v>", b"<v>-2</v>")),
    "entities": with_part(
        as_excel_writes(GOOD), SHARED, lambda old: b"<!DOCTYPE a [" + STEPS + b"]>" + old.replace(b"Nomor", b"&e8;")
    ),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_or_hostile_workbook_is_refused(content: bytes, read: Any) -> None:
    with pytest.raises(SourceError) as caught:
        read(content, columns=COLUMNS)
    assert caught.value.failure == "layout"


def test_a_bomb_is_weighed_before_it_is_opened(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_part(GOOD, SHEET, lambda old: old + b" " * 30_000_000)
    monkeypatch.setattr(workbook, "Reader", None)
    with pytest.raises(SourceError, match="would unpack from") as caught:
        read(bomb, columns=COLUMNS)
    assert caught.value.failure == "layout"


def test_a_sheet_is_not_believed_how_large_it_is(read: Any) -> None:
    content = with_part(GOOD, SHEET, lambda old: old.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"'))
    assert content != GOOD
    (batch,) = read(content, columns=COLUMNS)
    assert batch.fetched == 1


TORN = {
    "a quote left open": ('1,"Air mati,2026-01-02\n2,Sampah,2026-01-02\n', ["2"], 1),
    "closed by another row": ('1,"Air mati,2026-01-02\n2,"Sampah",2026-01-02\n', ["2"], 1),
    "an inch mark": ('1,Pipa 3" bocor,2026-01-02\n2,Sampah,2026-01-02\n', ["1", "2"], 0),
    "quotes within a cell": ('1,Air "mati" lagi,2026-01-02\n', ["1"], 0),
    "a break within a cell": ('1,"Air ""mati""\nlagi",2026-01-02\n2,Sampah,2026-01-02\n', ["1", "2"], 0),
    "too many cells": ("1,Air mati, lagi,2026-01-02\n2,Sampah,2026-01-02\n", ["2"], 1),
    "empty cells at the end": ("1,Air mati,2026-01-02,,\n", ["1"], 0),
    "too few cells": ("1,Air mati\n2,Sampah,2026-01-02\n", ["2"], 1),
}


@pytest.mark.parametrize(("rows", "kept", "refused"), TORN.values(), ids=TORN)
def test_a_torn_row_costs_itself_and_no_other(rows: str, kept: list[str], refused: int, read: Any) -> None:
    (batch,) = read("id,text,published_at\n" + rows)
    assert [post.native_id for post in batch.posts] == kept
    assert batch.failed == refused
    assert batch.fetched == len(kept) + refused


def test_a_quote_left_open_never_swallows_the_rest_of_a_long_file(read: Any) -> None:
    rows = "".join(f"{n},Sampah menumpuk,2026-01-02\n" for n in range(1000))
    batches = read('id,text,published_at\nx,"Air mati,2026-01-02\n' + rows)
    assert sum(len(batch.posts) for batch in batches) == 1000


def test_a_torn_row_shows_nothing_where_the_table_names_persons(read: Any) -> None:
    (batch,) = read('id,text,published_at,nama\n1,"Air mati,2026-01-02,Siti Contoh\n2,Sampah,2026-01-02,Budi,Contoh\n')
    assert batch.failed == 2
    assert "Contoh" not in repr(batch)


def test_excel_text_in_utf_16_is_read(read: Any) -> None:
    (batch,) = read("id\ttext\tpublished_at\n1\tAir mati “lagi”\t2026-01-02\n".encode("utf-16"))
    assert batch.posts[0].text == "Air mati “lagi”"


def test_tags_and_photos_of_a_mapped_table_are_kept(read: Any) -> None:
    columns = {"photo": "Foto", "tags": "Label"}
    (batch,) = read(
        "id,text,published_at,Foto,Label\n1,Air mati,2026-01-02,http://a.id/1.jpg|http://a.id/2.jpg,air; pam\n",
        columns=columns,
    )
    extra = batch.posts[0].extra
    assert (extra["tags"], [photo["url"][-5:] for photo in extra["photos"]]) == (["air", "pam"], ["1.jpg", "2.jpg"])


BOOK = (
    "Nomor Tanda Terima,Hari,Tanggal,Jam,Kecamatan,Loket,Nama,No HP,Alamat,Uraian,Status,Kanal\n"
    "UJI-001,Sabtu,10/01/2026,08.30,Uji Selatan,Loket 2,Siti Contoh,08123456789,Jl Rumah 1,Jalan rusak,Proses,loket\n"
    "UJI-002,Sabtu,10/01/2026,09.15,Uji Selatan,,Budi Contoh,0812 9876 5432,Jl Rumah 2,Got mampet,Menunggu,loket\n"
)


def test_the_counter_book_keeps_receipt_desk_day_hour_and_channel_and_no_visitor(read: Any) -> None:
    (batch,) = read(BOOK, kind=SourceKind.COUNTER)
    first, second = batch.posts
    assert (first.native_id, first.extra["receipt"], first.extra["channel"]) == ("UJI-001", "UJI-001", "loket")
    assert (first.extra["desk"], second.extra["desk"]) == ("Loket 2", "Uji Selatan")
    assert (first.extra["Kecamatan"], first.extra["Hari"]) == ("Uji Selatan", "Sabtu")
    assert first.published_at == datetime(2026, 1, 10, 1, 30, tzinfo=UTC)
    assert (first.status, second.status) == (Status.IN_PROCESS, Status.WAITING)
    for told in ("Contoh", "0812", "Rumah"):
        assert told not in repr(batch)


def test_the_desk_of_balai_kota_names_its_own_columns(read: Any) -> None:
    columns = {"id": "Resi", "published_at": "Waktu", "text": "Keluhan", "desk": "Meja", "channel": "Cara"}
    (batch,) = read(
        "Resi,Waktu,Keluhan,Meja,Cara\nBK-7,09/01/2026 08.05,Air mati,Pendopo Balai Kota,datang\n",
        kind=SourceKind.COUNTER,
        columns=columns,
    )
    (post,) = batch.posts
    assert post.extra == {"receipt": "BK-7", "desk": "Pendopo Balai Kota", "channel": "datang"}


MILLION = """
import resource, sys
sys.path.insert(0, {root!r})
from crawlers.reports.tables import table_rows
from pathlib import Path
rows = table_rows(Path(sys.argv[1]), "uji")
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
next(rows)
early = None
for count, _ in enumerate(rows, 1):
    if count == 20_000:
        early = peak()
print(count + 1, (peak() - early) // 1024)
"""


def write_million(file: Path, count: int) -> None:
    """A workbook of `count` rows, with its texts in a table of shared strings."""
    head, tail = with_part(as_excel_writes(GOOD), SHEET, lambda _: b""), b"</sheetData></worksheet>"
    with zipfile.ZipFile(io.BytesIO(head)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in {*old.namelist()} - {SHEET, SHARED}:
            new.writestr(part, old.read(part))
        with new.open(SHARED, "w") as out:
            out.write(TABLE)
            for n in range(count):
                out.write(b"<si><t>Laporan nomor %d tentang jalan rusak</t></si>" % n)
            out.write(b"</sst>")
        with new.open(SHEET, "w") as out:
            out.write(TABLE.replace(b"<sst", b"<worksheet") + b"<sheetData>")
            for n in range(count):
                out.write(b'<row r="%d"><c t="n"><v>%d</v></c><c t="s"><v>%d</v></c></row>' % (n + 1, n, n))
            out.write(tail)


@pytest.mark.slow
@pytest.mark.parametrize("make", ["csv", "xlsx"])
def test_a_million_rows_take_constant_memory(make: str, tmp_path: Path) -> None:
    file, count = tmp_path / "besar", 1_000_000
    if make == "csv":
        with file.open("w", encoding="utf-8") as out:
            out.writelines(f"{n},Laporan nomor {n} tentang jalan rusak,2026-01-02\n" for n in range(count))
    else:
        write_million(file, count)
    told = subprocess.run(
        [sys.executable, "-c", MILLION.format(root=str(ROOT)), str(file)], capture_output=True, text=True, check=True
    )
    rows, grown = map(int, told.stdout.split())
    assert rows == count
    assert grown <= 64
