"""How an issue fares, as the component draws it: the silence of the city, its clocks, who is called, and the effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from dashboard.words import dotted
from tanggap.city import City
from tanggap.clock import span, stamp
from tanggap.desk.deadlines import WARNINGS, Deadline
from tanggap.desk.effect import LEVEL, Effect
from tanggap.desk.silence import Silence
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, User

#: Like issues that are named; the widest change that the line of the interval shows, as a share.
NAMED: Final = 8
WIDEST: Final = 1.0
VERDICTS: Final = {"mereda lebih cepat": "good", "malah naik": "red"}


def waited(told: Silence) -> dict[str, Any]:
    """How long the public waited, and for whom."""
    end = "sampai jawaban pertama" if told.answered else "dan belum dijawab"
    parts = (("belum terlihat", told.blind), ("di meja", told.desk), ("pada pihak", told.agency))
    whole = told.total or timedelta(minutes=1)
    return {
        "words": f"Waktu diam {span(told.total)} {end}",
        "parts": [{"label": label, "words": span(length), "share": length / whole} for label, length in parts],
    }


def clock(one: Deadline, now: datetime) -> dict[str, Any]:
    """One clock with the warnings that it has given."""
    used = one.used(now)
    if one.met_at is not None:
        state, tone = f"terpenuhi {stamp(one.met_at)}", "red" if one.late(now) else "good"
        state += f", terlambat {span(-one.left(now))}" if one.late(now) else ""
    elif one.late(now):
        state, tone = f"lewat {span(-one.left(now))}", "red"
    else:
        state, tone = f"sisa {span(one.left(now))}", "amber" if one.warning(now) >= WARNINGS[1] else ""
    warned = f"peringatan {one.warning(now)}%" if one.running and one.warning(now) else ""
    return {
        "label": one.label, "due": f"tenggat {stamp(one.due)}", "state": state, "tone": tone, "warned": warned,
        "share": max(0.0, min(1.0, used / 100)), "marks": [mark / 100 for mark in WARNINGS[:-1]],
    }  # fmt: skip


def called(
    issue: Issue, staff: Sequence[User], channels: Sequence[str], workflow: Workflow, city: City
) -> list[dict[str, str]]:
    """Who is warned, and who decides when nobody does."""
    names = {user.name: user.full_name for user in staff}
    holder = names.get(issue.holder, issue.holder) if issue.holder else "belum ada"
    lead = ", ".join(user.full_name for user in staff if workflow.may(user, "lead")) or "belum ada akun dengan hak ini"
    return [
        {"label": "PIC", "words": f"{holder} · {city.agency_label(issue.agency)}" if issue.agency else holder},
        {"label": "Koordinator piket", "words": lead},
        {"label": "Peringatan ke", "words": ", ".join(channels) or "belum ada saluran; admin mengaturnya"},
    ]


def effect(told: Effect, mine: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the answer did: the verdict, its interval on a line from -100% to +100%, and the rows behind it."""
    low, high = told.interval or (0.0, 0.0)
    line = None
    if told.change is not None:
        line = {
            "start": _place(low),
            "end": _place(high),
            "at": _place(told.change),
            "words": f"rentang {round(100 * LEVEL)}%: {round(100 * low):+d}% s.d. {round(100 * high):+d}%",
        }
    mood = "" if told.mood is None else f"Kiriman negatif {round(100 * told.mood):+d} poin persen"
    return {
        "verdict": told.verdict, "tone": VERDICTS.get(told.verdict, "soft"), "told": told.told,
        "compared": told.compared, "line": line, "mood": mood, "posts": list(mine),
        "peers": [{"id": one.issue, "words": f"{dotted(one.before)} → {dotted(one.after)}"}
                  for one in told.peers[:NAMED]],
        "count": len(told.peers),
    }  # fmt: skip


def _place(change: float) -> float:
    """Where a change stands on the line, 0 to 1."""
    return (max(-WIDEST, min(WIDEST, change)) + WIDEST) / (2 * WIDEST)
