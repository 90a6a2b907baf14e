"""Open311 GeoReport v2: files in both shapes, and an endpoint that is walked with a cursor on the last change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.batch import Batch
from crawlers.door import Door
from crawlers.gather import crawl, read_file
from crawlers.reports import georeport
from crawlers.reports.georeport import Pull, Walk, address
from tanggap.errors import SourceError
from tanggap.records import Source, SourceKind, Status
from tanggap.settings import Settings
from tests.crawlers.conftest import NOW
from tests.mockserver.open311_api import Open311Api, as_xml, request
from tests.mockserver.web import MockWeb

Make = Callable[..., Source]

FULL = request(
    638344,
    "2026-01-02T05:40:00+07:00",
    "2026-01-03T05:40:00+07:00",
    status_notes="Proses oleh dinas",
    agency_responsible="Dinas Uji",
    service_notice="Besok dicek",
    expected_datetime="2026-01-09T05:40:00+07:00",
    address="Jl Uji 5",
    address_id="545483",
    zipcode="10110",
    media_url="http://img.example/a.jpg",
)


def at(days: float) -> str:
    """A moment so many days before now, as GeoReport writes it."""
    return f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def read(tmp_path: Path, settings: Settings, source: Make) -> Callable[[bytes], list[Batch]]:
    def inner(body: bytes) -> list[Batch]:
        file = tmp_path / "requests"
        file.write_bytes(body)
        return list(read_file(file, "open311", source(SourceKind.OPEN311), settings))

    return inner


@pytest.fixture
def pull(settings: Settings, source: Make) -> Callable[..., Iterator[Batch]]:
    def inner(api: Open311Api, cursor: str = "", **kwargs: Any) -> Iterator[Batch]:
        where = source(SourceKind.OPEN311, address="https://kota.example/v2/requests.json")
        return Pull(where, api.body, Door(where, settings), Walk.read(cursor), **kwargs).run()

    return inner


def ids(batches: list[Batch]) -> list[int]:
    return [int(post.native_id) for batch in batches for post in batch.posts]


def test_json_and_xml_give_the_same_report_with_every_field(read: Any) -> None:
    (from_json,), (from_xml,) = (read(body)[0].posts for body in (json.dumps([FULL]).encode(), as_xml([FULL])))
    assert from_json == from_xml
    assert (from_json.native_id, from_json.title) == ("638344", "Lampu jalan")
    assert from_json.published_at == datetime(2026, 1, 1, 22, 40, tzinfo=UTC)
    assert (from_json.lat, from_json.lon, from_json.status) == (-6.2, 106.8, Status.IN_PROCESS)
    assert {key: from_json.extra[key] for key in FULL if key in from_json.extra} == {
        key: FULL[key]
        for key in (
            "status", "status_notes", "service_code", "updated_datetime", "agency_responsible", "service_notice",
            "expected_datetime", "address", "address_id", "zipcode",
        )
    }  # fmt: skip
    (photo,) = from_json.extra["photos"]
    assert (photo["url"], photo["of"]) == ("http://img.example/a.jpg", "url")


STATES = [
    ("open", None, Status.WAITING),
    ("OPEN", "Koordinasi dengan PLN", Status.COORDINATION),
    ("open", "Selesai dikerjakan besok", Status.WAITING),
    ("closed", "Sudah beres", Status.RESOLVED),
    ("closed", "Bukan kewenangan", Status.REFERRED),
    ("closed", "Proses", Status.RESOLVED),
    ("entah", "Proses", None),
]


@pytest.mark.parametrize(("status", "notes", "ours"), STATES)
def test_open_and_closed_are_made_finer_by_their_notes_but_never_turned(
    status: str, notes: str | None, ours: Status | None, read: Any
) -> None:
    ((post,),) = [
        batch.posts for batch in read(json.dumps([{**FULL, "status": status, "status_notes": notes}]).encode())
    ]
    assert post.status is ours
    assert post.extra["status"] == status


def test_a_request_without_description_is_told_by_its_service(read: Any) -> None:
    ((post,),) = [batch.posts for batch in read(as_xml([{**FULL, "description": None}]))]
    assert (post.title, post.text) == (None, "Lampu jalan")


def test_a_person_who_reported_leaves_no_trace(read: Any) -> None:
    told = {"first_name": "Budi Uji", "phone": "081234567890", "email": "budi@contoh.example", "account_id": "77"}
    assert "Budi" not in repr(read(json.dumps([{**FULL, **told}]).encode()))
    assert set(told).isdisjoint(read(as_xml([{**FULL, **told}]))[0].posts[0].extra)


STEPS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))
HOSTILE = {
    "entities": f"<!DOCTYPE a [{STEPS}]><service_requests><request>&e8;</request></service_requests>",
    "file": "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><service_requests>&x;</service_requests>",
    "deep": "<service_requests>" + "<a>" * 5000,
    "page": "<html><body>login</body></html>",
    "error": "<errors><error><code>403</code><description>no key</description></error></errors>",
    "cut": as_xml([FULL]).decode()[:300],
    "nothing": "",
    "object": '{"error": "no"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_list_of_requests_is_another_layout(body: str, read: Any) -> None:
    with pytest.raises(SourceError) as caught:
        read(body.encode())
    assert caught.value.failure == "layout"
    assert "root:" not in str(caught.value)


def test_an_empty_list_of_requests_is_no_error(read: Any) -> None:
    assert read(b"[]") == read(b"<service_requests/>") == []


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("https://kota.example/v2", "/v2/requests.json"),
        ("https://kota.example/v2/requests", "/v2/requests.json"),
        ("https://kota.example/v2/requests.xml?jurisdiction_id=uji", "/v2/requests.xml"),
    ],
)
def test_the_address_may_end_before_the_requests_or_name_their_shape(base: str, path: str) -> None:
    asked = address(base, NOW, timedelta(days=1), 2)
    assert f"{path}?" in asked
    assert "start_date=2026-01-10T03%3A00%3A00Z&end_date=2026-01-11T02%3A59%3A59Z&page=2" in asked
    assert ("jurisdiction_id=uji" in asked) == ("?" in base)


def test_pages_are_read_to_the_end_and_the_last_change_is_the_cursor(pull: Any) -> None:
    api = Open311Api([request(n, at(n)) for n in range(1, 9)])
    batches = list(pull(api, since=NOW - timedelta(days=10)))
    assert sorted(ids(batches)) == list(range(1, 9))
    assert batches[-1] == Batch(cursor=at(1))


def test_the_next_walk_takes_new_requests_and_those_whose_status_changed(pull: Any) -> None:
    known = [request(n, at(n)) for n in range(2, 9)]
    cursor = list(pull(Open311Api(known), since=NOW - timedelta(days=10)))[-1].cursor
    known[4] = request(6, at(6), at(0.5), status="closed")
    batches = list(pull(Open311Api([request(1, at(0.2)), *known]), cursor))
    # 2 changed at the very second of the cursor: it comes again rather than being missed.
    assert sorted(ids(batches)) == [1, 2, 6]
    assert [p.status for b in batches for p in b.posts if p.native_id == "6"] == [Status.RESOLVED]
    assert batches[-1].cursor == at(0.2)


@pytest.mark.parametrize("stopped", range(1, 6))
def test_a_walk_killed_at_any_request_loses_nothing(stopped: int, pull: Any) -> None:
    api = Open311Api([request(n, at(n)) for n in range(1, 12)], breaks_after=stopped)
    taken: list[Batch] = []
    with pytest.raises(ConnectionError):
        taken.extend(pull_into(taken, pull(api, since=NOW - timedelta(days=12))))
    cursor = next((batch.cursor for batch in reversed(taken) if batch.cursor), "")
    api.breaks_after = None
    rest = list(pull(api, cursor, since=NOW - timedelta(days=12)))
    assert sorted({*ids(taken), *ids(rest)}) == list(range(1, 12))
    assert len(ids(taken)) + len(ids(rest)) == 11
    assert rest[-1].cursor == at(1)


def pull_into(taken: list[Batch], batches: Iterator[Batch]) -> list[Batch]:
    for batch in batches:
        taken.append(batch)
    return []


def test_a_limited_walk_goes_on_within_the_page_it_stopped_in(pull: Any) -> None:
    api, cursor, found = Open311Api([request(n, at(n)) for n in range(1, 8)]), "", []
    for _ in range(4):
        batches = list(pull(api, cursor, since=NOW - timedelta(days=10), limit=2))
        found += ids(batches)
        cursor = batches[-1].cursor
    assert sorted(found) == list(range(1, 8))


def test_an_endpoint_without_pages_is_asked_day_by_day(pull: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(georeport, "MOST", 3)
    api = Open311Api([request(n, at(n * 0.4)) for n in range(1, 16)], paged=False)
    batches = list(pull(api, since=NOW - timedelta(days=6.5)))
    assert sorted(set(ids(batches))) == list(range(1, 16))
    assert any("some may be missing" in note for batch in batches for note in batch.notes)


def test_a_date_in_the_future_never_hides_later_changes(pull: Any) -> None:
    api = Open311Api([request(1, at(1), "2031-01-01T00:00:00Z"), request(2, at(0.5))])
    assert list(pull(api, since=NOW - timedelta(days=2)))[-1].cursor == at(0.5)


@pytest.mark.parametrize("cursor", ["kemarin", "a/b/c/d/e", "//1/x/", "2026-01-01T00:00:00Z/kapan/1/0/"])
def test_an_unreadable_cursor_begins_anew(cursor: str) -> None:
    assert Walk.read(cursor).day == ""


def test_an_endpoint_is_pulled_under_guard_and_broken_requests_are_set_aside(
    web: MockWeb, settings: Settings, source: Make
) -> None:
    broken = {**request(3, at(0.3)), "service_request_id": None}
    web.routes["/v2/requests.xml"] = Open311Api([request(1, at(0.1)), request(2, at(0.2)), broken], size=10)
    where = source(SourceKind.OPEN311, address=web.url("/v2/requests.xml"))
    batches = list(crawl(where, settings, known=lambda _: set(), since=NOW - timedelta(days=1)))
    assert sorted(ids(batches)) == [1, 2]
    (refusal,) = [refusal for batch in batches for refusal in batch.refusals]
    assert refusal.kind == "payload"
    assert "Lampu padam" in refusal.sample
    assert batches[-1].cursor == at(0.1)
