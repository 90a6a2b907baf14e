"""What the desk keeps of an issue - hand-overs, promises, evidence, history - as the components draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from dashboard import render
from tanggap.city import City
from tanggap.clock import WIB, span, stamp
from tanggap.desk.guards import is_link
from tanggap.desk.promising import STATES as PROMISE_STATES
from tanggap.desk.routing import WAYS
from tanggap.desk.timeline import Step
from tanggap.errors import RuleError
from tanggap.records.desk import Assignment, Commitment, Dispute, Evidence

SENT: Final = {"sent": "menunggu diterima", "accepted": "diterima", "returned": "dikembalikan", "withdrawn": "ditarik"}
TONES: Final = {
    "suggested": "amber", "kept": "good", "accepted": "good", "returned": "red", "sent": "amber", "open": "blue",
}  # fmt: skip
#: Promises in the order of worry.
WORRY: Final = ("suggested", "open", "kept", "withdrawn")


def hand_over(item: Assignment, city: City, names: Mapping[str, str]) -> dict[str, Any]:
    """One hand-over: from, to, its way, and what became of it."""
    decided = f"{names.get(item.decided_by, item.decided_by)} · {stamp(item.decided_at)}" if (
        item.decided_by and item.decided_at
    ) else ""  # fmt: skip
    outside = " · ".join(filter(None, (item.contact, item.reference and f"rujukan {item.reference}")))
    return {
        "id": f"serah {item.id}",
        "title": f"{city.agency_label(item.origin) if item.origin else '–'} → {city.agency_label(item.target)}",
        "state": SENT[item.state],
        "tone": TONES.get(item.state, "soft"),
        "by": f"{WAYS[item.way]} · {names.get(item.by, item.by)} · {stamp(item.at)}",
        "notes": [note for note in (item.note, outside, " · ".join(filter(None, (item.reason, decided)))) if note],
    }


def by_worry(promises: Sequence[Commitment], now: datetime) -> list[Commitment]:
    """Broken promises first, then what waits for a decision, then what is open, the soonest first."""
    return sorted(promises, key=lambda one: (not one.broken(now), WORRY.index(one.state), one.due or one.at))


def promise(item: Commitment, city: City, now: datetime) -> dict[str, Any]:
    """One promise with its day and who owes it."""
    broken = item.broken(now)
    due = f"tenggat {stamp(item.due)}" if item.due else "tanpa tenggat"
    source = "dari tanggapan" if item.source.startswith("response") else "dari kiriman resmi"
    return {
        "id": f"janji {item.id}",
        "title": f"“{item.text}”",
        "state": "dilanggar" if broken else PROMISE_STATES[item.state],
        "tone": "red" if broken else TONES.get(item.state, "soft"),
        "by": " · ".join(
            (due, city.agency_label(item.owner) if item.owner else "belum ada penanggung jawab",
             "dicatat petugas" if item.source == "person" else source)
        ),
        "notes": [item.note] if item.note else [],
        "next": promised(item, now),
    }  # fmt: skip


def promised(item: Commitment, now: datetime) -> str:
    """What has to happen with a promise next; "" for a decided one."""
    if item.state == "suggested":
        return "Berikutnya: pastikan tenggat dan penanggung jawabnya, atau tarik bila bukan janji."
    if item.state != "open" or item.due is None:
        return ""
    if item.broken(now):
        late = span(now - item.due)
        return f"Lewat {late}. Nyatakan ditepati dengan buktinya, atau tarik dengan alasan; isu belum bisa ditutup."
    return f"Sisa {span(item.due - now)}; isu belum bisa ditutup."


def proof(item: Evidence, names: Mapping[str, str]) -> dict[str, Any]:
    """One piece of evidence; a doubt is a question."""
    taken = [f"foto diambil {stamp(item.taken_at)}"] if item.taken_at else ["foto"] if item.sha256 else []
    cleared = [f"{names.get(item.cleared_by, item.cleared_by)}: {item.cleared_note}"] if item.cleared_by else []
    return {
        "id": f"bukti {item.id}",
        "title": item.note,
        "state": "periksa" if item.open_doubt else "sudah diperiksa" if item.doubt else "",
        "tone": "amber" if item.open_doubt else "good",
        "by": " · ".join((names.get(item.by, item.by), stamp(item.at), *taken)),
        "notes": [*filter(None, [item.doubt]), *cleared],
    }


def dispute(item: Dispute, said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One post that says a closed issue is not solved, with its words where they may be shown."""
    return {
        "id": f"bantahan {item.id}", "title": "Bantahan warga", "state": "perlu diputuskan", "tone": "red",
        "by": " · ".join((stamp(item.at), *(str(post["label"]) for post in said))),
        "notes": [item.reason, *(f"“{post['text']}”" for post in said)],
        "link": next((post["link"] for post in said), None),
    }  # fmt: skip


def steps(lines: Sequence[Step]) -> list[dict[str, Any]]:
    """The history of an issue, newest first, with the address that a line names as a link."""
    return [
        {"at": stamp(line.at), "by": line.by, "words": line.words, "link": address(line.words)}
        for line in reversed(lines)
    ]


def address(words: str) -> dict[str, str] | None:
    """The first web address in a sentence, as a link."""
    return next((render.link(word) for word in words.replace(";", " ").split() if is_link(word)), None)


def moment(text: str) -> datetime:
    """A moment as Indonesians write it, `24/11/2026 12.00` in WIB.

    Raises:
        RuleError: it cannot be read.
    """
    try:
        return datetime.strptime(text.strip().replace(":", "."), "%d/%m/%Y %H.%M").replace(tzinfo=WIB)
    except ValueError:
        raise RuleError("Tulis waktu seperti 24/11/2026 12.00.") from None


def typed(at: datetime | None) -> str:
    """A moment as `moment` reads it; "" for none."""
    return f"{at.astimezone(WIB):%d/%m/%Y %H.%M}" if at else ""
