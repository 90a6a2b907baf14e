"""What the source commands print: tables for people, plain values for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from pipeline.trial import line
from tanggap.clock import stamp
from tanggap.cron import Cron
from tanggap.declarations import differences, written
from tanggap.records import CrawlRun, Source
from tanggap.store import alarms, quarantine, runs, sources, spending, waits
from tanggap.store.alarms import Alarm
from tanggap.store.quarantine import Broken
from tanggap.store.waits import Wait
from tanggap.watch import LABELS, Health

RUNS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything `tanggap source show` tells of one source."""

    source: Source
    #: As sources.toml declares it; None for one that was added.
    declared: Source | None
    edit: tuple[str, datetime] | None
    runs: Sequence[CrawlRun]
    wait: Wait | None
    spent: tuple[int, float]
    broken: Sequence[Broken]
    alarm: Alarm | None

    @classmethod
    def read(cls, db: Connection, source: Source, declared: Source | None, now: datetime) -> Self:
        """The page as of `now`."""
        wait = waits.until(db, source.id)
        return cls(
            source=source,
            declared=declared,
            edit=sources.edits(db).get(source.id),
            runs=runs.recent(db, RUNS, source=source.id),
            wait=wait if wait and wait.until > now else None,
            spent=spending.spent(db, source.id, now),
            broken=quarantine.entries(db, source.id),
            alarm=alarms.open_ones(db).get(source.id),
        )

    def lines(self) -> Iterator[str]:
        """The declaration as it stands, and what there is to know about it."""
        yield f"[{self.source.id}]"
        for key, value in written(self.source).items():
            yield line(f"{key} = {json.dumps(value, ensure_ascii=False)}")
        yield ""
        yield self.origin()
        if self.alarm:
            yield line(f"Alarm since {stamp(self.alarm.since)} WIB: {self.alarm.message}")
        if self.wait:
            yield line(f"Waits until {stamp(self.wait.until)} WIB ({self.wait.failure}): {self.wait.why}")
        yield f"Spent today: {self.spent[0]} items, ${self.spent[1]:.2f}"
        if self.broken:
            yield f"In quarantine: {len(self.broken)} records; see `tanggap source show {self.source.id} --quarantine`"

    def origin(self) -> str:
        """Where the declaration comes from, and where it left its file."""
        if self.declared is None:
            return (
                f"Added by {self.edit[0]} {stamp(self.edit[1])} WIB." if self.edit else "No file declares it any more."
            )
        old, new = differences(self.declared, self.source)
        if not self.edit or not new:
            return "As sources.toml declares it."
        changed = ", ".join(f"{key} {json.dumps(old[key])} -> {json.dumps(new[key])}" for key in new)
        return line(f"Edited by {self.edit[0]} {stamp(self.edit[1])} WIB, differs from sources.toml: {changed}")

    def broken_lines(self) -> Iterator[str]:
        """The records in quarantine."""
        for each in self.broken:
            yield line(f"{stamp(each.at)} WIB  {each.told}")
            yield line(f"    {each.sample}")
        if not self.broken:
            yield "Nothing is in quarantine."

    def plain(self) -> dict[str, Any]:
        """The page for machines."""
        return {
            **plain(self.source),
            "edited": {"by": self.edit[0], "at": self.edit[1].isoformat()} if self.edit else None,
            "differs": differences(self.declared, self.source)[1] if self.declared else None,
            "runs": [_jsonable(asdict(run)) for run in self.runs],
            "wait": _jsonable(asdict(self.wait)) if self.wait else None,
            "spent_today": {"items": self.spent[0], "usd": self.spent[1]},
            "quarantine": [_jsonable(asdict(each)) for each in self.broken],
            "alarm": _jsonable(asdict(self.alarm)) if self.alarm else None,
        }


def plain(source: Source) -> dict[str, Any]:
    """A source for machines."""
    return {"id": source.id, **written(source)}


def _jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}


def listing(found: Sequence[Source]) -> Table:
    """One line per source."""
    table = _table("source", "kind", "on", "verified", "schedule", "title")
    for each in found:
        table.add_row(
            each.id,
            each.kind.value,
            "yes" if each.enabled else "no",
            "yes" if each.verified else "no",
            Cron(each.schedule).reading() if each.schedule else "–",
            Text(line(each.title)),
        )
    return table


def run_listing(found: Sequence[CrawlRun]) -> Table:
    """The last runs of one source."""
    table = _table(
        "run", "fetched", "new", "duplicate", "changed", "failed", "refused", "cost", "note", right=slice(1, 6)
    )
    for run in found:
        counts = [str(count) for count in (run.fetched, run.new, run.duplicate, run.changed, run.failed)]
        table.add_row(stamp(run.started_at), *counts, refused(run), dollars(run.cost_usd), Text(line(ending(run))))
    return table


def refused(run: CrawlRun) -> str:
    """`robots 3, payload 1`, most frequent first."""
    ordered = sorted(run.refused.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{kind} {count}" for kind, count in ordered if count) or "–"


def dollars(amount: float) -> str:
    """`$0.035`, or a dash for nothing."""
    return f"${amount:.3f}" if amount else "–"


def ending(run: CrawlRun) -> str:
    """How a run ended."""
    return f"{run.failure}: {run.message}" if run.failure else run.message


def health_listing(found: Sequence[Health], calling: Mapping[str, Alarm]) -> Table:
    """One line per source, those with an alarm first, those switched off last."""
    table = _table(
        "source", "state", "24 h", "usual", "7 d", "usual", "last success", "next", "cost today", "alarm since",
        right=slice(2, 6),
    )  # fmt: skip
    for each in sorted(found, key=lambda h: (h.source.id not in calling, not h.source.enabled, h.source.id)):
        alarm = calling.get(each.source.id)
        table.add_row(
            each.source.id,
            LABELS[each.state],
            str(each.day),
            f"{each.usual_day:.0f}",
            str(each.week),
            f"{each.usual_week:.0f}",
            stamp(each.last_success) if each.last_success else "–",
            stamp(each.next_at) if each.next_at else "–",
            dollars(each.usd_today),
            stamp(alarm.since) if alarm else "–",
        )
    return table


def plain_health(health: Health, alarm: Alarm | None) -> dict[str, Any]:
    """The health of a source for machines."""
    return {
        "source": health.source.id,
        "state": health.state.value,
        "told": health.verdict.told,
        "posts_24h": health.day,
        "usual_24h": round(health.usual_day, 1),
        "posts_7d": health.week,
        "usual_7d": round(health.usual_week, 1),
        "last_success": health.last_success.isoformat() if health.last_success else None,
        "next_at": health.next_at.isoformat() if health.next_at else None,
        "items_today": health.items_today,
        "usd_today": health.usd_today,
        "alarm_since": alarm.since.isoformat() if alarm else None,
    }


def _table(*headings: str, right: slice = slice(0)) -> Table:
    table = Table(box=None, pad_edge=False)
    numbers = set(range(len(headings))[right])
    for at, heading in enumerate(headings):
        table.add_column(heading, justify="right" if at in numbers else "left", overflow="fold")
    return table
