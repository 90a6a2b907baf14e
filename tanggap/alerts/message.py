"""Calls in plain Indonesian: what, where, how long is left, who holds it, and where to read on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten

from tanggap.alerts.calls import Call, Kind
from tanggap.clock import span, stamp

#: Lines of a summary, and characters of a title and of a sentence.
LINES = 15
TITLE, SENTENCE = 120, 300


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out on a channel, without markup."""

    title: str
    body: str


def message(calls: Sequence[Call], now: datetime, base: str) -> Message:
    """One call whole, or a summary of many; `base` is the address of the dashboard."""
    return single(calls[0], now, base) if len(calls) == 1 else summary(calls, now, base)


def single(call: Call, now: datetime, base: str) -> Message:
    """All about one call."""
    name = f" ({call.subject})" if call.kind not in (Kind.SOURCE, Kind.JOB) else ""
    lines = [
        f"{_short(call.title)}{name}",
        _short(call.told, SENTENCE),
        f"Di: {_short(call.place)}" if call.place else "",
        f"Dipegang: {call.holder}" if call.holder else "",
        f"Tenggat {call.clock}: {stamp(call.due_at)} WIB, {left(call, now)}" if call.due_at else "",
        f"{base}{where(call)}",
    ]
    head = f"{_class(call)}{call.what}: {call.title}"
    return Message(_short(head), "\n".join(filter(None, lines)))


def summary(calls: Sequence[Call], now: datetime, base: str) -> Message:
    """One line per call, the most urgent first; many warnings of one issue are one line."""
    first: dict[tuple[bool, str], Call] = {}
    for call in calls:
        first.setdefault((call.kind in (Kind.SOURCE, Kind.JOB), call.subject), call)
    told = list(first.values())
    lines = [f"- {_line(call, now)}" for call in told[:LINES]]
    if len(told) > LINES:
        lines.append(f"- dan {len(told) - LINES} lainnya")
    classes = Counter(call.priority for call in told if call.urgent and call.priority)
    urgent = ", ".join(f"{count} {name}" for name, count in sorted(classes.items()))
    head = f"{len(told)} hal menunggu petugas" + (f" ({urgent})" if urgent else "")
    return Message(head, "\n".join([*lines, f"{base}/"]))


def _line(call: Call, now: datetime) -> str:
    parts = [
        f"{_class(call)}{call.what}: {_short(call.title)}",
        _short(call.place),
        f"{call.clock} {left(call, now)}" if call.due_at else "",
        call.holder,
    ]
    return "; ".join(filter(None, parts))


def left(call: Call, now: datetime) -> str:
    """`sisa 42 mnt` or `lewat 3 j`."""
    rest = call.due_at - now if call.due_at else timedelta(0)
    return f"sisa {span(rest)}" if rest > timedelta(0) else f"lewat {span(rest)}"


def where(call: Call) -> str:
    """The page of the dashboard that shows it."""
    pages = {Kind.SOURCE: f"/sumber?sumber={call.subject}", Kind.JOB: "/jadwal"}
    return pages.get(call.kind, f"/?isu={call.subject}")


def _class(call: Call) -> str:
    return f"[{call.priority}] " if call.priority else ""


def _short(text: str, most: int = TITLE) -> str:
    """On one line and not too long; what the public wrote must not draw a message of its own."""
    return shorten(text, most, placeholder=" ...")
