"""The command line as its users meet it: a real process, its exit code, one sentence on stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import app
from tanggap.store import Store

POSTS = [
    {"id": "p1", "text": "banjir di kampung melayu sudah sepinggang, tolong perahu buat lansia", "author": "@siti_k"},
    {"id": "p2", "text": "lampu jalan depan puskesmas tebet padam tiga hari, gelap sekali pak"},
    {"id": "p3", "text": "🔥"},
]

SCORE_KEYS = [
    "id", "model", "relevant", "relevance", "sentiment", "sentiment_probs", "topic", "topic_probs", "complaint",
    "urgency", "urgency_probs", "places", "agency", "language", "masked_text", "reasons", "abstained",
]  # fmt: skip


def tanggap(*words: object, stdin: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TANGGAP_KEY": "a key for tests", **(env or {})}
    command = [sys.executable, "-W", "ignore", "-m", "pipeline.cli", *map(str, words)]
    return subprocess.run(
        command, input=stdin, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """One sentence, no traceback, the right exit code."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


def lines(*rows: object) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


@pytest.fixture
def office(config_dir: Path) -> Path:
    """A configuration with an empty store."""
    Store.create(f"sqlite:///{config_dir}/tanggap.sqlite").close()
    return config_dir


def commands() -> dict[str, str]:
    groups = {"": app.registered_commands}
    groups |= {f"{group.name} ": group.typer_instance.registered_commands for group in app.registered_groups}
    return {
        prefix + (command.name or command.callback.__name__): command.callback.__doc__ or ""
        for prefix, members in groups.items()
        for command in members
        if command.callback
    }


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_explained_with_an_example(name: str) -> None:
    assert f"Example: tanggap {name}" in commands()[name]


def test_scores_fit_the_contract_in_the_order_of_the_input() -> None:
    done = tanggap("score", "--in", "-", "--out", "-", stdin=lines(*POSTS))
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["p1", "p2", "p3"]
    assert [list(row) for row in rows] == [SCORE_KEYS] * 3
    assert rows[0]["topic"] == "banjir"
    assert {place["name"] for place in rows[0]["places"]} == {"Kampung Melayu"}
    assert rows[2]["sentiment"] is None
    assert "sentiment" in rows[2]["abstained"]


def test_a_broken_line_is_named_and_the_others_are_scored() -> None:
    done = tanggap("score", "--in", "-", stdin=lines(POSTS[0], "{not json", {"text": "tanpa id"}, POSTS[1]))
    refused(done, 1, "line 2", "line 3", "2 lines")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["p1", "p2"]


def test_two_workers_score_the_same_as_one() -> None:
    rows = lines(*({"id": f"n{i}", "text": f"air pam mati di penjaringan sejak hari ke {i}"} for i in range(600)))
    one, two = (tanggap("score", "--in", "-", "--workers", count, stdin=rows) for count in (1, 2))
    assert one.stdout == two.stdout
    assert one.stdout.count("\n") == 600


