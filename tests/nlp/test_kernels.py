"""The compiled loops give what plain Python gives."""

from __future__ import annotations

import random

import numpy as np
import pytest

from nlp import kernels
from nlp.buckets import FOLD
from nlp.columns import LetterColumns, Table
from nlp.features import LETTERS, letter_groups
from nlp.kernels import NONE
from nlp.memory import Chunk, Memory
from nlp.sheet import Sheet
from nlp.tagger import REACH, RULED, SHIFT, TEMPLATES, buckets
from tanggap.errors import ModelError

WORDS = ["banjir", "bandang", "a", "", "é", "\ud800", "😭😭", "x" * 60, "Бандар", "anak-anak", "\U0010ffff"]


def spoken(words: list[str]) -> Memory:
    """A memory that holds each word as a chunk of one token."""
    memory = Memory(lambda text: Chunk([text], [0], [], [], [], [], [], 0, "", ""))
    for word in words:
        memory.numbers(word)
    return memory


def table(features: list[str], seed: int = 3) -> Table:
    values = np.random.default_rng(seed).normal(size=(len(features), 4)).astype(np.float32)
    values[:, 3] = 1
    return Table(features, values, 3)


def test_every_known_letter_group_of_every_word_is_found_once() -> None:
    draw = random.Random(1)
    every = sorted({group for word in WORDS for group in letter_groups(LETTERS + word)})
    features = sorted(draw.sample(every, len(every) // 2))
    columns, memory = LetterColumns(table(features)), spoken(WORDS)
    sheet = Sheet.of([memory.numbers(" ".join(WORDS)), memory.numbers("banjir"), []], memory, {})
    columns.said(sheet)
    for spelling, total in zip(memory.spelt, columns.totals(), strict=True):
        known = [features.index(group) for group in letter_groups(LETTERS + spelling) if group in features]
        np.testing.assert_allclose(total[:3], columns._table.values[known, :3].sum(axis=0), atol=1e-5)


def test_what_texts_say_grows_with_the_logarithm_of_how_often() -> None:
    features = sorted(set(letter_groups("#banjir")))
    columns, memory = LetterColumns(table(features)), spoken(["banjir"])
    sheet = Sheet.of([memory.numbers("banjir banjir banjir"), []], memory, {})
    said = columns.said(sheet)
    expected = np.log2(1 + 3) * columns._table.values[:, :3].sum(axis=0)
    np.testing.assert_allclose(said.products, [expected, np.zeros(3)], atol=1e-4)
    np.testing.assert_allclose(said.lengths[:, 0], [2 * np.sqrt(len(features)), 1], rtol=1e-5)


def test_letters_too_many_to_be_told_apart_are_refused() -> None:
    with pytest.raises(ModelError, match="different letters"):
        LetterColumns(table([f"{LETTERS}{chr(0x4E00 + number)}a" for number in range(5_000)]))


def test_the_hash_of_a_template_is_that_of_whole_numbers() -> None:
    rows = np.random.default_rng(5).integers(0, 2**33, size=(9, RULED + 1), dtype=np.uint64)
    found, bits = buckets(rows), 2**64 - 1
    for row, template in np.ndindex(found.shape):
        mixed = (template + 1) * 0x5851F42D4C957F2D & bits
        for attribute, offset in TEMPLATES[template]:
            mixed ^= int(rows[REACH + row + offset, attribute]) * int(kernels.MULTIPLIER) & bits
            mixed = mixed * int(kernels.MULTIPLIER) & bits
            mixed ^= mixed >> int(FOLD)
        assert found[row, template] == (mixed * int(kernels.MULTIPLIER) & bits) >> int(SHIFT)


def test_the_strongest_tokens_come_first_and_each_spelling_once() -> None:
    draw = random.Random(2)
    for _ in range(300):
        size = draw.randrange(0, 12)
        pull = np.array([draw.choice([-1, 0, 0.05, 0.2, 0.2, 0.5, 1]) for _ in range(size)], dtype=np.float64)
        spelling = np.array([draw.randrange(5) for _ in range(size)], dtype=np.int32)
        chosen = np.full(5, NONE, dtype=np.int32)
        kernels.strongest(pull, spelling, 0, 0.15, chosen)
        most = max([0.0, *pull])
        told = [at for at in range(size) if pull[at] > 0 and pull[at] >= 0.15 * most and spelling[at]]
        first: dict[int, int] = {}
        for at in sorted(told, key=lambda at: -pull[at]):
            first.setdefault(int(spelling[at]), at)
        assert [at for at in chosen.tolist() if at != NONE] == list(first.values())[:5]
