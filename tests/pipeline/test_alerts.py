"""People are called once for each thing, on real channels: a local web server takes the messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline import work
from pipeline.channels import channels
from pipeline.cli import app
from pipeline.jobs.alerting import Alerted, alert
from pipeline.running import Running
from tanggap.clock import WIB
from tanggap.errors import SettingsError
from tanggap.records import Issue, Priority, Status
from tanggap.records.desk import Commitment
from tanggap.schedules import JobRun, State
from tanggap.settings import Settings, load_settings
from tanggap.store import Store, alarms, alerts, issues, job_runs
from tanggap.store.shelf import commitments
from tests.mockserver.web import MockWeb, Request

ROOT = Path(__file__).resolve().parents[2]
#: Monday 23 November 2026, 09.00 in Jakarta; the clock of the tests starts there and goes on.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)
SECRET = "sangat-rahasia"

#: Apprise loads an old module of the standard library.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class Phone:
    """A channel's other end: keeps what it got, and refuses while it is away."""

    def __init__(self, web: MockWeb) -> None:
        self.got: list[dict[str, str]] = []
        self.status = 200
        self.address = f"json://piket:{SECRET}@{web.place}/pesan"
        web.routes["/pesan"] = self

    def __call__(self, request: Request) -> None:
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        if self.status == 200:
            self.got.append(body)
        request.answer(b"", status=self.status)

    @property
    def titles(self) -> list[str]:
        return [body["title"] for body in self.got]


@pytest.fixture
def phone() -> Iterator[Phone]:
    with MockWeb() as web:
        yield Phone(web)


@pytest.fixture
def at(store: Store, settings: Settings, phone: Phone) -> Callable[..., Any]:
    """An installation with one channel, so many minutes after nine o'clock."""

    def open_at(minutes: float, *, named: bool = True, **rules: Any) -> Any:
        offset = (MONDAY + timedelta(minutes=minutes) - datetime.now(UTC)).total_seconds()
        told = {"channels": ("piket",) if named else (), **rules}
        changed = settings.model_copy(
            update={
                "clock": settings.clock.model_copy(update={"offset_s": offset}),
                "alerts": settings.alerts.model_copy(update=told),
                "secrets": settings.secrets.model_copy(update={"alerts": {"piket": phone.address}}),
            }
        )
        return SimpleNamespace(settings=changed, store=store)

    return open_at


def call(office: Any, city: Any) -> Alerted:
    return alert(office.store, city, office.settings, channels(office.settings), {})


def add(store: Store, number: int = 1, **changes: Any) -> Issue:
    facts: dict[str, Any] = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), MONDAY)
    facts |= {"id": f"ISU-20261123-{number:04d}", "title": f"Banjir di RW {number}", "topic": "banjir"}
    issue = Issue(**{**facts, "priority": Priority.P1, "place": "Tebet", **changes})
    with store.write() as db:
        issues.add(db, issue)
    return issue


def test_a_new_urgent_issue_goes_out_once_and_its_clocks_at_each_mark(
    at: Any, store: Store, city: Any, phone: Phone
) -> None:
    add(store)
    assert call(at(1), city) == Alerted(noted=1, sent=1, away=())
    assert call(at(2), city) == Alerted(noted=0, sent=0, away=())
    assert phone.titles == ["[P1] Isu P1 menunggu: Banjir di RW 1"]
    assert "Dipegang: belum ada PIC" in phone.got[0]["message"]
    assert "/?isu=ISU-20261123-0001" in phone.got[0]["message"]
    for minute in range(3, 17):
        call(at(minute), city)
    assert phone.titles[1:] == [
        "[P1] Separuh waktu terpakai: Banjir di RW 1",
        "[P1] Tenggat dekat: Banjir di RW 1",
        "[P1] Lewat tenggat: Banjir di RW 1",
    ]


