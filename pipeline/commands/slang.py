"""Commands of slang: what people type and what it means, added by the office and read from the next batch on."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from pipeline.office import ConfigOption, Office, results
from tanggap import slang
from tanggap.desk import wording
from tanggap.errors import UsageError
from tanggap.records import User
from tanggap.store import people

ByOption = Annotated[str, typer.Option(help="Your account.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="Slang and abbreviations of your city.")
    for command in (add, retire, remove):
        group.command()(command)
    group.command(name="list")(show)
    app.add_typer(group, name="slang")


def add(
    word: Annotated[str, typer.Argument(help="What people type: one word, small letters.")],
    means: Annotated[str, typer.Option(help="What it means, in plain words.")],
    by: ByOption,
    region: Annotated[str, typer.Option(help="id, jkt, jv, su or en.")] = "id",
    config: ConfigOption = None,
) -> None:
    """Adds slang, or changes what the office said it means. Posts that come in from now on are read with it.

    Example: tanggap slang add mbledos --means meledak --region jv --by rina
    """
    office = Office.open(config)
    wording.teach(office.store, office.city, person(office, by), word, means, region, at=office.settings.now())
    typer.echo(f"{word}: {means}")


def retire(word: Annotated[str, typer.Argument(help="The word.")], by: ByOption, config: ConfigOption = None) -> None:
    """Lets a word mean nothing but itself, be it shipped or of the office.

    Example: tanggap slang retire modar --by rina
    """
    office = Office.open(config)
    meant = wording.retire(office.store, office.city, person(office, by), word, at=office.settings.now())
    typer.echo(f"{word}: no longer read as {meant}")


def remove(word: Annotated[str, typer.Argument(help="The word.")], by: ByOption, config: ConfigOption = None) -> None:
    """Takes out what the office added; the shipped table stays.

    Example: tanggap slang remove mbledos --by rina
    """
    office = Office.open(config)
    wording.remove(office.store, office.city, person(office, by), word, at=office.settings.now())
    typer.echo(f"{word}: taken out")


def show(config: ConfigOption = None) -> None:
    """Lists what the office added.

    Example: tanggap slang list
    """
    table = Table(box=None, pad_edge=False)
    for heading in ("kata", "arti", "daerah", "oleh", "tanggal"):
        table.add_column(heading)
    for one in slang.entries(Office.open(config).city.language_dir):
        table.add_row(one.slang, one.normal or "(dipensiunkan)", one.region, one.by, one.day.isoformat())
    results.print(table)


def person(office: Office, by: str) -> User:
    """The account of that name; UsageError when there is none."""
    with office.store.read() as db:
        found = people.get(db, by)
    if found is None:
        raise UsageError(f"There is no account `{by}`; `tanggap user list` shows them.")
    return found
