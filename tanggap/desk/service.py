"""Applies the acts of the desk: rules first, then issue, status history and audit in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.clock import Clock
from tanggap.desk import handing, hooks, timeline
from tanggap.desk.guards import Dossier, Move, check_agency, check_move, check_permission
from tanggap.desk.transfers import absorb
from tanggap.desk.workflow import Workflow
from tanggap.errors import ConflictError, RuleError
from tanggap.records import AuditEntry, Issue, Priority, Status, StatusChange, User
from tanggap.store import Store, audit, issues, people, promises
from tanggap.store.shelf import assignments, evidence

#: What the audit keeps of an issue before and after an act.
KEPT = ("status", "priority", "holder", "agency", "areas", "place", "answered_at", "reopened", "merged_into")
#: Naming a holder begins the work in these states; in the others it only changes hands.
BEGINS = frozenset({Status.DETECTED, Status.WAITING})


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
        self,
        issue_id: str,
        to: Status,
        by: User,
        *,
        version: int,
        note: str = "",
        agency: str | None = None,
        contact: str = "",
        reference: str = "",
    ) -> Issue:
        """Puts an issue into another state.

        Args:
            version: the version the person saw.
            note: what the guard of the new state asks for: link, reason, evidence, reference or target issue.
            agency: the body that gets a disposition or referral.
            contact: whom an outside body answers through; its own contact of agencies.toml if left out.
            reference: the number an outside body gave; it also serves as the note of a referral.
        """
        if to is Status.REFERRED and reference and not note.strip():
            note = " · ".join(filter(None, (self.city.agency_label(agency) if agency else "", contact, reference)))
        with self.store.write() as db:
            issue = self.read(db, issue_id, version)
            move = Move(issue=issue, to=to, by=by, at=self.now(), note=note, agency=agency, contact=contact)
            return self._move(db, move.evolve(reference=reference))

    def move_in(
        self, db: Connection, issue_id: str, to: Status, by: User, *, version: int | None = None, note: str = ""
    ) -> Issue:
        """`move` within a transaction that does more; without a version, on the issue as it is now."""
        issue = self.read(db, issue_id, version)
        return self._move(db, Move(issue=issue, to=to, by=by, at=self.now(), note=note))

    def _move(self, db: Connection, move: Move) -> Issue:
        issue = move.issue
        dossier = self.dossier(db, issue.id)
        if move.to is Status.RESOLVED:
            dossier = replace(dossier, holders=_holders(db, issue.id))
        check_move(move, dossier, self.workflow, self.city)
        after = moved(move)
        if move.to is Status.MERGED:
            target = self._target(db, issue, move.note.strip())
            absorb(db, issue, target, move.by.name, move.at, self.city)
            after = after.evolve(merged_into=target.id)
        if issue.status is Status.DISPOSITION and move.to is Status.COORDINATION:
            after = after.evolve(agency=handing.origin(db, move))
        handing.follow(db, move, self.workflow, self.city)
        facts = {"target": move.agency} if move.agency else {}
        return self.save(db, "move", issue, after, by=move.by, note=move.note, facts=facts)

    def dossier(self, db: Connection, issue_id: str) -> Dossier:
        """What the rules must know of an issue besides the issue."""
        return Dossier(
            history=issues.history(db, issue_id),
            hand_overs=assignments.of_issue(db, issue_id),
            commitments=promises.of_issue(db, issue_id),
            evidence=evidence.of_issue(db, issue_id),
        )

    def take(self, issue_id: str, by: User, *, version: int) -> Issue:
        """Makes the person the holder, who begins the work: a detected issue is accepted, a waiting one in process.

        Taking what was handed over accepts it. In the other states the issue only changes hands.
        """
        return self._hold(issue_id, by, "take", version, holder=by.name, agency=None)

    def assign(
        self, issue_id: str, by: User, *, version: int, holder: str | None = None, agency: str | None = None
    ) -> Issue:
        """Names the holder, the responsible body, or both; with a holder a detected or waiting issue is in process."""
        if holder is None and agency is None:
            raise RuleError("Penugasan memerlukan PIC, unit, atau keduanya.")
        return self._hold(issue_id, by, "assign", version, holder=holder, agency=agency)

    def _hold(
        self, issue_id: str, by: User, act: str, version: int, *, holder: str | None, agency: str | None
    ) -> Issue:
        with self.store.write() as db:
            issue = self.read(db, issue_id, version)
            check_permission(by, "assign", issue, self.workflow, self.city)
            if self.workflow.is_closed(issue.status):
                raise RuleError(
                    f"Isu ini sudah {self.workflow.label(issue.status)}; buka kembali sebelum menugaskannya."
                )
            if holder is not None and holder == issue.holder and agency is None:
                raise RuleError(f"Isu ini sudah dipegang {holder}.")
            steps, told = [issue], ""
            if agency is not None:
                check_agency(agency, self.city)
                steps = [issue.evolve(agency=agency)]
            if holder is not None:
                told = f"PIC: {self._holder(db, holder).full_name}"
                steps += self._begun(db, steps[-1], by, told, own=act == "take")
                steps.append(steps[-1].evolve(holder=holder))
            return self.save(db, act, issue, *steps, by=by, told=told)

    def _begun(self, db: Connection, issue: Issue, by: User, note: str, *, own: bool) -> list[Issue]:
        """The moves that naming a holder makes, one after the other."""
        done: list[Issue] = []
        path = [Status.WAITING] if issue.status is Status.DETECTED else []
        if issue.status in BEGINS or (own and issue.status is Status.DISPOSITION):
            path.append(Status.IN_PROCESS)
        for to in path:
            move = Move(issue=done[-1] if done else issue, to=to, by=by, at=self.now(), note=note)
            check_move(move, self.dossier(db, issue.id), self.workflow, self.city)
            handing.follow(db, move, self.workflow, self.city)
            done.append(moved(move))
        return done

    def correct_place(self, issue_id: str, by: User, *, version: int, area: str) -> Issue:
        """Puts an issue where it really is, in one step: areas, place, and the unit that is tied to the area.

        Its state, holder and history stay. The machine's own guess does not come back.
        """
        with self.store.write() as db:
            issue = self.read(db, issue_id, version)
            check_permission(by, "assign", issue, self.workflow, self.city)
            if area not in self.city.areas:
                raise RuleError(f"Wilayah {area} tidak ada dalam daftar; pilih kelurahan, kecamatan, atau kota.")
            if issue.areas[:1] == (area,):
                raise RuleError(f"Isu ini sudah berada di {self.city.area_label(area)}.")
            body = self.city.body(issue.agency)
            agency = issue.agency
            if body is not None and body.area and agency is not None:
                unit = self.city.unit_at(agency.partition(".")[0], area)
                agency = unit.id if unit else body.parent
            issues.fix_place(db, issue.id, area)
            after = issue.evolve(areas=(area,), place=self.city.area_label(area), agency=agency)
            return self.save(db, "place", issue, after, by=by)

    def history(self, issue_id: str) -> list[timeline.Step]:
        """Everything that was decided about an issue, oldest first, in sentences."""
        with self.store.read() as db:
            return timeline.steps(db, issue_id, self.workflow, self.city)

    def read(self, db: Connection, issue_id: str, version: int | None) -> Issue:
        """The issue itself, at the version the person saw if one is named.

        Raises:
            RuleError: there is none, or it lives on in another.
            ConflictError: somebody changed it since.
        """
        issue = issues.get(db, issue_id)
        if issue is None:
            raise RuleError(f"Isu {issue_id} tidak ada.")
        if issue.id != issue_id:
            raise RuleError(f"Isu {issue_id} sudah digabung ke {issue.id}; buka isu itu.")
        if version is not None and issue.version != version:
            since = audit.entries(db, issue_id, limit=max(1, issue.version - version))[::-1]
            what = timeline.conflict(since, timeline.names(db), self.workflow, self.city) or "diperbarui"
            raise ConflictError(f"Isu {issue_id} baru saja diubah: {what}; muat ulang, lalu putuskan lagi.")
        return issue

    def _holder(self, db: Connection, name: str) -> User:
        person = people.get(db, name)
        if person is None or person.disabled:
            raise RuleError(f"Tidak ada akun aktif bernama {name}; pilih PIC dari daftar petugas.")
        if not self.workflow.may(person, "move"):
            raise RuleError(f"{person.full_name} tidak bisa menjadi PIC; perannya tidak boleh mengerjakan isu.")
        return person

    def _target(self, db: Connection, issue: Issue, target_id: str) -> Issue:
        """The open issue that another may be merged into."""
        target = issues.get(db, target_id)
        if target is None or target.id == issue.id:
            raise RuleError(f"Isu tujuan {target_id} tidak ada; tulis nomor isu lain, seperti ISU-20261122-0001.")
        if self.workflow.is_closed(target.status):
            raise RuleError(f"Isu tujuan {target.id} sudah {self.workflow.label(target.status)}.")
        return target

    def save(
        self,
        db: Connection,
        act: str,
        before: Issue,
        *steps: Issue,
        by: User,
        note: str = "",
        told: str = "",
        facts: Mapping[str, Any] = MappingProxyType({}),
    ) -> Issue:
        """Writes an act: the last of its steps as the issue, each change of state, one audit entry.

        Args:
            told: words for the history of states, where they are not the note.
            facts: what the act did besides changing the issue, for the audit.
        """
        saved = issues.update(db, steps[-1])
        for earlier, later in pairwise((before, *steps)):
            if earlier.status is not later.status:
                change = StatusChange(
                    issue=before.id,
                    at=later.status_at,
                    by=by.name,
                    before=earlier.status,
                    after=later.status,
                    note=told or note,
                )
                issues.add_change(db, change)
        if before.status is not saved.status:
            hooks.announce(db, before, saved, self.now())
        old, new = changes(before, steps[-1])
        self.note(db, act, before.id, by, before=old, after={**facts, **new}, note=note)
        return saved

    def note(self, db: Connection, act: str, subject: str, by: User, **what: Any) -> None:
        """Writes one audit entry of a person's act."""
        audit.add(db, AuditEntry(at=self.now(), by=by.name, action=act, subject=subject, **what))