def test_a_promise_goes_out_before_it_is_broken_and_when_it_is(at: Any, store: Store, city: Any, phone: Phone) -> None:
    issue = add(store, status=Status.ANSWERED, answered_at=MONDAY, holder="sari")
    merged = add(store, 2, status=Status.MERGED, merged_into=issue.id)
    with store.write() as db:
        due = MONDAY + timedelta(minutes=30)
        for number, state in enumerate(("open", "kept", "suggested")):
            made = Commitment(issue=merged.id, text=f"Pompa {number}", source="person", at=MONDAY, by="sari")
            commitments.add(db, made.evolve(state=state, due=due, owner="AG05"))
    for minute in (10, 20, 31, 40):
        call(at(minute), city)
    assert phone.titles == ["[P1] Janji segera jatuh tempo: Banjir di RW 1", "[P1] Janji dilanggar: Banjir di RW 1"]
    said = phone.got[0]["message"]
    assert "“Pompa 0”" in said
    assert "Tenggat janji: 23 Nov 09.30 WIB, sisa 20 mnt" in said
    assert f"/?isu={issue.id}" in said


def test_without_a_channel_alerts_are_noted_and_told_once_there_is_one(
    at: Any, store: Store, city: Any, phone: Phone
) -> None:
    add(store)
    assert call(at(1, named=False), city) == Alerted(noted=1, sent=0, away=())
    with store.read() as db:
        (noted,) = alerts.recent(db)
    assert (noted.alert.title, noted.channels) == ("[P1] Isu P1 menunggu: Banjir di RW 1", {})
    assert call(at(2), city).sent == 1


def test_many_at_once_are_one_message(at: Any, store: Store, city: Any, phone: Phone) -> None:
    for number in range(1, 41):
        add(store, number)
    assert call(at(1), city) == Alerted(noted=40, sent=1, away=())
    assert phone.titles == ["40 hal menunggu petugas (40 P1)"]
    for minute in range(2, 61, 3):
        call(at(minute), city)
    assert len(phone.got) <= 12
    with store.read() as db:
        assert all(one.channels for one in alerts.recent(db, 500))


def test_a_channel_that_is_away_is_tried_again_and_nothing_done_meanwhile_is_told(
    at: Any, store: Store, city: Any, phone: Phone
) -> None:
    first, second = add(store, 1), add(store, 2)
    phone.status = 503
    assert call(at(1), city) == Alerted(noted=2, sent=0, away=("piket",))
    assert call(at(1.2), city).away == ()  # it is left alone for a while
    assert call(at(2), city).away == ("piket",)
    with store.write() as db:
        issues.update(db, first.evolve(status=Status.DISMISSED))
    phone.status = 200
    assert call(at(4), city).sent == 1
    assert phone.titles == [f"[P1] Isu P1 menunggu: {second.title}"]


def test_quiet_classes_wait_for_the_offices_and_sources_for_the_morning(
    at: Any, store: Store, city: Any, phone: Phone
) -> None:
    night = 14 * 60  # 23.00
    add(store, priority=Priority.P4)
    with store.write() as db:
        alarms.raise_or_refresh(db, "detik", "quiet", "Tidak ada kiriman.", since=MONDAY, at=MONDAY)
    assert call(at(night), city).sent == 0
    assert call(at(night + 8 * 60), city).sent == 1  # 07.00: the source, but the offices are shut
    assert phone.titles == ["Sumber bermasalah: detik"]
    call(at(night + 9 * 60), city)
    assert any("Banjir di RW 1" in body["message"] for body in phone.got[1:])


