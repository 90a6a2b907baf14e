"""The command that shows what the monitor noticed: signals."""

from __future__ import annotations

import json
from typing import Any

import typer
from rich.table import Table

from pipeline import jobs
from pipeline.office import ConfigOption, JsonOption, Office, results
from tanggap.clock import WIB, stamp
from tanggap.records import Signal, SignalKind
from tanggap.store import signals as stored

LABELS = {
    SignalKind.BURST: "lonjakan",
    SignalKind.BREAK: "perubahan",
    SignalKind.COORDINATION: "serentak",
    SignalKind.RUMOUR: "kabar",
    SignalKind.COVERAGE: "liputan",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(name="signals")(show)


def show(as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Looks once more, and prints what is out of the usual: bursts, breaks, coordinated posting, rumours.

    Example: tanggap signals
    """
    office = Office.open(config)
    jobs.notice(office.store, office.city, office.settings)
    with office.store.read() as db:
        found = stored.open_ones(db)
    if as_json:
        typer.echo(json.dumps([signal_json(one) for one in found], ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("sinyal", "sejak", "isi"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(LABELS[one.kind], stamp(one.since), one.withheld or one.told)
    results.print(table if found else "Tidak ada yang di luar kebiasaan.")


def signal_json(one: Signal) -> dict[str, Any]:
    """A signal for machines, times in Jakarta time."""
    return {
        "kind": one.kind.value,
        "subject": one.subject,
        "since": one.since.astimezone(WIB).isoformat(),
        "told": one.told,
        "withheld": one.withheld,
        "strength": round(one.strength, 3),
        "evidence": dict(one.evidence),
    }
