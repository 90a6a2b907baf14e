"""What people do with issues: every refusal explains itself, every act leaves a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tanggap.desk.service import Desk
from tanggap.errors import ConflictError, RuleError
from tanggap.records import (
    AuditEntry,
    Issue,
    Link,
    Post,
    Priority,
    Status,
    StatusChange,
    User,
)
from tanggap.store import audit, issues, posts

Stored = Callable[..., Issue]
Person = Callable[[str], User]


def read(desk: Desk, issue: Issue) -> tuple[Issue | None, list[StatusChange], list[AuditEntry]]:
    with desk.store.read() as db:
        return issues.get(db, issue.id), issues.history(db, issue.id), audit.entries(db, issue.id)


def test_a_move_keeps_history_and_audit_together(desk: Desk, stored: Stored, person: Person, moment: datetime) -> None:
    issue = stored()
    moved = desk.move(issue.id, Status.WAITING, person("sari"), version=1)
    kept, history, entries = read(desk, issue)
    assert kept == moved
    assert (moved.status, moved.status_at, moved.version) == (Status.WAITING, moment, 2)
    assert history == [StatusChange(issue=issue.id, at=moment, by="sari", before=Status.DETECTED, after=Status.WAITING)]
    assert [(e.by, e.action, e.before, e.after) for e in entries] == [
        ("sari", "move", {"status": "detected"}, {"status": "waiting"})
    ]


def test_a_move_the_rules_do_not_know_names_those_they_do(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored()
    with pytest.raises(RuleError) as refusal:
        desk.move(issue.id, Status.RESOLVED, person("budi"), version=1, note="foto")
    assert str(refusal.value) == (
        "Dari Terdeteksi tidak bisa langsung ke Selesai; yang boleh: Menunggu, Diarsipkan, Digabung."
    )


def test_a_refused_move_leaves_no_trace(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.WAITING)
    with pytest.raises(RuleError):
        desk.move(issue.id, Status.ANSWERED, person("sari"), version=1, note="sudah kami jawab")
    assert read(desk, issue) == (issue, [], [])


def test_an_old_version_is_a_conflict_not_an_overwrite(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored()
    desk.move(issue.id, Status.WAITING, person("sari"), version=1)
    with pytest.raises(ConflictError, match="muat ulang"):
        desk.move(issue.id, Status.DISMISSED, person("budi"), version=1, note="iklan")


def test_an_issue_that_is_not_there_is_refused(desk: Desk, person: Person) -> None:
    with pytest.raises(RuleError, match="ISU-20261123-0404 tidak ada"):
        desk.take("ISU-20261123-0404", person("sari"), version=1)


@pytest.mark.parametrize(
    "note", ["", "  ", "sudah", "ftp://jakarta.go.id/a", "https://", "https:// jakarta.go.id", "javascript:alert(1)"]
)
def test_answered_needs_a_published_link(desk: Desk, stored: Stored, person: Person, note: str) -> None:
    issue = stored(status=Status.WAITING)
    with pytest.raises(RuleError, match=r"Ditanggapi memerlukan.*Tautan jawaban"):
        desk.move(issue.id, Status.ANSWERED, person("sari"), version=1, note=note)


def test_an_answer_stops_its_clock_and_the_answerer_holds_the_issue(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    issue = stored(status=Status.WAITING)
    moved = desk.move(issue.id, Status.ANSWERED, person("sari"), version=1, note="https://jakarta.go.id/siaran/1")
    assert (moved.answered_at, moved.holder) == (moment, "sari")


def test_a_second_answer_keeps_the_time_of_the_first(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    first = moment - timedelta(hours=2)
    issue = stored(status=Status.IN_PROCESS, answered_at=first, holder="budi")
    moved = desk.move(issue.id, Status.ANSWERED, person("sari"), version=1, note="https://jakarta.go.id/2")
    assert (moved.answered_at, moved.holder) == (first, "budi")


@pytest.mark.parametrize(
    ("start", "to", "need"),
    [
        (Status.WAITING, Status.DISMISSED, "Mengapa ini bukan isu"),
        (Status.WAITING, Status.REFERRED, "Nama pihak luar"),
        (Status.WAITING, Status.DEFERRED, "Menunggu tanggal"),
        (Status.WAITING, Status.DISPOSITION, "Unit atau pihak yang dituju"),
        (Status.DISPOSITION, Status.COORDINATION, "Mengapa disposisi dikembalikan"),
    ],
)
def test_a_guard_asks_for_what_it_needs(
    desk: Desk, stored: Stored, person: Person, start: Status, to: Status, need: str
) -> None:
    issue = stored(status=start)
    with pytest.raises(RuleError, match=need):
        desk.move(issue.id, to, person("sari"), version=1)


def test_coordination_needs_no_reason_unless_a_disposition_is_returned(
    desk: Desk, stored: Stored, person: Person
) -> None:
    issue = stored(status=Status.WAITING)
    assert desk.move(issue.id, Status.COORDINATION, person("sari"), version=1).status is Status.COORDINATION


def test_a_disposition_goes_to_a_body_that_exists(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.WAITING)
    with pytest.raises(RuleError, match="AG99 tidak ada dalam daftar"):
        desk.move(issue.id, Status.DISPOSITION, person("sari"), version=1, agency="AG99")
    moved = desk.move(issue.id, Status.DISPOSITION, person("sari"), version=1, agency="AG42")
    assert (moved.status, moved.agency) == (Status.DISPOSITION, "AG42")


def monitored(stored: Stored, **changes: object) -> Issue:
    return stored(status=Status.MONITORING, **changes)


def test_a_verifier_who_did_not_do_the_work_closes_it(desk: Desk, stored: Stored, person: Person) -> None:
    issue = monitored(stored, holder="sari")
    moved = desk.move(issue.id, Status.RESOLVED, person("vera"), version=1, note="foto lokasi 23 Nov")
    assert moved.status is Status.RESOLVED


def test_closing_needs_evidence(desk: Desk, stored: Stored, person: Person) -> None:
    issue = monitored(stored)
    with pytest.raises(RuleError, match="Bukti yang diperiksa"):
        desk.move(issue.id, Status.RESOLVED, person("vera"), version=1)


def test_an_officer_does_not_close(desk: Desk, stored: Stored, person: Person) -> None:
    issue = monitored(stored)
    with pytest.raises(RuleError, match="yang berhak: verifikator"):
        desk.move(issue.id, Status.RESOLVED, person("sari"), version=1, note="foto")


def test_nobody_closes_what_they_hold(desk: Desk, stored: Stored, person: Person) -> None:
    issue = monitored(stored, holder="budi")
    with pytest.raises(RuleError, match="ikut mengerjakan"):
        desk.move(issue.id, Status.RESOLVED, person("budi"), version=1, note="foto")


def test_nobody_closes_what_they_once_worked_on(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.WAITING)
    issue = desk.move(issue.id, Status.IN_PROCESS, person("budi"), version=1)
    issue = desk.assign(issue.id, person("sari"), version=issue.version, holder="sari")
    issue = desk.move(issue.id, Status.MONITORING, person("sari"), version=issue.version)
    with pytest.raises(RuleError, match="Budi Santoso ikut mengerjakan"):
        desk.move(issue.id, Status.RESOLVED, person("budi"), version=issue.version, note="foto")


def test_nobody_closes_what_they_once_held(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.IN_PROCESS, holder="sari")
    for name in ("budi", "sari"):
        issue = desk.assign(issue.id, person("sari"), version=issue.version, holder=name)
    issue = desk.move(issue.id, Status.MONITORING, person("sari"), version=issue.version)
    with pytest.raises(RuleError, match="Budi Santoso ikut mengerjakan"):
        desk.move(issue.id, Status.RESOLVED, person("budi"), version=issue.version, note="foto")


@pytest.mark.parametrize(("before", "after"), [("P1", "P1"), ("P2", "P2"), ("P3", "P2"), ("P4", "P2")])
def test_reopening_raises_the_priority_counts_and_owes_a_new_answer(
    desk: Desk, stored: Stored, person: Person, moment: datetime, before: str, after: str
) -> None:
    issue = stored(status=Status.RESOLVED, priority=Priority(before), holder="sari", answered_at=moment)
    moved = desk.move(issue.id, Status.WAITING, person("sari"), version=1)
    assert (moved.priority, moved.reopened) == (Priority(after), 1)
    assert moved.holder is None
    assert moved.answered_at is None


def test_an_archived_issue_comes_back_within_thirty_days_only(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    young = stored(id="ISU-20261123-0002", status=Status.DISMISSED, status_at=moment - timedelta(days=30))
    assert desk.move(young.id, Status.WAITING, person("sari"), version=1).status is Status.WAITING
    old = stored(id="ISU-20261123-0003", status=Status.DISMISSED, status_at=moment - timedelta(days=31))
    with pytest.raises(RuleError, match="30 hari"):
        desk.move(old.id, Status.WAITING, person("sari"), version=1)


def test_taking_a_detected_issue_accepts_it_and_begins_the_work(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored()
    taken = desk.take(issue.id, person("sari"), version=1)
    assert (taken.status, taken.holder, taken.version) == (Status.IN_PROCESS, "sari", 2)
    _, history, entries = read(desk, issue)
    assert [(change.before, change.after, change.note) for change in history] == [
        (Status.DETECTED, Status.WAITING, "PIC: Sari Dewi"),
        (Status.WAITING, Status.IN_PROCESS, "PIC: Sari Dewi"),
    ]
    assert entries[0].action == "take"
    assert entries[0].after == {"status": "in_process", "holder": "sari"}


@pytest.mark.parametrize(
    ("start", "after"), [("waiting", "in_process"), ("disposition", "in_process"), ("coordination", "coordination")]
)
def test_taking_begins_the_work_where_nobody_works_yet(
    desk: Desk, stored: Stored, person: Person, start: str, after: str
) -> None:
    taken = desk.take(stored(status=Status(start)).id, person("sari"), version=1)
    assert (taken.status, taken.holder) == (Status(after), "sari")


def test_taking_an_issue_at_work_changes_only_the_holder(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.IN_PROCESS, holder="budi")
    taken = desk.take(issue.id, person("sari"), version=1)
    assert taken == issue.evolve(holder="sari", version=2)
    assert read(desk, issue)[1] == []


def test_taking_what_one_holds_is_refused(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.IN_PROCESS, holder="sari")
    with pytest.raises(RuleError, match="sudah dipegang sari"):
        desk.take(issue.id, person("sari"), version=1)


@pytest.mark.parametrize(
    ("holder", "words"), [("nobody", "Tidak ada akun"), ("off", "Tidak ada akun"), ("lia", "tidak bisa menjadi PIC")]
)
def test_a_holder_is_somebody_who_can_work(desk: Desk, stored: Stored, person: Person, holder: str, words: str) -> None:
    issue = stored()
    with pytest.raises(RuleError, match=words):
        desk.assign(issue.id, person("sari"), version=1, holder=holder)


def test_assigning_a_body_alone_does_not_accept_the_issue(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored()
    assigned = desk.assign(issue.id, person("sari"), version=1, agency="AG42")
    assert (assigned.status, assigned.agency, assigned.holder) == (Status.DETECTED, "AG42", None)


def test_assigning_nothing_is_refused(desk: Desk, stored: Stored, person: Person) -> None:
    with pytest.raises(RuleError, match="PIC, unit, atau keduanya"):
        desk.assign(stored().id, person("sari"), version=1)


def test_closed_issues_are_not_assigned(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.RESOLVED)
    with pytest.raises(RuleError, match="sudah Selesai"):
        desk.take(issue.id, person("sari"), version=1)


@pytest.mark.parametrize("name", ["lia", "vera"])
def test_readers_and_verifiers_do_not_move_issues(desk: Desk, stored: Stored, person: Person, name: str) -> None:
    issue = stored()
    with pytest.raises(RuleError, match="tidak berhak"):
        desk.move(issue.id, Status.WAITING, person(name), version=1)
    with pytest.raises(RuleError, match="tidak berhak"):
        desk.take(issue.id, person(name), version=1)


def test_a_disabled_person_does_nothing(desk: Desk, stored: Stored, person: Person) -> None:
    with pytest.raises(RuleError, match="dinonaktifkan"):
        desk.take(stored().id, person("off"), version=1)


def test_a_person_tied_to_a_body_acts_on_its_issues_only(desk: Desk, stored: Stored, person: Person) -> None:
    own = stored(agency="AG05")
    assert desk.take(own.id, person("dina"), version=1).holder == "dina"
    other = stored(id="ISU-20261123-0002", agency="AG42")
    with pytest.raises(RuleError, match="hanya untuk isu Dinas SDA; isu ini ada pada PAM Jaya"):
        desk.take(other.id, person("dina"), version=1)


def test_merging_moves_the_posts_and_the_old_number_leads_to_the_target(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    issue, target = stored(), stored(id="ISU-20261123-0002")
    with desk.store.write() as db:
        posts.add(db, [Post(source="x", native_id="1", text="banjir", published_at=moment, collected_at=moment)])
        issues.link(db, [Link(post=1, issue=issue.id, similarity=0.9)])
    desk.move(issue.id, Status.MERGED, person("sari"), version=1, note=target.id)
    with desk.store.read() as db:
        assert [link.issue for link in issues.links(db, issue.first_at)] == [target.id]
        found = issues.get(db, issue.id)
    assert found is not None
    assert found.id == target.id
    with pytest.raises(RuleError, match=f"sudah digabung ke {target.id}"):
        desk.take(issue.id, person("sari"), version=2)


@pytest.mark.parametrize("note", ["", "ISU-20261123-0404", "ISU-20261123-0001"])
def test_merging_needs_another_issue_as_target(desk: Desk, stored: Stored, person: Person, note: str) -> None:
    with pytest.raises(RuleError, match=r"[Ii]su tujuan"):
        desk.move(stored().id, Status.MERGED, person("sari"), version=1, note=note)


def test_a_whole_case_from_detection_to_reopening(desk: Desk, stored: Stored, person: Person) -> None:
    issue = desk.move(stored().id, Status.WAITING, person("sari"), version=1)
    steps = [
        (Status.DISPOSITION, "sari", {"agency": "AG05"}),
        (Status.IN_PROCESS, "sari", {}),
        (Status.ANSWERED, "sari", {"note": "https://jakarta.go.id/siaran/7"}),
        (Status.MONITORING, "sari", {}),
        (Status.RESOLVED, "vera", {"note": "foto pompa menyala, diambil 23 Nov"}),
        (Status.WAITING, "budi", {"note": "warga melapor air naik lagi"}),
    ]
    for to, name, given in steps:
        issue = desk.move(issue.id, to, person(name), version=issue.version, **given)
    _, history, entries = read(desk, issue)
    assert [change.after for change in history] == [Status.WAITING, *(to for to, _, _ in steps)]
    assert len(entries) == 1 + len(steps)
    assert (issue.priority, issue.reopened, issue.version) == (Priority.P2, 1, 8)
