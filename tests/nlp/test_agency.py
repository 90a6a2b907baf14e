"""The body a text names goes before the rules, the longest phrase before the shorter, the topic's body last."""

from __future__ import annotations

import pytest

from nlp.agency import Router, spoken
from nlp.prepare import Preparer
from tanggap.city import City


@pytest.mark.parametrize(
    ("topic", "text", "body"),
    [
        ("listrik_penerangan", "lampu pju mati semua di gang kami", "Bina Marga"),
        ("listrik_penerangan", "matlam lagi dari pagi", "PLN"),
        ("listrik_penerangan", "PLN tolong dong lampu jalan gelap", "PLN"),
        ("transportasi_umum", "tije lama banget datengnya", "Transjakarta"),
        ("transportasi_umum", "KRL gangguan lagi", "KCI"),
        ("transportasi_umum", "commuter line telat", "KCI"),
        ("transportasi_umum", "MRT bersih sekali", "MRTJ"),
        ("air_bersih", "PAM Jaya mati 3 hari", "PAM Jaya"),
        ("banjir", "banjir masuk rumah, tolong PLN matikan listrik", "Dinas SDA"),
        ("lainnya", "halo semuanya", "Lurah"),
    ],
)
def test_posts_go_to_the_body_that_answers_for_them(city: City, topic: str, text: str, body: str) -> None:
    words = Preparer.load(city).prepare(text).words
    code = Router.of(city).route(topic, f" {' '.join(words)} |{spoken(text)}")
    assert city.agency_label(code) == body


def test_an_undecided_topic_has_no_body(city: City) -> None:
    assert Router.of(city).route(None, " banjir | banjir ") is None


def test_every_rule_names_a_topic_and_two_bodies_that_exist(city: City) -> None:
    for rule in city.routes:
        assert rule.topic in city.topics, rule.name
        assert {rule.agency, rule.fallback} <= city.agencies.keys(), rule.name
        assert rule.words, rule.name
