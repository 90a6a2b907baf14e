"""Trains one task from labelled files: filters, cross-validates, compares with the floor, writes model and card."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import sklearn

from nlp.cards import INSTALLED, Card, read_card
from nlp.chain import PASSES, PULL, STEP
from nlp.corpus import Emphasis, answer, beside, numbered, training_rows
from nlp.data import Row
from nlp.fit import FOLDS, Recipe
from nlp.kinds import KINDS
from nlp.linear import TASKS, LinearModel, Task
from nlp.metrics import grouped
from nlp.tagger import Tagger
from nlp.train_places import train_places
from nlp.trial import Trial
from tanggap.city import City
from tanggap.errors import ModelError, UsageError
from tanggap.records import SENTIMENTS
from tanggap.settings import read_toml

FLOORS = INSTALLED / "floors.toml"
#: Share of the urgent texts (2 or 3) that must be found; false alarms are fewer the less is asked.
URGENT_FOUND = 0.8
#: The task that is no linear model over whole texts.
PLACES: Task = "places"

#: What the card says about the texts.
DATA: Mapping[str, str] = {
    "city": "public complaints, posts, reviews and news leads about city services, labelled by reading; only "
    "weights are shipped, never texts",
    "written": "sentences written for this project, Apache-2.0",
    "corrected": "texts of this installation whose labels its staff set right; only weights are kept",
    "smsa": "SmSA (Purwarianti and Crisdayanti 2019, in IndoNLU, Wilie et al. 2020), CC BY-SA 4.0",
    "nusax": "NusaX (Winata et al. 2023), CC BY-SA 4.0",
}


def recipe_of(task: Task, city: City) -> Recipe:
    """How the task is fitted in this city, whose topics are its own."""
    recipes = {
        "relevance": Recipe("relevant", ("false", "true"), "levels", 0.3, recall=(0,), kinds=KINDS),
        "complaint": Recipe("complaint", ("false", "true"), "levels", 0.3, recall=(0,), kinds=KINDS),
        "urgency": Recipe("urgency", ("0", "1", "2", "3"), "levels", 0.3, recall=(0, URGENT_FOUND, 0), kinds=KINDS),
        "sentiment": Recipe("sentiment", tuple(SENTIMENTS), "one", 0.3, kinds=KINDS),
        "topic": Recipe("topic", tuple(city.topics), "one", 0.5),
    }
    return recipes[task]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model before it is installed: with the rows it learned from, their answers, and its figures."""

    task: Task
    model: LinearModel | Tagger
    rows: Sequence[Row]
    answers: Sequence[str]
    recipe: Mapping[str, Any]
    measured: Mapping[str, Any]
    #: The same figures without the rows that staff corrected, where there are any.
    before: Mapping[str, Any] | None = None
    unlabelled: int = 0
    #: Names of the files whose texts, and near copies of them, were kept out.
    held_out: Sequence[str] = ()

    def install(self, out_dir: Path, made_on: date, *, version: str | None = None, seed: int = 0) -> Card:
        """Writes model and card to `out_dir`; returns the card."""
        told = [f"{row.fingerprint} {answer}" for row, answer in zip(self.rows, self.answers, strict=True)]
        card = {
            "version": version or next_version(out_dir, made_on),
            "made_on": made_on.isoformat(),
            "seed": seed,
            "recipe": self.recipe,
            "libraries": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
            "data": described(self.rows, self.answers),
            "unlabelled_rows": self.unlabelled,
            "held_out": list(self.held_out),
            "training_set_sha256": hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest(),
            "cross_validation": self.measured,
        }
        replace(self.model, card=card).save(out_dir)
        return read_card(out_dir / f"{self.task}.json")


def train(
    task: Task,
    files: Sequence[Path],
    city: City,
    out_dir: Path = INSTALLED,
    *,
    made_on: date,
    version: str | None = None,
    seed: int = 0,
    floors: Path = FLOORS,
    **options: Any,
) -> Card:
    """Fits the model of a task and installs it in `out_dir`; the same files and seed give the same weights.

    `options` are those of `candidate`. Returns the card.

    Raises:
        PayloadError: a file cannot be read.
        UsageError: the files hold too few rows for the task.
        ModelError: the model stays under its floor; nothing is installed.
    """
    made = candidate(task, files, city, seed=seed, **options)
    check_floor(task, made.measured, floors)
    return made.install(out_dir, made_on, version=version, seed=seed)


