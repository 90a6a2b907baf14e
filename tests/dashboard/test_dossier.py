"""What the desk keeps of an issue, as the components are given it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard import dossier
from tanggap.city import City
from tanggap.desk.timeline import Step
from tanggap.errors import RuleError
from tanggap.records.desk import Commitment, Evidence

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def test_broken_promises_come_first(city: City) -> None:
    def promise(state: str, days: int) -> Commitment:
        return Commitment(
            issue="i",
            text=f"{state} {days}",
            source="person",
            due=NOW + timedelta(days=days),
            state=state,
            at=NOW,
            by="a",
        )

    sorted_ones = dossier.by_worry(
        [promise("kept", -2), promise("open", 1), promise("suggested", 3), promise("open", -1)], NOW
    )

    assert [item.text for item in sorted_ones] == ["open -1", "suggested 3", "open 1", "kept -2"]
    assert dossier.promise(sorted_ones[0], city, NOW)["state"] == "dilanggar"


def test_a_promise_says_what_comes_next_until_it_is_decided() -> None:
    made = Commitment(issue="i", text="x", source="person", due=NOW, state="open", at=NOW - timedelta(days=1), by="a")
    assert dossier.promised(made, NOW - timedelta(hours=2)) == "Sisa 2 j; isu belum bisa ditutup."
    assert dossier.promised(made, NOW + timedelta(hours=3)).startswith("Lewat 3 j. Nyatakan ditepati")
    assert "pastikan tenggat" in dossier.promised(made.evolve(state="suggested"), NOW)
    assert dossier.promised(made.evolve(state="kept"), NOW) == ""


def test_a_doubt_about_evidence_asks_to_look_until_somebody_did() -> None:
    item = Evidence(issue="i", at=NOW, by="a", note="foto", sha256="ab", doubt="Foto ini pernah dipakai.")

    assert dossier.proof(item, {})["state"] == "periksa"
    assert dossier.proof(item.evolve(cleared_by="vera", cleared_note="lain"), {})["state"] == "sudah diperiksa"


def test_the_history_runs_from_the_newest_and_links_a_published_answer() -> None:
    lines = [
        Step(at=NOW, by="Sistem", words="menemukan isu ini"),
        Step(at=NOW, by="Rina", words="menerbitkan jawaban: https://a.example/1 (memindahkannya)"),
    ]

    newest, oldest = dossier.steps(lines)

    assert newest["link"] == {"href": "https://a.example/1", "host": "a.example"}
    assert oldest["link"] is None


def test_a_day_is_written_as_indonesians_write_it() -> None:
    assert dossier.moment("24/11/2026 12.00") == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert dossier.moment(dossier.typed(NOW)) == NOW
    with pytest.raises(RuleError, match="Tulis waktu seperti"):
        dossier.moment("besok")
