"""Commands of slang: what people type and what it means, added by the office and read from the next batch on."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from nlp.stem import base_words
from pipeline.office import ConfigOption, Office, results
from tanggap import slang
from tanggap.clock import city_day
from tanggap.desk.workflow import Workflow
from tanggap.errors import RuleError, UsageError
from tanggap.records import AuditEntry
from tanggap.store import audit, people

ByOption = Annotated[str, typer.Option(help="Your account.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="Slang and abbreviations of your city.")
    for command in (add, remove):
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
    check(office, by)
    entry = slang.Slang(
        slang=word, normal=means, region=region, by=by, day=city_day(office.settings.now())  # type: ignore[arg-type]
    )  # fmt: skip
    slang.add(office.city.language_dir, entry, base_words())
    note(office, by, "slang.add", word, {"means": means, "region": region})
    typer.echo(f"{word}: {means}")


def remove(word: Annotated[str, typer.Argument(help="The word.")], by: ByOption, config: ConfigOption = None) -> None:
    """Takes out what the office added; the shipped table stays.

    Example: tanggap slang remove mbledos --by rina
    """
    office = Office.open(config)
    check(office, by)
    gone = slang.remove(office.city.language_dir, word)
    note(office, by, "slang.remove", word, {"means": gone.normal})
    typer.echo(f"{word}: taken out")


def show(config: ConfigOption = None) -> None:
    """Lists what the office added.

    Example: tanggap slang list
    """
    table = Table(box=None, pad_edge=False)
    for heading in ("kata", "arti", "daerah", "oleh", "tanggal"):
        table.add_column(heading)
    for one in slang.entries(Office.open(config).city.language_dir):
        table.add_row(one.slang, one.normal, one.region, one.by, one.day.isoformat())
    results.print(table)


def check(office: Office, by: str) -> None:
    """Refuses who may not teach the models words."""
    with office.store.read() as db:
        person = people.get(db, by)
    if person is None:
        raise UsageError(f"There is no account `{by}`; `tanggap user list` shows them.")
    if person.disabled or not Workflow.load(office.city).may(person, "correct"):
        raise RuleError(f"{person.full_name} tidak berhak menambah kata; yang berhak: analis, petugas.")


def note(office: Office, by: str, action: str, word: str, what: dict[str, Any]) -> None:
    """Writes the act into the audit trail."""
    with office.store.write() as db:
        entry = AuditEntry(at=office.settings.now(), by=by, action=action, subject=f"slang {word}", after=what)
        audit.add(db, entry)
