"""`tanggap source`: every kind is tried against its stand-in, edits are checked and audited, health is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Connection
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.jobs import check_sources
from tanggap.errors import SettingsError, UsageError
from tanggap.records import CrawlRun, Post, Source, SourceKind
from tanggap.settings import Settings, load_settings
from tanggap.store import Store, alarms, audit, posts, quarantine, runs, sources
from tests.mockserver.jetstream import Jetstream, event
from tests.mockserver.mastodon_api import MastodonApi, status
from tests.mockserver.open311_api import Open311Api, request
from tests.mockserver.web import MockWeb, article, feed
from tests.mockserver.x_api import SEARCH, XApi, tweet
from tests.mockserver.youtube_api import CHANNEL, YouTubeApi, stamp, thread

Tanggap = Callable[..., Result]
NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
QLUE = {
    "post_id": 7, "post_date": "2026-01-02 05:40:00", "post_title": "Got mampet", "post_desc": "Got mampet lagi",
    "lat": "-6.2", "lng": "106.8", "status": "process",
}  # fmt: skip
PROFILE = {
    "id": 77, "type": "report",
    "profile": {
        "timestamp": "2026-01-02 05:40:00", "location": {"lat": -6.2, "lng": 106.8},
        "detail": {"status": "process", "desc": "Lampu jalan padam sejak Senin", "kd_kel": "3171010001"},
    },
}  # fmt: skip
COGNICITY = {"post_id": 3, "created_at": "2026-01-02T05:40:00Z", "title": "Banjir", "text": "Air sudah selutut",
             "location": {"lat": -6.2, "lng": 106.8}, "qlue_city": "jakarta"}  # fmt: skip
SEARCHED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Cari</title><item>
<title>Banjir di Pondok Uji belum surut - Koran Uji</title><link>https://cari.example/1</link><guid>1</guid>
<pubDate>Fri, 09 Jan 2026 23:00:00 GMT</pubDate><source url="https://koran.example">Koran Uji</source></item>
</channel></rss>"""
TABLE = "nomor_tiket,isi_laporan,tanggal_laporan,nama\n1,Lampu jalan padam di Pondok Uji,2026-01-02 05:40,Budi\n"
BOOK = "no_resi,tanggal,jam,nama,uraian\n1,2026-01-02,05:40,Budi,Lampu jalan padam di Pondok Uji\n"


@pytest.fixture
def web() -> Iterator[MockWeb]:
    with MockWeb() as server:
        yield server


@pytest.fixture
def stream() -> Iterator[Jetstream]:
    present = int(NOW.timestamp() * 1e6)
    said = event(present - 60_000_000, text="banjir lagi di pondok uji")
    with Jetstream([said, event(present + 3_600_000_000, text="selamat pagi")]) as server:
        yield server


@pytest.fixture
def tanggap(config_dir: Path, web: MockWeb, stream: Jetstream, monkeypatch: pytest.MonkeyPatch) -> Tanggap:
    """The command line on an installation that may ask the stand-ins, and lives near the day they tell of."""
    offset = (NOW - datetime.now(UTC)).total_seconds()
    (config_dir / "tanggap.toml").write_text(
        f'city = "Jakarta"\n[clock]\noffset_s = {offset:.0f}\n'
        f'[limits]\nallow_addresses = ["{web.place}", "{stream.place}"]\ncrawl_timeout_s = 20\npage_timeout_s = 3\n'
        f'[crawler]\nx_api = "{web.url("")}"\nyoutube_api = "{web.url("/")}"\n',
        encoding="utf-8",
    )
    for name in ("KEY", "X_BEARER_TOKEN", "YOUTUBE_API_KEY"):
        monkeypatch.setenv(f"TANGGAP_{name}", "untuk-uji")
    Store.create(f"sqlite:///{config_dir / 'tanggap.sqlite'}").close()

    def run(*words: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, ["source", *words, "--config", str(config_dir)], input=given)

    return run


@pytest.fixture
def settings(config_dir: Path) -> Settings:
    return load_settings(config_dir)


@pytest.fixture
def store(tanggap: Tanggap, config_dir: Path) -> Iterator[Store]:
    assert tanggap("list").exit_code == 0
    store = Store.open(f"sqlite:///{config_dir / 'tanggap.sqlite'}")
    yield store
    store.close()


