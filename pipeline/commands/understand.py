"""Commands of understanding: score, group, process, evaluate."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from nlp.evaluate import FIELDS, evaluate
from pipeline import jobs
from pipeline.grouping import evaluate_groups, group_file
from pipeline.office import ConfigOption, JsonOption, Office, Quality, QualityOption, notes
from tanggap.errors import TanggapError
from tanggap.exchange import Broken, read_posts, score_line
from tanggap.records import Post

#: Posts scored at a time; the only ones in memory.
BATCH = 256

#: Configuration directory and quality, from which every process opens the same office.
Place = tuple[Path | None, Quality | None]

InOption = Annotated[str, typer.Option("--in", help="JSON Lines file; - reads stdin.")]
OutOption = Annotated[str, typer.Option("--out", help="JSON Lines file; - writes stdout.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (score, group, process, evaluate_task):
        app.command(name=command.__name__.removesuffix("_task"))(command)


def score(
    source: InOption,
    out: OutOption = "-",
    workers: Annotated[int, typer.Option(min=1, help="Processes to score with.")] = 1,
    quality: QualityOption = None,
    config: ConfigOption = None,
) -> None:
    """Understands posts without a store: one score per line, in the order of the input.

    Example: tanggap score --in posts.jsonl --out scores.jsonl
    """
    office = Office.open(config, quality)
    broken = 0
    with opened(source, "r") as lines, opened(out, "w") as sink:
        posts = _posts(lines, office)
        for item in _scored(posts, office, (config, quality), workers):
            if isinstance(item, Broken):
                broken += 1
                typer.echo(f"line {item.line}: {item.reason}", err=True)
            else:
                sink.write(json.dumps(item, ensure_ascii=False) + "\n")
    if broken:
        raise TanggapError(f"{broken} lines of {source} could not be read; the others are scored.")


def _posts(lines: Iterable[str], office: Office) -> Iterator[Post | Broken]:
    settings = office.settings
    return read_posts(lines, settings.pseudonym_key, settings.now(), settings.public_numbers)


def _scored(
    posts: Iterator[Post | Broken], office: Office, place: Place, workers: int
) -> Iterator[dict[str, Any] | Broken]:
    batches = iter(lambda: list(islice(posts, BATCH)), [])
    if workers == 1:
        for batch in batches:
            yield from score_batch(office, batch)
        return
    with ProcessPoolExecutor(workers) as pool:
        while window := list(islice(batches, 2 * workers)):
            for lines in pool.map(_score_elsewhere, [place] * len(window), window):
                yield from lines


def score_batch(office: Office, batch: list[Post | Broken]) -> list[dict[str, Any] | Broken]:
    """Score lines of a batch, broken lines left in their place."""
    posts = [item for item in batch if isinstance(item, Post)]
    scores = iter(office.scorer.score(posts))
    return [score_line(item, next(scores)) if isinstance(item, Post) else item for item in batch]


def _score_elsewhere(place: Place, batch: list[Post | Broken]) -> list[dict[str, Any] | Broken]:
    return score_batch(_office(*place), batch)


_office = cache(Office.open)


def group(
    source: InOption,
    out: OutOption = "-",
    issues: Annotated[Path | None, typer.Option(help="Also write one line per issue to this file.")] = None,
    config: ConfigOption = None,
) -> None:
    """Finds the issues in a file of posts, without a store.

    Example: tanggap group --in posts.jsonl --out groups.jsonl --issues issues.jsonl
    """
    office = Office.open(config)
    with opened(source, "r") as lines:
        posts = list(_posts(lines, office))
    broken = [item for item in posts if isinstance(item, Broken)]
    for item in broken:
        typer.echo(f"line {item.line}: {item.reason}", err=True)
    lines_out, issue_lines = group_file([p for p in posts if isinstance(p, Post)], office)
    with opened(out, "w") as sink:
        sink.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines_out)
    if issues:
        with opened(str(issues), "w") as sink:
            sink.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in issue_lines)
    if broken:
        raise TanggapError(f"{len(broken)} lines of {source} could not be read; the others are grouped.")


def process(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Scores and groups whatever is new in the store, and links syndicated news.

    Example: tanggap process
    """
    office = Office.open(config)
    syndicated = jobs.link_copies(office.store, office.settings)
    scored = score_store(office)
    grouped = jobs.group(office.store, office.city, office.settings, office.ranking)
    counts = (scored, grouped.opened, grouped.linked, grouped.merged, syndicated)
    found = dict(zip(("scored", "opened", "linked", "merged", "syndicated"), counts, strict=True))
    typer.echo(json.dumps(found) if as_json else ", ".join(f"{count} {what}" for what, count in found.items()))


def score_store(office: Office) -> int:
    """Scores what is new in the store behind a progress bar."""
    columns = (TextColumn("Memahami kiriman: {task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task("score", total=None)
        return jobs.score(office.store, office.scorer, progress=lambda count: bar.advance(task, count))


def evaluate_task(
    task: Annotated[str, typer.Argument(help=f"{', '.join(FIELDS)}, issues or all.")],
    gold: Annotated[Path, typer.Option(help="Gold file.", exists=True, dir_okay=False)],
    as_json: JsonOption = False,
    quality: QualityOption = None,
    config: ConfigOption = None,
) -> None:
    """Measures the shipped models against labels; what a model left open counts as wrong.

    Example: tanggap evaluate all --gold gold.jsonl --json
    """
    office = Office.open(config, quality)
    found = {} if task == "issues" else evaluate(task, gold, office.scorer)
    if task in ("issues", "all") and (groups := evaluate_groups(gold, office)):
        found = groups if task == "issues" else {**found, "issues": groups}
    if not found:
        raise TanggapError(f"{gold} holds no labels for {task}.")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for name, figures in (found if task == "all" else {task: found}).items():
        typer.echo(f"{name}: {', '.join(told(figures))}")


def told(figures: Mapping[str, Any]) -> Iterator[str]:
    """Each figure of a report in words, with its 95 % interval where it has one."""
    spans = figures.get("intervals", {})
    for name, value in figures.items():
        if not isinstance(value, dict) and name != "task":
            low, high = spans.get(name, (None, None))
            yield f"{name} {value}" if low is None else f"{name} {value} ({low}-{high})"


@contextmanager
def opened(name: str, mode: Literal["r", "w"]) -> Iterator[TextIO]:
    """A text file, or stdin or stdout for `-`. An output appears under its name only when it is whole.

    Raises:
        TanggapError: it cannot be opened or written.
    """
    if name == "-":
        if mode == "r" and isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        yield sys.stdin if mode == "r" else sys.stdout
        return
    path = Path(name)
    whole = mode == "r" or not (path.is_file() or not path.exists())
    target = path if whole else path.with_name(path.name + ".partial")
    try:
        if mode == "r":
            file = target.open(encoding="utf-8-sig", errors="replace")
        else:
            file = target.open("w", encoding="utf-8")
        with file:
            yield file
        if not whole:
            target.replace(path)
    except OSError as error:
        raise TanggapError(f"{name} cannot be opened: {error.strerror}.") from None
