"""Citizen reports from files and addresses: both shapes of Qlue, tables of any make, the counter book."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers import Batch, crawl, read_file
from tanggap.errors import SourceError, UsageError
from tanggap.records import PostKind, Source, SourceKind, Status
from tanggap.settings import Settings
from tests.mockserver.web import MockWeb

Make = Callable[..., Source]


def qlue_a(number: Any, **fields: Any) -> dict[str, Any]:
    return {
        "post_id": number,
        "post_date": "2016-07-01 08:15:00",
        "post_title": "Got mampet",
        "post_desc": f"Got di depan RT 05 mampet lagi, laporan {number}",
        "post_images": "http:\\/\\/img.example\\/1.jpg".replace("\\", ""),
        "loc_lat": "-6.21",
        "loc_lng": "106.85",
        "profile_name": "warga_uji",
        **fields,
    }


def detail(**fields: Any) -> dict[str, Any]:
    return {
        "status": "process",
        "kd_kel": "3171010001",
        "name_kel": "Pondok Uji",
        "desc": "Lampu jalan padam sejak Senin",
        "image": "http://img.example/2.jpg",
        "comment_count": 4,
        "suggest": {"tags": ["lampu"]},
        **fields,
    }


def profile(**fields: Any) -> dict[str, Any]:
    return {
        "username": "warga_uji",
        "timestamp": "2016-07-01 08:15:00",
        "location": {"lat": -6.2, "lng": 106.8},
        **fields,
    }


INSIDE = {"id": 77, "type": "report", "profile": profile(detail=detail())}
BESIDE = {"id": 77, "type": "report", "profile": profile(), "detail": detail()}


@pytest.fixture
def read(tmp_path: Path, settings: Settings, source: Make) -> Callable[..., list[Batch]]:
    def inner(content: Any, kind_of_file: str = "csv", **fields: Any) -> list[Batch]:
        path = tmp_path / "laporan"
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return list(read_file(path, kind_of_file, source(**{"kind": SourceKind.CSV, **fields}), settings))

    return inner


def test_a_qlue_a_report_is_read_in_jakarta_time_without_its_author(read: Any) -> None:
    ((post,),) = [batch.posts for batch in read([qlue_a(12)], "qlue-a")]
    assert post.kind is PostKind.REPORT
    assert (post.native_id, post.title) == ("12", "Got mampet")
    assert post.published_at == datetime(2016, 7, 1, 1, 15, tzinfo=UTC)
    assert (post.lat, post.lon) == (-6.21, 106.85)
    assert post.extra["image"] == "http://img.example/1.jpg"
    assert "warga_uji" not in repr(post)


def test_qlue_a_rises_and_its_highest_id_is_the_cursor(read: Any) -> None:
    batches = read([qlue_a(n) for n in range(450, 0, -1)], "qlue-a")
    assert [batch.cursor for batch in batches] == ["200", "400", "450"]
    assert [int(p.native_id) for batch in batches for p in batch.posts] == list(range(1, 451))


def test_a_crawl_of_qlue_a_takes_what_is_above_the_cursor(web: MockWeb, settings: Settings, source: Make) -> None:
    web.routes["/markers"] = json.dumps([qlue_a(n) for n in (9, 8, 7)]).encode()
    where = source(SourceKind.QLUE_A, address=web.url("/markers"))
    (batch,) = crawl(where, settings, cursor="7", known=lambda _: set())
    assert [post.native_id for post in batch.posts] == ["8", "9"]
    assert batch.cursor == "9"
    assert list(crawl(where, settings, cursor="9", known=lambda _: set())) == []


@pytest.mark.parametrize("record", [INSIDE, BESIDE], ids=["inside", "beside"])
def test_both_shapes_of_qlue_b_give_the_same_report(record: Any, read: Any) -> None:
    ((post,),) = [batch.posts for batch in read([record], "qlue-b")]
    assert (post.native_id, post.text, post.status) == ("77", "Lampu jalan padam sejak Senin", Status.IN_PROCESS)
    assert post.engagement.replies == 4
    assert (post.lat, post.lon) == (-6.2, 106.8)
    assert post.extra["name_kel"] == "Pondok Uji"
    assert post.extra["tags"] == ["lampu"]


def test_follow_ups_keep_what_was_done_and_hide_who_did_it(read: Any) -> None:
    step = {
        "tl_by": "Kelurahan Pondok Uji",
        "username": "petugas_joni",
        "timestamp": "2016-07-02 10:00:00",
        "status": "complete",
        "description": "Lampu sudah diganti",
        "file": "http://img.example/3.jpg",
    }
    ((post,),) = [batch.posts for batch in read([{**INSIDE, "follow_up": [step]}], "qlue-b")]
    (kept,) = post.extra["follow_ups"]
    assert kept["at"] == "2016-07-02T10:00:00+07:00"
    assert (kept["office"], kept["status"], kept["text"]) == ("Kelurahan Pondok Uji", "resolved", "Lampu sudah diganti")
    assert "petugas_joni" not in repr(post)


WORDS = {
    "wait": Status.WAITING,
    "Koordinasi": Status.COORDINATION,
    "DISPOSISI": Status.DISPOSITION,
    "proses ": Status.IN_PROCESS,
    "Selesai": Status.RESOLVED,
    "entah": None,
}


@pytest.mark.parametrize(("word", "status"), WORDS.items())
def test_status_words_of_every_desk_are_ours(word: str, status: Status | None, read: Any) -> None:
    record = {"id": 1, "profile": profile(detail=detail(status=word))}
    ((post,),) = [batch.posts for batch in read([record], "qlue-b")]
    assert post.status is status
    assert ("status" in post.extra) is (status is None)


BROKEN = [
    {"post_id": None},
    {"post_id": "abc"},
    {"post_date": "kemarin"},
    {"post_date": None},
    {"post_desc": "", "post_title": ""},
    {"post_desc": ["a"]},
    {"post_desc": {"a": 1}},
]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_record_is_a_note_with_its_position_and_the_rest_goes_on(fault: dict[str, Any], read: Any) -> None:
    batches = read([qlue_a(3), {**qlue_a(2), **fault}, qlue_a(1), "not a record"], "qlue-a")
    assert [post.native_id for batch in batches for post in batch.posts] == ["1", "3"]
    notes = [note for batch in batches for note in batch.notes]
    assert sorted(note.split(":")[0] for note in notes) == ["record 2", "record 4"]
    assert sum(batch.failed for batch in batches) == 2


@pytest.mark.parametrize("fault", [{"profile": None}, {"profile": []}, {"id": None}, {"profile": {"detail": "x"}}])
def test_a_broken_qlue_b_record_is_a_note(fault: dict[str, Any], read: Any) -> None:
    (batch,) = read([INSIDE, {**INSIDE, **fault}], "qlue-b")
    assert (len(batch.posts), batch.failed) == (1, 1)


@pytest.mark.parametrize(
    "record", [qlue_a(1, loc_lat="0", loc_lng="0"), qlue_a(1, loc_lat=None), qlue_a(1, loc_lat=-600)]
)
def test_no_position_is_better_than_a_wrong_one(record: Any, read: Any) -> None:
    ((post,),) = [batch.posts for batch in read([record], "qlue-a")]
    assert (post.lat, post.lon) == (None, None)


@pytest.mark.parametrize("payload", ["<html>login</html>", '{"error": "no"}', '"text"', "", "[" * 100_000])
def test_a_payload_that_is_no_list_of_records_is_a_changed_layout(payload: str, read: Any) -> None:
    with pytest.raises(SourceError) as caught:
        read(payload, "qlue-a")
    assert caught.value.failure == "layout"


def test_records_none_of_which_can_be_read_are_a_changed_layout(read: Any) -> None:
    with pytest.raises(SourceError, match="none of 3 records") as caught:
        read([{"nomor": n, "isi": "x"} for n in range(3)], "qlue-a")
    assert caught.value.failure == "layout"


CSV = (
    "tanggal;isi;nomor;kanal\n"
    "02/01/2026 05:40;Pohon tumbang menutup jalan;T-1;WA\n"
    "03/01/2026;Sampah menumpuk;T-2;loket\n"
)
COLUMNS = {"id": "nomor", "text": "isi", "published_at": "tanggal"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_in_any_make(encoding: str, delimiter: str, read: Any) -> None:
    content = CSV.replace("Pohon", "“Pohon”").replace(";", delimiter).encode(encoding)
    (batch,) = read(content, columns=COLUMNS)
    assert [post.native_id for post in batch.posts] == ["T-1", "T-2"]
    assert batch.posts[0].text.startswith("“Pohon”")
    assert batch.posts[0].published_at == datetime(2026, 1, 1, 22, 40, tzinfo=UTC)
    assert batch.posts[0].extra == {"kanal": "WA"}


def test_quoted_cells_may_hold_delimiters_and_line_breaks(read: Any) -> None:
    (batch,) = read('id,text,published_at\n1,"Air mati, sudah\ntiga hari",2026-01-02T05:40:00+07:00\n')
    assert batch.posts[0].text == "Air mati, sudah\ntiga hari"


def test_rows_without_time_or_text_are_notes_with_their_line(read: Any) -> None:
    (batch,) = read("id,text,published_at\n1,Air mati,2026-01-02\n2,,2026-01-02\n3,Air mati,kapan\n4,Air mati lagi\n")
    assert [post.native_id for post in batch.posts] == ["1"]
    assert [note.split(":")[0] for note in batch.notes] == ["line 3", "line 4", "line 5"]


def test_a_row_without_number_is_the_same_report_when_read_again(read: Any) -> None:
    content = "text,published_at\nAir mati,2026-01-02\nAir mati,2026-01-03\n"
    first, second = read(content), read(content)
    assert [p.native_id for p in first[0].posts] == [p.native_id for p in second[0].posts]
    assert len({p.native_id for p in first[0].posts}) == 2


@pytest.mark.parametrize("content", ["", "\n", "nama,umur\nA,3\n"])
def test_a_table_without_the_columns_it_needs_is_refused(content: str, read: Any) -> None:
    with pytest.raises(SourceError, match="column") as caught:
        read(content)
    assert caught.value.failure in ("layout", "empty")


def test_the_counter_book_keeps_the_receipt_and_hides_the_visitor(read: Any) -> None:
    book = (
        "Nomor Tanda Terima,Tanggal,Jam,Kecamatan,Nama,Telepon,Uraian,Status\n"
        "UJI-001,10/01/2026,08.30,Uji Selatan,Siti Contoh,081234567890,Jalan berlubang di depan sekolah,Proses\n"
    )
    ((post,),) = [batch.posts for batch in read(book, kind=SourceKind.COUNTER)]
    assert (post.native_id, post.extra["receipt"]) == ("UJI-001", "UJI-001")
    assert post.published_at == datetime(2026, 1, 10, 1, 30, tzinfo=UTC)
    assert post.status is Status.IN_PROCESS
    assert post.extra["Kecamatan"] == "Uji Selatan"
    assert post.author is not None
    assert "Siti" not in repr(post)
    assert "0812" not in repr(post)


def test_a_crawled_file_is_found_beside_the_configuration(settings: Settings, source: Make) -> None:
    (settings.config_dir / "masuk.csv").write_text(CSV, encoding="utf-8")
    where = source(SourceKind.CSV, address="{config}/masuk.csv", columns=COLUMNS)
    since = datetime(2026, 1, 2, 12, tzinfo=UTC)
    (batch,) = crawl(where, settings, known=lambda _: set(), since=since)
    assert [post.native_id for post in batch.posts] == ["T-2"]


@pytest.mark.parametrize("kind", [SourceKind.CSV, SourceKind.QLUE_B])
def test_a_missing_file_is_a_matter_of_the_configuration(kind: SourceKind, settings: Settings, source: Make) -> None:
    with pytest.raises(SourceError, match="cannot be read") as caught:
        list(crawl(source(kind, address="{config}/fehlt"), settings, known=lambda _: set()))
    assert caught.value.failure == "config"


def test_an_unknown_format_is_a_wrong_use(read: Any) -> None:
    with pytest.raises(UsageError, match="qlue-a, qlue-b, cognicity, open311, csv, jsonl"):
        read("", "xml")


def test_json_lines_are_filed_under_the_source_and_broken_ones_are_notes(read: Any) -> None:
    pytest.importorskip("tanggap.exchange")
    lines = '{"id": "x-1", "text": "banjir di kampung uji", "source": "x", "author": "budi"}\n{broken\n{"id": "x-2"}\n'
    (batch,) = read(lines, "jsonl")
    (post,) = batch.posts
    assert (post.source, post.native_id, post.extra["source"]) == ("uji", "x-1", "x")
    assert "budi" not in repr(post)
    assert [note.split(":")[0] for note in batch.notes] == ["line 2", "line 3"]
