"""Commands that let go of what may not be kept: purge by age and by the networks' word, erase by request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import Connection

from pipeline import jobs
from pipeline.jobs.compliance import Sweep
from pipeline.office import ConfigOption, Office, results
from tanggap.errors import SettingsError, SourceError, UsageError
from tanggap.privacy import pseudonym
from tanggap.records import Source, SourceKind
from tanggap.store import erasure, quarantine, sources
from tanggap.store.erasure import Erased

#: Who the audit trail names for an erasure from the command line.
BY = "cli"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(purge)
    app.command()(erase)


def purge(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Sources to look at; all if none is named.")
    ] = None,
    upstream: Annotated[
        bool, typer.Option("--upstream", help="Also ask X which stored posts are gone there, and take those out.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, change nothing, ask nobody.")] = False,
    config: ConfigOption = None,
) -> None:
    """Empties texts whose time is over. What they were counted as stays: boards and issues keep their numbers.

    Times stand in tanggap.toml `[retention]` and, per source, in `retention_days`. X answers a check within minutes
    to hours; run `tanggap purge --upstream` again to take its answer in, at least once in 24 hours.

    Example: tanggap purge --dry-run
    """
    office = Office.open(config)
    chosen = choose(office, names or [])
    done = jobs.retain(office.store, office.settings, only=names or (), dry_run=dry_run)
    table = Table(box=None, pad_edge=False)
    table.add_column("source")
    for heading in ("days kept", "would be emptied" if dry_run else "emptied"):
        table.add_column(heading, justify="right")
    for kept in done.sources:
        table.add_row(kept.source, str(kept.days), str(kept.emptied))
    results.print(table)
    if not names:
        typer.echo(f"records set aside: {done.samples}, headlines of discovery: {done.leads}")
    if upstream and not dry_run:
        # A source that is switched off still keeps posts, and their authors may still delete them.
        ask_networks(office, [source for source in chosen if source.kind is SourceKind.X and source.agreement])


def choose(office: Office, names: Sequence[str]) -> list[Source]:
    """The stored sources of these names, or all; UsageError for a name that is none of them."""
    with office.store.read() as db:
        known = {source.id: source for source in sources.all_sources(db)}
    for name in names:
        if name not in known:
            raise UsageError(f"There is no source `{name}`; the store knows {', '.join(sorted(known))}.")
    return [known[name] for name in names] or list(known.values())


def ask_networks(office: Office, asked: Sequence[Source]) -> None:
    """One round of the check at X for each source; exit 1 when one of them could not be asked."""
    failed = False
    for source in asked:
        try:
            typer.echo(told(jobs.comply(office.store, source, office.settings)))
        except SourceError as error:
            typer.echo(str(error), err=True)
            failed = True
    if failed:
        raise typer.Exit(1)


def told(sweep: Sweep) -> str:
    """A round of the check in one line."""
    if not sweep.finished:
        return f"{sweep.source}: X is checking {sweep.checked} posts; run this again to take its answer in"
    odd = f", {sweep.unread} lines unread" if sweep.unread else ""
    return f"{sweep.source}: {sweep.checked} posts checked; {reach(sweep.erased)}; {sweep.unmapped} positions{odd}"


def erase(
    author: Annotated[
        str | None, typer.Option(help="Handle of an author, as the network gives it (for X: the account's number).")
    ] = None,
    post: Annotated[str | None, typer.Option(metavar="SOURCE/ID", help="One post.")] = None,
    reason: Annotated[str, typer.Option(help="Why, for the audit trail; name nobody here.")] = "asked for",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, change nothing.")] = False,
    config: ConfigOption = None,
) -> None:
    """Takes posts out of everything for good: text, versions, scores, search, issues, briefs. Hashes alone remain.

    Example: tanggap erase --author @warga_kampung --dry-run
    """
    if (author is None) == (post is None):
        raise UsageError("Say either --author HANDLE or --post SOURCE/ID.")
    office = Office.open(config)
    with office.store.write() as db:
        if author is not None:
            done = erase_author(db, office, author, reason)
        else:
            source, _, native_id = str(post).partition("/")
            done = erasure.erase(db, source, [native_id], at=office.settings.now(), by=BY, why=reason)
        if dry_run and (transaction := db.get_transaction()):
            transaction.rollback()
    typer.echo(f"{'would be erased' if dry_run else 'erased'}: {reach(done)}")
    if not done.posts:
        typer.echo("Nothing of that is stored.", err=True)


def erase_author(db: Connection, office: Office, handle: str, reason: str) -> Erased:
    """Takes out what a handle wrote, found by its pseudonym, and what was set aside with the handle in it."""
    key = office.settings.pseudonym_key
    if not key:
        raise SettingsError("There is no key for author pseudonyms; without it nobody's posts can be found.")
    done = erasure.erase_author(db, pseudonym(handle, key), at=office.settings.now(), by=BY, why=reason)
    return done + Erased(samples=quarantine.forget(db, [handle.strip().lstrip("@")]))


def reach(done: Erased) -> str:
    """What an erasure reached, in one line."""
    return (
        f"{done.posts} posts, {len(done.issues)} issues counted again ({done.dismissed} dismissed), "
        f"{done.quotes} quotes in briefs, {done.samples} records set aside, {done.leads} headlines"
    )
