"""What was done with an issue, told from its audit entries in sentences for officers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.clock import stamp
from tanggap.desk.workflow import Workflow
from tanggap.records import AuditEntry, Status
from tanggap.records.desk import ResponseKind
from tanggap.store import audit, people

MACHINE = "machine"
#: What the staff call each kind of response.
KINDS: dict[ResponseKind, str] = {
    "holding": "pernyataan awal",
    "answer": "jawaban",
    "clarification": "klarifikasi",
    "apology": "permintaan maaf",
    "referral": "rujukan",
}

#: What an act is called, after the name of who did it; `{note}`, the values after the act, and those before
#: it (`{old_place}`) fill the gaps.
ACTS: dict[str, str] = {
    "issue.open": "menemukan isu ini",
    "issue.merge": "menggabungkannya ke {into}",
    "merge": "menggabungkannya ke {merged_into}",
    "take": "mengambil isu ini",
    "place": "membetulkan lokasi dari {old_place} menjadi {place}",
    "escalate": "menaikkannya ke koordinator piket: {note}",
    "response.draft": "menulis {kind} versi {version}",
    "response.submit": "mengajukan {kind} versi {version} untuk disetujui",
    "response.approve": "menyetujui {kind} versi {version}",
    "response.return": "mengembalikan {kind} versi {version}: {note}",
    "response.publish": "menerbitkan {kind}: {url}",
    "promise.find": "menemukan janji: “{text}”",
    "promise.confirm": "mencatat janji: “{text}”, tenggat {due}",
    "promise.keep": "menyatakan janji ditepati: “{text}”",
    "promise.withdraw": "menarik janji: “{text}”",
    "evidence.add": "menambah bukti: {note}",
    "evidence.clear": "memeriksa bukti: {note}",
    "dispute.find": "menemukan bantahan warga: {reason}",
    "dispute.accept": "menerima bantahan warga: {reason}",
    "dispute.dismiss": "menolak bantahan warga: {note}",
    "public.release": "membuka isu ini untuk umum",
    "public.withdraw": "menutup isu ini dari umum",
}

#: What a change of an issue is called, in the order it is told.
CHANGES = {
    "status": "memindahkannya",
    "target": "kepada",
    "holder": "PIC",
    "agency": "penanggung jawab",
    "priority": "prioritas",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the history of an issue."""

    at: datetime
    #: Full name of who did it, or Sistem.
    by: str
    words: str

    def __str__(self) -> str:
        return f"{stamp(self.at)}  {self.by} {self.words}"


def steps(db: Connection, issue_id: str, workflow: Workflow, city: City, limit: int = 1000) -> list[Step]:
    """Everything that was decided about an issue, oldest first: moves, assignments, answers, promises, evidence."""
    return told(audit.entries(db, issue_id, limit=limit)[::-1], names(db), workflow, city)


def names(db: Connection) -> dict[str, str]:
    """Full names by user name."""
    return {user.name: user.full_name for user in people.all_users(db)}


def told(entries: Iterable[AuditEntry], full_names: Mapping[str, str], workflow: Workflow, city: City) -> list[Step]:
    """Audit entries as lines, in their order."""
    teller = _Teller(full_names, workflow, city)
    return [Step(at=entry.at, by=teller.name(entry.by), words=teller.words(entry)) for entry in entries]


@dataclass(frozen=True, slots=True)
class _Teller:
    full_names: Mapping[str, str]
    workflow: Workflow
    city: City

    def name(self, user: Any) -> str:
        return "Sistem" if str(user).startswith(MACHINE) else self.full_names.get(str(user), str(user))

    def words(self, entry: AuditEntry) -> str:
        """The act, then what changed by it."""
        act = ACTS.get(entry.action)
        if act is None:
            return self._change(entry, entry.note)
        old = {f"old_{key}": self._value(key, value) for key, value in entry.before.items()}
        values = old | {key: self._value(key, value) for key, value in entry.after.items()} | {"note": entry.note}
        said = act.format_map(_Gaps(values))
        if out := entry.after.get("published_at"):
            said = f"{said}, terbit {stamp(datetime.fromisoformat(out))}"
        more = self._change(entry, "") if entry.action in ("take", "response.publish") else ""
        return f"{said} ({more})" if more else said

    def _change(self, entry: AuditEntry, note: str) -> str:
        parts = [part for name in CHANGES if name in entry.after and (part := self._part(name, entry))]
        if not parts and entry.action not in ("move", "assign", "take", "response.publish"):
            parts = [entry.action]
        return "; ".join([*parts, note]) if note else "; ".join(parts)

    def _part(self, name: str, entry: AuditEntry) -> str:
        before, after = entry.before.get(name), entry.after[name]
        if name == "status":
            came = f"dari {self.workflow.label(Status(before))} " if before else ""
            return f"memindahkannya {came}ke {self.workflow.label(Status(after))}"
        if name == "agency" and "target" in entry.after:
            return ""
        return f"{CHANGES[name]} {self._value(name, after)}"

    def _value(self, name: str, value: Any) -> str:
        if name in ("agency", "owner", "target"):
            return self.city.agency_label(value)
        if name == "kind":
            return KINDS.get(value, str(value))
        if name == "holder":
            return self.name(value) if value else "belum ada"
        if name == "due" and value:
            return stamp(datetime.fromisoformat(value))
        return "–" if value is None else str(value)


class _Gaps(dict[str, str]):
    """Values of a sentence; what is not known is a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def conflict(entries: Sequence[AuditEntry], full_names: Mapping[str, str], workflow: Workflow, city: City) -> str:
    """What others did since, in one clause: `Budi memindahkannya dari Menunggu ke Proses (22 Nov 09.12)`."""
    lines = told(entries, full_names, workflow, city)
    return "; ".join(f"{line.by} {line.words} ({stamp(line.at)})" for line in lines)
