"""What the machine proposes about issues, and what people did lately, read for the page of proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from dashboard import witness
from tanggap.city import City
from tanggap.clock import stamp
from tanggap.records import EventKind, Issue, IssueEvent, Suggestion, SuggestionKind
from tanggap.store import issue_events, issues, suggestions

#: Proposals drawn at once, the most alike first; posts quoted beside each; acts listed.
MOST: Final = 40
QUOTED: Final = 3
ACTS: Final = 15

KINDS: Final[Mapping[SuggestionKind, tuple[str, str]]] = {
    SuggestionKind.REOPEN: ("selesai semu", "Buka kembali"),
    SuggestionKind.MERGE: ("mungkin sama", "Gabungkan"),
    SuggestionKind.SPLIT: ("mungkin dua masalah", "Pisahkan"),
    SuggestionKind.JOIN: ("mungkin bagian dari isu ini", "Masukkan"),
}
WHERE: Final = {EventKind.MERGED: "digabung ke", EventKind.SPLIT: "dipisah menjadi", EventKind.TITLED: "diberi judul"}


def proposed(db: Connection, city: City) -> list[dict[str, Any]]:
    """What waits for a decision, reopenings first, with the issues concerned and the posts that speak for it."""
    found = suggestions.open_ones(db)
    found = sorted(found, key=lambda item: list(KINDS).index(item.kind))[:MOST]
    about = issues.living(db, {name for item in found for name in (item.issue, item.other) if name})
    return [_card(db, item, about, city) for item in found]


def _card(db: Connection, item: Suggestion, about: Mapping[str, Issue], city: City) -> dict[str, Any]:
    kind, act = KINDS[item.kind]
    named = [about[name] for name in (item.issue, item.other or "") if name in about]
    shown = item.posts[:QUOTED]
    return {
        "id": item.id,
        "kind": kind,
        "act": act,
        "issues": [{"id": one.id, "title": one.title, "about": _about(one)} for one in named],
        "reason": item.reason,
        "at": stamp(item.at),
        "posts": witness.quotes(db, shown, city),
        "more": len(item.posts) - len(shown),
    }


def _about(issue: Issue) -> str:
    return f"{issue.id} · {issue.posts} kiriman · {issue.place or 'tanpa tempat'}"


def done(db: Connection, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The last acts of people on identities, newest first; one that was taken back says so."""
    found = issue_events.lately(db, limit=2 * ACTS)
    back = {event.undoes: event for event in found if event.undoes}
    acts = [event for event in found if event.kind is not EventKind.UNDONE][:ACTS]
    return [
        {
            "id": event.id,
            "issue": event.issue or event.other,
            "told": told(event),
            "at": stamp(event.at),
            "by": people.get(event.by, event.by),
            "undone": f"dibatalkan {people.get(back[event.id].by, back[event.id].by)}" if event.id in back else "",
        }
        for event in acts
    ]


def told(event: IssueEvent) -> str:
    """An act in words: `digabung ke ISU-20261122-0001, 4 kiriman`."""
    if event.kind is EventKind.TITLED:
        return f"{WHERE[event.kind]} “{event.after}”"
    count = f"{len(event.posts)} kiriman"
    if event.kind is EventKind.MOVED and event.before == event.other:
        return f"{count} dipastikan membahas masalah yang sama"
    if event.kind is EventKind.MOVED:
        left = f" dari {event.before}" if event.before else ""
        return f"{count} masuk ke {event.other}{left}" if event.other else f"{count} dikeluarkan{left}"
    return f"{WHERE[event.kind]} {event.other}, {count}"


def kept(found: Sequence[Mapping[str, Any]], waiting: int) -> str:
    """How many wait, and how many of them are drawn."""
    if waiting > len(found):
        return f"{waiting} usulan menunggu; {len(found)} yang paling pasti di bawah ini."
    return f"{waiting} usulan menunggu keputusan." if waiting else ""
