"""What would change an issue's class: the nearest one up and down, and which part must move by how much."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.clock import span
from tanggap.issues.priority import LABELS, Ranking
from tanggap.records import Issue, Priority, Reason

#: Parts named in each direction at most.
SHOWN = 4
#: Wider changes than this many times what there is are no prospect.
FAR = 20
#: Nor is falling to less than one part in this many of what there is.
NEAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One part that would do it alone: points it must gain or lose, and what that means."""

    part: str
    points: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The nearest class in one direction."""

    priority: Priority
    #: Points that are missing, or that must go.
    points: int
    ways: tuple[Way, ...]

    @property
    def told(self) -> str:
        """`Naik ke P1 bila skor naik 8: sekitar 60 suara dalam 24 jam (kini 23).`"""
        way = "naik" if self.points > 0 else "turun"
        head = f"{way.capitalize()} ke {self.priority} bila skor {way} {abs(self.points)}"
        ways = " atau ".join(way.text for way in self.ways)
        return f"{head}: {ways}." if ways else f"{head}; tidak ada satu bagian yang cukup sendirian."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Both directions; None where there is no class further up or down."""

    up: Turn | None
    down: Turn | None
    #: Why it cannot fall further whatever the parts say, "" where it can.
    held: str = ""


def outlook(issue: Issue, ranking: Ranking, now: datetime) -> Outlook:
    """What would change the class of an issue, from the reasons stored with it.

    Each way is one part alone with all others as they are; how a part answers to its evidence is taken from its
    present points, so that the credibility that damps it is in the figures.
    """
    lowest = {Priority.P1: ranking.classes.P1, Priority.P2: ranking.classes.P2, Priority.P3: ranking.classes.P3}
    own = ranking.priority(issue.score)
    points = {reason.part: reason for reason in issue.reasons}
    above = [name for name in lowest if lowest[name] > issue.score]
    up = max(above, key=lambda name: name.value) if above else None
    down = next((name for name in Priority if name > own), None)
    floor = "Batas bawah" in points
    return Outlook(
        up=_turn(up, lowest[up] - issue.score, issue, points, ranking, now) if up else None,
        down=_turn(down, lowest[own] - 1 - issue.score, issue, points, ranking, now) if down and not floor else None,
        held=_held(issue, floor),
    )


def _held(issue: Issue, floor: bool) -> str:
    if floor and issue.answered_at is None:
        return "Tidak turun sebelum ada jawaban resmi: bahaya bagi warga disebut dua suara atau lebih."
    if floor:
        return "Tidak turun selama bahaya bagi warga disebut dua suara atau lebih dalam 12 jam terakhir."
    return "Tidak turun di bawah P2: pernah ditutup dan dikeluhkan lagi." if issue.reopened else ""


@dataclass(frozen=True, slots=True)
class Case:
    """One part that is to move: points it has and needs (or must lose), and the issue it is of."""

    issue: Issue
    ranking: Ranking
    has: int
    need: int
    now: datetime


def _turn(to: Priority, need: int, issue: Issue, points: dict[str, Reason], ranking: Ranking, now: datetime) -> Turn:
    found = []
    for name, say in WAYS.items():
        label = LABELS[name]
        has = points[label].points if label in points else 0
        if not 0 <= has + need <= getattr(ranking.weights, name):
            continue
        if text := say(Case(issue, ranking, has, need, now)):
            found.append(Way(part=label, points=need, text=text))
    return Turn(priority=to, points=need, ways=tuple(found[:SHOWN]))


def _safety(case: Case) -> str:
    if case.need > 0:
        return f"bahaya bagi warga disebut {case.ranking.safety.danger_voices} suara"
    return "bahaya tidak lagi disebut" if case.issue.answered_at is not None else ""


def _silence(case: Case) -> str:
    if case.need < 0 or case.issue.answered_at is not None:
        return "ditanggapi resmi" if case.issue.answered_at is None else ""
    share = (case.has + case.need - 0.5) / case.ranking.weights.silence
    hours = -case.ranking.scale.silence_h * math.log(1 - share)
    return f"{span(case.issue.first_at + timedelta(hours=hours) - case.now)} lagi tanpa jawaban resmi"


def _voices(case: Case) -> str:
    return _log_way(case, case.issue.accounts, case.ranking.weights.voices, case.ranking.scale.voices, "suara")


def _reach(case: Case) -> str:
    return _log_way(case, case.issue.reach, case.ranking.weights.reach, case.ranking.scale.views, "tayangan")


def _log_way(case: Case, count: int, weight: float, full: float, unit: str) -> str:
    """The count that gives `has + need` points on a log scale that gives `has` now."""
    slope = case.has / math.log1p(count) if case.has and count else weight / math.log1p(full)
    wanted = round(math.expm1((case.has + case.need) / slope))
    if (case.need > 0 and wanted > FAR * max(1, count)) or (case.need < 0 and NEAR * wanted < count):
        return ""
    kind = "sekitar" if case.need > 0 else "paling banyak"
    return f"{kind} {wanted:,} {unit} (kini {count:,})".replace(",", ".")


def _growth(case: Case) -> str:
    return "suara baru melonjak dalam 3 jam" if case.need > 0 else "kenaikan suara mereda"


def _urgency(case: Case) -> str:
    return "tiga keluhan dinilai mendesak" if case.need > 0 else "keluhan mendesak berkurang"


def _media(case: Case) -> str:
    return "diberitakan lebih banyak media" if case.need > 0 else ""


def _tone(case: Case) -> str:
    share = round(100 * case.issue.negative / case.issue.posts) if case.issue.posts else 0
    return f"nada negatif {'menguat' if case.need > 0 else 'mereda'} (kini {share} %)"


#: How each part would say it, those that people can watch or do something about first.
WAYS: Mapping[str, Callable[[Case], str]] = {
    "safety": _safety,
    "silence": _silence,
    "voices": _voices,
    "growth": _growth,
    "urgency": _urgency,
    "media": _media,
    "reach": _reach,
    "tone": _tone,
}
