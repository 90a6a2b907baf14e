"""What one task is trained on: rows chosen and filtered, texts prepared, counted and numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from nlp.data import CANARY, HOME, Row, allowed, copy_families, read_rows
from nlp.features import Floats, Vectorizer, keepable, unit, vocabulary
from nlp.fit import Examples, Recipe
from nlp.kinds import among, told_apart
from nlp.lexicon import read_classes
from nlp.meanings import class_vectors, meanings
from nlp.neighbours import word_vectors
from nlp.prepare import Prepared, Preparer
from nlp.slices import register_of
from tanggap.city import City


@dataclass(frozen=True, slots=True)
class Emphasis:
    """How much texts count while fitting, by origin and by label; 1 where nothing is said."""

    origins: Mapping[str, float] = field(default_factory=lambda: {"corrected": 3.0})
    labels: Mapping[str, float] = field(default_factory=dict)

    def of(self, row: Row, label: str) -> float:
        """The count of a row with a label."""
        return self.origins.get(row.origin, 1.0) * self.labels.get(label, 1.0)


def training_rows(files: Sequence[Path], held_out: Sequence[Path], more: Sequence[Row] = ()) -> list[Row]:
    """The rows of the files and `more`, each text once, without what is held out.

    A row of `more` wins over one of the files with the same text.
    """
    once: dict[str, Row] = {}
    for row in (*more, *(row for file in files for row in read_rows(file))):
        once.setdefault(row.fingerprint, row)
    fingerprints = {
        line.strip() for path in held_out if path.suffix == ".sha1" for line in path.read_text().splitlines()
    }
    gold = [row for path in (CANARY, *held_out) if path.suffix != ".sha1" for row in read_rows(path)]
    return allowed(list(once.values()), frozenset(fingerprints), gold)


def beside(files: Sequence[Path]) -> list[Path]:
    """Lists of fingerprints and `dev_*` gold files in the folders of the files and the folders next to them."""
    homes = {file.resolve().parent.parent for file in files}
    return sorted(path for home in homes for form in ("*/*.sha1", "*/dev_*.jsonl") for path in home.glob(form))


def answer(row: Row, recipe: Recipe) -> str | None:
    """The label of a row as the model names it; None for a row that does not answer the task."""
    label = str(row.labels.get(recipe.field)).lower()
    return label if label in recipe.labels else None


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """Rows as numbers: the names of the features, the examples, the register each text is written in."""

    #: The recipe with the kinds that the rows are told apart by.
    recipe: Recipe
    features: tuple[str, ...]
    examples: Examples
    registers: Sequence[str]


def numbered(
    rows: Sequence[Row],
    others: Sequence[Row],
    recipe: Recipe,
    city: City,
    seed: int,
    emphasis: Emphasis,
    *,
    guess: bool = False,
) -> Numbered:
    """The rows as numbers; the others teach which words are used alike, and with `guess` may be labelled by a model."""
    preparer = Preparer.load(city)
    texts = [preparer.prepare(row.text) for row in rows]
    more = [preparer.prepare(row.text) for row in others]
    words, vectors = word_vectors([text.marked for text in (*texts, *more)], seed)
    known = meanings(read_classes(city.language_dir), preparer)
    vectorizer = Vectorizer(sorted({*vocabulary(texts), *filter(keepable, words), *known}))
    labels = [answer(row, recipe) or "" for row in rows]
    kinds, numbers = told_apart(rows, recipe.kinds)
    examples = Examples(
        values=_values(vectorizer, texts),
        answers=np.array([recipe.labels.index(label) for label in labels], dtype=np.intp),
        home=np.array([row.origin in HOME for row in rows]),
        kinds=numbers,
        families=copy_families([row.text for row in rows]),
        counts=np.array([emphasis.of(*pair) for pair in zip(rows, labels, strict=True)], dtype=np.float32),
        vectors=np.hstack([_placed(vectorizer, words, vectors), class_vectors(vectorizer.features, known)]),
        unlabelled=(_values(vectorizer, more), among(others, kinds)) if guess and more else None,
    )
    return Numbered(replace(recipe, kinds=kinds), vectorizer.features, examples, [register_of(text) for text in texts])


def _values(vectorizer: Vectorizer, texts: Sequence[Prepared]) -> sp.csr_matrix:
    return unit(vectorizer.values(vectorizer.occurrences(texts)), vectorizer.letters)


def _placed(vectorizer: Vectorizer, words: Sequence[str], vectors: Floats) -> Floats:
    """Features x dimensions: the vectors of words that are features, zero elsewhere."""
    placed = np.zeros((len(vectorizer.features), vectors.shape[1]), dtype=np.float32)
    known = [at for at, word in enumerate(words) if word in vectorizer]
    placed[[vectorizer.number(words[at]) for at in known]] = vectors[known]
    return placed
