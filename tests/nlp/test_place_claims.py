"""What the product promises of places, example by example."""

from __future__ import annotations

import pytest

from nlp.places import Gazetteer
from tanggap.city import load_city
from tanggap.settings import packaged_config


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load(load_city(packaged_config()))


CLAIMS = {
    "aliases": [
        ("jaksel ujan", [("jaksel", "kota", "31.74")]),
        ("jakpus gelap", [("jakpus", "kota", "31.71")]),
        ("banjir di dursa", [("dursa", "kecamatan", "31.75.07")]),
        ("benhil macet", [("benhil", "kelurahan", "31.71.07.1002")]),
        ("di petojo macet", [("petojo", "kecamatan", "31.71.01")]),
        ("macet di kb lama", [("kb lama", "kecamatan", "31.74.05")]),
        ("sawbes banjir", [("sawbes", "kecamatan", "31.71.02")]),
        ("kampul banjir", [("kampul", "landmark", "31.75.03")]),
    ],
    "fuzzy spellings": [
        ("kebon jrk gelap", [("kebon jrk", "kecamatan", "31.73.05")]),
        ("tn abang rame", [("tn abang", "kecamatan", "31.71.07")]),
        ("kmayoran macet", [("kmayoran", "kecamatan", "31.71.03")]),
        ("jgkrsa ujan deres", [("jgkrsa", "kecamatan", "31.74.09")]),
        ("klp gading banjir", [("klp gading", "kecamatan", "31.72.06")]),
        ("cip mel banjir", [("cip mel", "kelurahan", "31.75.08.1005")]),
    ],
    "collisions": [
        ("gambir macet", [("gambir", "kecamatan", "31.71.01")]),
        ("kel. Gambir macet", [("Gambir", "kelurahan", "31.71.01.1001")]),
        ("kampung pulo sepinggang", [("kampung pulo", "landmark", "31.75.03")]),
        ("kel. pulo gelap", [("pulo", "kelurahan", "31.74.07.1007")]),
        ("jatinegara, cakung", [("jatinegara", "kecamatan", "31.75.03"), ("cakung", "kecamatan", "31.75.06")]),
    ],
    "context": [
        ("senen besok ya", []),
        ("malang nian nasibku", []),
        ("bantal kapuk", []),
        ("kel. karet gelap", [("karet", "kelurahan", "31.74.02.1004")]),
    ],
    "both ends of a way": [
        ("dari grogol ke slipi", [("grogol", "kecamatan", "31.73.02"), ("slipi", "kelurahan", "31.73.07.1002")]),
        ("tebet-manggarai", [("tebet", "kecamatan", "31.74.01"), ("manggarai", "kelurahan", "31.74.01.1007")]),
    ],
    "outside is outside": [
        ("bekasi banjir", [("bekasi", "outside", None)]),
        ("tangsel macet", [("tangsel", "outside", None)]),
        ("jalan amblas di Tamansari, Bogor", [("Tamansari", "outside", None), ("Bogor", "outside", None)]),
    ],
}


@pytest.mark.parametrize(("text", "meant"), [pair for pairs in CLAIMS.values() for pair in pairs])
def test_a_place_is_what_the_city_means_by_it(
    gazetteer: Gazetteer, text: str, meant: list[tuple[str, str, str | None]]
) -> None:
    found = gazetteer.find(text)
    assert [(place.text, place.level, place.code) for place in found] == meant
    assert all(text[place.start : place.end] == place.text for place in found)


@pytest.mark.parametrize("text", ["jl sudirman macet", "fatmawati macet", "rasuna said gelap", "tol dalam kota padat"])
def test_a_road_never_resolves_to_one_kelurahan(gazetteer: Gazetteer, text: str) -> None:
    (place,) = gazetteer.find(text)
    assert place.level == "road"
    assert place.code is None or place.code.count(".") == 2
