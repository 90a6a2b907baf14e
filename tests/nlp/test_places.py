"""Places are found where they stand, resolved by what stands beside them, and never guessed too finely."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lines import LineMemory, Lines
from nlp.memory import Chunks
from nlp.places import Gazetteer
from nlp.tagger import looks_by
from tanggap.city import load_city
from tanggap.records import Place
from tanggap.settings import packaged_config


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load(load_city(packaged_config()))


def told(places: tuple[Place, ...]) -> list[tuple[str, str, str | None]]:
    return [(place.text, place.level, place.code) for place in places]


def test_a_place_carries_its_span_its_official_name_and_a_point(gazetteer: Gazetteer) -> None:
    text = "banjir di kampung melayu udah sepaha"
    (place,) = gazetteer.find(text)
    assert text[place.start : place.end] == place.text == "kampung melayu"
    assert (place.level, place.code, place.name) == ("kelurahan", "31.75.03.1001", "Kampung Melayu")
    assert place.lat is not None
    assert place.lon is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kebon Jeruk macet", [("Kebon Jeruk", "kecamatan", "31.73.05")]),
        ("warga kel. Kebon Jeruk", [("Kebon Jeruk", "kelurahan", "31.73.05.1001")]),
        ("kec.Gambir dan kel.Gambir", [("Gambir", "kecamatan", "31.71.01"), ("Gambir", "kelurahan", "31.71.01.1001")]),
        ("jaksel ujan, jakbar engga", [("jaksel", "kota", "31.74"), ("jakbar", "kota", "31.73")]),
        ("di tn abang rame", [("tn abang", "kecamatan", "31.71.07")]),
        ("kp melayu banjir", [("kp melayu", "kelurahan", "31.75.03.1001")]),
        ("kebon jrk gelap", [("kebon jrk", "kecamatan", "31.73.05")]),
        ("kebun jeruk gelap", [("kebun jeruk", "kecamatan", "31.73.05")]),
        ("jakrta barat", [("jakrta barat", "kota", "31.73")]),
        ("#banjirjakarta lagi", [("jakarta", "provinsi", "31")]),
        ("dijakarta panas", [("jakarta", "provinsi", "31")]),
    ],
)
def test_areas_of_the_city_in_the_spellings_people_use(
    gazetteer: Gazetteer, text: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert told(gazetteer.find(text)) == expected


def test_a_hashtag_that_names_an_office_or_a_campaign_is_no_place(gazetteer: Gazetteer) -> None:
    assert not gazetteer.find("lapor lewat #AduanJogja dan #InfoTransJakarta ya")
    assert told(gazetteer.find("#macetdepok parah")) == [("depok", "outside", None)]


def test_both_ends_of_a_way_are_found(gazetteer: Gazetteer) -> None:
    places = gazetteer.find("naik apa dari Cengkareng ke Matraman?")
    assert [place.name for place in places] == ["Cengkareng", "Matraman"]


def test_the_longest_name_wins(gazetteer: Gazetteer) -> None:
    assert [place.text for place in gazetteer.find("macet di Cempaka Putih Timur")] == ["Cempaka Putih Timur"]


@pytest.mark.parametrize(
    "text", ["ada yang baru", "di tengah jalan", "rumah di tengah itu gelora hati", "jalan rusak parah"]
)
def test_ordinary_words_are_no_places(gazetteer: Gazetteer, text: str) -> None:
    assert not gazetteer.find(text)


def test_an_ordinary_word_counts_after_its_lead(gazetteer: Gazetteer) -> None:
    (place,) = gazetteer.find("lapor, kel. karet gelap")
    assert (place.text, place.level, place.name) == ("karet", "kelurahan", "Karet")


def test_a_namesake_in_another_town_is_not_ours(gazetteer: Gazetteer) -> None:
    places = gazetteer.find("jalan amblas di Tamansari, Bogor")
    assert [(place.text, place.level, place.code) for place in places] == [
        ("Tamansari", "outside", None),
        ("Bogor", "outside", None),
    ]


@pytest.mark.parametrize("text", ["jl. Sudirman macet", "di Jalan Kebon Jeruk Raya", "jln demak timur 12 bocor"])
def test_a_road_never_gets_a_kelurahan(gazetteer: Gazetteer, text: str) -> None:
    (place,) = gazetteer.find(text)
    assert place.level == "road"
    assert place.code is None or place.code.count(".") == 2


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("pohon tumbang di jl. manyar tirtoyoso 5 rt 2", "jl. manyar tirtoyoso 5"),
        ("stasiun Tambun penuh", "stasiun Tambun"),
        ("antre di puskesmas Simomulyo", "Simomulyo"),
        ("parkir liar di depan masjid Nurul Iman", "masjid Nurul Iman"),
        ("warga desa Sumbersari kec. Mranggen", "Sumbersari"),
    ],
)
def test_names_no_list_knows_are_found_by_their_lead(gazetteer: Gazetteer, text: str, place: str) -> None:
    assert place in [found.text for found in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        ("banjir di kampung pulo sepinggang", "kampung pulo", "Kampung Pulo"),
        ("kampul banjir lagi min", "kampul", "Kampung Pulo"),
        ("banjir di kampung makassar", "kampung makassar", "Kampung Makasar"),
        ("kampung ambon digerebek", "kampung ambon", "Kampung Ambon"),
        ("kp bahari ricuh lagi", "kp bahari", "Kampung Bahari"),
        ("kampung dukuh gelap", "kampung dukuh", "Kampung Dukuh"),
        ("kampung melayu banjir", "kampung melayu", "Kampung Melayu"),
        ("banjir di rawa belong", "rawa belong", "Rawa Belong"),
        ("daan mogot macet", "daan mogot", "Jalan Daan Mogot"),
        ("muara angke rob lagi", "muara angke", "Pelabuhan Muara Angke / Kaliadem"),
        ("bendhil macet", "bendhil", "Bendungan Hilir"),
        ("tj duren gelap gulita", "tj duren", "Grogol Petamburan"),
        ("tj priok macet parah", "tj priok", "Tanjung Priok"),
        ("ps rebo macet", "ps rebo", "Pasar Rebo"),
        ("klender kebakaran", "klender", "Klender"),
        ("palmerah", "palmerah", "Pal Merah"),
        ("utan kayu banjir", "utan kayu", "Utan Kayu"),
        ("setiabudi macet", "setiabudi", "Setiabudi"),
    ],
)
def test_a_listed_name_is_found_whole_however_it_is_typed(
    gazetteer: Gazetteer, text: str, said: str, name: str
) -> None:
    assert (said, name) in [(place.text, place.name) for place in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("macet dari cawang ke slipi", ["Cawang", "Slipi"]),
        ("rute tebet - kampung melayu ditutup", ["Tebet", "Kampung Melayu"]),
        ("dari depok ke manggarai desak-desakan", ["Depok", "Manggarai"]),
        ("Dari Grogol sampai Slipi mati lampu", ["Grogol Petamburan", "Slipi"]),
    ],
)
def test_both_ends_are_kept_in_the_order_of_the_way(gazetteer: Gazetteer, text: str, names: list[str]) -> None:
    assert [place.name for place in gazetteer.find(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "banjir di bekasi timur",
        "margonda depok macet",
        "pamulang gelap",
        "jalan rusak di kota semarang",
        "kampung baru makassar banjir",
        "kec. Gambir, Garut",
    ],
)
def test_a_place_outside_the_city_has_no_code(gazetteer: Gazetteer, text: str) -> None:
    places = gazetteer.find(text)
    assert places
    assert all(place.code is None for place in places)


def test_a_body_that_carries_the_citys_name_is_no_place_of_it(gazetteer: Gazetteer) -> None:
    assert not [place for place in gazetteer.find("polda metro jaya usut kasus ini") if place.code]


def test_a_long_text_is_read_up_to_the_limit(gazetteer: Gazetteer) -> None:
    for text in ("jl " * 40_000, "a" * 100_000, "#" * 100_000, "kebon " * 20_000, "Jl. Kebon Jeruk " * 8_000):
        assert all(place.end <= 10_000 for place in gazetteer.find(text))


MIXED = (
    "#banjirjakarta di kebon  jrk, dijalan Sudirman.Blok M dan tn abang! kali besar",
    "warga kel.\nKebon Jeruk, kec. Gambir; pasar minggu... rumah sakit umum Tebet",
    "  surabaya -> tj priok, jakut (jl. yos sudarso) rt02/03",
    "",
    "😀 !!! ,,, @DKIJakarta #Tebet.",
)


def test_words_and_mentions_are_those_of_every_word_read_alone(gazetteer: Gazetteer) -> None:
    finder = gazetteer.finder
    chunks = Chunks()
    memory = LineMemory(finder, looks_by(finder.leads, finder.index), chunks)
    for _ in range(2):
        lines = Lines.of(MIXED, [chunks.numbers(text) for text in MIXED], memory)
        for text, line, starts in zip(MIXED, lines.each(), lines.starts(), strict=True):
            assert list(line) == finder.words(text)
            assert list(finder.mentions(line, starts)) == list(finder.mentions(finder.words(text)))


SHARED = Gazetteer.load(load_city(packaged_config()))


@given(st.text(alphabet=st.sampled_from("jl. kebon jeruk #@\nJakartaTebet,-kel di 12é😀"), max_size=120))
@settings(max_examples=200, deadline=None)
def test_spans_are_true_and_do_not_overlap(text: str) -> None:
    end = 0
    for place in SHARED.find(text):
        assert text[place.start : place.end] == place.text
        assert place.start >= end
        end = place.end
