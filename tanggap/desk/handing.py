"""Keeps the hand-overs of an issue in step with its moves: sent, accepted, returned, sent on."""

from __future__ import annotations

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.desk.guards import Move
from tanggap.desk.routing import returns_in_a_row, way
from tanggap.desk.workflow import Workflow
from tanggap.records import AuditEntry, Status
from tanggap.records.desk import Assignment
from tanggap.store import audit
from tanggap.store.shelf import assignments


def follow(db: Connection, move: Move, workflow: Workflow, city: City) -> None:
    """Writes what a move that the rules allow means for the hand-overs."""
    waiting = [item for item in assignments.of_issue(db, move.issue.id) if item.state == "sent"]
    state = {Status.IN_PROCESS: "accepted", Status.COORDINATION: "returned"}.get(move.to, "withdrawn")
    for item in waiting:
        decided = {"state": state, "decided_at": move.at, "decided_by": move.by.name}
        assignments.save(db, item.evolve(**decided, reason=move.note if state == "returned" else ""))
    if waiting and state == "returned":
        _escalate(db, move, workflow)
    if move.to in (Status.DISPOSITION, Status.REFERRED) and move.agency is not None:
        assignments.add(db, _assignment(move, move.agency, workflow, city))


def origin(db: Connection, move: Move) -> str | None:
    """The body an issue goes back to when the one it was handed to returns it."""
    sent = [item for item in assignments.of_issue(db, move.issue.id) if item.state == "sent"]
    return sent[-1].origin if sent else move.issue.agency


def _assignment(move: Move, target: str, workflow: Workflow, city: City) -> Assignment:
    body = city.body(target)
    made = Assignment(
        issue=move.issue.id,
        origin=move.issue.agency,
        target=target,
        way=way(move.issue.agency, target, city, workflow.hand_over.outside),
        contact=move.contact or (body.contact if body else ""),
        reference=move.reference,
        at=move.at,
        by=move.by.name,
        note=move.note,
    )
    if move.to is Status.REFERRED:
        return made.evolve(way="out", state="accepted", decided_at=move.at, decided_by=move.by.name)
    return made


def _escalate(db: Connection, move: Move, workflow: Workflow) -> None:
    """Says in the trail, where duty rosters read it, that only the duty lead can go on."""
    returns = returns_in_a_row(assignments.of_issue(db, move.issue.id))
    if returns >= workflow.hand_over.returns:
        note = f"{returns} kali berturut-turut dikembalikan"
        audit.add(db, AuditEntry(at=move.at, by=move.by.name, action="escalate", subject=move.issue.id, note=note))
