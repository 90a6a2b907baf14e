"""What ranking has to know of the city at the moment: how loud issues usually are, and which voices are one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from tanggap.issues.priority import Ranking
from tanggap.records import SignalKind
from tanggap.store import series, signals

#: Days over which issues tell what is loud.
USUAL = timedelta(days=28)


def informed(db: Connection, ranking: Ranking, now: datetime) -> Ranking:
    """The ranking as it is to be used now."""
    pasted = signals.open_ones(db, SignalKind.COORDINATION)
    together = {one.subject.removeprefix("issue:"): int(one.evidence["voices"]) for one in pasted}
    return ranking.around(series.usual_voices(db, now - USUAL), together)