def test_the_job_names_what_was_set_aside_and_survives_a_channel_without_address(
    at: Any, store: Store, city: Any, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = at(60)
    office.city = city
    with store.write() as db:
        asked = job_runs.request(db, "backup", by="test", at=MONDAY)
        job_runs.take_due(db, MONDAY, 1)
        run = job_runs.start(db, asked.id, 1, "w", MONDAY)
        assert run is not None
        job_runs.finish(db, run, State.SET_ASIDE, MONDAY, reason="diska penuh")
    running = Running(
        office, JobRun(id="r", job="alert", state=State.RUNNING, asked_at=MONDAY, due_at=MONDAY), _never()
    )
    assert work.JOBS["alert"].do(running) == {"noted": 1, "sent": 1}
    assert phone.titles == ["Tugas disisihkan: Mencadangkan data"]
    assert "diska penuh" in phone.got[0]["message"]
    office.settings = office.settings.model_copy(
        update={"secrets": office.settings.secrets.model_copy(update={"alerts": {}})}
    )
    assert work.JOBS["alert"].do(running) == {"noted": 0, "sent": 0}
    assert "TANGGAP_ALERT_PIKET" in running.note


def _never() -> threading.Event:
    return threading.Event()


KILLED = """
import sys, time
from datetime import timedelta
from pathlib import Path
from pipeline.channels import channels
from pipeline.jobs.alerting import alert
from tanggap.city import load_city
from tanggap.settings import load_settings
from tanggap.store import Store, alerts

def hang(*_):
    print("sent", flush=True)
    time.sleep(60)

alerts.mark = hang
settings = load_settings(Path(sys.argv[1]))
rules = settings.alerts.model_copy(update={"channels": ("piket",)})
settings = settings.model_copy(
    update={"alerts": rules, "clock": settings.clock.model_copy(update={"offset_s": float(sys.argv[2])})}
)
alert(Store.open(settings.store_url), load_city(Path(sys.argv[1])), settings, channels(settings), {})
"""


def test_killed_between_sending_and_marking_only_that_message_is_repeated(
    at: Any, any_store: Store, city: Any, phone: Phone, config_dir: Path
) -> None:
    add(any_store, 1)
    add(any_store, 2)
    office, later = at(1), at(2)
    later.store = any_store
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TANGGAP_STORE": any_store.engine.url.render_as_string(hide_password=False),
        "TANGGAP_ALERT_PIKET": phone.address,
    }
    command = [sys.executable, "-c", KILLED, str(config_dir), str(office.settings.clock.offset_s)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert child.stdout is not None
    assert child.stdout.readline() == b"sent\n"
    child.kill()
    child.wait()
    assert call(later, city) == Alerted(noted=0, sent=2, away=())
    assert [phone.titles.count(f"[P1] Isu P1 menunggu: Banjir di RW {n}") for n in (1, 2)] == [2, 1]


def test_addresses_come_from_the_environment_or_a_closed_file_and_are_told_nowhere(
    config_dir: Path, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    file = config_dir / "secrets.toml"
    file.write_text(f'[alerts]\npiket = "{phone.address}"\nlain = "json://x/"\n')
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings(config_dir, environ={})
    file.chmod(0o600)
    settings = load_settings(config_dir, environ={"TANGGAP_ALERT_LAIN": "ngawur"})
    assert settings.secrets.alerts == {"piket": phone.address, "lain": "ngawur"}
    assert SECRET not in repr(settings) + repr(settings.secrets)

    def named(*names: str) -> Settings:
        return settings.model_copy(update={"alerts": settings.alerts.model_copy(update={"channels": names})})

    assert SECRET not in repr(channels(named("piket")))
    with pytest.raises(SettingsError, match="lain cannot be read") as refusal:
        channels(named("lain"))
    assert "ngawur" not in str(refusal.value)
    with pytest.raises(SettingsError, match="TANGGAP_ALERT_TIADA"):
        channels(named("tiada"))
    assert SECRET not in caplog.text


def test_the_commands_send_a_test_message_and_list_what_was_noted(
    config_dir: Path, store: Store, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (config_dir / "tanggap.toml").read_text().replace("channels = []", 'channels = ["piket"]')
    (config_dir / "tanggap.toml").write_text(text)
    monkeypatch.setenv("TANGGAP_ALERT_PIKET", phone.address)
    add(store)

    def tanggap(*words: str) -> Any:
        return CliRunner().invoke(app, [*words, "--config", str(config_dir)])

    done = tanggap("alert", "test")
    assert done.output == "piket: terkirim\n"
    assert phone.titles == ["Uji saluran Tanggap"]
    phone.status = 500
    done = tanggap("alert", "test", "piket")
    assert "piket: The channel piket took no message" in done.output
    assert SECRET not in done.output + str(done.exception)
    with store.write() as db:
        made = alerts.Alert(
            key="k",
            kind="issue",
            subject="ISU-1",
            priority="P1",
            at=MONDAY,
            title="[P1] Isu P1 menunggu",
            body="di sana",
        )
        alerts.note(db, [made])
    assert "dicatat saja" in tanggap("alert", "list").output
    (row,) = json.loads(tanggap("alert", "list", "--json").output)
    assert (row["kind"], row["priority"], row["sent"]) == ("issue", "P1", {})
