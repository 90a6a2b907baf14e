"""The command that shows what the monitor noticed: signals."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlalchemy import Connection

from pipeline import jobs
from pipeline.office import ConfigOption, JsonOption, Office, results
from tanggap.clock import WIB, stamp
from tanggap.errors import UsageError
from tanggap.issues.outlook import outlook
from tanggap.records import Issue, Signal, SignalKind
from tanggap.signals import lens
from tanggap.store import areas, issues
from tanggap.store import signals as stored

#: Days that the quiet-place lens looks over.
LENS = timedelta(days=28)

LABELS = {
    SignalKind.BURST: "lonjakan",
    SignalKind.BREAK: "perubahan",
    SignalKind.COORDINATION: "serentak",
    SignalKind.RUMOUR: "kabar",
    SignalKind.CLOSING: "selesai semu",
    SignalKind.COVERAGE: "liputan",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(name="signals")(show)


def show(
    issue: Annotated[str, typer.Option(help="Only of this issue, with what would change its class.")] = "",
    places: Annotated[bool, typer.Option("--places", help="The quiet-place lens instead: 28 days.")] = False,
    level: Annotated[str, typer.Option(help="With --places: kota, kecamatan or kelurahan only.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Looks once more, and prints what is out of the usual: bursts, breaks, coordinated posting, rumours.

    Example: tanggap signals --issue ISU-20261122-0001
    """
    office = Office.open(config)
    if places:
        show_places(office, level, as_json=as_json)
        return
    jobs.notice(office.store, office.city, office.settings)
    with office.store.read() as db:
        about = _living(db, issue) if issue else None
        found = stored.of(db, f"issue:{about.id}") if about else stored.open_ones(db)
        names = {f"issue:{one.id}": f"{one.id} {one.title}" for one in issues.open_issues(db)}
    if as_json:
        typer.echo(json.dumps([signal_json(one) for one in found], ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("sinyal", "tentang", "sejak", "isi"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(LABELS[one.kind], names.get(one.subject, ""), stamp(one.since), one.withheld or one.told)
    results.print(table if found else "Tidak ada yang di luar kebiasaan.")
    if about:
        prospect = outlook(about, office.ranking, office.settings.now())
        for told in (prospect.up and prospect.up.told, prospect.down and prospect.down.told, prospect.held):
            if told:
                results.print(told)


def show_places(office: Office, level: str, *, as_json: bool) -> None:
    """Prints voices per place of the last 28 days; without a level a kelurahan only where it bears a sign."""
    if level not in ("", *lens.LEVELS.values()):
        raise UsageError(f"There is no level {level}; it is kota, kecamatan or kelurahan.")
    now = office.settings.now()
    with office.store.read() as db:
        heard = areas.area_voices(db, now - LENS, now)
    places = lens.look(heard, office.city, lens.populations(office.city))
    found = [one for one in places if one.level == level or (not level and (one.sign or one.level != "kelurahan"))]
    if as_json:
        typer.echo(json.dumps([asdict(place) for place in found], ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("wilayah", "tingkat", "unggahan", "laporan", "per 10.000 warga", "tanda", "sebab"):
        table.add_column(heading, overflow="fold")
    for one in found:
        rate = "{:.1f} ({:.1f}–{:.1f})".format(*one.rate).replace(".", ",") if one.rate else "–"
        table.add_row(one.name, one.level, str(one.posts), str(one.reports), rate, one.sign or "–", one.told)
    results.print(table)


def _living(db: Connection, issue: str) -> Issue:
    found = issues.get(db, issue)
    if found is None:
        raise UsageError(f"There is no issue {issue}; `tanggap issue list` shows them.")
    return found


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
