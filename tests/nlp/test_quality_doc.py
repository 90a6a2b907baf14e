"""What docs/models.md says of the models is what their cards say, and a badly typed text is still the same text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.misspelling import changes, slip
from benchmarks.quality import BLOCK, crossed, span
from nlp.cards import INSTALLED, read_card
from tanggap.settings import packaged_config

DOC = Path(__file__).parents[2] / "docs" / "models.md"


def test_the_document_tells_the_figures_of_the_shipped_cards() -> None:
    """After a new model: `python -m benchmarks.quality DATA --write docs/models.md`."""
    block = BLOCK.search(DOC.read_text(encoding="utf-8"))
    assert block, "the document has no generated block"
    assert "\n".join(crossed()) in block[0]
    assert str(read_card(INSTALLED / "sentiment.json")["version"]) in block[0]


@pytest.mark.parametrize("name", ["slang", "dropped vowels", "typing slips", "elongation", "emoji", "hashtags"])
def test_every_way_of_typing_badly_changes_the_text_and_is_the_same_for_the_same_dice(name: str) -> None:
    change = changes(packaged_config() / "language")[name]
    text = (
        "tolong segera diperbaiki jalan yang rusak tidak pernah ditanggapi sudah lama sekali karena banyak orang jatuh"
    )
    first, again = (change(text, random.Random(4)) for _ in range(2))
    assert first == again != text


def test_a_slip_swaps_two_neighbours() -> None:
    assert sorted(slip("banjir", random.Random(1))) == sorted("banjir")


def test_a_figure_without_interval_stands_alone() -> None:
    assert span({"f1": 0.5}, "f1") == "0.500"
    assert span({"f1": 0.5, "intervals": {"f1": (0.4, 0.6)}}, "f1") == "0.500 (0.400-0.600)"
