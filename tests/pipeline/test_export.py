"""Issues carried out: files that run nothing in a spreadsheet, and signed messages about changes of state."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.jobs.webhooks import Sent, send_webhooks
from tanggap.city import City
from tanggap.clock import Clock
from tanggap.desk.hooks import WAITS, new_hook, signature
from tanggap.desk.service import Desk
from tanggap.errors import RuleError, UsageError
from tanggap.records import Issue, Role, Status, User
from tanggap.records.desk import Delivery, Webhook
from tanggap.settings import Settings
from tanggap.store import Store, audit, issues, people
from tanggap.store.shelf import deliveries, webhooks

SARI = User(name="sari", full_name="Sari Dewi", roles=(Role.OFFICER,))
NUMBER = "ISU-20261122-0001"
TITLES = ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", 'biasa, "saja"\x07', "a\nb"]


@pytest.fixture
def desk(store: Store, city: City, now: Clock) -> Desk:
    with store.write() as db:
        people.add(db, SARI, "x")
        for number, title in enumerate(TITLES, 1):
            made = Issue(
                id=f"ISU-20261122-{number:04d}", title=title, topic="banjir", agency="AG05", place="Kampung Melayu",
                areas=("31.75.03.1001",) if number < 9 else (), first_at=now(), last_at=now(), detected_at=now(),
                status_at=now(), score=100 - number,
            )  # fmt: skip
            issues.add(db, made)
    return Desk(store, city, now)


@pytest.fixture
def tanggap(config_dir: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("TANGGAP_CONFIG", str(config_dir))

    def say(*words: object) -> str:
        done = CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return say


def test_a_csv_runs_nothing_and_loses_nothing(tanggap: Callable[..., str], tmp_path: Path) -> None:
    assert "9 isu" in tanggap("export", tmp_path / "isu.csv")
    text = (tmp_path / "isu.csv").read_text("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["judul"] for row in found] == [
        "'=HYPERLINK(\"http://x\")", "'+1", "'-2+3", "'@SUM(A1)", "'\t=1", "' =1", "'＝1", "biasa, \"saja\"", "a\nb",
    ]  # fmt: skip
    assert found[0] | {"tenggat": ""} == found[0] | {
        "nomor": NUMBER, "urusan": "Banjir & genangan", "status": "Terdeteksi", "pihak": "Dinas SDA",
        "terdeteksi": "2026-11-22 20:00", "dijawab": "", "tenggat": "",
    }  # fmt: skip


def test_a_workbook_holds_texts_where_texts_were(tanggap: Callable[..., str], tmp_path: Path) -> None:
    tanggap("export", tmp_path / "isu.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "isu.xlsx").active
    assert [cell.data_type for cell in sheet["B"]] == ["s"] * 10
    assert sheet["B2"].value == TITLES[0]
    assert [sheet["E2"].value, sheet["K2"].data_type] == [99, "n"]


def test_a_map_gets_points_with_longitude_first(tanggap: Callable[..., str], tmp_path: Path) -> None:
    tanggap("export", tmp_path / "isu.geojson")
    found = json.loads((tmp_path / "isu.geojson").read_text("utf-8"))
    assert (found["type"], len(found["features"])) == ("FeatureCollection", 9)
    lon, lat = found["features"][0]["geometry"]["coordinates"]
    assert (round(lon), round(lat)) == (107, -6)
    assert found["features"][8]["geometry"] is None


def test_a_file_of_no_known_kind_is_wrong_usage(tanggap: Callable[..., str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--format"):
        tanggap("export", tmp_path / "isu.doc")


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent and answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Inbox)
        self.got: list[tuple[dict[str, str], str]] = []
        self.answers: list[int] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Inbox(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def at(
    settings: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, now: Clock
) -> Callable[[timedelta], Settings]:
    """Settings that allow the receiver, at a time after now."""
    limits = settings.limits.model_copy(update={"allow_addresses": (receiver.address,)})
    told: list[datetime] = [now()]
    monkeypatch.setattr(Settings, "now", property(lambda _: lambda: told[0]))

    def later(length: timedelta) -> Settings:
        told[0] = now() + length
        return settings.model_copy(update={"limits": limits})

    return later


def hook(desk: Desk, url: str, *states: str) -> Webhook:
    with desk.store.write() as db:
        return webhooks.add(db, new_hook(url, states, "cli", desk.now()))


def left(desk: Desk) -> list[Delivery]:
    with desk.store.read() as db:
        return deliveries.where(db)


def test_a_change_of_state_is_told_signed_and_once(
    desk: Desk, receiver: Receiver, at: Callable[[timedelta], Settings]
) -> None:
    kept = hook(desk, f"http://{receiver.address}/masuk", "in_process")
    hook(desk, f"http://{receiver.address}/lain", "resolved")
    desk.take(NUMBER, SARI, version=1)
    assert send_webhooks(desk.store, at(timedelta(0))) == Sent(delivered=1)
    assert send_webhooks(desk.store, at(timedelta(days=1))) == Sent()
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert (told["event"], told["issue"], told["before"], told["after"]) == (
        f"{NUMBER}-2-{kept.id}", NUMBER, "detected", "in_process",
    )  # fmt: skip
    assert "sari" not in body.lower()
    assert headers["Tanggap-Event"] == told["event"]
    moment, digest = (part.split("=")[1] for part in headers["Tanggap-Signature"].split(","))
    expected = hmac.new(kept.secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    assert digest == expected
    assert headers["Tanggap-Signature"] == signature(kept.secret, body, desk.now())


def test_a_receiver_that_fails_is_tried_again_later_with_the_same_event(
    desk: Desk, receiver: Receiver, at: Callable[[timedelta], Settings]
) -> None:
    hook(desk, f"http://{receiver.address}/")
    receiver.answers = [500, 302]
    desk.move(NUMBER, Status.WAITING, SARI, version=1)
    assert send_webhooks(desk.store, at(timedelta(0))).failed == 1
    assert send_webhooks(desk.store, at(timedelta(seconds=30))) == Sent()
    assert send_webhooks(desk.store, at(timedelta(minutes=2))).failed == 1
    assert send_webhooks(desk.store, at(timedelta(minutes=10))).delivered == 1
    assert len({headers["Tanggap-Event"] for headers, _ in receiver.got}) == 1
    (done,) = left(desk)
    assert (done.state, done.attempts) == ("delivered", 3)


def test_a_message_that_never_arrives_is_given_up(
    desk: Desk, receiver: Receiver, at: Callable[[timedelta], Settings]
) -> None:
    hook(desk, "http://10.0.0.1/dalam")
    desk.move(NUMBER, Status.WAITING, SARI, version=1)
    time = timedelta(0)
    for wait in (*WAITS, timedelta(0)):
        send_webhooks(desk.store, at(time))
        time += wait + timedelta(seconds=1)
    (done,) = left(desk)
    assert (done.state, done.attempts) == ("given_up", len(WAITS) + 1)
    assert "not asked" in done.error


def test_a_refused_move_tells_nobody(desk: Desk) -> None:
    hook(desk, "https://example.go.id/")
    with pytest.raises(RuleError):
        desk.move(NUMBER, Status.RESOLVED, SARI, version=1)
    assert left(desk) == []


@pytest.mark.parametrize(("url", "states"), [("ftp://x.go.id", ()), ("https://", ()), ("https://x.go.id", ("lost",))])
def test_an_address_or_state_that_is_none_is_refused(url: str, states: tuple[str, ...], now: Clock) -> None:
    with pytest.raises(RuleError):
        new_hook(url, states, "cli", now())


def test_webhooks_are_added_listed_and_removed(tanggap: Callable[..., str], desk: Desk) -> None:
    told = tanggap("webhook", "add", "https://sistem.example.go.id/t", "--states", "answered,waiting")
    secret = told.split()[-1]
    desk.move(NUMBER, Status.WAITING, SARI, version=1)
    listed = tanggap("webhook", "list")
    assert "answered, waiting" in listed
    assert f"{NUMBER}-2-1 ke webhook 1: 0 kali" in listed
    assert secret not in listed
    assert "mati" in tanggap("webhook", "remove", 1)
    assert "terkirim 0" in tanggap("webhook", "send")
    with desk.store.read() as db:
        assert secret not in str(audit.entries(db))


def test_an_issue_is_released_and_withdrawn(tanggap: Callable[..., str]) -> None:
    assert "antarmuka umum masih mati" in tanggap("public", "release", NUMBER, "--as", "sari")
    assert "tidak lagi" in tanggap("public", "withdraw", NUMBER, "--as", "sari")
