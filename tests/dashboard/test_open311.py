"""A public Open311 client's calls, answered as GeoReport v2 writes them: field by field, in JSON and XML."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from tanggap.city import City
from tanggap.desk.opening import Opening
from tanggap.desk.service import Desk
from tanggap.errors import RuleError
from tanggap.records import Issue, Priority, Role, Status, User
from tanggap.records.desk import Response
from tanggap.store import Store, issues, publicity
from tanggap.store.shelf import responses
from tests.dashboard.conftest import Browser, FixedClock

#: GeoReport v2, GET Service Request: every field, in its order.
FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
#: GET Service List.
SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
SARI = User(name="sari", full_name="Sari", roles=(Role.OFFICER,))
READER = User(name="lia", full_name="Lia", roles=(Role.READER,))


def call(browser: Browser, path: str, **asked: str | list[str]) -> tuple[int, Any]:
    """A call of a client that has not signed in: status and the JSON or the XML root."""
    answer = browser.get(f"/open311/v2/{path}?{urlencode(asked, doseq=True)}", Accept="*/*")
    kind = answer.headers["content-type"]
    assert kind in ("application/json; charset=utf-8", "text/xml; charset=utf-8")
    return answer.status, json.loads(answer.body) if "json" in kind else ET.fromstring(answer.body)


def numbers(browser: Browser, **asked: str) -> list[str]:
    status, rows = call(browser, "requests.json", **asked)
    assert status == 200, rows
    return [row["service_request_id"] for row in rows]


@pytest.fixture
def desk(store: Store, city: City, clock: FixedClock) -> Desk:
    """Five issues, four of them released: flood and road open, one resolved, one a hundred days old."""
    at = clock.at
    told = [
        ("ISU-20261122-0001", "banjir", Status.IN_PROCESS, at - timedelta(hours=3)),
        ("ISU-20261122-0002", "jalan_trotoar", Status.WAITING, at - timedelta(days=2)),
        ("ISU-20261122-0003", "banjir", Status.RESOLVED, at - timedelta(days=9)),
        ("ISU-20260814-0004", "banjir", Status.WAITING, at - timedelta(days=100)),
        ("ISU-20261122-0005", "banjir", Status.WAITING, at - timedelta(hours=1)),
    ]
    desk = Desk(store, city, clock)
    for name, topic, status, first in told:
        made = Issue(
            id=name, title="Banjir <b>&</b> macet\x07", topic=topic, status=status, priority=Priority.P2, agency="AG05",
            areas=("31.75.03.1001",), place="Kampung Melayu", holder="sari", first_at=first, last_at=first,
            detected_at=first, status_at=first + timedelta(hours=1),
        )  # fmt: skip
        with store.write() as db:
            issues.add(db, made)
        if name[-1] != "5":
            Opening(desk).release(name, SARI)
    answer = Response(
        issue="ISU-20261122-0001", number=1, kind="holding", text="Pompa menyala.", state="published", at=at, by="sari",
        url="https://jakarta.go.id/1", published_at=at,
    )  # fmt: skip
    with store.write() as db:
        responses.add(db, answer)
    return desk


@pytest.fixture
def client(desk: Desk, browser: Browser) -> Browser:
    return browser


def test_discovery_names_the_endpoint_its_formats_and_the_specification(client: Browser) -> None:
    status, found = call(client, "discovery.json")
    assert status == 200
    assert list(found) == ["changeset", "contact", "key_service", "endpoints"]
    (endpoint,) = found["endpoints"]
    assert list(endpoint) == ["specification", "url", "changeset", "type", "formats"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith("/open311/v2")
    assert endpoint["formats"] == ["text/xml", "application/json"]
    _, root = call(client, "discovery.xml")
    assert [formats.text for formats in root.findall("./endpoints/endpoint/formats/format")] == endpoint["formats"]


def test_the_service_list_has_every_field_of_every_topic(client: Browser, city: City) -> None:
    status, rows = call(client, "services.json")
    assert (status, [list(row) for row in rows]) == (200, [SERVICE] * len(city.topics))
    assert {row["service_code"] for row in rows} == set(city.topics)
    assert {row["metadata"] for row in rows} == {False}
    _, root = call(client, "services.xml", jurisdiction_id="jakarta.go.id")
    assert root.tag == "services"
    assert [[field.tag for field in service] for service in root] == [SERVICE] * len(city.topics)
    assert {service.findtext("metadata") for service in root} == {"false"}


def test_a_service_definition_says_that_nothing_more_is_asked(client: Browser) -> None:
    assert call(client, "services/banjir.json") == (200, {"service_code": "banjir", "attributes": []})
    _, root = call(client, "services/banjir.xml")
    assert (root.tag, root.findtext("service_code")) == ("service_definition", "banjir")


def test_one_request_has_every_field_of_the_specification(client: Browser) -> None:
    status, (row,) = call(client, "requests/ISU-20261122-0001.json")
    assert (status, list(row)) == (200, FIELDS)
    assert row | {"lat": None, "long": None} == {
        "service_request_id": "ISU-20261122-0001",
        "status": "open",
        "status_notes": "Proses · Dinas SDA",
        "service_name": "Banjir & genangan",
        "service_code": "banjir",
        "description": "Banjir & macet",
        "agency_responsible": "Dinas Sumber Daya Air",
        "service_notice": "Pompa menyala. https://jakarta.go.id/1",
        "requested_datetime": "2026-11-22T05:00:00+07:00",
        "updated_datetime": "2026-11-22T08:00:00+07:00",
        "expected_datetime": "2026-11-22T08:00:00+07:00",
        "address": "Kampung Melayu, Jatinegara, Jakarta Timur",
        "address_id": "31.75.03.1001",
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    assert row["lat"] == pytest.approx(-6.22, abs=0.05)
    assert row["long"] == pytest.approx(106.86, abs=0.05)


def test_one_request_in_xml_holds_the_same(client: Browser) -> None:
    status, root = call(client, "requests/ISU-20261122-0001.xml")
    (request,) = root
    assert (status, root.tag, request.tag) == (200, "service_requests", "request")
    assert [field.tag for field in request] == FIELDS
    assert request.findtext("description") == "Banjir & macet"
    assert request.findtext("zipcode") == ""
    assert request.findtext("expected_datetime") == "2026-11-22T08:00:00+07:00"


def test_the_list_is_the_last_ninety_days_newest_first(client: Browser) -> None:
    assert numbers(client) == ["ISU-20261122-0001", "ISU-20261122-0002", "ISU-20261122-0003"]


FILTERS: list[tuple[dict[str, str], str]] = [
    ({"status": "open"}, "12"),
    ({"status": "closed"}, "3"),
    ({"status": "open,closed"}, "123"),
    ({"service_code": "jalan_trotoar"}, "2"),
    ({"service_code": "jalan_trotoar,banjir", "status": "open"}, "12"),
    ({"start_date": "2026-11-20T00:00:00+07:00"}, "12"),
    ({"end_date": "2026-11-19T00:00:00Z"}, "3"),
    ({"start_date": "2026-11-12", "end_date": "2026-11-13"}, "3"),
    ({"start_date": "2026-08-01", "end_date": "2026-09-01"}, "4"),
    ({"start_date": "2026-08-01T00:00:00Z"}, "4"),
    ({"service_request_id": "ISU-20260814-0004,ISU-20261122-0002", "status": "closed"}, "24"),
    ({"service_request_id": "ISU-20261122-0005,ISU-1"}, ""),
    ({"jurisdiction_id": "jakarta.go.id"}, "123"),
    ({"jurisdiction_id": "", "status": "", "start_date": "", "service_code": "", "service_request_id": ""}, "123"),
    ({"extensions": "true"}, "123"),
    ({"page_size": "2"}, "12"),
    ({"page_size": "2", "page": "2"}, "3"),
    ({"start_date": "2026-08-24T08:00:00+07:00", "end_date": "2026-11-22T08:00:00+07:00"}, "123"),
    ({"start_date": "2026-08", "end_date": "2026-09"}, "4"),
    ({"start_date": "2020-01-01", "end_date": "2020-02-01"}, ""),
]


def test_the_list_is_filtered_by_status_date_code_and_number(client: Browser) -> None:
    for asked, expected in FILTERS:
        assert "".join(number[-1] for number in numbers(client, **asked)) == expected, asked


ERRORS: list[tuple[str, dict[str, str], int, str]] = [
    ("requests/ISU-1", {}, 404, "service_request_id provided was not found"),
    ("requests/ISU-20261122-0005", {}, 404, "service_request_id provided was not found"),
    ("requests", {"jurisdiction_id": "bogor.go.id"}, 404, "jurisdiction_id provided was not found"),
    ("services", {"jurisdiction_id": "bogor.go.id"}, 404, "jurisdiction_id provided was not found"),
    ("requests", {"page": "0"}, 400, "page must be a whole number"),
    ("requests", {"page_size": "banyak"}, 400, "page_size must be a whole number"),
    ("requests", {"start_date": "2026-08-24T07:59:59Z", "end_date": "2026-11-22T08:00:00Z"}, 400, "more than 90 days"),
    ("services/naga", {}, 404, "service_code provided was not found"),
    ("requests", {"service_code": "naga"}, 404, "service_code provided was not found"),
    ("requests", {"status": "lost"}, 400, "status must be open or closed"),
    ("requests", {"start_date": "kemarin"}, 400, "is no W3C date"),
    ("requests", {"start_date": "2026-11-02", "end_date": "2026-11-01"}, 400, "later than end_date"),
    ("requests", {"start_date": "2026-01-01", "end_date": "2026-06-01"}, 400, "more than 90 days"),
    ("tokens/1", {}, 404, "there is nothing here"),
    ("requests/a/b", {}, 404, "there is nothing here"),
]


def test_errors_are_a_code_and_a_description_in_both_formats(client: Browser) -> None:
    for path, asked, code, words in ERRORS:
        status, (row,) = call(client, f"{path}.json", **asked)
        assert (status, list(row), row["code"]) == (code, ["code", "description"], code), path
        assert words in row["description"]
        status, root = call(client, f"{path}.xml", **asked)
        assert (status, root.tag, root.findtext("./error/code")) == (code, "errors", str(code))
        assert words in (root.findtext("./error/description") or "")


def test_an_argument_may_be_declared_several_times(client: Browser) -> None:
    _, rows = call(client, "requests.json", status=["open", "closed"], service_code=["jalan_trotoar", "banjir"])
    assert [row["service_request_id"][-1] for row in rows] == ["1", "2", "3"]


def test_a_closed_request_was_updated_when_it_was_closed(client: Browser, store: Store, desk: Desk) -> None:
    _, (row,) = call(client, "requests/ISU-20261122-0003.json")
    assert (row["status"], row["updated_datetime"]) == ("closed", "2026-11-13T09:00:00+07:00")


def test_filing_needs_a_key_that_nobody_has_and_two_formats_are_known(client: Browser) -> None:
    assert client.send("POST", "/open311/v2/requests.json", "service_code=banjir").status == 403
    assert client.send("DELETE", "/open311/v2/requests.json", "").status == 400
    assert client.get("/open311/v2/requests.yaml").status == 404


def test_no_more_than_a_thousand_are_given(client: Browser, store: Store, desk: Desk) -> None:
    with store.read() as db:
        first = issues.get(db, "ISU-20261122-0001")
    assert first is not None
    opening = Opening(desk)
    with store.write() as db:
        for number in range(1001):
            issues.add(db, first.evolve(id=f"ISU-20261121-{number:04d}"))
            publicity.release(db, f"ISU-20261121-{number:04d}", desk.now(), "sari")
    assert len(opening.search(datetime(2026, 1, 1, tzinfo=UTC), desk.now(), limit=2000)) == 1005
    assert len(numbers(client)) == 1000


def test_only_released_issues_are_shown_and_taken_back_at_once(client: Browser, desk: Desk) -> None:
    Opening(desk).withdraw("ISU-20261122-0002", SARI)
    assert numbers(client) == ["ISU-20261122-0001", "ISU-20261122-0003"]
    with pytest.raises(RuleError, match="tidak berhak"):
        Opening(desk).release("ISU-20261122-0005", READER)


def test_everything_else_stays_behind_the_login(client: Browser) -> None:
    for path in ("/open311/v2", "/open311/v3/x"):
        assert client.get(path).status in (302, 401)
    assert client.get("/open311/v2/../../ringkasan").status == 404
