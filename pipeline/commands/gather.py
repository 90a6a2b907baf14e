"""Commands that bring posts in: crawl and import."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from pipeline import jobs, trial
from pipeline.commands.source_pages import dollars, ending, refused
from pipeline.office import ConfigOption, Office, notes, results
from pipeline.trial import line
from tanggap.clock import WIB
from tanggap.errors import TanggapError, UsageError
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.store import sources as stored_sources

#: Sources read side by side; each host still gets one request at a time.
PARALLEL = 6


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(crawl)
    app.command(name="import")(import_file)


def crawl(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Sources to read; all enabled ones if none is named."),
    ] = None,
    since: Annotated[datetime | None, typer.Option(help="Leave out what is older (Jakarta time).")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Most items per source.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch and show, store nothing.")] = False,
    config: ConfigOption = None,
) -> None:
    """Reads the named sources once, now.

    Example: tanggap crawl antara-megapolitan --limit 20
    """
    office = Office.open(config)
    chosen = choose(office.sources, names or [])
    moment = since.replace(tzinfo=WIB) if since and since.tzinfo is None else since
    if dry_run:
        failed = [source.id for source in chosen if not preview(office, source, moment, limit or 5)]
        raise typer.Exit(1 if failed else 0)
    runs = crawl_all(office, chosen, since=moment, limit=limit)
    jobs.check_sources(office.store, office.settings)
    results.print(run_table(runs, {source.id: source for source in chosen}))
    if any(run.failure for run in runs):
        raise typer.Exit(1)


def choose(declared: Sequence[Source], names: Sequence[str]) -> list[Source]:
    """The named sources, or all enabled ones; UsageError for a name that is not declared."""
    known = {source.id: source for source in declared}
    for name in names:
        if name not in known:
            raise UsageError(f"There is no source `{name}`; there are {', '.join(sorted(known))}.")
    return [known[name] for name in names] or [source for source in declared if source.enabled]


def crawl_all(
    office: Office, chosen: Sequence[Source], *, since: datetime | None = None, limit: int | None = None
) -> list[CrawlRun]:
    """Crawls side by side and returns the runs in the order of the sources."""
    found: dict[str, CrawlRun] = {}
    store = office.store
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task("Membaca sumber", total=len(chosen))
        pool = ThreadPoolExecutor(PARALLEL)
        try:
            futures = [pool.submit(jobs.crawl, store, s, office.settings, since=since, limit=limit) for s in chosen]
            for future in as_completed(futures):
                run = future.result()
                found[run.source] = run
                bar.advance(task)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return [found[source.id] for source in chosen]


def run_table(runs: Sequence[CrawlRun], known: dict[str, Source]) -> Table:
    """What each source brought, what was refused and why, and what it cost where anything did."""
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "kind"):
        table.add_column(heading)
    for heading in ("fetched", "new", "duplicate", "changed", "failed"):
        table.add_column(heading, justify="right")
    table.add_column("refused")
    if paid := any(run.cost_usd for run in runs):
        table.add_column("cost", justify="right")
    table.add_column("note", overflow="fold")
    for run in runs:
        numbers = [str(value) for value in (run.fetched, run.new, run.duplicate, run.changed, run.failed)]
        cost = [dollars(run.cost_usd)] if paid else []
        table.add_row(run.source, known[run.source].kind.value, *numbers, refused(run), *cost, Text(line(ending(run))))
    return table


def preview(office: Office, source: Source, since: datetime | None, limit: int) -> bool:
    """Shows what a crawl would store; False when the source failed."""
    tried = trial.attempt(source, office.settings, limit, store=office.store, since=since)
    typer.echo("\n".join(trial.report(tried, office.settings.now())))
    return tried.fault is None


def import_file(
    file: Annotated[Path, typer.Argument(help="File to read.", exists=True, dir_okay=False)],
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option(help="qlue-a, qlue-b, cognicity, open311, csv (reads .xlsx as well) or jsonl.")
    ],
    source: Annotated[str, typer.Option(help="Source the posts belong to.")] = "import",
    config: ConfigOption = None,
) -> None:
    """Takes citizen reports and archives into the store; a second import of the same file changes nothing.

    Records that cannot be read are told, kept in quarantine and counted; the exit code is then 1.

    Example: tanggap import laporan.csv --format csv --source jaki
    """
    office = Office.open(config)
    target = {entry.id: entry for entry in office.sources}.get(source)
    if target is None:
        target = _plain_source(source, file, format)
        with office.store.write() as db:
            stored_sources.put(db, target)
    run = jobs.take_file(office.store, target, office.settings, file, format, tell=partial(typer.echo, err=True))
    changed = f"{run.changed} changed, " if run.changed else ""
    typer.echo(f"{file}: {run.new} new, {run.duplicate} duplicate, {changed}{run.failed} failed")
    if run.failed:
        raise TanggapError(
            f"{run.failed} records of {file} could not be read; the others are stored. "
            f"`tanggap source show {source} --quarantine` shows them."
        )


def _plain_source(name: str, file: Path, format: str) -> Source:  # noqa: A002
    kind = SourceKind(format) if format in set(SourceKind) else SourceKind.CSV
    return Source(id=name, kind=kind, title=f"Impor {name}", address=file.name, enabled=False)
