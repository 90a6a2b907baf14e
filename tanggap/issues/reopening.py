"""Finds what was closed but is still complained about, and proposes to open it again with the evidence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tanggap.city import City
from tanggap.clock import stamp
from tanggap.issues.clusters import Cluster, alike
from tanggap.issues.places import agreement, spots
from tanggap.issues.vectors import Frequencies, Weights
from tanggap.records import Issue, PostKind, Reading, Suggestion, SuggestionKind

#: Likeness, days left out, from which a complaint about the same service and place speaks of the closed issue.
LIKE = 0.2
#: Voices without a ticket number or a report of their own that it takes.
VOICES = 2
#: What may be the number of a report: letters and digits, or digits alone.
TICKET = re.compile(r"\b[a-z]{2,8}[-/ ]?\d[\d-]{3,}\b|\b\d{5,}\b")
DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """An issue that people closed, with the readings it had."""

    issue: Issue
    readings: Sequence[Reading]

    @property
    def tickets(self) -> frozenset[str]:
        """Numbers by which its reports and the issue itself may be named, bare."""
        reports = [reading.post for reading in self.readings if reading.post.kind is PostKind.REPORT]
        told = [post.native_id for post in reports] + [str(post.extra.get("receipt", "")) for post in reports]
        bare = {_bare(name) for name in (*told, self.issue.id)}
        return frozenset(name for name in bare if sum(map(str.isdigit, name)) >= DIGITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One later complaint: how alike it is, and the number it names, if any."""

    reading: Reading
    likeness: float
    ticket: str = ""


def reopenings(
    closed: Sequence[Closed],
    fresh: Sequence[Reading],
    settled: Mapping[str, Collection[int]],
    city: City,
    now: datetime,
) -> list[Suggestion]:
    """Proposals to open issues again.

    A later complaint counts where it names the number of a report of the issue or the issue's own, or speaks of the
    same service and place in like words. One with a number or from the citizens' desk is enough, else two voices.

    Args:
        fresh: readings of the last days; what came before a closing does not count for it.
        settled: issue -> posts that people already decided on, which are no new evidence.
    """
    weights = Weights(Frequencies.load(city.language_dir))
    found = []
    for case in closed:
        done = frozenset(settled.get(case.issue.id, ()))
        later = [
            reading
            for reading in fresh
            if reading.post.published_at > case.issue.status_at
            and reading.post.id not in done
            and reading.score.complaint
            and reading.post.kind is not PostKind.NEWS
        ]
        if evidence := list(_evidence(case, later, weights, city)) if later else []:
            told = _proposal(case.issue, evidence, now)
            found += [told] if told else []
    return found


def _evidence(case: Closed, later: Sequence[Reading], weights: Weights, city: City) -> Iterator[Evidence]:
    """The complaints that speak of a closed issue."""
    whole = _cluster(case.readings, weights, city)
    tickets = case.tickets
    for reading in later:
        one = _cluster([reading], weights, city)
        likeness = float(alike(one, [whole])[0]) if case.readings else 0.0
        named = next((ticket for ticket in _tickets(reading.post.full_text) if ticket in tickets), "")
        there = agreement(one.places, whole.places)[0] > 0
        if named or (there and reading.score.topic == case.issue.topic and likeness >= LIKE):
            yield Evidence(reading=reading, likeness=max(0.0, min(1.0, likeness)), ticket=named)


def _cluster(readings: Sequence[Reading], weights: Weights, city: City) -> Cluster:
    """Readings as one cluster that knows no time."""
    whole = Cluster(key=0)
    for at, reading in enumerate(readings):
        bag = weights.bag(reading)
        one = Cluster.of(at, at, reading, bag, spots(reading.score.places, city), city)
        one.span = None
        whole.absorb(one)
    return whole


def _proposal(issue: Issue, evidence: Sequence[Evidence], now: datetime) -> Suggestion | None:
    """The suggestion, if the evidence is enough."""
    voices: defaultdict[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        voices[item.reading.post.author or f"unsigned {item.reading.post.id}"].append(item)
    tickets = sorted({item.ticket for item in evidence if item.ticket})
    sure = bool(tickets) or any(item.reading.post.kind is PostKind.REPORT for item in evidence)
    if not sure and len(voices) < VOICES:
        return None
    best = max(item.likeness for item in evidence)
    why = f"{len(voices)} suara mengeluh sesudah ditutup {stamp(issue.status_at)} WIB"
    why += f"; menyebut nomor {', '.join(tickets)}" if tickets else "; urusan dan tempat sama"
    why += f"; kemiripan {best:.2f}".replace(".", ",")
    return Suggestion(
        kind=SuggestionKind.REOPEN,
        issue=issue.id,
        posts=tuple(item.reading.post.id or 0 for item in evidence),
        likeness=round(best, 3),
        reason=why,
        at=now,
    )


def _tickets(text: str) -> list[str]:
    return [_bare(found) for found in TICKET.findall(text.lower())]


def _bare(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
