"""Commands of corrections: set one label of a post right, and list what was set right."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection, select

from pipeline.office import ConfigOption, JsonOption, Office, results
from tanggap.clock import stamp
from tanggap.desk.correcting import FIELDS, correct, undo
from tanggap.errors import UsageError
from tanggap.records import Correction, Label
from tanggap.store import corrections, people
from tanggap.store.tables import post
from tanggap.text import clip

#: Characters of a post that a list shows.
SHOWN = 60


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(name="correct")(correct_label)
    group = typer.Typer(no_args_is_help=True, help="What people set right.")
    group.command(name="list")(show)
    group.command(name="undo")(take_back)
    app.add_typer(group, name="correction")


def correct_label(
    item: Annotated[str, typer.Argument(metavar="POST", help="Number of the post in the store, or SOURCE/ID.")],
    field: Annotated[str, typer.Option(help=f"{', '.join(FIELDS)}.")],
    to: Annotated[str, typer.Option(help="The right label: `ya` or `tidak`, a name; +AREA or -PLACE for places.")],
    why: Annotated[str, typer.Option(help="Why the label is wrong; models and colleagues read it.")],
    by: Annotated[str, typer.Option(help="Your account.")],
    config: ConfigOption = None,
) -> None:
    """Sets one label of a post right: everywhere, at once, and for every later reading of this text.

    Example: tanggap correct x/1991234 --field topic --to banjir --why "genangan, bukan macet" --by rina
    """
    office = Office.open(config)
    with office.store.read() as db:
        person = people.get(db, by)
        key = number_of(db, item)
    if person is None:
        raise UsageError(f"There is no account `{by}`; `tanggap user list` shows them.")
    made = correct(office.store, office.city, person, key, field, to, why=why, at=office.settings.now())
    typer.echo(f"{item}: {made.field} {said(made.before)} -> {said(made.after)}")


def take_back(
    number: Annotated[int, typer.Argument(help="Number of the correction, as the list shows it.")],
    by: Annotated[str, typer.Option(help="Your account.")],
    config: ConfigOption = None,
) -> None:
    """Takes a correction back; it stays on record, and models do not learn from it.

    Example: tanggap correction undo 12 --by rina
    """
    office = Office.open(config)
    with office.store.read() as db:
        person = people.get(db, by)
    if person is None:
        raise UsageError(f"There is no account `{by}`; `tanggap user list` shows them.")
    gone = undo(office.store, office.city, person, number, at=office.settings.now())
    typer.echo(f"{gone.post}: {gone.field} {said(gone.after)} -> {said(gone.before)}")


def number_of(db: Connection, item: str) -> int:
    """The number of a post named by it or by SOURCE/ID; UsageError when there is none."""
    source, slash, native_id = item.partition("/")
    if not slash and item.isdigit():
        return int(item)
    key: int | None = db.scalar(select(post.c.id).where(post.c.source == source, post.c.native_id == native_id))
    if key is None:
        raise UsageError(f"There is no post `{item}`; write its number in the store or SOURCE/ID.")
    return key


def show(
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Lists corrections, newest first.

    Example: tanggap correction list --json
    """
    with Office.open(config).store.read() as db:
        found = corrections.latest(db, limit)
    if as_json:
        typer.echo(json.dumps([plain(item) for item, _ in found], ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("nomor", "kapan", "oleh", "kiriman", "label", "dari", "menjadi", "alasan", "teks"):
        table.add_column(heading)
    for item, about in found:
        labels = (item.field, said(item.before), said(item.after))
        by = f"{item.by}, dibatalkan {item.undone_by}" if item.undone_by else item.by
        table.add_row(
            str(item.id),
            stamp(item.at),
            by,
            str(item.post),
            *labels,
            escape(item.why),
            escape(clip(about.full_text, SHOWN)),
        )
    results.print(table)


def plain(item: Correction) -> dict[str, object]:
    """A correction as JSON has it."""
    undone = item.undone_at.isoformat() if item.undone_at else None
    return {**asdict(item), "at": item.at.isoformat(), "undone_at": undone}


def said(label: Label) -> str:
    """A label as people read it."""
    if label is None or label == []:
        return "-"
    if isinstance(label, list):
        return ", ".join(str(place["name"]) for place in label)
    return ("ya" if label else "tidak") if isinstance(label, bool) else str(label)
