"""Commands about the sources: list, show, add, edit, test, enable, disable, health."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from pipeline import jobs, trial
from pipeline.commands import source_pages
from pipeline.office import ConfigOption, JsonOption, Office, results
from tanggap.declarations import Declaration, amended, read_source
from tanggap.errors import UsageError
from tanggap.records import Source, SourceKind
from tanggap.store import alarms, sources
from tanggap.watch import edits, survey

#: Who the audit trail names for what is done from a terminal.
CLI = "cli"

app = typer.Typer(no_args_is_help=True, help="The sources: what is read, when, and how it goes.", rich_markup_mode=None)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the source.")]
KindOption = Annotated[SourceKind | None, typer.Option(help="Kind of source.")]
TitleOption = Annotated[str | None, typer.Option(help="Name shown on screens.")]
AddressOption = Annotated[str | None, typer.Option(help="Feed, sitemap, page, endpoint, file or channel.")]
QueryOption = Annotated[str | None, typer.Option(help="What is searched or listened for.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help=f"Any other key: {', '.join(Declaration.model_fields)}."),
]


def register(root: typer.Typer) -> None:
    """Adds the commands."""
    root.add_typer(app, name="source")


@app.command("list")
def list_sources(as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Lists the sources with their kind, schedule and whether a live run has seen them.

    Example: tanggap source list
    """
    found = Office.open(config).sources
    if as_json:
        typer.echo(json.dumps([source_pages.plain(source) for source in found], ensure_ascii=False, indent=2))
    else:
        results.print(source_pages.listing(found))


