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
from tanggap.records import Issue, Post, PostKind, Reading, Suggestion, SuggestionKind

#: Likeness, days left out, from which a complaint about the same service and place speaks of the closed issue.
LIKE = 0.2
#: Voices without a ticket number or a report of their own that it takes.
VOICES = 2
#: What may be the number of a report: letters and digits, or digits alone.
TICKET = re.compile(r"\b[a-z]{2,8}[-/ ]?\d[\d-]{3,}\b|\b\d{5,}\b")
DIGITS = 5
#: Complaints that are held against one report, those that name its number first.
HEARD = 100
#: Characters of a Kemendagri code down to the kecamatan.
KECAMATAN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """An issue that people closed, with the readings it had."""

    issue: Issue
    readings: Sequence[Reading]

    @property
    def tickets(self) -> frozenset[str]:
        """Numbers by which its reports and the issue itself may be named, bare."""
        reports = [reading.post for reading in self.readings if reading.post.kind is PostKind.REPORT]
        return numbered([*reports], self.issue.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One later complaint: how alike it is, and the number it names, if any."""

    reading: Reading
    likeness: float
    ticket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradicted:
    """A report that was closed at its own desk, when, and the later complaints that speak of it."""

    report: Reading
    at: datetime
    evidence: Sequence[Evidence]

    @property
    def told(self) -> str:
        """What is known, and what is proposed, in one sentence."""
        count, named = len(self.evidence), any(item.ticket for item in self.evidence)
        how = f"menyebut nomor {self.report.post.native_id}" if named else "urusan dan tempat sama"
        return (
            f"Laporan ditutup {stamp(self.at)}, sesudahnya {count} kiriman masih mengeluh ({how}). "
            "Usul: minta mejanya membuka laporan ini kembali."
        )


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
        names = case.tickets
        if evidence := list(_evidence(case.readings, names, case.issue.topic, later, weights, city)) if later else []:
            told = _proposal(case.issue, evidence, now)
            found += [told] if told else []
    return found


def contradicted(
    closed: Sequence[tuple[Reading, datetime]], fresh: Sequence[Reading], city: City
) -> list[Contradicted]:
    """Closed reports of no issue that later complaints speak of, by the number of the report or by place and topic.

    What counts as evidence, and how much of it is needed, is the same as for issues.

    Args:
        closed: reports with the time at which their own desks closed them.
    """
    weights = Weights(Frequencies.load(city.language_dir))
    complaints = [one for one in fresh if one.score.complaint and one.post.kind is not PostKind.NEWS]
    naming: defaultdict[str, list[Reading]] = defaultdict(list)
    speaking: defaultdict[tuple[str | None, str], list[Reading]] = defaultdict(list)
    for one in complaints:
        for ticket in set(_tickets(one.post.full_text)):
            naming[ticket].append(one)
        for where in _wheres(one):
            speaking[one.score.topic, where].append(one)
    found = []
    for report, at in closed:
        names = numbered([report.post])
        met = [*(one for name in names for one in naming[name])]
        met += [one for where in _wheres(report) for one in speaking[report.score.topic, where]]
        later = {one.post.id: one for one in met if one.post.published_at > at and one.post.id != report.post.id}
        heard = list(later.values())[:HEARD]
        evidence = list(_evidence([report], names, report.score.topic, heard, weights, city))
        if _enough(evidence):
            found.append(Contradicted(report=report, at=at, evidence=evidence))
    return found


def _wheres(reading: Reading) -> set[str]:
    """The kecamatan that a reading names."""
    return {place.code[:KECAMATAN] for place in reading.score.places if place.code and len(place.code) >= KECAMATAN}


def numbered(reports: Sequence[Post], *names: str) -> frozenset[str]:
    """Numbers by which reports may be named, and other names, bare."""
    told = [post.native_id for post in reports] + [str(post.extra.get("receipt", "")) for post in reports]
    bare = {_bare(name) for name in (*told, *names)}
    return frozenset(name for name in bare if sum(map(str.isdigit, name)) >= DIGITS)


def _evidence(
    readings: Sequence[Reading],
    tickets: Collection[str],
    topic: str | None,
    later: Sequence[Reading],
    weights: Weights,
    city: City,
) -> Iterator[Evidence]:
    """The complaints that speak of what was closed."""
    whole = _cluster(readings, weights, city)
    for reading in later:
        one = _cluster([reading], weights, city)
        likeness = float(alike(one, [whole])[0]) if readings else 0.0
        named = next((ticket for ticket in _tickets(reading.post.full_text) if ticket in tickets), "")
        there = agreement(one.places, whole.places)[0] > 0
        if named or (there and reading.score.topic == topic and likeness >= LIKE):
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
    tickets = sorted({item.ticket for item in evidence if item.ticket})
    if not _enough(evidence):
        return None
    best = max(item.likeness for item in evidence)
    why = f"{len(_voices(evidence))} suara mengeluh sesudah ditutup {stamp(issue.status_at)} WIB"
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


def _enough(evidence: Sequence[Evidence]) -> bool:
    """One that names the number or comes from the citizens' desk is enough, else two voices."""
    sure = any(item.ticket or item.reading.post.kind is PostKind.REPORT for item in evidence)
    return sure or len(_voices(evidence)) >= VOICES


def _voices(evidence: Sequence[Evidence]) -> set[str]:
    return {item.reading.post.author or f"unsigned {item.reading.post.id}" for item in evidence}


def _tickets(text: str) -> list[str]:
    return [_bare(found) for found in TICKET.findall(text.lower())]


def _bare(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
