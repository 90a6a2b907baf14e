"""Trains one task from labelled files: filters, cross-validates, compares with the floor, writes model and card."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import scipy
import sklearn

from nlp.cards import INSTALLED, Card, read_card
from nlp.corpus import HOME, answer, beside, examples_of, training_rows
from nlp.data import Row
from nlp.features import Floats
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
from nlp.linear import TASKS, LinearModel, Task
from nlp.metrics import calibration_error, classification, grouped, levels
from nlp.tagger import Tagger
from nlp.train_places import STRENGTH, train_places
from tanggap.city import City
from tanggap.errors import ModelError, UsageError
from tanggap.records import SENTIMENTS
from tanggap.settings import read_toml

T = TypeVar("T")

FLOORS = INSTALLED / "floors.toml"
#: The task that is no linear model over whole texts.
PLACES: Task = "places"

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
        "urgency": Recipe("urgency", ("0", "1", "2", "3"), "levels", 0.3, recall=(1.0, 1.7, 1.0)),
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

    Rows without a label of the task only teach which words are used alike. `held_out` names gold files (.jsonl) and
    lists of fingerprints (.sha1): their texts, and near copies of gold texts, are never trained on. By default those
    that stand beside the files. Returns the card.

    Raises:
        PayloadError: a file cannot be read.
        UsageError: the files hold too few rows for the task.
        ModelError: the model stays under its floor; nothing is installed.
    """
    found = training_rows(files, beside(files) if held_out is None else held_out)
    made = tagged(found, city, seed) if task == PLACES else classified(task, found, city, seed)
    check_floor(task, made.measured, floors)
    answers = [f"{row.fingerprint} {answer}" for row, answer in zip(made.rows, made.answers, strict=True)]
    card = {
        "version": version or next_version(out_dir, made_on),
        "made_on": made_on.isoformat(),
        "seed": seed,
        "recipe": made.recipe,
        "libraries": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "data": described(made.rows, made.answers),
        "unlabelled_rows": len(found) - len(made.rows),
        "training_set_sha256": hashlib.sha256("\n".join(sorted(answers)).encode()).hexdigest(),
        "cross_validation": made.measured,
    }
    replace(made.model, card=card).save(out_dir)
    return read_card(out_dir / f"{task}.json")


@dataclass(frozen=True, slots=True)
class Made:
    """A model before it has its card, the rows it learned from with their answers, and its figures."""

    model: LinearModel | Tagger
    rows: Sequence[Row]
    answers: Sequence[str]
    recipe: Mapping[str, Any]
    measured: Mapping[str, Any]


def tagged(found: Sequence[Row], city: City, seed: int) -> Made:
    """The tagger of places, from the rows that list them.

    Raises:
        UsageError: too few rows do.
    """
    rows = [row for row in found if isinstance(row.labels.get(PLACES), list)]
    _enough(PLACES, PLACES, rows, 10 * FOLDS)
    tagger, measured = train_places(rows, city, seed)
    answers = ["some" if row.labels[PLACES] else "none" for row in rows]
    return Made(tagger, rows, answers, {"strength": STRENGTH}, measured)


def classified(task: Task, found: Sequence[Row], city: City, seed: int) -> Made:
    """The linear model of a task, from the rows that answer it.

    Raises:
        UsageError: too few rows do.
    """
    recipe = recipe_of(task, city)
    rows = [row for row in found if answer(row, recipe)]
    others = [row for row in found if not answer(row, recipe)]
    _enough(task, recipe.field, rows, 2 * FOLDS * len(recipe.labels))
    if all(row.origin in HOME for row in rows) and recipe.choice == "mixed":
        recipe = replace(recipe, choice="one")
    features, examples = examples_of(rows, others, recipe, city, seed)
    model, margins = fitted(task, features, examples, recipe, seed)
    answers = [str(answer(row, recipe)) for row in rows]
    told = {
        "strength": recipe.strength,
        "keep": recipe.keep,
        "recall": list(recipe.recall),
        "features": len(model.features),
    }
    return Made(model, rows, answers, told, figures(model, margins, rows, answers))


def _enough(task: Task, field: str, rows: Sequence[Row], least: int) -> None:
    if sum(row.origin == "city" for row in rows) < least:
        raise UsageError(f"{len(rows)} rows with `{field}` are left to train {task}; that is too few.")


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


def figures(model: LinearModel, margins: Floats, rows: Sequence[Row], gold: Sequence[str]) -> dict[str, Any]:
    """What cross-validation says of the city's rows: classes, channels, calibration, and the urgent ones.

    Texts from elsewhere have one figure of their own per origin, `macro_f1_elsewhere`.
    """
    said = [model.labels[number] for number in model.decide(margins)]
    own = [number for number, row in enumerate(rows) if row.origin == "city"]
    report = classification(*_picked(own, gold, said))
    report["per_channel"] = {
        channel: classification(*_picked(members, gold, said))["accuracy"]
        for channel, members in grouped(own, [row.channel for row in rows]).items()
    }
    shares = model.probabilities(margins)[own]
    right = shares.argmax(axis=1) == [model.labels.index(gold[number]) for number in own]
    report["calibration_error"] = calibration_error(shares.max(axis=1), right)
    away = [number for number, row in enumerate(rows) if row.origin not in HOME]
    if away:
        report["macro_f1_elsewhere"] = {
            origin: classification(*_picked(members, gold, said))["macro_f1"]
            for origin, members in grouped(away, [row.origin for row in rows]).items()
        }
    if model.task == "urgency":
        report |= levels(*_picked(own, list(map(int, gold)), list(map(int, said))))
    return report


def _picked(numbers: Sequence[int], gold: Sequence[T], said: Sequence[T]) -> tuple[list[T], list[T]]:
    return [gold[number] for number in numbers], [said[number] for number in numbers]


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


def described(rows: Sequence[Row], answers: Sequence[str]) -> list[dict[str, Any]]:
    """Per origin: what the texts are, under which terms, how many and of which class."""
    members = grouped(range(len(rows)), [row.origin for row in rows])
    return [
        {
            "origin": origin,
            "about": about,
            "rows": len(members[origin]),
            "classes": dict(sorted(Counter(answers[number] for number in members[origin]).items())),
        }
        for origin, about in DATA.items()
        if origin in members
    ]


def next_version(directory: Path, made_on: date) -> str:
    """`YEAR.MONTH.N`, one above the newest installed model of that month."""
    month = f"{made_on.year}.{made_on.month}."
    versions = [
        str(read_card(path)["version"]) for task in (*TASKS, PLACES) if (path := directory / f"{task}.json").is_file()
    ]
    return month + str(1 + max((int(v.removeprefix(month)) for v in versions if v.startswith(month)), default=0))