def stand_in_for(kind: str, web: MockWeb, config: Path) -> list[str]:
    """Lets the web, or a file, answer as a source of this kind does; gives the options that name it."""
    if kind == "news":
        web.routes |= {
            "/rss": feed((web.url("/a"), "Fri, 02 Jan 2026 05:40:00 +0700")),
            "/a": article("Genangan di Pondok Uji"),
        }
        return ["--address", web.url("/rss")]
    if kind == "discovery":
        web.routes["/cari"] = SEARCHED.encode()
        return ["--address", web.url("/cari")]
    if kind == "x":
        web.routes[SEARCH] = XApi([tweet(n) for n in range(1000, 1020)])
        return ["--query", "air mati", "--set", "agreement=X-2026-001", "--set", "price_usd=0.005", "--set",
                "expected_per_day=600", "--set", "budget_usd=3.0"]  # fmt: skip
    if kind == "mastodon":
        api = MastodonApi([status(n, "banjir") for n in range(3)])
        web.routes |= dict.fromkeys(("/api/v1/timelines/tag/banjir", "/api/v2/instance", "/api/v1/instance"), api)
        return ["--address", web.url("").rstrip("/"), "--query", "#banjir"]
    if kind == "youtube":
        api2 = YouTubeApi({"vidUjiUji01": [thread(n) for n in range(3)]}, {"vidUjiUji01": stamp(0)})
        web.routes |= {f"/youtube/v3/{name}": api2 for name in ("playlistItems", "commentThreads", "comments")}
        return ["--address", f"channel:{CHANNEL}", "--set", "schedule=0 */2 * * *"]
    if kind == "open311":
        web.routes["/requests.json"] = Open311Api([request(n, f"2026-01-0{n}T05:40:00Z") for n in (8, 9)])
        return ["--address", web.url("/requests.json")]
    files = {"csv": TABLE, "counter": BOOK, "qlue-a": json.dumps([QLUE]), "qlue-b": json.dumps([PROFILE]),
             "cognicity": json.dumps([COGNICITY])}  # fmt: skip
    (config / "masuk.dat").write_text(files[kind], encoding="utf-8")
    columns = '{id = "nomor_tiket", text = "isi_laporan", published_at = "tanggal_laporan", author = "nama"}'
    return ["--address", "{config}/masuk.dat", *(["--set", f"columns={columns}"] if kind == "csv" else [])]


@pytest.mark.parametrize(
    "kind",
    ["news", "discovery", "x", "mastodon", "youtube", "open311", "csv", "counter", "qlue-a", "qlue-b", "cognicity"],
)
def test_a_source_of_each_kind_is_tried_before_it_is_declared(
    kind: str, tanggap: Tanggap, web: MockWeb, config_dir: Path, store: Store
) -> None:
    named = stand_in_for(kind, web, config_dir)
    done = tanggap("test", "--kind", kind, "--limit", "2", "--set", "pace_s=0", *named)
    print(done.output)
    assert done.exit_code == 0, done.output
    assert "Verdict: works." in done.output
    assert ("1 headlines, no post" in done.output) == (kind == "discovery")
    assert {"x": "about $3.00 a day at 600 posts", "youtube": "units"}.get(kind, "Cost: none.") in done.output
    assert "Budi" not in done.output
    with store.read() as db:
        assert posts.count(db) == 0


def test_bluesky_is_tried_before_it_is_declared(tanggap: Tanggap, stream: Jetstream) -> None:
    done = tanggap("test", "--kind", "bluesky", "--address", f"ws://{stream.place}/subscribe", "--query", "banjir")
    print(done.output)
    assert done.exit_code == 0, done.output
    assert "banjir lagi di pondok uji" in done.output


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("x-keluhan", "agreement"), ("telegram-bmkg", "TANGGAP_TELEGRAM_API_ID"), ("qlue-profiles", "cannot be read")],
)
def test_what_is_missing_is_told_in_one_sentence(name: str, sentence: str, tanggap: Tanggap) -> None:
    done = tanggap("test", name)
    assert done.exit_code == 1
    assert "Verdict: fails (config)" in done.output
    assert sentence in done.output
    assert "Traceback" not in done.output


def test_refused_records_are_told_with_their_reason(tanggap: Tanggap, config_dir: Path) -> None:
    (config_dir / "masuk.dat").write_text(
        json.dumps([{**QLUE, "post_id": n, "post_date": "kemarin" if n == 3 else QLUE["post_date"]} for n in range(9)])
    )
    done = tanggap("test", "--kind", "qlue-a", "--address", "{config}/masuk.dat", "--limit", "9")
    assert "payload 1" in done.output
    assert "kemarin" in done.output


def test_a_source_is_added_tried_verified_switched_on_and_off(
    tanggap: Tanggap, web: MockWeb, config_dir: Path, store: Store
) -> None:
    address = stand_in_for("news", web, config_dir)[1]
    added = tanggap("add", "koran-uji", "--kind", "news", "--title", "Koran Uji", "--address", address)
    assert "switched off" in added.output
    assert tanggap("test", "koran-uji", "--verify").exit_code == 0
    assert tanggap("enable", "koran-uji").output == "koran-uji is enabled.\n"
    assert tanggap("disable", "koran-uji").output == "koran-uji is disabled.\n"
    with store.read() as db:
        source = sources.get(db, "koran-uji")
        told = [(entry.by, entry.action) for entry in audit.entries(db, "koran-uji")]
    assert source is not None
    assert (source.verified, source.enabled) == (True, False)
    assert told == [("cli", "source.disable"), ("cli", "source.enable"), ("cli", "source.add")]


