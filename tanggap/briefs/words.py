"""How briefs write numbers, shares, lists and time left in Indonesian."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tanggap.clock import span


def number(value: int) -> str:
    """`1.204`: thousands are parted by dots."""
    return f"{value:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """`62%` of a whole; `0%` of nothing."""
    return f"{round(100 * part / whole)}%" if whole else "0%"


def listed(names: Sequence[str], most: int = 3) -> str:
    """`A, B, dan 2 lainnya`: the first `most` names and how many more there are."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f", dan {rest} lainnya" if rest > 0 else "")


def time_left(due: datetime | None, now: datetime) -> str:
    """`sisa 40 mnt`, `lewat 2 j`, or `tanpa tenggat`."""
    if due is None:
        return "tanpa tenggat"
    return f"lewat {span(now - due)}" if due < now else f"sisa {span(due - now)}"
