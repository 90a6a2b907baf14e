"""Applies the acts of the desk: rules first, then issue, status history and audit in one transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.clock import Clock
from tanggap.desk.guards import Move, check_agency, check_move, check_permission
from tanggap.desk.workflow import Workflow
from tanggap.errors import ConflictError, RuleError
from tanggap.records import AuditEntry, Issue, Priority, Status, StatusChange, User
from tanggap.store import Store, audit, issues, people

#: What the audit keeps of an issue before and after an act.
KEPT = ("status", "priority", "holder", "agency", "answered_at", "reopened", "merged_into")


class Desk:
    """The desk of one city on one store.

    Every act raises RuleError with a sentence for the officer where a rule refuses it, and ConflictError where
    somebody changed the issue since the version the officer saw.
    """

    def __init__(self, store: Store, city: City, now: Clock) -> None:
        self.store = store
        self.city = city
        self.now = now
        self.workflow = Workflow.load(city)

    def move(
        self, issue_id: str, to: Status, by: User, *, version: int, note: str = "", agency: str | None = None
    ) -> Issue:
        """Puts an issue into another state.

        Args:
            version: the version the person saw.
            note: what the guard of the new state asks for: link, reason, evidence, reference or target issue.
            agency: the body that gets a disposition or referral.
        """
        at = self.now()
        with self.store.write() as db:
            issue = self._read(db, issue_id, version)
            move = Move(issue=issue, to=to, by=by, at=at, note=note, agency=agency)
            check_move(move, issues.history(db, issue.id), self.workflow, self.city)
            after = moved(move)
            if to is Status.MERGED:
                after = after.evolve(merged_into=self._merge(db, issue, note.strip()))
            return self._save(db, "move", issue, after, by, note)

    def take(self, issue_id: str, by: User, *, version: int) -> Issue:
        """Makes the person the holder; a detected issue is accepted by the same act."""
        return self._hold(issue_id, by, "take", version, holder=by.name, agency=None)

    def assign(
        self, issue_id: str, by: User, *, version: int, holder: str | None = None, agency: str | None = None
    ) -> Issue:
        """Names the holder, the responsible body, or both; naming a holder accepts a detected issue."""
        if holder is None and agency is None:
            raise RuleError("Penugasan memerlukan PIC, unit, atau keduanya.")
        return self._hold(issue_id, by, "assign", version, holder=holder, agency=agency)

    def _hold(
        self, issue_id: str, by: User, act: str, version: int, *, holder: str | None, agency: str | None
    ) -> Issue:
        with self.store.write() as db:
            issue = self._read(db, issue_id, version)
            check_permission(by, "assign", issue, self.workflow, self.city)
            if self.workflow.is_closed(issue.status):
                raise RuleError(
                    f"Isu ini sudah {self.workflow.label(issue.status)}; buka kembali sebelum menugaskannya."
                )
            if holder is not None and holder == issue.holder and agency is None:
                raise RuleError(f"Isu ini sudah dipegang {holder}.")
            after = issue
            if agency is not None:
                check_agency(agency, self.city)
                after = after.evolve(agency=agency)
            if holder is not None:
                self._check_holder(db, holder)
                after = self._accepted(after, by).evolve(holder=holder)
            return self._save(db, act, issue, after, by, "")

    def _accepted(self, issue: Issue, by: User) -> Issue:
        """A detected issue as waiting; any other as it is."""
        if issue.status is not Status.DETECTED:
            return issue
        move = Move(issue=issue, to=Status.WAITING, by=by, at=self.now())
        check_move(move, (), self.workflow, self.city)
        return moved(move)

    def _read(self, db: Connection, issue_id: str, version: int) -> Issue:
        issue = issues.get(db, issue_id)
        if issue is None:
            raise RuleError(f"Isu {issue_id} tidak ada.")
        if issue.id != issue_id:
            raise RuleError(f"Isu {issue_id} sudah digabung ke {issue.id}; buka isu itu.")
        if issue.version != version:
            raise ConflictError(f"Isu {issue_id} baru saja diubah orang lain; muat ulang, lalu putuskan lagi.")
        return issue

    def _check_holder(self, db: Connection, name: str) -> None:
        person = people.get(db, name)
        if person is None or person.disabled:
            raise RuleError(f"Tidak ada akun aktif bernama {name}; pilih PIC dari daftar petugas.")
        if not self.workflow.may(person, "move"):
            raise RuleError(f"{person.full_name} tidak bisa menjadi PIC; perannya tidak boleh mengerjakan isu.")

    def _merge(self, db: Connection, issue: Issue, target_id: str) -> str:
        """Moves the posts of an issue to the target; its counts are refreshed by the next grouping pass."""
        target = issues.get(db, target_id)
        if target is None or target.id == issue.id:
            raise RuleError(f"Isu tujuan {target_id} tidak ada; tulis nomor isu lain, seperti ISU-20261122-0001.")
        if self.workflow.is_closed(target.status):
            raise RuleError(f"Isu tujuan {target.id} sudah {self.workflow.label(target.status)}.")
        mine = [link for link in issues.links(db, issue.first_at) if link.issue == issue.id]
        issues.link(db, [link.evolve(issue=target.id) for link in mine])
        return target.id

    def _save(self, db: Connection, act: str, before: Issue, after: Issue, by: User, note: str) -> Issue:
        at = self.now()
        saved = issues.update(db, after)
        if before.status is not after.status:
            change = StatusChange(
                issue=before.id, at=after.status_at, by=by.name, before=before.status, after=after.status, note=note
            )
            issues.add_change(db, change)
        old, new = changes(before, after)
        audit.add(db, AuditEntry(at=at, by=by.name, action=act, subject=before.id, before=old, after=new, note=note))
        return saved


def moved(move: Move) -> Issue:
    """The issue after a move that the rules allow.

    Waiting means nobody holds it, so entering it drops the holder; whoever starts work on an issue without holder
    becomes it. Opening a closed issue again raises it to P2 at least and owes the public a new answer.
    """
    issue, to = move.issue, move.to
    facts: dict[str, Any] = {"status": to, "status_at": move.at}
    if move.agency is not None:
        facts["agency"] = move.agency
    if to is Status.WAITING:
        facts["holder"] = None
    if to in (Status.IN_PROCESS, Status.ANSWERED) and issue.holder is None:
        facts["holder"] = move.by.name
    if to is Status.ANSWERED and issue.answered_at is None:
        facts["answered_at"] = move.at
    if issue.status is Status.RESOLVED:
        facts["priority"] = min(issue.priority, Priority.P2)
        facts["reopened"] = issue.reopened + 1
        facts["answered_at"] = None
    return issue.evolve(**facts)


def changes(before: Issue, after: Issue) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an act changed, as plain values: the fields before and the same fields after."""
    differ = [name for name in KEPT if getattr(before, name) != getattr(after, name)]
    return (
        {name: _plain(getattr(before, name)) for name in differ},
        {name: _plain(getattr(after, name)) for name in differ},
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
