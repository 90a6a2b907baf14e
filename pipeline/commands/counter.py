"""Commands of the complaint counters: take a complaint, print its slip, tell how it stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline.commands.desk_room import AsOption, Room
from pipeline.office import ConfigOption, results
from tanggap.clock import stamp
from tanggap.desk.counter import Counter, slip
from tanggap.errors import TanggapError

app = typer.Typer(no_args_is_help=True, help="The complaint counters.", rich_markup_mode=None)


def register(root: typer.Typer) -> None:
    """Adds the commands."""
    root.add_typer(app, name="counter")


@app.command()
def take(
    by: AsOption,
    desk: Annotated[str, typer.Option(help="Which counter, such as `Kecamatan Jatinegara`.")],
    area: Annotated[str, typer.Option(prompt="Wilayah (kode)", help="Code of the area it is about.")],
    text: Annotated[str, typer.Option(prompt="Keluhan", help="What the citizen says.")],
    rtrw: Annotated[str, typer.Option(help="The RT or RW that reports on duty.")] = "",
    spot: Annotated[str, typer.Option(help="The landmark it is about.")] = "",
    out: Annotated[Path | None, typer.Option("--slip", help="File for the slip; printed here if left out.")] = None,
    config: ConfigOption = None,
) -> None:
    """Takes a complaint and gives its receipt; on a terminal it asks for what is missing. No name is asked.

    Example: tanggap counter take --desk "Kecamatan Jatinegara" --area 31.75.03.1001 --text "got mampet" --as sari
    """
    room = Room.open(config, by)
    made = Counter(room.desk).take(room.person, text, area=area, place=desk, rtrw=rtrw, spot=spot)
    printed = slip(made, text, room.desk.city.area_label(area))
    if out is None:
        typer.echo(printed)
        return
    try:
        out.write_text(printed, encoding="utf-8")
    except OSError as error:
        raise TanggapError(f"{made.number} is taken, but {out} cannot be written: {error.strerror}.") from None
    typer.echo(f"{made.number} · {out}")


@app.command()
def status(number: Annotated[str, typer.Argument(help="Number on the receipt.")], config: ConfigOption = None) -> None:
    """Tells how a complaint stands, by its receipt number.

    Example: tanggap counter status LOKET-20261122-0001-2
    """
    found = Counter(Room.open(config).desk).standing(number)
    typer.echo(f"{found.receipt.number} · {stamp(found.receipt.at)} · {found.words}")


@app.command()
def duty(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First city day.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last city day.")],
    config: ConfigOption = None,
) -> None:
    """Shows on how many working days each kelurahan had a report of its RT/RW; by name, never how many reports.

    Example: tanggap counter duty --from 2026-11-01 --to 2026-11-30
    """
    table = Table(box=None, pad_edge=False)
    for heading in ("wilayah", "hari kerja dengan laporan"):
        table.add_column(heading)
    for line in Counter(Room.open(config).desk).duty(start.date(), end.date()):
        table.add_row(line.name, f"{line.days} dari {line.of}")
    results.print(table)