@app.command()
def show(
    name: IdArgument,
    quarantine: Annotated[bool, typer.Option("--quarantine", help="Show records that could not be read.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Shows one source: its declaration, edits, last runs, waits and what it spent today.

    Example: tanggap source show detik --quarantine
    """
    office = Office.open(config)
    source = find(office, name)
    declared = {each.id: each for each in office.declared}.get(name)
    with office.store.read() as db:
        page = source_pages.Page.read(db, source, declared, office.settings.now())
    if as_json:
        typer.echo(json.dumps(page.plain(), ensure_ascii=False, indent=2))
        return
    typer.echo("\n".join(page.broken_lines() if quarantine else page.lines()))
    if not quarantine and page.runs:
        results.print(source_pages.run_listing(page.runs))


@app.command()
def add(
    name: IdArgument,
    kind: KindOption = None,
    title: TitleOption = None,
    address: AddressOption = None,
    query: QueryOption = None,
    more: SetOption = None,
    config: ConfigOption = None,
) -> None:
    """Adds a source to the store; on a terminal it asks for what is missing. It starts switched off.

    Example: tanggap source add kabar-utara --kind news --title "Kabar Utara" --address https://kabar.example/rss
    """
    office = Office.open(config)
    table = given(kind=kind, title=title, address=address, query=query) | read_pairs(more or [])
    item = read_source("source", name, {"enabled": False} | ask(table))
    with office.store.write() as db:
        if sources.get(db, name):
            raise UsageError(f"There is a source `{name}` already; change it with `tanggap source edit {name}`.")
        edits.add(db, item, CLI, office.settings.now())
    typer.echo(f"{name} is added{'' if item.enabled else ', switched off'}. Try it: tanggap source test {name}")


@app.command()
def edit(
    name: IdArgument,
    changes: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Keys to change.")] = None,
    as_declared: Annotated[
        bool, typer.Option("--as-declared", help="Drop all edits; sources.toml decides again.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Changes keys of a source in the store; sources.toml no longer changes that source afterwards.

    Example: tanggap source edit detik limit=50 "schedule=*/30 5-22 * * *"
    """
    office = Office.open(config)
    before, now = find(office, name), office.settings.now()
    declared = {each.id: each for each in office.declared}.get(name)
    if as_declared and declared is None:
        raise UsageError(f"sources.toml does not declare `{name}`, so there is nothing to go back to.")
    if not as_declared and not changes:
        raise UsageError("Name what to change, as in `limit=50`, or use --as-declared.")
    with office.store.write() as db:
        if as_declared and declared is not None:
            done = edits.restore(db, before, declared, CLI, now)
        else:
            done = edits.edit(db, before, amended(before, read_pairs(changes or [])), CLI, now)
    typer.echo(f"{name} is changed." if done else f"{name} is so already.")


@app.command()
def enable(name: IdArgument, config: ConfigOption = None) -> None:
    """Lets a source be read again.

    Example: tanggap source enable x-keluhan
    """
    switch(Office.open(config), name, on=True)


@app.command()
def disable(name: IdArgument, config: ConfigOption = None) -> None:
    """Keeps a source from being read; what it brought stays.

    Example: tanggap source disable okezone-megapolitan
    """
    switch(Office.open(config), name, on=False)


def switch(office: Office, name: str, *, on: bool) -> None:
    """Enables or disables a source, with its audit entry."""
    before = find(office, name)
    action = "source.enable" if on else "source.disable"
    with office.store.write() as db:
        done = edits.edit(db, before, before.evolve(enabled=on), CLI, office.settings.now(), action=action)
    typer.echo(f"{name} is {'enabled' if on else 'disabled'}{'' if done else ' already'}.")


@app.command("test")
def try_out(
    name: Annotated[str, typer.Argument(metavar="[ID]", help="Id of the source; none to try one given here.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Items to look at.")] = 5,
    kind: KindOption = None,
    address: AddressOption = None,
    query: QueryOption = None,
    more: SetOption = None,
    verify: Annotated[
        bool | None, typer.Option("--verify/--no-verify", help="Note that it works (default: ask on a terminal).")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Fetches a few items, stores nothing, and shows what would be stored, refused and spent. Exit 1 if nothing came.

    Example: tanggap source test antara-jakarta --limit 3
    Example: tanggap source test --kind news --address https://kabar.example/rss
    """
    office = Office.open(config)
    changes = given(kind=kind, address=address, query=query) | read_pairs(more or [])
    if not name:
        source = read_source("source", "percobaan", {"title": "Percobaan", "pace_s": 2.0} | changes)
    else:
        source = amended(find(office, name), changes)
    tried = trial.attempt(source, office.settings, limit, store=office.store)
    typer.echo("\n".join(trial.report(tried, office.settings.now())))
    if not tried.works:
        raise typer.Exit(1)
    if name and tried.live and not changes and not source.verified:
        note_verified(office, source, verify)


def note_verified(office: Office, source: Source, verify: bool | None) -> None:
    """Marks a source as seen by a live run, if that is wanted."""
    if verify is None and not sys.stdin.isatty():
        typer.echo("Run it with --verify to note that the address answers.", err=True)
        return
    if verify or (verify is None and typer.confirm("Note that this address answers (verified = true)?", default=True)):
        with office.store.write() as db:
            sources.verify(db, source.id)
        typer.echo(f"{source.id} is verified.")


@app.command()
def health(
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when an alarm is open.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Looks at every source: its state, what came against what usually does, waits, cost and alarms. Exit 0.

    Example: tanggap source health --strict
    """
    office = Office.open(config)
    jobs.check_sources(office.store, office.settings)
    with office.store.read() as db:
        found, calling = survey(db, office.settings.now()), alarms.open_ones(db)
    if as_json:
        lines = [source_pages.plain_health(each, calling.get(each.source.id)) for each in found]
        typer.echo(json.dumps(lines, ensure_ascii=False, indent=2))
    else:
        results.print(source_pages.health_listing(found, calling))
        for alarm in calling.values():
            typer.echo(f"{alarm.source}: {alarm.message}")
    if strict and calling:
        raise typer.Exit(1)


def find(office: Office, name: str) -> Source:
    """The source of this id; UsageError when there is none."""
    with office.store.read() as db:
        found = sources.get(db, name)
    if found is None:
        raise UsageError(f"There is no source `{name}`; `tanggap source list` shows them.")
    return found


def given(**options: Any) -> dict[str, Any]:
    """The options that were given."""
    return {key: value for key, value in options.items() if value is not None}


def read_pairs(pairs: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE words as keys of a declaration; values are read as TOML, and as text where they are none."""
    table: dict[str, Any] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"`{pair}` is no KEY=VALUE; write one like `limit=50`.")
        try:
            table[key.strip()] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            table[key.strip()] = value
    return table


def ask(table: dict[str, Any]) -> dict[str, Any]:
    """`table` with the answers to what is missing; without a terminal the declaration's own checks tell."""
    if not sys.stdin.isatty():
        return table
    kinds = ", ".join(SourceKind)
    for key, words in (("kind", f"Kind ({kinds})"), ("title", "Title"), ("address", "Address")):
        if key not in table and not (key == "address" and table.get("query")):
            table[key] = typer.prompt(words)
    return table
