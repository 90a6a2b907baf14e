"""Whether a person may make a move: pure rules whose refusals are sentences shown to officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from tanggap.city import City
from tanggap.clock import stamp
from tanggap.desk.routing import returns_in_a_row
from tanggap.desk.workflow import Action, Guard, Workflow
from tanggap.errors import RuleError
from tanggap.records import Issue, Record, Role, Status, StatusChange, User
from tanggap.records.desk import Assignment, Commitment, Evidence

ROLES = {
    Role.READER: "pembaca",
    Role.ANALYST: "analis",
    Role.OFFICER: "petugas",
    Role.VERIFIER: "verifikator",
    Role.ADMIN: "admin",
    Role.PRIVACY: "petugas privasi",
}
#: Entering these states is doing the work; who did it does not close it.
WORK = frozenset({Status.IN_PROCESS, Status.ANSWERED, Status.MONITORING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Record):
    """A person wants an issue in another state."""

    issue: Issue
    to: Status
    by: User
    at: datetime
    note: str = ""
    agency: str | None = None
    #: Whom an outside body answers through, and the number it gave.
    contact: str = ""
    reference: str = ""

    @property
    def action(self) -> Action:
        """The permission it takes."""
        if self.to is Status.RESOLVED:
            return "close"
        if self.to is Status.MERGED:
            return "curate"
        if self.issue.status is Status.DETECTED:
            return "triage"
        return "answer" if self.to is Status.ANSWERED else "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What the rules must know of an issue besides the issue: who did what, and what is still open."""

    history: Sequence[StatusChange] = ()
    #: Everybody who has ever held it; read where an issue is to be closed.
    holders: frozenset[str] = frozenset()
    hand_overs: Sequence[Assignment] = ()
    commitments: Sequence[Commitment] = ()
    evidence: Sequence[Evidence] = ()

    def doers(self, issue: Issue) -> frozenset[str]:
        """Who worked on an issue: moved it on, held it, or brought evidence of the work."""
        moved = {change.by for change in self.history if change.after in WORK}
        return frozenset({*moved, *self.holders, *(item.by for item in self.evidence), issue.holder or ""})

    def proofs(self, issue: Issue) -> list[Evidence]:
        """The evidence that stands: what was shown before a reopening turned out not to be enough."""
        return [item for item in self.evidence if issue.reopened_at is None or item.at >= issue.reopened_at]


def check_move(move: Move, dossier: Dossier, workflow: Workflow, city: City) -> None:
    """Refuses a move that a rule forbids.

    Args:
        dossier: history and everything open of the issue; a verifier who worked on it is found there.

    Raises:
        RuleError: the rule and what is needed, in Indonesian.
    """
    check_permission(move.by, move.action, move.issue, workflow, city)
    _check_path(move, workflow)
    if move.agency is not None:
        check_agency(move.agency, city)
        _check_outside(move, move.agency, workflow, city)
    if move.to is Status.DISPOSITION:
        _check_escalation(move, dossier.hand_overs, workflow)
    guard = workflow.guard(move.to, move.issue.status)
    if guard is not None:
        _check_guard(guard, move, dossier, workflow)
        if guard.by is not None:
            _check_independence(guard.by, move, dossier, workflow)
    if move.to is Status.RESOLVED:
        _check_open(dossier)


def check_permission(by: User, action: Action, issue: Issue, workflow: Workflow, city: City) -> None:
    """Refuses what no role of the person allows, and issues of other bodies to people tied to one.

    Raises:
        RuleError: with the roles that may do it, or the body the person is tied to.
    """
    if by.disabled:
        raise RuleError(f"Akun {by.name} sudah dinonaktifkan; hubungi admin.")
    if not workflow.may(by, action):
        raise RuleError(f"{by.full_name} tidak berhak melakukan ini; yang berhak: {able(action, workflow)}.")
    if by.agency is not None and by.agency not in city.above(issue.agency):
        raise RuleError(
            f"Akun {by.name} hanya untuk isu {city.agency_label(by.agency)}; "
            f"isu ini ada pada {_body(issue.agency, city)}."
        )
    if by.area and not any(by.area in (code, *city.lineage(code)) for code in issue.areas):
        raise RuleError(
            f"Akun {by.name} hanya untuk wilayah {city.area_label(by.area)}; "
            f"isu ini di {issue.place or 'tempat yang belum diketahui'}."
        )


