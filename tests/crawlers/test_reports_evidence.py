"""Citizen reports beyond their text: CogniCity, photos told apart by hash, duty reports of RT and RW, states."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.batch import Batch
from crawlers.gather import crawl, read_file
from crawlers.reports.duty import is_duty
from crawlers.reports.photos import photos
from crawlers.reports.statuses import read_status
from tanggap.records import Source, SourceKind, Status
from tanggap.settings import Settings
from tests.crawlers.drifting import cognicity, qlue_a, qlue_b
from tests.mockserver.web import MockWeb

Make = Callable[..., Source]

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))


@pytest.fixture
def read(tmp_path: Path, settings: Settings, source: Make) -> Callable[..., list[Batch]]:
    def inner(form: str, content: Any) -> list[Batch]:
        file = tmp_path / "laporan"
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return list(read_file(file, form, source(SourceKind.CSV), settings))

    return inner


def one(batches: list[Batch]) -> Any:
    ((post,),) = [batch.posts for batch in batches]
    return post


@pytest.mark.parametrize(
    "shape", [lambda r: r, lambda r: [r], lambda r: {"result": [r]}], ids=["body", "list", "inside"]
)
def test_a_cognicity_payload_keeps_its_city_its_disaster_and_its_picture(shape: Any, read: Any) -> None:
    post = one(read("cognicity", shape(cognicity(12))))
    assert (post.native_id, post.title) == ("12", "Banjir")
    assert post.published_at == datetime(2026, 1, 2, 1, 15, tzinfo=UTC)
    assert (post.lat, post.lon) == (-6.2, 106.8)
    assert (post.extra["qlue_city"], post.extra["disaster_type"]) == ("jabodetabek", "flood")
    assert post.extra["image"] == "http://img.example/4.jpg"


def test_a_cognicity_report_without_words_is_told_by_its_disaster(read: Any) -> None:
    assert one(read("cognicity", [{**cognicity(1), "title": "", "text": ""}])).text == "flood"


def test_a_cognicity_endpoint_is_read_whole_each_time(web: MockWeb, settings: Settings, source: Make) -> None:
    web.routes["/feeds/qlue"] = json.dumps([cognicity(n) for n in range(3)]).encode()
    where = source(SourceKind.COGNICITY, address=web.url("/feeds/qlue"))
    (batch,) = crawl(where, settings, cursor="", known=lambda _: set())
    assert [post.native_id for post in batch.posts] == ["0", "1", "2"]
    assert batch.cursor == ""


def test_the_same_photo_has_the_same_hash_in_any_report_and_format(read: Any) -> None:
    link = "http://IMG.example:80/bukti/7.jpg?id=5#x"
    again = "https://img.example/bukti/7.jpg?id=5&utm_source=wa"
    other = "https://img.example/bukti/7.jpg?id=6"
    step = {**qlue_b(1)["follow_up"][0], "file": again}
    first = one(read("qlue-a", [{**qlue_a(1), "post_images": link}])).extra["photos"]
    second = one(read("qlue-b", [{**qlue_b(1), "follow_up": [step]}])).extra["follow_ups"][0]["photos"]
    third = one(read("cognicity", [{**cognicity(1), "image_url": other}])).extra["photos"]
    assert first[0]["hash"] == second[0]["hash"] != third[0]["hash"]
    assert first[0]["of"] == "url"
    assert first[0]["url"].endswith("/bukti/7.jpg")


@pytest.mark.parametrize("announced", ["data:image/jpeg;base64,", ""])
def test_a_picture_inside_the_payload_is_hashed_by_content_and_not_kept(announced: str, read: Any) -> None:
    inside = announced + base64.b64encode(JPEG).decode()
    post = one(read("qlue-a", [{**qlue_a(1), "post_images": inside}]))
    assert post.extra["photos"] == [{"hash": hashlib.sha256(JPEG).hexdigest(), "of": "content"}]
    assert "image" not in post.extra
    assert inside[40:80] not in repr(post)


def test_photos_come_as_texts_lists_and_objects_each_once() -> None:
    told = [
        "http://a.example/1.jpg",
        {"url": "http://a.example/2.jpg"},
        [{"file": "http://a.example/1.jpg"}],
        None,
        7,
        "",
    ]
    assert [photo["url"] for photo in photos(*told)] == ["http://a.example/1.jpg", "http://a.example/2.jpg"]


DUTY: list[dict[str, Any]] = [
    {"title": "Laporan Ketua RT 05/RW 03"},
    {"title": "LAPORAN RT.05 RW.03 Kelurahan Pondok Uji"},
    {"title": "RT 05/RW 03"},
    {"title": "Laporan harian RW 07"},
    {"author": "Ketua RT 012/RW 04"},
    {"author": "rt05rw03_pondokuji"},
    {"author": "RT 05 RW 03 Pondok Uji"},
    {"tags": ["sampah", "rtrw"]},
    {"tags": ["#LaporanRT"]},
    {"tags": ["RT/RW"]},
    {"text": "Laporan RT 05/RW 03: situasi aman terkendali"},
    {"text": "Selamat pagi, laporan ketua RW 03, lingkungan bersih dan kondusif"},
    {"text": "Kami selaku pengurus RT 09 melaporkan kegiatan jumantik hari ini"},
    {"text": "Situasi kondusif #laporanrtrw"},
]
CITIZENS: list[dict[str, Any]] = [
    {"title": "Got mampet di RT 05/RW 03"},
    {"title": "Laporan rumah kosong"},
    {"text": "Got di depan RT 05 mampet sejak Senin"},
    {"text": "Laporan saya ke ketua RT tidak pernah ditanggapi"},
    {"text": "Sudah lapor RT 05/RW 03 tapi belum ada yang datang"},
    {"text": "Pak RT kami bilang pompa rusak"},
    {"author": "arti_rwanda", "tags": ["artis", "trotoar"]},
    {"author": "martin05"},
]


@pytest.mark.parametrize("told", DUTY, ids=repr)
def test_reports_of_rt_and_rw_heads_are_known_by_who_writes_and_what_they_call_it(told: dict[str, Any]) -> None:
    assert is_duty(**{"author": "", "title": "", "text": "Situasi aman", "tags": [], **told})


@pytest.mark.parametrize("told", CITIZENS, ids=repr)
def test_an_rt_named_as_a_place_or_addressee_is_no_duty(told: dict[str, Any]) -> None:
    assert not is_duty(**{"author": "", "title": "", "text": "Jalan rusak", "tags": [], **told})


def test_duty_reports_are_flagged_in_every_format(read: Any) -> None:
    detail = {**qlue_b(1)["profile"]["detail"], "suggest": {"tags": ["rtrw"]}}
    flagged = [
        read("qlue-a", [{**qlue_a(1), "profile_name": "Ketua RT 05/RW 03"}]),
        read("qlue-b", [{**qlue_b(1), "profile": {**qlue_b(1)["profile"], "detail": detail}}]),
        read("qlue-b", [{**qlue_b(1), "type": "Laporan RT/RW"}]),
        read("cognicity", [{**cognicity(1), "title": "Laporan RW 03"}]),
        read("csv", "id,text,published_at,tags\n1,Lingkungan aman,2016-07-01,keamanan;rtrw\n"),
    ]
    assert [one(batches).extra["duty"] for batches in flagged] == ["rt-rw"] * len(flagged)
    assert "Ketua" not in repr(flagged)
    for form, record in (("qlue-a", qlue_a(1)), ("qlue-b", qlue_b(1)), ("cognicity", cognicity(1))):
        assert "duty" not in one(read(form, [record])).extra


WORDS = {
    Status.WAITING: ["wait", "Menunggu", "Belum Ditindaklanjuti", "BELUM TERVERIFIKASI", "open", "Baru"],
    Status.COORDINATION: ["Koordinasi", "coordinating"],
    Status.DISPOSITION: ["Disposisi", "Didisposisikan", "Diteruskan"],
    Status.IN_PROCESS: ["process", "Proses", "sedang diproses", "Sedang Ditindaklanjuti", "in_progress", "TL"],
    Status.RESOLVED: ["complete", "Selesai", "closed", "Fixed", " selesai. "],
    Status.DEFERRED: ["Tunda", "Ditunda"],
    Status.REFERRED: ["Bukan wewenang", "bukan kewenangan", "not_responsible"],
    Status.DISMISSED: ["Arsip", "Diarsipkan", "Ditolak"],
    Status.MERGED: ["duplikat"],
}


@pytest.mark.parametrize("status", WORDS, ids=str)
def test_the_words_of_every_desk_have_one_meaning(status: Status) -> None:
    assert {word: read_status(word) for word in WORDS[status]} == dict.fromkeys(WORDS[status], status)


@pytest.mark.parametrize("word", ["entah", "", None, 3, ["wait"], {"a": 1}, "x" * 100_000])
def test_an_unknown_word_is_no_state(word: Any) -> None:
    assert read_status(word) is None


def test_an_unknown_word_is_kept_as_it_came(read: Any) -> None:
    detail = {**qlue_b(1)["profile"]["detail"], "status": "setengah jadi"}
    post = one(read("qlue-b", [{**qlue_b(1), "profile": {**qlue_b(1)["profile"], "detail": detail}}]))
    assert (post.status, post.extra["status"]) == (None, "setengah jadi")


def test_what_drifted_into_unknown_fields_names_no_person(read: Any) -> None:
    post = one(
        read("qlue-a", [{**qlue_a(1), "profileFullName": "Budi Uji", "user": {"name": "Budi"}, "nama_kel": "Uji"}])
    )
    assert "Budi" not in repr(post)
    assert post.extra["nama_kel"] == "Uji"


def test_an_id_beyond_all_numbers_is_broken_and_hides_no_later_report(read: Any) -> None:
    batches = read("qlue-a", [qlue_a(1), {**qlue_a(2), "post_id": 10**30}])
    assert (batches[-1].cursor, sum(batch.failed for batch in batches)) == ("1001", 1)
