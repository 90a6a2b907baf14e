"""Which body should get an issue next, and what kind of hand-over that is: pure rules over routing and hierarchy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from tanggap.city import City
from tanggap.records import Issue
from tanggap.records.desk import Assignment, Way

#: Words for the kinds of hand-over.
WAYS: dict[Way, str] = {
    "down": "diteruskan ke bawah",
    "sideways": "dipindahkan ke samping",
    "across": "dialihkan",
    "out": "diserahkan ke luar",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A body that may answer for an issue, and the rule that says so, in words for officers."""

    agency: str
    why: str


def way(origin: str | None, target: str, city: City, outside: Sequence[str]) -> Way:
    """How a hand-over goes: out to the kinds of bodies in `outside`, down, sideways between units, else across."""
    body = city.body(target)
    if body is not None and body.type in outside:
        return "out"
    if origin and origin != target and origin in city.above(target):
        return "down"
    before = city.body(origin)
    if before and body and before.area and body.area and target.partition(".")[0] == (origin or "").partition(".")[0]:
        return "sideways"
    return "across"


def proposals(issue: Issue, city: City, hand_overs: Sequence[Assignment] = ()) -> tuple[Proposal, ...]:
    """Bodies to hand an issue to, best first, without those that returned it; empty means the duty lead decides.

    Order: the rule for topic and area, the body the texts point to, the topic's own body, their fallbacks, their
    unit for the area, the kelurahan office.
    """
    refused = {item.target for item in hand_overs if item.state == "returned"}
    found: dict[str, Proposal] = {}
    for proposal in _candidates(issue, city):
        if proposal.agency not in refused and city.body(proposal.agency):
            found.setdefault(proposal.agency, proposal)
    return tuple(found.values())


def _candidates(issue: Issue, city: City) -> Iterator[Proposal]:
    topic = city.topics.get(issue.topic)
    label = topic.label if topic else issue.topic
    inside = [code for area in issue.areas for code in city.lineage(area)]
    for local in sorted(city.local_routes, key=lambda local: -len(local.area)):
        if local.topic == issue.topic and local.area in inside:
            yield Proposal(agency=local.agency, why=f"{label} di {city.area_label(local.area)} ditangani pihak ini")
    named = [code for code in (issue.agency, topic.agency if topic else None) if code]
    for code in named:
        yield Proposal(agency=code, why=f"penanggung jawab {label.lower()}")
    for rule in city.routes:
        if rule.topic == issue.topic and rule.agency in named:
            yield Proposal(agency=rule.fallback, why=f"cadangan bila {city.agency_label(rule.agency)} menolak")
    for area in issue.areas[:1]:
        for code in (*named, "AG37"):
            if unit := city.unit_at(code, area):
                yield Proposal(agency=unit.id, why=f"unit wilayah {city.area_label(unit.area)}")


def returns_in_a_row(hand_overs: Sequence[Assignment]) -> int:
    """How often in a row, up to now, a body said an issue is not its own."""
    decided = [item for item in hand_overs if item.state in ("accepted", "returned")]
    return sum(1 for _ in takewhile(lambda item: item.state == "returned", reversed(decided)))
