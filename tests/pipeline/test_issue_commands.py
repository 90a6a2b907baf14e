"""`tanggap issue`: what an officer types and reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tanggap.errors import RuleError, UsageError
from tanggap.records import Issue, Link, Post, Role, Score, User
from tanggap.store import Store, issues, people, posts, scores

ONE, TWO = "ISU-20261122-0001", "ISU-20261122-0002"


@pytest.fixture
def tanggap(config_dir: Path, store: Store, monkeypatch: pytest.MonkeyPatch, now) -> CliRunner:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("TANGGAP_CONFIG", str(config_dir))
    times = {"first_at": now(), "last_at": now(), "detected_at": now(), "status_at": now()}
    blank = Score(model="t", relevant=True, relevance=1.0, sentiment="negative", topic="banjir", complaint=True,
                  urgency=1, urgency_probs=(0.1, 0.9, 0.0, 0.0), terms="banjir gang")  # fmt: skip
    with store.write() as db:
        people.add(db, User(name="sari", full_name="Sari", roles=(Role.OFFICER,)), "x")
        for name, title in ((ONE, "Banjir di Pluit"), (TWO, "Genangan di Pluit")):
            issues.add(db, Issue(id=name, title=title, topic="banjir", posts=3, accounts=3, **times))
        posts.add(db, [Post(source="x", native_id=str(n), text=f"banjir gang {n}", author=f"a{n}", published_at=now(),
                            collected_at=now()) for n in range(1, 7)])  # fmt: skip
        scores.add(db, [(n, blank) for n in range(1, 7)])
        issues.link(db, [Link(post=n, issue=ONE if n < 4 else TWO, similarity=0.7) for n in range(1, 7)])
    return CliRunner()


def say(tanggap: CliRunner, *words: str) -> str:
    result = tanggap.invoke(app, ["issue", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_officer_merges_splits_moves_titles_and_takes_it_all_back(tanggap: CliRunner) -> None:
    assert "Batalkan dengan: tanggap issue undo 1" in say(tanggap, "merge", TWO, ONE, "--as", "sari")
    told = say(tanggap, "show", TWO)
    assert f"{TWO} sudah digabung; isu ini melanjutkannya." in told
    assert f"{ONE} · Banjir di Pluit" in told
    assert "6 kiriman, 6 suara" in told
    assert "6 suara berbeda: 6 di media sosial." in told
    assert json.loads(say(tanggap, "show", ONE, "--json"))["summary"][1]["counts"][0]["number"] == 6
    assert "dibuat dari 2 kiriman" in say(tanggap, "split", ONE, "1", "2", "--as", "sari", "--title", "Gang satu")
    assert "pindah ke" in say(tanggap, "move", "3", "ISU-20261122-0003", "--as", "sari")
    say(tanggap, "title", ONE, "Banjir Pluit Raya", "--as", "sari")
    log = say(tanggap, "log", ONE).splitlines()
    assert [line.split()[0] for line in log] == ["1", "2", "3", "4"]
    assert "judul diganti: Banjir Pluit Raya" in log[-1]
    for number in ("4", "3", "2", "1"):
        say(tanggap, "undo", number, "--as", "sari")
    queue = {item["id"]: item["posts"] for item in json.loads(say(tanggap, "list", "--json"))}
    assert queue == {ONE: 3, TWO: 3}
    assert "[dibatalkan]" in say(tanggap, "log", ONE)


def test_desk_acts_work_from_the_terminal_and_refusals_are_one_sentence(tanggap: CliRunner) -> None:
    say(tanggap, "move", ONE, "waiting", "--as", "sari")
    say(tanggap, "assign", ONE, "--holder", "sari", "--as", "sari")
    say(tanggap, "answer", ONE, "https://jakarta.go.id/siaran/7", "--as", "sari")
    assert "Ditanggapi" in say(tanggap, "show", ONE)
    for words, error, match in (
        (("move", ONE, "selesai", "--as", "sari"), UsageError, "is no state"),
        (("show", "ISU-9"), UsageError, "There is no issue"),
        (("title", ONE, "Baru saja", "--as", "budi"), UsageError, "no account"),
        (("split", ONE, "9", "--as", "sari"), RuleError, "tidak berada dalam"),
    ):
        with pytest.raises(error, match=match):
            say(tanggap, *words)


def test_the_queue_is_listed_with_single_reports_folded(tanggap: CliRunner, store: Store, now) -> None:  # type: ignore[no-untyped-def]
    times = {"first_at": now(), "last_at": now(), "detected_at": now(), "status_at": now()}
    with store.write() as db:
        for number in (3, 4):
            single = Issue(id=f"ISU-20261122-000{number}", title=f"Lubang {number}", topic="jalan_trotoar", posts=1,
                           accounts=1, **times)  # fmt: skip
            issues.add(db, single)
    assert "2 laporan tunggal: Jalan & trotoar tanpa tempat" in say(tanggap, "list")
    assert "Lubang 4" in say(tanggap, "list", "--unfolded")


def test_an_empty_list_of_suggestions_is_empty(tanggap: CliRunner) -> None:
    assert say(tanggap, "suggestions") == ""