def test_a_wrong_key_is_refused_with_the_nearest_right_one(tanggap: Tanggap) -> None:
    options = ("--kind", "news", "--title", "A", "--address", "https://a.example/rss")
    wrong = tanggap("add", "a", *options, "--set", "shedule=0 6 * * *")
    assert isinstance(wrong.exception, SettingsError)
    assert "did you mean `schedule`" in str(wrong.exception)
    assert isinstance(tanggap("add", "a", "--kind", "news", "--title", "A").exception, SettingsError)
    assert isinstance(tanggap("edit", "detik", "limit=0").exception, SettingsError)
    assert isinstance(tanggap("show", "tidak-ada").exception, UsageError)


def test_an_edit_holds_against_the_file_until_it_is_dropped(tanggap: Tanggap) -> None:
    assert tanggap("edit", "detik", "limit=50", "schedule=0 6 * * *").output == "detik is changed.\n"
    shown = tanggap("show", "detik").output
    assert "limit = 50" in shown
    assert "differs from sources.toml: limit 200 -> 50" in shown
    assert tanggap("edit", "detik", "limit=50").output == "detik is so already.\n"
    assert tanggap("edit", "detik", "--as-declared").output == "detik is changed.\n"
    assert "As sources.toml declares it." in tanggap("show", "detik").output


def test_a_verified_address_stays_so_and_the_file_still_decides_the_rest(tanggap: Tanggap, store: Store) -> None:
    with store.write() as db:
        sources.verify(db, "detik")
    found = {each["id"]: each for each in json.loads(tanggap("list", "--json").output)}
    assert found["detik"]["verified"] is True
    assert "As sources.toml declares it." in tanggap("show", "detik").output


def fail(db: Connection, source: str, minutes_ago: int, failure: str | None) -> None:
    at = NOW - timedelta(minutes=minutes_ago)
    number = runs.start(db, source, at)
    runs.advance(db, CrawlRun(id=number, source=source, started_at=at, fetched=3, new=3, refused={"robots": 2}))
    runs.finish(db, number, at, failure, "told")


def test_an_alarm_opens_once_and_ends_when_the_source_is_read_again(
    tanggap: Tanggap, store: Store, settings: Settings
) -> None:
    with store.write() as db:
        fail(db, "detik", 5, "auth")
    assert check_sources(store, settings).opened == ("detik",)
    again = check_sources(store, settings)
    assert (again.opened, again.standing) == ((), ("detik",))
    told = tanggap("health")
    assert told.exit_code == 0
    assert "kunci ditolak" in told.output
    assert tanggap("health", "--strict").exit_code == 1
    (line,) = [each for each in json.loads(tanggap("health", "--json").output) if each["source"] == "detik"]
    assert (line["state"], line["alarm_since"] is not None) == ("auth", True)
    with store.write() as db:
        fail(db, "detik", 1, None)
        posts.add(db, [Post(source="detik", native_id="1", text="banjir", published_at=NOW, collected_at=NOW)])
    assert check_sources(store, settings).cleared == ("detik",)
    with store.read() as db:
        assert alarms.open_ones(db) == {}
        assert [alarm.cleared_at is not None for alarm in alarms.history(db, "detik")] == [True]
    assert tanggap("health", "--strict").exit_code == 0


def test_show_tells_runs_spending_and_what_lies_in_quarantine(tanggap: Tanggap, store: Store) -> None:
    with store.write() as db:
        fail(db, "detik", 5, None)
        run = runs.latest(db)["detik"]
        quarantine.add(db, run, NOW, [("record 3: it has no time", '{"teks": "\x1b[31mhalo"}')])
    shown = tanggap("show", "detik").output
    assert "robots 2" in shown
    assert "In quarantine: 1 records" in shown
    broken = tanggap("show", "detik", "--quarantine").output
    assert "record 3: it has no time" in broken
    assert "\x1b" not in broken
    plain = json.loads(tanggap("show", "detik", "--json").output)
    assert (plain["id"], plain["runs"][0]["refused"], len(plain["quarantine"])) == ("detik", {"robots": 2}, 1)


def test_a_source_that_no_file_declares_any_more_is_kept_switched_off(store: Store) -> None:
    declared = Source(id="lama", kind=SourceKind.NEWS, title="Lama", address="https://lama.example/")
    with store.write() as db:
        sources.put(db, declared)
        sources.sync(db, [])
        kept = sources.get(db, "lama")
    assert kept is not None
    assert not kept.enabled
