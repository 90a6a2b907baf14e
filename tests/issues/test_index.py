"""A million posts in flat arrays decide as the same posts in full."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.city import City
from tanggap.issues.clusters import Cluster, alike
from tanggap.issues.group import Grouper
from tanggap.issues.index import row
from tanggap.issues.places import spots
from tanggap.issues.postings import Postings
from tanggap.issues.sums import Sums
from tanggap.issues.vectors import Frequencies, Weights
from tanggap.records import Reading
from tanggap.settings import IssuesSection

from .conftest import Tell

Bags = st.lists(st.tuples(st.integers(0, 3), st.dictionaries(st.integers(0, 40), st.integers(1, 5000))), max_size=30)


@settings(deadline=None)  # the first example may wait for machine code
@given(Bags, st.randoms())
def test_a_sum_is_the_same_in_whatever_order_its_posts_came(bags: list[tuple[int, dict[int, int]]], rng) -> None:  # type: ignore[no-untyped-def]
    truth = [Counter[int]() for _ in range(4)]
    found = []
    for _ in range(2):
        sums = Sums()
        for at, bag in bags:
            ids = np.array(sorted(bag), np.uint32)
            sums.add(at, ids, np.array([bag[key] for key in sorted(bag)], np.int32))
        found.append(sums)
        rng.shuffle(bags)
    for at, bag in bags:
        truth[at].update(bag)
    for at, total in enumerate(truth):
        for sums in found:
            ids, amounts = sums.row(at)
            assert dict(zip(ids.tolist(), amounts.tolist(), strict=True)) == total
            assert sums.square[at] == sum(value * value for value in total.values())


def test_what_one_cluster_took_from_another_is_all_it_had() -> None:
    sums = Sums()
    for at in range(3):
        sums.add(at, np.array([at, 7], np.uint32), np.array([4, 2], np.int32))
    sums.absorb(0, 2)
    assert [sums.row(at)[0].tolist() for at in range(3)] == [[0, 2, 7], [1, 7], []]
    assert sums.square.tolist()[:3] == [16 + 16 + 16, 16 + 4, 0]


def test_the_documents_that_share_the_rarest_words_come_first() -> None:
    postings = Postings()
    common, rare = np.array([1], np.uint32), np.array([1, 9], np.uint32)
    for document in range(200):
        words = rare if document == 60 else common
        postings.add(document, words, np.array([1000, 4000][: len(words)], np.int32))
    home = np.arange(200, dtype=np.int32)
    found = postings.nearest(rare[::-1].copy(), np.array([4000, 1000], np.int32), home)
    assert found[0] == 60


@pytest.fixture
def told(tell: Tell) -> list[Reading]:
    floods = ["banjir sepinggang di gang kami", "air banjir naik, perahu mana", "perahu karet belum datang, banjir"]
    lamps = ["lampu jalan padam gelap sekali", "gelap, lampu padam lagi", "lampu jalan mati sejak senin"]
    return [
        *(tell(text, place="Pluit", hour=hour, author=f"f{hour}") for hour, text in enumerate(floods)),
        *(tell(text, "listrik_penerangan", place="Kapuk", hour=hour) for hour, text in enumerate(lamps)),
        tell("jalan berlubang", None, hour=4),
    ]


def test_a_text_is_as_alike_to_flat_clusters_as_to_clusters_in_full(city: City, told: list[Reading]) -> None:
    limits = IssuesSection()
    grouper = Grouper(city, join=limits.join, consolidate=limits.consolidate)
    for number, reading in enumerate(told):
        grouper.add(reading, issue=f"ISU-{number // 3}")
    weights = Weights(Frequencies.load(city.language_dir))
    for reading in told:
        one = Cluster.of(0, 0, reading, weights.bag(reading), spots(reading.score.places, city), city)
        keys = np.array(list(grouper), np.int64)
        flat = grouper.index.alike(grouper.told(reading), keys)
        assert flat == pytest.approx(alike(one, list(grouper.values())), abs=2e-3)


def test_merged_clusters_are_those_of_posts_that_were_together_from_the_beginning(
    city: City, told: list[Reading]
) -> None:
    limits = IssuesSection()
    apart, together = (Grouper(city, join=limits.join, consolidate=limits.consolidate) for _ in range(2))
    for number, reading in enumerate(told[:3]):
        apart.add(reading, issue=f"ISU-{number}")
        together.add(reading, issue="ISU-0")
    for lost in (2, 1):
        apart.index.absorb(0, lost)
    assert apart[0] == together[0]


def test_a_vector_keeps_its_weights_whatever_the_order_of_its_words() -> None:
    ids, amounts = row({7: 0.25, 3: 0.5})
    assert (ids.tolist(), amounts.tolist()) == ([3, 7], [2048, 1024])
