"""Learning the tags of a chain: shares are those of all chains counted one by one, and what is shown is learned."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nlp.chain import _shares, fitted


def test_the_share_of_a_tag_is_that_of_all_chains_that_may_be() -> None:
    margins = np.random.default_rng(5).normal(size=(4, 3))
    chains = [
        chain
        for chain in itertools.product(range(3), repeat=4)
        if all(two != 2 or one != 0 for one, two in itertools.pairwise((0, *chain)))
    ]
    weights = np.array([np.exp(margins[range(4), list(chain)].sum()) for chain in chains])
    expected = [
        [sum(weights[[chain[at] == tag for chain in chains]]) / weights.sum() for tag in range(3)] for at in range(4)
    ]
    assert _shares(margins) == pytest.approx(np.array(expected))


def test_tags_are_learned_from_the_texts_named_and_from_no_other() -> None:
    lines = np.array([[0], [1], [2], [0], [3], [4]], dtype=np.int32)
    tags = np.array([0, 1, 2, 0, 1, 2])
    weights, bias = fitted(lines, np.array([0, 3, 6]), tags, np.array([0] * 20), 5)
    assert (weights[:3] + bias).argmax(axis=1).tolist() == [0, 1, 2]
    assert not weights[3:].any()
    again = fitted(lines, np.array([0, 3, 6]), tags, np.array([0] * 20), 5)
    assert np.array_equal(again[0], weights)
