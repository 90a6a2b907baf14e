"""Trains the tagger of places from texts whose places are listed, and measures it by cross-validation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from nlp.data import Row, copy_families
from nlp.features import Floats
from nlp.fit import FOLDS
from nlp.intervals import of_retrieval
from nlp.leads import Word
from nlp.memory import Numbers
from nlp.mentions import Finder
from nlp.metrics import grouped, retrieval
from nlp.scene import Scene
from nlp.tagger import (
    BEGINS,
    BUCKETS,
    INSIDE,
    NAME,
    OUTSIDE,
    TEMPLATES,
    Reading,
    Tagger,
    attributes_of,
    buckets,
    in_order,
    looks_by,
    runs,
)
from tanggap.city import City
from tanggap.text import fold

#: Inverse strength of regularisation, and how exactly the machine is solved.
STRENGTH = 0.1
TOLERANCE = 1e-2
#: Leanings of the three tags that are tried: away from "no place", towards longer names.
LEANINGS = tuple(
    np.array([-away, 0, longer], dtype=np.float32) for away in (0.0, 0.1, 0.2, 0.3, 0.4) for longer in (0.0, 0.2)
)
#: Signs at the edges of a listed name that are no part of it.
EDGES = " .,;:-()'\"/"


class Corpus:
    """The rows as the tagger learns from them: lines of the weight table per word, and the tag of each word."""

    def __init__(self, rows: Sequence[Row], city: City) -> None:
        finder = Finder.load(city)
        looks = looks_by(finder.leads)
        scenes = [Scene.of(row.text, finder) for row in rows]
        #: Distinct names each row lists.
        self.gold = [_folded(row.labels[NAME]) for row in rows]
        self.scenes = scenes
        self.families = copy_families([row.text for row in rows])
        lines = [buckets(attributes_of([Reading(scene.words, scene.ruled())], looks)) for scene in scenes]
        self.ends = np.cumsum([0, *map(len, lines)])
        columns = np.concatenate(lines).ravel()
        width = len(TEMPLATES)
        ones = np.ones(len(columns), dtype=np.float32)
        self.values = sp.csr_matrix(
            (ones, columns, np.arange(0, len(columns) + 1, width)), (len(columns) // width, BUCKETS)
        )
        self.tags = np.concatenate(
            [tags_of(s.text, s.words, r.labels["places"]) for s, r in zip(scenes, rows, strict=True)]
        )

    def words_of(self, rows: Sequence[int]) -> Numbers:
        """The numbers of the words of some rows."""
        return np.concatenate([np.arange(self.ends[row], self.ends[row + 1]) for row in rows])

    def found(self, row: int, margins: Floats) -> frozenset[str]:
        """The names that margins find in a row."""
        scene = self.scenes[row]
        return _folded(
            scene.text[scene.words[first].start : scene.words[last - 1].end]
            for first, last in runs(in_order(margins[self.ends[row] : self.ends[row + 1]]))
            if not scene.leads.bare(scene.words, first, last)
        )


def train_places(rows: Sequence[Row], city: City, seed: int) -> tuple[Tagger, dict[str, Any]]:
    """The tagger of rows that list their places, and its figures: each row told by a tagger that never saw it."""
    corpus = Corpus(rows, city)
    margins = np.zeros((len(corpus.tags), 3), dtype=np.float32)
    for seen, unseen in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(rows, groups=corpus.families):
        weights, bias = _fitted(corpus, corpus.words_of(seen), seed)
        told = corpus.words_of(unseen)
        margins[told] = corpus.values[told] @ weights + bias
    own = [number for number, row in enumerate(rows) if row.origin == "city"]
    figures, lean = max(
        ((_figures(corpus, margins + lean, own), lean) for lean in LEANINGS), key=lambda tried: tried[0]["f1"]
    )
    channels = grouped(own, [row.channel for row in rows])
    by_channel = {name: _figures(corpus, margins + lean, members) for name, members in channels.items()}
    figures["slices"] = {"channel": by_channel}
    weights, bias = _fitted(corpus, np.arange(len(corpus.tags)), seed)
    return Tagger(weights, bias + lean, {}), figures


def _fitted(corpus: Corpus, words: Numbers, seed: int) -> tuple[Floats, Floats]:
    """Weights (buckets x tags) and bias of one-vs-rest linear machines on some of the words."""
    machine = LinearSVC(C=STRENGTH, tol=TOLERANCE, random_state=seed)
    machine.fit(corpus.values[words], corpus.tags[words])
    return machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)


def _figures(corpus: Corpus, margins: Floats, rows: Sequence[int]) -> dict[str, Any]:
    gold, found = [corpus.gold[row] for row in rows], [corpus.found(row, margins) for row in rows]
    return {"n": len(rows), **retrieval(gold, found), "interval": list(of_retrieval(gold, found))}


def tags_of(text: str, words: Sequence[Word], places: Sequence[str]) -> Numbers:
    """The tag of each word, every occurrence of a listed name marked, longer names first."""
    starts = {word.start: at for at, word in enumerate(words)}
    ends = {word.end: at + 1 for at, word in enumerate(words)}
    tags: Numbers = np.full(len(words), OUTSIDE, dtype=np.intp)
    low = text.lower()
    for name in sorted(places, key=len, reverse=True):
        pattern = re.escape(name.lower().strip(EDGES))
        for match in re.finditer(pattern, low) if pattern else ():
            first, last = starts.get(match.start()), ends.get(match.end())
            if first is not None and last is not None and not tags[first:last].any():
                tags[first:last] = INSIDE
                tags[first] = BEGINS
    return tags


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, names)) - {""}
