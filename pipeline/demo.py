"""The sample city played through the real parts: crawled, understood, grouped and briefed as its day goes by."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import typer
from rich.table import Table

from nlp.evaluate import evaluate_issues
from pipeline import jobs
from pipeline.commands.gather import crawl_all, run_table
from pipeline.commands.setup import first_administrator, write_defaults
from pipeline.commands.understand import score_store
from pipeline.office import Office, results
from pipeline.sample import SampleDay, SampleServer, write_config
from tanggap.clock import city_day, day_bounds, long_day, system_clock
from tanggap.records import CrawlRun, Issue
from tanggap.settings import Secrets, load_settings
from tanggap.store import Store, issues, posts

#: Hours of the sample day at which the city is crawled; the last closes the day.
ROUNDS = (7.0, 14.0, 20.0, 24.0)

ADMIN = "admin"

#: (source, native id) -> the true issue, or None.
Truth = Mapping[tuple[str, str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedCity:
    """A sample city after its day: the installation, the last runs, and how well grouping matched the truth."""

    office: Office
    day: date
    user: str
    password: str
    runs: Sequence[CrawlRun]
    posts: int
    issues: Sequence[Issue]
    #: B-cubed figures over the posts that belong to a true issue or were put into one.
    grouping: dict[str, float]
    true_issues: int
    #: What stands open on the page of signals.
    signals: int


@contextmanager
def play(folder: Path | None, *, port: int = 8501, rounds: Sequence[float] = ROUNDS) -> Iterator[PlayedCity]:
    """Plays yesterday's sample day in `folder`, or in a temporary one that goes away with the context.

    The installation's clock then stands at the end of that day and runs on, so that time left is as the desk saw it.
    """
    with tempfile.TemporaryDirectory(prefix="tanggap-") if folder is None else nullcontext(str(folder)) as place:
        directory = Path(place).resolve()
        day = city_day(system_clock()) - timedelta(days=1)
        sample = SampleDay.build(day)
        runs: dict[str, CrawlRun] = {}
        password = None
        with SampleServer(sample) as server:
            for hour in rounds:
                moment = day_bounds(day)[0] + timedelta(hours=hour)
                server.now = moment
                write_config(server, directory, start=moment, port=port)
                office = _open(directory)
                password = first_administrator(office.store, office.settings.now, ADMIN, must_change=False) or password
                typer.echo(f"{hour:02.0f}.00 WIB: membaca sumber ...", err=True)
                for run in crawl_all(office, [source for source in office.sources if source.enabled]):
                    runs[run.source] = _sum(runs.get(run.source), run)
                score_store(office)
                jobs.group(office.store, office.city, office.settings, office.ranking)
            noticed = jobs.notice(office.store, office.city, office.settings)
            jobs.measure_drift(office.store, office.scorer, day, office.settings.now())
            jobs.brief(office.store, office.city, day, office.settings.now())
            yield _played(office, day, server.truth, list(runs.values()), password or "(sudah ada)", noticed)


def _open(directory: Path) -> Office:
    write_defaults(directory)
    settings = load_settings(directory)
    Store.create(settings.store_url).close()
    return Office(settings.model_copy(update={"secrets": Secrets.model_validate({"x_bearer_token": "contoh"})}))


def _sum(before: CrawlRun | None, run: CrawlRun) -> CrawlRun:
    """The day's runs of one source as one."""
    if before is None:
        return run
    counts = ("fetched", "new", "duplicate", "changed", "failed", "removed", "cost_usd")
    return run.evolve(
        **{name: getattr(before, name) + getattr(run, name) for name in counts},
        refused=dict(Counter(before.refused) + Counter(run.refused)),
        message=run.message or before.message,
    )


def _played(
    office: Office, day: date, truth: Truth, runs: Sequence[CrawlRun], password: str, noticed: jobs.Noticed
) -> PlayedCity:
    with office.store.read() as db:
        return PlayedCity(
            office=office,
            day=day,
            user=ADMIN,
            password=password,
            runs=runs,
            posts=posts.count(db),
            issues=issues.open_issues(db),
            grouping=measure(office.store, truth),
            true_issues=len(set(truth.values()) - {None}),
            signals=noticed.opened + noticed.standing,
        )


def measure(store: Store, truth: Truth) -> dict[str, float]:
    """B-cubed precision, recall and F1 of the stored grouping against the sample's truth.

    Posts that are in no issue on either side are left out: they would only flatter the figure. A post in an issue on
    one side alone stands alone on the other.
    """
    with store.read() as db:
        ours = issues.membership(db)
    pairs = [(found, truth.get(key)) for key, found in ours.items()]
    judged = [pair for pair in pairs if any(pair)]
    found = [mine or f"alone-{i}" for i, (mine, _) in enumerate(judged)]
    true = [label or f"alone-{i}" for i, (_, label) in enumerate(judged)]
    return evaluate_issues(found, true)


def show_summary(city: PlayedCity) -> None:
    """Prints one screen: sources, posts, the first issues, and the grouping against the truth."""
    sources = {source.id: source for source in city.office.sources}
    typer.echo(f"Kota contoh, {long_day(city.day)}")
    results.print(run_table(city.runs, sources))
    typer.echo(
        f"{city.posts} kiriman, {len(city.issues)} isu terbuka ({city.true_issues} isu sebenarnya), "
        f"{city.signals} sinyal"
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("prioritas", "skor", "isu", "kiriman", "wilayah"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    for issue in city.issues[:12]:
        table.add_row(issue.priority.value, str(issue.score), issue.title, str(issue.posts), issue.place or "–")
    results.print(table)
    g = city.grouping
    typer.echo(
        f"Pengelompokan terhadap kebenaran contoh: B-cubed F1 {g['bcubed_f1']:.3f} "
        f"(presisi {g['bcubed_precision']:.3f}, daya ingat {g['bcubed_recall']:.3f})"
    )