def test_groups_come_in_input_order_with_their_issues(tmp_path: Path) -> None:
    texts = [
        "banjir di kampung melayu sepinggang",
        "kampung melayu banjir lagi, air naik",
        "air banjir kampung melayu masuk rumah",
    ]
    rows = [
        {"id": f"g{i}", "text": t, "published_at": f"2026-01-02T0{i}:00:00+07:00", "author": f"a{i}"}
        for i, t in enumerate(texts)
    ]
    done = tanggap("group", "--in", "-", "--issues", tmp_path / "issues.jsonl", stdin=lines(*reversed(rows), POSTS[2]))
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in found] == ["g2", "g1", "g0", "p3"]
    assert [row["issue"] for row in found] == ["ISU-20260102-0001"] * 3 + [None]
    (issue,) = [json.loads(line) for line in (tmp_path / "issues.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (issue["posts"], issue["accounts"], issue["topic"]) == (3, 3, "banjir")


def test_an_import_repeated_changes_nothing(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(lines(*POSTS), encoding="utf-8")
    first = tanggap("import", file, "--format", "jsonl", "--config", office)
    again = tanggap("import", file, "--format", "jsonl", "--config", office)
    assert "3 new, 0 duplicate, 0 failed" in first.stdout, first.stderr
    assert "0 new, 3 duplicate, 0 failed" in again.stdout


def test_process_does_its_work_once(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(lines(*POSTS), encoding="utf-8")
    tanggap("import", file, "--format", "jsonl", "--config", office)
    first = json.loads(tanggap("process", "--json", "--config", office).stdout)
    again = json.loads(tanggap("process", "--json", "--config", office).stdout)
    assert first["scored"] == 3
    assert again == {"scored": 0, "opened": 0, "linked": 0, "merged": 0, "syndicated": 0}


def test_a_quiet_store_still_gives_a_brief(office: Path, tmp_path: Path) -> None:
    done = tanggap(
        "brief", "--date", "2026-11-21", "--format", "html", "--out", tmp_path / "b.html", "--config", office
    )
    assert done.returncode == 0, done.stderr
    assert "21 November 2026" in (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "Tidak ada isu" in tanggap("brief", "--date", "2026-11-21", "--config", office).stdout


def test_a_typo_in_the_settings_names_the_file_and_the_nearest_key(config_dir: Path) -> None:
    with (config_dir / "tanggap.toml").open("a", encoding="utf-8") as file:
        file.write("[clok]\noffset_s = 1\n")
    refused(tanggap("process", "--config", config_dir), 1, "tanggap.toml", "`clok`", "did you mean `clock`?")


def test_a_missing_configuration_says_how_to_make_one(tmp_path: Path) -> None:
    refused(tanggap("process", "--config", tmp_path), 1, "tanggap init")


def test_a_store_that_was_never_made_says_how_to_make_it(config_dir: Path) -> None:
    refused(tanggap("process", "--config", config_dir), 1, "tanggap init")


def test_an_unreachable_store_is_one_sentence_without_its_password(config_dir: Path) -> None:
    url = "postgresql+psycopg://petugas:rahasia-sekali@127.0.0.1:1/tanggap"
    done = tanggap("process", "--config", config_dir, env={"TANGGAP_STORE": url})
    refused(done, 1, "cannot be reached")
    assert "rahasia-sekali" not in done.stderr + done.stdout


def test_an_unknown_source_is_wrong_usage(office: Path) -> None:
    refused(tanggap("crawl", "tidak-ada", "--config", office), 2, "There is no source `tidak-ada`")


def test_a_missing_file_is_one_sentence(office: Path) -> None:
    refused(
        tanggap("score", "--in", "/nowhere/posts.jsonl", "--config", office), 1, "/nowhere/posts.jsonl cannot be opened"
    )


def test_an_unknown_format_is_wrong_usage(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text("<a/>", encoding="utf-8")
    refused(tanggap("import", file, "--format", "xml", "--config", office), 2, "qlue-a")


def test_init_twice_keeps_what_is_there(tmp_path: Path) -> None:
    first = tanggap("init", "--config", tmp_path / "kota")
    assert "password" in first.stdout
    (tmp_path / "kota" / "tanggap.toml").write_text('city = "Contoh"\n', encoding="utf-8")
    again = tanggap("init", "--config", tmp_path / "kota")
    assert again.returncode == 0, again.stderr
    assert "password" not in again.stdout
    assert (tmp_path / "kota" / "tanggap.toml").read_text(encoding="utf-8") == 'city = "Contoh"\n'
    assert (tmp_path / "kota" / "secret.key").stat().st_mode & 0o077 == 0


def test_accounts_are_added_listed_and_closed(office: Path) -> None:
    made = tanggap("user", "add", "rina", "--roles", "officer,verifier", "--config", office)
    assert made.stdout.startswith("rina: ")
    refused(tanggap("user", "add", "rina", "--config", office), 1, "already")
    refused(tanggap("user", "add", "budi", "--roles", "bos", "--config", office), 2, "officer")
    assert tanggap("user", "disable", "rina", "--config", office).returncode == 0
    assert "rina\tofficer, verifier\tdisabled" in tanggap("user", "list", "--config", office).stdout


def test_the_doctor_names_a_key_that_others_can_read(office: Path) -> None:
    key = office / "secret.key"
    key.write_text("abc", encoding="ascii")
    key.chmod(0o644)
    done = tanggap("doctor", "--config", office, env={"TANGGAP_KEY": ""})
    assert done.returncode == 1
    assert "chmod 600" in done.stdout
