"""How an issue fares, as the component is given it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard import measures
from tanggap.city import City
from tanggap.desk.deadlines import Deadline
from tanggap.desk.effect import Effect, Like
from tanggap.desk.silence import Silence
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, Priority, Role, User

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_silence_is_split_into_shares_of_the_whole() -> None:
    told = measures.waited(Silence(blind=HOUR, desk=2 * HOUR, agency=HOUR, answered=False))
    assert told["words"] == "Waktu diam 4 j dan belum dijawab"
    assert [(part["label"], part["share"]) for part in told["parts"]] == [
        ("belum terlihat", 0.25), ("di meja", 0.5), ("pada pihak", 0.25),
    ]  # fmt: skip


def test_a_clock_tells_its_warnings_and_whether_it_was_met_in_time() -> None:
    one = Deadline(kind="first_answer", label="Jawaban pertama", start=NOW, due=NOW + 10 * HOUR)
    early, warned, late = (measures.clock(one, NOW + hours * HOUR) for hours in (1, 8, 12))
    assert (early["state"], early["tone"], early["warned"]) == ("sisa 9 j", "", "")
    assert (warned["state"], warned["tone"], warned["warned"]) == ("sisa 2 j", "amber", "peringatan 80%")
    assert (late["state"], late["tone"], late["share"]) == ("lewat 2 j", "red", 1)
    met = measures.clock(one.evolve(met_at=NOW + 11 * HOUR), NOW + 40 * HOUR)
    assert met["state"] == "terpenuhi 22 Nov 19.00, terlambat 1 j"


def test_who_is_called_is_named_though_nobody_holds_it(city: City) -> None:
    lead = User(name="a", full_name="Koordinator Ani", roles=(Role.ADMIN,))
    off = User(name="b", full_name="Sudah Pindah", roles=(Role.ADMIN,), disabled=True)
    issue = Issue(
        id="i", title="x", topic="banjir", priority=Priority.P2, agency="AG05", first_at=NOW, last_at=NOW,
        detected_at=NOW, status_at=NOW,
    )  # fmt: skip
    told = {one["label"]: one["words"] for one in measures.called(issue, [lead, off], (), Workflow.load(city), city)}
    assert told["PIC"] == "belum ada · Dinas SDA"
    assert told["Koordinator piket"] == "Koordinator Ani"
    assert "belum ada saluran" in told["Peringatan ke"]


def test_an_effect_shows_its_interval_and_the_issues_it_is_compared_with() -> None:
    peers = tuple(Like(issue=f"ISU-{at}", before=20, after=10) for at in range(9))
    told = measures.effect(
        Effect(before=40, after=20, side=6 * HOUR, change=-0.1, interval=(-0.4, 3.0), peers=peers,
               verdict="belum ada efek yang jelas"), [],
    )  # fmt: skip
    assert told["line"] == {"start": 0.3, "end": 1.0, "at": 0.45, "words": "rentang 90%: -40% s.d. +300%"}
    assert (told["count"], len(told["peers"]), told["peers"][0]["words"]) == (9, measures.NAMED, "20 → 10")
    unknown = measures.effect(Effect(before=1, after=0, side=6 * HOUR), [])
    assert (unknown["line"], unknown["compared"]) == (None, "terlalu sedikit kiriman; perlu 6")
