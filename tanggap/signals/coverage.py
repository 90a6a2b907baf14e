"""How much of each hour was read: an hour in which a large source was down is missing, not zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tanggap.clock import stamp
from tanggap.signals.seasons import HOUR
from tanggap.store.series import Cover

#: Two runs this far apart leave a gap, and so do those this many times as far apart as usual.
GAP, GAPS = timedelta(hours=2), 3


def covers(
    weights: Mapping[str, int], read: Mapping[str, Sequence[datetime]], hours: Sequence[datetime], now: datetime
) -> list[Cover]:
    """The cover of each hour.

    Args:
        weights: posts that each source usually brings; sources that bring none do not count.
        read: when runs of a source began that ended well, oldest first. Sources that are never crawled (imports) are
            not in it and count as read.
    """
    total = sum(weights.values())
    down: dict[datetime, list[str]] = {}
    for source in sorted(read, key=lambda name: -weights.get(name, 0)):
        for hour in _unread(read[source], hours, now) if weights.get(source) else ():
            down.setdefault(hour, []).append(source)
    return [
        Cover(
            hour=hour,
            share=1 - sum(weights[name] for name in down.get(hour, ())) / total if total else 1.0,
            down=tuple(down.get(hour, ())),
        )
        for hour in hours
    ]


def _unread(times: Sequence[datetime], hours: Sequence[datetime], now: datetime) -> list[datetime]:
    """The hours that lie whole within a gap between two good runs, or between the last one and now."""
    if not hours:
        return []
    steps = sorted(late - early for early, late in pairwise(times))
    longest = max(GAP, GAPS * steps[len(steps) // 2]) if steps else GAP
    moments = [*times, now] if times else [hours[0], now]
    gaps = [(early, late) for early, late in pairwise(moments) if late - early > longest]
    return [hour for hour in hours if any(early <= hour and hour + HOUR <= late for early, late in gaps)]


def reason(cover: Sequence[Cover], least: float, titles: Mapping[str, str]) -> str:
    """Why no trend is concluded from these hours, in one sentence; "" when enough of them was read."""
    short = [one for one in cover if one.share < least]
    if not short:
        return ""
    names = list(dict.fromkeys(name for one in short for name in one.down))
    shown = ", ".join(titles.get(name, name) for name in names[:3])
    read = round(100 * min(one.share for one in short))
    return (
        f"Tren tidak disimpulkan: {shown} tidak terbaca {stamp(short[0].hour)}–{stamp(short[-1].hour + HOUR)}; "
        f"hanya {read} % kiriman yang biasa terpantau."
    )
