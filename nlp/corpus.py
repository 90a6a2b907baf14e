"""What one task is trained on: rows chosen and filtered, texts prepared, counted and numbered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp.data import Row, allowed, copy_families, read_rows
from nlp.features import Floats, Vectorizer, keepable, unit, vocabulary
from nlp.fit import Examples, Recipe
from nlp.neighbours import word_vectors
from nlp.prepare import Preparer
from tanggap.city import City

#: Origins of texts of the kind the product reads; only "city" rows are measured.
HOME = ("city", "written")


def training_rows(files: Sequence[Path], held_out: Sequence[Path]) -> list[Row]:
    """The rows of the files, each text once, without what is held out."""
    once: dict[str, Row] = {}
    for file in files:
        for row in read_rows(file):
            once.setdefault(row.fingerprint, row)
    fingerprints = {
        line.strip() for path in held_out if path.suffix == ".sha1" for line in path.read_text().splitlines()
    }
    gold = [row for path in held_out if path.suffix == ".jsonl" for row in read_rows(path)]
    return allowed(list(once.values()), frozenset(fingerprints), gold)


def beside(files: Sequence[Path]) -> list[Path]:
    """Lists of fingerprints and `dev_*` gold files in the folders of the files and the folders next to them."""
    homes = {file.resolve().parent.parent for file in files}
    return sorted(path for home in homes for form in ("*/*.sha1", "*/dev_*.jsonl") for path in home.glob(form))


def answer(row: Row, recipe: Recipe) -> str | None:
    """The label of a row as the model names it; None for a row that does not answer the task."""
    label = str(row.labels.get(recipe.field)).lower()
    return label if label in recipe.labels else None


def examples_of(
    rows: Sequence[Row], others: Sequence[Row], recipe: Recipe, city: City, seed: int
) -> tuple[tuple[str, ...], Examples]:
    """The rows as numbers, with the names of the features; the others only teach which words are used alike."""
    preparer = Preparer.load(city)
    texts = [preparer.prepare(row.text) for row in rows]
    more = [preparer.prepare(row.text).marked for row in others]
    words, vectors = word_vectors([*(text.marked for text in texts), *more], seed)
    vectorizer = Vectorizer(sorted({*vocabulary(texts), *filter(keepable, words)}))
    labels = [answer(row, recipe) for row in rows]
    return vectorizer.features, Examples(
        values=unit(vectorizer.values(vectorizer.occurrences(texts)), vectorizer.letters),
        answers=np.array([recipe.labels.index(label) for label in labels if label], dtype=np.intp),
        home=np.array([row.origin in HOME for row in rows]),
        families=copy_families([row.text for row in rows]),
        vectors=_placed(vectorizer, words, vectors),
    )


def _placed(vectorizer: Vectorizer, words: Sequence[str], vectors: Floats) -> Floats:
    """Features x dimensions: the vectors of words that are features, zero elsewhere."""
    placed = np.zeros((len(vectorizer.features), vectors.shape[1]), dtype=np.float32)
    known = [at for at, word in enumerate(words) if word in vectorizer]
    placed[[vectorizer.number(words[at]) for at in known]] = vectors[known]
    return placed
