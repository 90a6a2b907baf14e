"""`tanggap drift`: what is new in how people write, and whether the models still answer as they did."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from pipeline import jobs
from pipeline.office import ConfigOption, JsonOption, Office
from tanggap.clock import city_day, long_day
from tanggap.errors import UsageError
from tanggap.store.drift import DriftReport

#: What people call the answers.
NAMES = {
    "relevant": "menyangkut kota",
    "certainty": "keyakinan menyangkut kota",
    "sentiment": "sentimen",
    "topic": "urusan",
    "complaint": "keluhan",
    "urgency": "kegentingan",
}
LABELS = {"True": "ya", "False": "tidak", "": "tidak diputuskan"}
#: Answers whose shares are told, the ones that moved most.
MOST = 3


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(drift)


def drift(
    day: Annotated[str | None, typer.Option(help="Day of the city, like 2026-11-21; yesterday if left out.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Compares the words and answers of a day with the seven days before, and watches a set of texts.

    Example: tanggap drift --day 2026-11-21
    """
    office = Office.open(config)
    now = office.settings.now()
    try:
        chosen = date.fromisoformat(day) if day else city_day(now) - timedelta(days=1)
    except ValueError:
        raise UsageError(f"`{day}` is no day; write one like 2026-11-21.") from None
    found = jobs.measure_drift(office.store, office.scorer, chosen, now)
    if as_json:
        told = {"day": found.day.isoformat(), "model": found.model, **found.content}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo("\n".join(lines(found)))


def lines(found: DriftReport) -> Iterator[str]:
    """A report as people read it."""
    content = found.content
    yield f"Pergeseran bahasa, {long_day(found.day)}, model {found.model}"
    yield f"{content['posts']} kiriman menyangkut kota; pembanding: {content['posts_before']} dalam 7 hari sebelumnya."
    yield ""
    yield "Kata dan tagar baru:" if content["words"] else "Tidak ada kata baru yang menonjol."
    for word in content["words"]:
        sign = "#" if word["hashtag"] else ""
        yield f"  {sign}{word['word']}: {word['posts']} kiriman (sebelumnya {word['before']})"
        yield from (f"    - {' '.join(text.split())}" for text in word["examples"])
    yield ""
    yield "Jawaban model terhadap pekan pembanding (0 sama, 1 berbeda sama sekali):"
    for name, told in content["answers"].items():
        verdict = "BERGESER" if told["beyond"] else "wajar"
        yield f"  {NAMES[name]}: {told['divergence']:.3f}, batas wajar {told['noise']:.3f}: {verdict}"
        if told["beyond"]:
            yield f"    {', '.join(moved(told['before'], told['today']))}"
    yield ""
    yield from watched(content["canary"])


def moved(before: Mapping[str, float], today: Mapping[str, float]) -> Iterator[str]:
    """The labels whose share moved most, with both shares."""
    labels = sorted({*before, *today}, key=lambda label: -abs(today.get(label, 0) - before.get(label, 0)))
    for label in labels[:MOST]:
        yield f"{LABELS.get(label, label)} {before.get(label, 0):.0%} -> {today.get(label, 0):.0%}"


def watched(canary: Mapping[str, Any]) -> Iterator[str]:
    """How the watched texts are answered."""
    shares = ", ".join(f"{NAMES[name]} {share:.0%}" for name, share in canary["right"].items())
    yield f"Teks pantauan yang terjawab benar: {shares}"
    if canary["against"]:
        yield f"Jawaban yang berubah sejak model {canary['against']}: {len(canary['changed'])}"
    for change in canary["changed"]:
        labels = (LABELS.get(str(change[side]), change[side]) for side in ("before", "after", "meant"))
        old, new, meant = labels
        yield f"  {NAMES[change['field']]}: {old} -> {new} (mestinya {meant}): {change['text']}"
