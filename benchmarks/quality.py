"""Quality of the shipped models on gold files, with 95 % intervals, and on the same posts typed badly.

    python -m benchmarks.quality DATA [--write docs/models.md]

DATA is a folder with jakarta/dev_posts.jsonl, jakarta/dev_news.jsonl and sentiment/*_valid.*. Training always
keeps the former out; the latter are measured if the card of the sentiment model says that they were kept out too.
--write puts the tables between the markers of a document.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.misspelling import changes
from nlp.cards import INSTALLED, read_card
from nlp.corpus import training_rows
from nlp.data import Row, allowed, read_rows
from nlp.evaluate import FIELDS, evaluate_rows
from nlp.score import Scorer
from tanggap.city import load_city
from tanggap.settings import packaged_config

#: Where the tables stand in a document.
BLOCK = re.compile(r"(<!-- quality: begin -->\n).*?(<!-- quality: end -->)", re.DOTALL)
#: What stands above each table.
CROSSED = "Cross-validation, five folds, copies kept in one; city texts alone, other sources in lines of their own:"
GOLDEN = "Files that no model was trained on; what a model leaves open counts as wrong:"
BADLY = """The same city posts typed badly (accuracy): slang for 30 % of the words our table knows, vowels dropped in
15 %, two letters swapped in 15 %, last letter repeated in 20 %, three emoji without a tone added, 20 % of the words
made hashtags."""
#: Gold files: name in the table, path in the data folder.
GOLD = (
    ("city posts", "jakarta/dev_posts.jsonl"),
    ("city news", "jakarta/dev_news.jsonl"),
    ("SmSA valid", "sentiment/smsa_valid.tsv"),
    ("NusaX valid, Indonesian", "sentiment/nusax_ind_valid.csv"),
    ("NusaX valid, Javanese", "sentiment/nusax_jav_valid.csv"),
)
#: Origins of texts that only help with tone.
ELSEWHERE = {"smsa": "SmSA", "nusax": "NusaX Indonesian and Javanese"}
CLASSES = tuple(task for task in FIELDS if task != "places")


def gold_rows(data: Path, path: str) -> list[Row]:
    """The rows of a gold file; those of NusaX without copies of SmSA, from which NusaX was drawn."""
    rows = read_rows(data / path)
    if "nusax" not in path:
        return rows
    return allowed(rows, frozenset(), training_rows(sorted((data / "sentiment").glob("smsa_*.tsv")), []))


def kept_out(path: str) -> bool:
    """Whether the models that answer for a gold file never saw its texts."""
    name = Path(path).name
    return name.startswith("dev_") or name in read_card(INSTALLED / "sentiment.json").get("held_out", ())


def span(figures: Mapping[str, Any], name: str) -> str:
    """`0.861 (0.816-0.899)`, without the interval where nobody measured it."""
    low, high = figures.get("intervals", {}).get(name, (None, None))
    return f"{figures[name]:.3f}" if low is None else f"{figures[name]:.3f} ({low:.3f}-{high:.3f})"


def sides(found: Mapping[str, Any]) -> Iterator[str]:
    """`F1 of yes 0.937, of no 0.923` for a task of two answers, nothing for others."""
    if {*found["per_class"]} == {"true", "false"}:
        yes, no = (found["per_class"][side]["f1"] for side in ("true", "false"))
        yield f"F1 of yes {yes:.3f} | of no {no:.3f}"


def crossed() -> Iterator[str]:
    """The lines of the table of cross-validation, from the cards."""
    yield "| task | texts | macro-F1 | accuracy | calibration error |"
    yield "|---|---|---|---|---|"
    for task in CLASSES:
        found = read_card(INSTALLED / f"{task}.json")["cross_validation"]
        figures = [span(found, name) for name in ("macro_f1", "accuracy")]
        yield f"| {task} | {found['n']:,} | {' | '.join(figures)} | {found['calibration_error']:.3f} |"
        for told in sides(found):
            yield f"| {task}, each side | | {told} | |"
        if task == "urgency":
            told = f"recall {found['recall_2plus']:.3f} | precision {found['precision_2plus']:.3f}"
            yield f"| urgency 2 or 3 | | {told} | |"
        for origin, figure in found.get("macro_f1_elsewhere", {}).items():
            yield f"| {task}, {ELSEWHERE[origin]} | | {figure:.3f} | | |"
    places = read_card(INSTALLED / "places.json")["cross_validation"]
    yield f"| places (exact names) | {places['n']:,} | F1 {places['f1']:.3f} | | |"


def quality(data: Path, scorer: Scorer) -> Iterator[str]:
    """The lines of the table of quality."""
    yield "| gold file | task | texts | macro-F1 | accuracy | left open |"
    yield "|---|---|---|---|---|---|"
    for name, path in GOLD:
        if not kept_out(path):
            continue
        for task, found in evaluate_rows("all", gold_rows(data, path), scorer).items():
            if task == "places":
                yield f"| {name} | places | {found['n']} | F1 {span(found, 'f1')} | | |"
                continue
            figures = f"{span(found, 'macro_f1')} | {span(found, 'accuracy')} | {found['abstained']}"
            yield f"| {name} | {task} | {found['n']} | {figures} |"
            for told in sides(found):
                yield f"| {name} | {task}, each side | | {told} | |"
            if task == "urgency":
                precision = f"precision {found['precision_2plus']:.3f}"
                yield f"| {name} | urgency 2 or 3 | | recall {span(found, 'recall_2plus')} | {precision} | |"


def robustness(data: Path, scorer: Scorer) -> Iterator[str]:
    """The lines of the table of accuracy on city posts typed badly."""
    rows = read_rows(data / GOLD[0][1])
    yield f"| | {' | '.join(CLASSES)} |"
    yield f"|---|{'---|' * len(CLASSES)}"
    dice = random.Random(0)
    ways = {"as written": lambda text, _: text, **changes(packaged_config() / "language")}
    for name, change in ways.items():
        found = evaluate_rows("all", [replace(row, text=change(row.text, dice)) for row in rows], scorer)
        yield f"| {name} | " + " | ".join(f"{found[task]['accuracy']:.3f}" for task in CLASSES) + " |"


def tables(data: Path, today: date) -> str:
    """All tables with the model version and the day."""
    scorer = Scorer.load(load_city(packaged_config()))
    head = f"Models {scorer.version}, measured on {today.isoformat()} by `python -m benchmarks.quality`."
    parts = (
        head,
        CROSSED,
        lines(crossed()),
        GOLDEN,
        lines(quality(data, scorer)),
        BADLY,
        lines(robustness(data, scorer)),
    )
    return "\n\n".join(parts)


def lines(found: Iterator[str]) -> str:
    """A table as text."""
    return "\n".join(found)


def main() -> None:
    """Prints the tables, or writes them into a document."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("data", type=Path)
    options.add_argument("--write", type=Path)
    chosen = options.parse_args()
    made = tables(chosen.data, date.today())  # noqa: DTZ011 - the day on the wall of whoever measures
    if chosen.write:
        text = chosen.write.read_text(encoding="utf-8")
        chosen.write.write_text(BLOCK.sub(lambda found: f"{found[1]}{made}\n{found[2]}", text), encoding="utf-8")
    else:
        sys.stdout.write(made + "\n")


if __name__ == "__main__":
    main()