def _holders(db: Connection, issue_id: str) -> frozenset[str]:
    """Everybody who has ever held an issue, from its trail."""
    told = audit.entries(db, issue_id, limit=10_000)
    return frozenset(str(entry.after["holder"]) for entry in told if entry.after.get("holder"))


def moved(move: Move) -> Issue:
    """The issue after a move that the rules allow.

    Waiting means nobody holds it, so entering it drops the holder; whoever accepts a disposition, or starts work on
    an issue without holder, becomes it. Opening a closed issue again raises it to P2 at least and owes the public a new
    answer.
    """
    issue, to = move.issue, move.to
    facts: dict[str, Any] = {"status": to, "status_at": move.at, "followed_s": _followed_s(move)}
    if move.agency is not None:
        facts["agency"] = move.agency
    if to is Status.WAITING:
        facts["holder"] = None
    accepts = to is Status.IN_PROCESS and issue.status is Status.DISPOSITION
    if accepts or (to in (Status.IN_PROCESS, Status.ANSWERED) and issue.holder is None):
        facts["holder"] = move.by.name
    if to is Status.ANSWERED and issue.answered_at is None:
        facts["answered_at"] = move.at
    if issue.status is Status.RESOLVED:
        facts["priority"] = facts["highest"] = min(issue.priority, Priority.P2)
        facts["reopened"] = issue.reopened + 1
        facts["reopened_at"] = move.at
        facts["answered_at"] = None
    return issue.evolve(**facts)


def _followed_s(move: Move) -> int:
    """How long the work has been followed up: kept while it is deferred and until it goes on, else nothing."""
    issue = move.issue
    if issue.status is Status.IN_PROCESS and move.to is Status.DEFERRED:
        return issue.followed_s + int((move.at - issue.status_at).total_seconds())
    return issue.followed_s if move.to in (Status.DEFERRED, Status.WAITING, Status.IN_PROCESS) else 0


def changes(before: Issue, after: Issue) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an act changed, as plain values: the fields before and the same fields after."""
    differ = [name for name in KEPT if getattr(before, name) != getattr(after, name)]
    return (
        {name: _plain(getattr(before, name)) for name in differ},
        {name: _plain(getattr(after, name)) for name in differ},
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
