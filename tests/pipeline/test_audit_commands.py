"""`tanggap audit`: what a privacy officer types and reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from pipeline.cli import app
from tanggap.clock import Clock
from tanggap.errors import UsageError
from tanggap.records import AuditEntry
from tanggap.store import Store, audit
from tanggap.store.audit_tables import audit as table


@pytest.fixture
def tanggap(config_dir: Path, store: Store, now: Clock, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("TANGGAP_CONFIG", str(config_dir))
    moved = {"before": {"status": "detected"}, "after": {"status": "waiting", "holder": "sari"}}
    with store.write() as db:
        audit.add(db, AuditEntry(at=now(), by="machine", action="issue.open", subject="ISU-1", after={"posts": 3}))
        audit.add(db, AuditEntry(at=now(), by="sari", action="take", subject="ISU-1", note="banjir", **moved))
        audit.add(db, AuditEntry(at=now(), by="cli", action="user.add", subject="budi"))
    return CliRunner()


def test_a_whole_chain_is_told_with_its_head(tanggap: CliRunner) -> None:
    told = tanggap.invoke(app, ["audit", "verify"], catch_exceptions=False)
    assert told.exit_code == 0
    assert told.stdout.startswith("jejak audit utuh: 3 catatan, kepala 3:")
    head = told.stdout.split()[-1]
    assert tanggap.invoke(app, ["audit", "verify", "--head", head]).exit_code == 0
    (fields,) = [json.loads(tanggap.invoke(app, ["audit", "verify", "--json"]).stdout)]
    assert fields == {"entries": 3, "head": head, "fault": ""}


def test_a_broken_chain_is_told_in_one_sentence_and_exit_code_one(tanggap: CliRunner, store: Store) -> None:
    with store.write() as db:
        db.exec_driver_sql("DROP TRIGGER audit_no_update")
        db.execute(sa.update(table).where(table.c.id == 2).values(by="budi"))
    told = tanggap.invoke(app, ["audit", "verify"], catch_exceptions=False)
    assert told.exit_code == 1
    assert "Entry 2 (take of ISU-1) was changed after it was written." in told.stderr


def test_the_decisions_about_an_issue_are_shown_oldest_first(tanggap: CliRunner) -> None:
    told = tanggap.invoke(app, ["audit", "show", "ISU-1"], catch_exceptions=False).stdout.splitlines()
    assert told == [
        "22 Nov 20.00  machine  issue.open: posts – → 3",
        "22 Nov 20.00  sari  take: holder – → sari, status detected → waiting  (banjir)",
    ]
    rows = json.loads(tanggap.invoke(app, ["audit", "show", "ISU-1", "--json"]).stdout)
    assert [row["action"] for row in rows] == ["issue.open", "take"]
    assert "Nothing is recorded" in tanggap.invoke(app, ["audit", "show", "ISU-9"]).stderr


def test_a_head_that_cannot_be_read_is_wrong_usage(tanggap: CliRunner) -> None:
    with pytest.raises(UsageError, match="NUMBER:HASH"):
        tanggap.invoke(app, ["audit", "verify", "--head", "3"], catch_exceptions=False)