def able(action: Action, workflow: Workflow) -> str:
    """The roles that may do something, for a sentence."""
    names = [ROLES[role] for role in Role if action in workflow.roles.get(role, ())]
    return ", ".join(names) if names else "belum ada peran yang diberi hak ini"


def check_agency(agency: str, city: City) -> None:
    """Refuses a body that agencies.toml does not know.

    Raises:
        RuleError: names the unknown code.
    """
    if city.body(agency) is None:
        raise RuleError(f"Unit atau pihak {agency} tidak ada dalam daftar; pilih salah satu dari daftar OPD dan BUMD.")


def _check_path(move: Move, workflow: Workflow) -> None:
    before, after = move.issue.status, move.to
    label, allowed = workflow.label(before), workflow.moves(before)
    if before is after:
        raise RuleError(f"Isu ini sudah {label}.")
    if not allowed:
        raise RuleError(f"Isu yang {label} tidak bisa dipindahkan lagi.")
    if after not in allowed:
        names = ", ".join(workflow.label(status) for status in allowed)
        raise RuleError(f"Dari {label} tidak bisa langsung ke {workflow.label(after)}; yang boleh: {names}.")
    window = workflow.states[before].window
    if window and move.at > workflow.calendar.after(move.issue.status_at, window):
        raise RuleError(f"{label} hanya bisa dibatalkan dalam {window.words}; batas itu sudah lewat.")


def _check_outside(move: Move, agency: str, workflow: Workflow, city: City) -> None:
    """What the city's own bodies should do is handed over, where it waits to be accepted, not referred."""
    body = city.body(agency)
    if move.to is Status.REFERRED and body is not None and body.type not in workflow.hand_over.outside:
        raise RuleError(
            f"{workflow.label(move.to)} hanya untuk pihak luar; {body.short} adalah unit kota, pakai "
            f"{workflow.label(Status.DISPOSITION)}."
        )


def _check_escalation(move: Move, hand_overs: Sequence[Assignment], workflow: Workflow) -> None:
    """After so many returns in a row, only the duty lead says where an issue goes."""
    returns = returns_in_a_row(hand_overs)
    if returns >= workflow.hand_over.returns and not workflow.may(move.by, "lead"):
        raise RuleError(
            f"Isu ini sudah {returns} kali berturut-turut dikembalikan; tujuan berikutnya ditetapkan "
            f"koordinator piket ({able('lead', workflow)})."
        )


def _check_open(dossier: Dossier) -> None:
    """Nothing promised may be open, and nothing doubted unexamined, when an issue is closed."""
    open_promises = [item for item in dossier.commitments if item.state == "open"]
    if open_promises:
        first = open_promises[0]
        due = f", tenggat {stamp(first.due)}" if first.due else ""
        raise RuleError(
            f"Selesai memerlukan semua janji ditepati atau ditarik; masih terbuka {len(open_promises)}: "
            f"“{first.text}”{due}."
        )
    for item in dossier.evidence:
        if item.open_doubt:
            raise RuleError(f"Selesai memerlukan bukti {item.id} diperiksa dahulu: {item.doubt}")


def _check_guard(guard: Guard, move: Move, dossier: Dossier, workflow: Workflow) -> None:
    label, note = workflow.label(move.to), move.note.strip()
    if guard.needs == "agency":
        if move.agency is None:
            raise RuleError(f"{label} memerlukan: {guard.note}.")
    elif guard.needs == "evidence" and dossier.proofs(move.issue):
        return
    elif not note:
        raise RuleError(f"{label} memerlukan keterangan: {guard.note}.")
    elif guard.needs == "url" and not is_link(note):
        raise RuleError(f"{label} memerlukan: {guard.note}, diawali https:// atau http://.")


def _check_independence(role: Role, move: Move, dossier: Dossier, workflow: Workflow) -> None:
    if role not in move.by.roles:
        raise RuleError(f"{workflow.label(move.to)} hanya boleh oleh {ROLES[role]}.")
    if move.by.name in dossier.doers(move.issue):
        raise RuleError(
            f"{move.by.full_name} ikut mengerjakan isu ini, jadi tidak boleh menyatakannya "
            f"{workflow.label(move.to)}; mintalah {ROLES[role]} lain."
        )


def is_link(text: str) -> bool:
    """Whether a text is one http(s) address with a host, and nothing else."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and len(text.split()) == 1


def _body(agency: str | None, city: City) -> str:
    return city.agency_label(agency) if agency else "belum ada pihak"
