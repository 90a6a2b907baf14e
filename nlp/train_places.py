"""Trains the tagger of places from texts whose places are listed, and measures it by cross-validation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sklearn.model_selection import GroupKFold

from nlp.chain import fitted
from nlp.data import Row, copy_families
from nlp.features import Floats
from nlp.fit import FOLDS
from nlp.intervals import of_retrieval
from nlp.leads import Word
from nlp.memory import Numbers
from nlp.mentions import Finder
from nlp.metrics import grouped, retrieval
from nlp.places import places_in
from nlp.scene import Scene
from nlp.tagger import (
    BEGINS,
    BUCKETS,
    INSIDE,
    NAME,
    OUTSIDE,
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

#: Leanings of the three tags that are tried: away from "no place", towards longer names.
LEANINGS = tuple(
    np.array([-away, 0, longer], dtype=np.float32) for away in (0.2, 0.4, 0.6, 0.8) for longer in (-0.2, 0.0, 0.2)
)
#: Signs at the edges of a listed name that are no part of it.
EDGES = " .,;:-()'\"/"


class Corpus:
    """The rows as the tagger learns from them: lines of the weight table per word, and the tag of each word."""

    def __init__(self, rows: Sequence[Row], city: City) -> None:
        self.finder = finder = Finder.load(city)
        looks = looks_by(finder.leads, finder.index)
        scenes = [Scene.of(row.text, finder) for row in rows]
        #: Distinct names each row lists.
        self.gold = [_folded(row.labels[NAME]) for row in rows]
        self.scenes = scenes
        self.families = copy_families([row.text for row in rows])
        lines = [buckets(attributes_of([Reading(scene.words, scene.ruled())], looks)) for scene in scenes]
        self.ends = np.cumsum([0, *map(len, lines)])
        #: Words x templates: lines of the weight table.
        self.lines = np.concatenate(lines)
        self.tags = np.concatenate(
            [tags_of(s.text, s.words, r.labels["places"]) for s, r in zip(scenes, rows, strict=True)]
        )

    def words_of(self, rows: Sequence[int]) -> Numbers:
        """The numbers of the words of some rows."""
        return np.concatenate([np.arange(self.ends[row], self.ends[row + 1]) for row in rows])

    def found(self, row: int, margins: Floats) -> frozenset[str]:
        """The names that margins find in a row."""
        scene = self.scenes[row]
        spans = [
            span
            for span in runs(in_order(margins[self.ends[row] : self.ends[row + 1]]))
            if not scene.leads.bare(scene.words, *span)
        ]
        return _folded(place.text for place in places_in(scene, spans, self.finder))


def train_places(rows: Sequence[Row], city: City, seed: int) -> tuple[Tagger, dict[str, Any]]:
    """The tagger of rows that list their places, and its figures: each row told by a tagger that never saw it."""
    corpus = Corpus(rows, city)
    margins = np.zeros((len(corpus.tags), 3), dtype=np.float32)
    for seen, unseen in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(rows, groups=corpus.families):
        weights, bias = _fitted(corpus, seen, seed)
        told = corpus.words_of(unseen)
        margins[told] = weights[corpus.lines[told]].sum(axis=1) + bias
    own = [number for number, row in enumerate(rows) if row.origin == "city"]
    figures, lean = max(
        ((_figures(corpus, margins + lean, own), lean) for lean in LEANINGS), key=lambda tried: tried[0]["f1"]
    )
    channels = grouped(own, [row.channel for row in rows])
    by_channel = {name: _figures(corpus, margins + lean, members) for name, members in channels.items()}
    figures["slices"] = {"channel": by_channel}
    weights, bias = _fitted(corpus, range(len(rows)), seed)
    return Tagger(weights, bias + lean, {}), figures


def _fitted(corpus: Corpus, texts: Sequence[int], seed: int) -> tuple[Floats, Floats]:
    """Weights (buckets x tags) and bias of a chain learned from some of the texts."""
    order = np.random.default_rng(seed).permutation(np.asarray(texts))
    return fitted(corpus.lines, corpus.ends, corpus.tags, order, BUCKETS)


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
