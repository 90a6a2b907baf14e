"""The job that looks after the sources: calls people where one is in trouble, and stops calling when it is well."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from tanggap.settings import Settings
from tanggap.store import Store, alarms
from tanggap.store.dialects import one_writer
from tanggap.watch import LABELS, Health, State, survey

logger = logging.getLogger(__name__)

#: Alarms that only posts can end: after weeks of silence nothing is expected any more, and all would look well.
SILENT = frozenset({State.QUIET, State.EMPTY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a look at the sources changed: ids of those whose alarm began, stands, or ended."""

    opened: tuple[str, ...]
    standing: tuple[str, ...]
    cleared: tuple[str, ...]


def check_sources(store: Store, settings: Settings) -> Checked:
    """Opens, refreshes and clears alarms; doing it twice changes nothing more."""
    now = settings.now()
    with store.read() as db:
        found = survey(db, now)
    opened: list[str] = []
    standing: list[str] = []
    cleared: list[str] = []
    with store.write() as db:
        one_writer(db)
        known = alarms.open_ones(db)
        for health in found:
            key, verdict = health.source.id, health.verdict
            alarm = known.get(key)
            if verdict.alarming:
                first = verdict.since or now
                new = alarms.raise_or_refresh(db, key, health.state.value, verdict.told, since=first, at=now)
                (opened if new else standing).append(key)
            elif alarm and well(health, State(alarm.state)):
                alarms.clear(db, key, now)
                cleared.append(key)
    for health in found:
        if health.source.id in opened:
            told = f"{LABELS[health.state]}: {health.verdict.told}"
            logger.warning(told, extra={"action": "alarm", "source": health.source.id})
    return Checked(opened=tuple(opened), standing=tuple(standing), cleared=tuple(cleared))


def well(health: Health, was: State) -> bool:
    """Whether the alarm of a source may end: it is switched off, or read again and heard again."""
    if health.state is State.OFF:
        return True
    return health.state is State.GOOD and (was not in SILENT or health.week > 0)
