"""Trains one task from labelled files: filters, cross-validates, compares with the floor, writes model and card."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import scipy
import sklearn

from nlp.data import Row, allowed, copy_families, read_rows
from nlp.features import Floats, Vectorizer, unit, vocabulary
from nlp.fit import (
    FOLDS,
    Examples,
    Recipe,
    calibrate,
    held_out_margins,
    least_confidence,
    level_thresholds,
    weights_of,
)
from nlp.linear import INSTALLED, TASKS, Card, LinearModel, Task, read_card
from nlp.metrics import calibration_error, classification, levels
from nlp.prepare import Preparer
from tanggap.city import City
from tanggap.errors import ModelError, UsageError
from tanggap.records import SENTIMENTS
from tanggap.settings import read_toml

T = TypeVar("T")

FLOORS = INSTALLED / "floors.toml"

#: Origins of texts of the kind the product reads; only "city" rows are measured.
HOME = ("city", "written")
#: What the card says about the texts.
DATA: Mapping[str, str] = {
    "city": "public complaints, posts, reviews and news leads about city services, labelled by reading; only "
    "weights are shipped, never texts",
    "written": "sentences written for this project, Apache-2.0",
    "smsa": "SmSA (Purwarianti and Crisdayanti 2019, in IndoNLU, Wilie et al. 2020), CC BY-SA 4.0",
    "nusax": "NusaX (Winata et al. 2023), CC BY-SA 4.0",
}


def recipe_of(task: Task, city: City) -> Recipe:
    """How the task is fitted in this city, whose topics are its own."""
    recipes = {
        "relevance": Recipe("relevant", ("false", "true"), "levels", 0.3, recall=(1.0,)),
        "complaint": Recipe("complaint", ("false", "true"), "levels", 0.3, recall=(1.0,)),
        "urgency": Recipe("urgency", ("0", "1", "2", "3"), "levels", 0.3, recall=(1.0, 2.0, 2.0)),
        "sentiment": Recipe("sentiment", tuple(SENTIMENTS), "mixed", 0.3),
        "topic": Recipe("topic", tuple(city.topics), "one", 0.5),
    }
    return recipes[task]


def train(
    task: Task,
    files: Sequence[Path],
    city: City,
    out_dir: Path = INSTALLED,
    *,
    made_on: date,
    version: str | None = None,
    held_out: Sequence[Path] | None = None,
    seed: int = 0,
    floors: Path = FLOORS,
) -> Card:
    """Fits the model of a task and installs it in `out_dir`; the same files and seed give the same weights.

    `held_out` names gold files (.jsonl) and lists of fingerprints (.sha1): their texts, and near copies of gold
    texts, are never trained on. By default those that stand beside the files. Returns the card.

    Raises:
        PayloadError: a file cannot be read.
        UsageError: the files hold too few rows for the task.
        ModelError: the model stays under its floor; nothing is installed.
    """
    recipe = recipe_of(task, city)
    rows = training_rows(recipe, files, beside(files) if held_out is None else held_out)
    if sum(row.origin == "city" for row in rows) < 2 * FOLDS * len(recipe.labels):
        raise UsageError(f"{len(rows)} rows with `{recipe.field}` are left to train {task}; that is too few.")
    if all(row.origin in HOME for row in rows) and recipe.choice == "mixed":
        recipe = replace(recipe, choice="one")
    features, examples = examples_of(rows, recipe, city)
    model, margins = fitted(task, features, examples, recipe, seed)
    measured = figures(model, margins, rows, recipe.field)
    check_floor(task, measured, floors)
    card = {
        "version": version or next_version(out_dir, made_on),
        "made_on": made_on.isoformat(),
        "seed": seed,
        "recipe": {"strength": recipe.strength, "keep": recipe.keep, "recall": list(recipe.recall)},
        "libraries": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "data": described(rows, recipe.field),
        "training_set_sha256": hashlib.sha256(
            "\n".join(sorted(f"{row.fingerprint} {answer(row, recipe.field)}" for row in rows)).encode()
        ).hexdigest(),
        "features": len(model.features),
        "cross_validation": measured,
    }
    replace(model, card=card).save(out_dir)
    return read_card(out_dir / f"{task}.json")


def examples_of(rows: Sequence[Row], recipe: Recipe, city: City) -> tuple[tuple[str, ...], Examples]:
    """The rows prepared, counted and numbered, with the names of the features."""
    preparer = Preparer.load(city)
    texts = [preparer.prepare(row.text) for row in rows]
    vectorizer = Vectorizer(vocabulary(texts))
    return vectorizer.features, Examples(
        values=unit(vectorizer.values(vectorizer.occurrences(texts)), vectorizer.letters),
        answers=np.array([recipe.labels.index(answer(row, recipe.field)) for row in rows], dtype=np.intp),
        home=np.array([row.origin in HOME for row in rows]),
        families=copy_families([row.text for row in rows]),
    )


def fitted(
    task: Task, features: tuple[str, ...], examples: Examples, recipe: Recipe, seed: int
) -> tuple[LinearModel, Floats]:
    """The model of all examples, and the margins that models which had not seen a text gave it."""
    margins = held_out_margins(examples, recipe, seed)
    slope, offset = calibrate(margins, examples, recipe)
    weights, bias = weights_of(examples, recipe, seed)
    model = LinearModel(
        task=task,
        labels=recipe.labels,
        choice=recipe.choice,
        features=features,
        weights=weights,
        bias=bias,
        slope=slope,
        offset=offset,
        thresholds=np.zeros(1, dtype=np.float32),
        card={},
    )
    home = examples.home
    if recipe.choice == "levels":
        wanted = recipe.wanted(examples.answers, home)[home]
        thresholds = level_thresholds(model.above(margins[home]), wanted, recipe)
    else:
        thresholds = least_confidence(model.probabilities(margins[home]), examples.answers[home])
    return replace(model, thresholds=thresholds), margins


def training_rows(recipe: Recipe, files: Sequence[Path], held_out: Sequence[Path]) -> list[Row]:
    """The rows of the files that answer the task, each text once, without what is held out."""
    rows = [row for file in files for row in read_rows(file) if row.labels.get(recipe.field) is not None]
    once = {row.fingerprint: row for row in reversed(rows) if answer(row, recipe.field) in recipe.labels}
    fingerprints = {
        line.strip() for path in held_out if path.suffix == ".sha1" for line in path.read_text().splitlines()
    }
    gold = [row for path in held_out if path.suffix == ".jsonl" for row in read_rows(path)]
    return allowed(list(reversed(once.values())), frozenset(fingerprints), gold)


def beside(files: Sequence[Path]) -> list[Path]:
    """Lists of fingerprints and `dev_*` gold files in the folders of the files and the folders next to them."""
    homes = {file.resolve().parent.parent for file in files}
    return sorted(path for home in homes for form in ("*/*.sha1", "*/dev_*.jsonl") for path in home.glob(form))


def answer(row: Row, field: str) -> str:
    """The label of a row as the model names it."""
    return str(row.labels[field]).lower()


def figures(model: LinearModel, margins: Floats, rows: Sequence[Row], field: str) -> dict[str, Any]:
    """What cross-validation says of the city's rows: classes, channels, calibration, and the urgent ones.

    Texts from elsewhere have one figure of their own per origin, `macro_f1_elsewhere`.
    """
    gold = [answer(row, field) for row in rows]
    said = [model.labels[number] for number in model.decide(margins)]
    own = [number for number, row in enumerate(rows) if row.origin == "city"]
    report = classification(*_picked(own, gold, said))
    report["per_channel"] = {
        channel: classification(*_picked(members, gold, said))["accuracy"]
        for channel, members in _grouped(own, [row.channel for row in rows]).items()
    }
    shares = model.probabilities(margins)[own]
    right = shares.argmax(axis=1) == [model.labels.index(gold[number]) for number in own]
    report["calibration_error"] = calibration_error(shares.max(axis=1), right)
    away = [number for number, row in enumerate(rows) if row.origin not in HOME]
    if away:
        report["macro_f1_elsewhere"] = {
            origin: classification(*_picked(members, gold, said))["macro_f1"]
            for origin, members in _grouped(away, [row.origin for row in rows]).items()
        }
    if model.task == "urgency":
        report |= levels(*_picked(own, list(map(int, gold)), list(map(int, said))))
    return report


def _picked(numbers: Sequence[int], gold: Sequence[T], said: Sequence[T]) -> tuple[list[T], list[T]]:
    return [gold[number] for number in numbers], [said[number] for number in numbers]


def _grouped(numbers: Sequence[int], names: Sequence[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for number in sorted(numbers, key=lambda at: names[at]):
        groups.setdefault(names[number], []).append(number)
    return groups


def check_floor(task: Task, measured: Mapping[str, Any], floors: Path) -> None:
    """Lets a model pass that reaches every figure of its floor.

    Raises:
        ModelError: one is missed.
    """
    for name, floor in read_toml(floors).get(task, {}).items():
        if measured[name] < floor:
            raise ModelError(
                f"The {task} model reaches {name} {measured[name]:.3f} in cross-validation, its floor in "
                f"{floors} is {floor:.3f}; it was not installed. Give more or better labelled rows."
            )


def described(rows: Sequence[Row], field: str) -> list[dict[str, Any]]:
    """Per origin: what the texts are, under which terms, how many and of which class."""
    return [
        {
            "origin": origin,
            "about": about,
            "rows": len(own),
            "classes": dict(sorted(Counter(answer(row, field) for row in own).items())),
        }
        for origin, about in DATA.items()
        if (own := [row for row in rows if row.origin == origin])
    ]


def next_version(directory: Path, made_on: date) -> str:
    """`YEAR.MONTH.N`, one above the newest installed model of that month."""
    month = f"{made_on.year}.{made_on.month}."
    versions = [str(read_card(path)["version"]) for task in TASKS if (path := directory / f"{task}.json").is_file()]
    return month + str(1 + max((int(v.removeprefix(month)) for v in versions if v.startswith(month)), default=0))