def candidate(
    task: Task,
    files: Sequence[Path],
    city: City,
    *,
    held_out: Sequence[Path] | None = None,
    corrected: Sequence[Row] = (),
    emphasis: Emphasis | None = None,
    guess: bool = False,
    seed: int = 0,
) -> Candidate:
    """The model of a task, measured by cross-validation and not yet installed.

    Rows without a label of the task only teach which words are used alike.

    Args:
        held_out: gold files and lists of fingerprints (.sha1): their texts, and near copies of gold texts, are never
            trained on. By default those that stand beside the files.
        corrected: rows that staff set right; the figures without them are then kept beside.
        emphasis: how much rows count by origin and label.
        guess: lets the model also learn from the unlabelled rows it is sure of, where cross-validation gains by it.
    """
    kept_out = beside(files) if held_out is None else held_out
    found = training_rows(files, kept_out, corrected)
    if task == PLACES:
        made = tagged(found, city, seed)
    else:
        made = classified(task, found, city, seed, emphasis or Emphasis(), guess=guess)
    return replace(made, held_out=sorted({path.name for path in kept_out}))


def tagged(found: Sequence[Row], city: City, seed: int) -> Candidate:
    """The tagger of places, from the rows that list them.

    Raises:
        UsageError: too few rows do.
    """
    rows = [row for row in found if isinstance(row.labels.get(PLACES), list)]
    _enough(PLACES, PLACES, rows, 10 * FOLDS)
    tagger, measured = train_places(rows, city, seed)
    answers = ["some" if row.labels[PLACES] else "none" for row in rows]
    told = {"passes": PASSES, "step": STEP, "pull": PULL}
    return Candidate(PLACES, tagger, rows, answers, told, measured, unlabelled=len(found) - len(rows))


def classified(
    task: Task, found: Sequence[Row], city: City, seed: int, emphasis: Emphasis, *, guess: bool
) -> Candidate:
    """The linear model of a task, from the rows that answer it.

    Raises:
        UsageError: too few rows do.
    """
    recipe = recipe_of(task, city)
    rows = [row for row in found if answer(row, recipe)]
    others = [row for row in found if not answer(row, recipe)]
    _enough(task, recipe.field, rows, 2 * FOLDS * len(recipe.labels))
    numbers = numbered(rows, others, recipe, city, seed, emphasis, guess=guess)
    recipe = numbers.recipe
    trial = Trial(task, recipe, rows, numbers, seed)
    fit, margins, report = trial.best()
    weights, bias = fit(numbers.examples, recipe, seed)
    judge = trial.judge(margins)
    told = {
        "strength": recipe.strength,
        "keep": recipe.keep,
        "recall": list(recipe.recall),
        "kinds": list(recipe.kinds),
        "features": len(numbers.features),
        "emphasis": {"origins": dict(emphasis.origins), "labels": dict(emphasis.labels)},
    }
    model = replace(judge, features=numbers.features, weights=weights, bias=bias)
    return Candidate(task, model, rows, trial.answers, told, report, trial.without_corrected(fit), len(others))


def _enough(task: Task, field: str, rows: Sequence[Row], least: int) -> None:
    if sum(row.origin == "city" for row in rows) < least:
        raise UsageError(f"{len(rows)} rows with `{field}` are left to train {task}; that is too few.")


def check_floor(task: Task, measured: Mapping[str, Any], floors: Path) -> None:
    """Lets a model pass that reaches every figure of its floor.

    Raises:
        ModelError: some are missed; names each with its floor.
    """
    wanted = read_toml(floors).get(task, {})
    missed = [f"{name} {measured[name]:.3f} < {floor:.3f}" for name, floor in wanted.items() if measured[name] < floor]
    if missed:
        raise ModelError(
            f"The {task} model stays under its floor in {floors} by cross-validation ({', '.join(missed)}); "
            "it was not installed. Give more or better labelled rows."
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
