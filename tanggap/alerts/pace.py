"""How many messages go out at once: never a storm, never long silence about something urgent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from tanggap.alerts.calls import Call, Kind
from tanggap.clock import WIB

HOUR = timedelta(hours=1)
#: So many calls at once are told one by one; more are one summary.
AT_ONCE = 3


def batches(calls: Sequence[Call], sent: Sequence[datetime], now: datetime, most: int) -> list[Sequence[Call]]:
    """The calls as messages to send now; those left out come at a later look.

    Half of the `most` messages of an hour are for single calls; once it is used up, all that waits goes out as one
    summary, and the summaries of an hour share the other half, evenly apart.

    Args:
        sent: when the messages of the last hour went out, oldest first.
    """
    half = max(1, most // 2)
    if not calls or len(sent) >= most:
        return []
    if len(calls) <= min(AT_ONCE, half - len(sent)):
        return [[call] for call in calls]
    if len(sent) >= half and now - sent[-1] < HOUR / half:
        return []
    return [calls]


def may_go(call: Call, now: datetime, begin: time, end: time) -> bool:
    """Whether the hour allows it: trouble of sources and jobs waits from `begin` to `end`, Jakarta time.

    Classes P3 and P4 do not call outside the opening hours at all.
    """
    return call.urgent or call.kind not in (Kind.SOURCE, Kind.JOB) or not quiet(now, begin, end)


def quiet(now: datetime, begin: time, end: time) -> bool:
    """Whether the quiet hours last; they may go past midnight, and equal ends mean none."""
    at = now.astimezone(WIB).time()
    return begin <= at < end if begin <= end else at >= begin or at < end
