from __future__ import annotations

import pytest

from tanggap.city import City
from tanggap.issues.group import Grouper, shows
from tanggap.records import PostKind
from tanggap.settings import IssuesSection

from .conftest import Tell

FLOOD = [
    "banjir sudah sepinggang dekat kali, butuh perahu",
    "banjir makin tinggi dekat kali, perahu belum datang",
    "air banjir masuk rumah dekat kali, tolong perahu karet",
    "kali meluap banjir naik terus, perahu mana",
]


def grouper(city: City) -> Grouper:
    return Grouper(city, join=IssuesSection().join, consolidate=IssuesSection().consolidate)


def test_posts_on_one_problem_in_one_place_come_together(city: City, tell: Tell) -> None:
    found = grouper(city)
    for i, text in enumerate(FLOOD):
        found.add(tell(text, place="Kampung Melayu", hour=i))
    found.consolidate()
    assert len(found) == 1


def test_the_same_words_from_two_places_stay_two_issues(city: City, tell: Tell) -> None:
    found = grouper(city)
    for i, text in enumerate(FLOOD):
        found.add(tell(text + " rt satu", place="Kampung Melayu", hour=i))
        found.add(tell(text + " rt dua", place="Pluit", hour=i))
    found.consolidate()
    assert sorted(cluster.voices for cluster in found.values()) == [4, 4]


@pytest.mark.parametrize(("topic", "anew"), [("banjir", True), ("jalan_trotoar", False)])
def test_a_flood_that_slept_for_days_opens_anew_and_a_hole_in_the_road_does_not(
    city: City, tell: Tell, topic: str, anew: bool
) -> None:
    found = grouper(city)
    hours = 4 * city.topics["banjir"].idle_h
    words = "jalan pasar rusak lagi, motor warga jatuh", "rusak lagi jalan pasar, warga minta dibenahi"
    for text, hour in zip(words, (0, hours), strict=True):
        found.add(tell(text, topic, place="Kampung Melayu", hour=hour))
    found.consolidate()
    assert (len(found) == 2) is anew


@pytest.mark.parametrize("there", ["Pluit", "Cengkareng Timur", "Lebak Bulus"])
def test_the_same_sentence_about_two_places_is_two_complaints(city: City, tell: Tell, there: str) -> None:
    found = grouper(city)
    for place in ("Kampung Melayu", there):
        copy = found.add(tell(f"banjir di {place} sudah selutut dan warga butuh perahu sekarang juga", place=place))
        assert copy.copy_of is None
    found.consolidate()
    assert len(found) == 2


def test_two_hundred_lookalikes_from_all_over_the_city_stay_apart(city: City, tell: Tell) -> None:
    sentences = {
        "banjir": "banjir di {} sudah selutut dan warga butuh perahu sekarang juga",
        "listrik_penerangan": "lampu jalan di {} padam sejak kemarin malam, gelap sekali dan rawan begal",
        "sampah_kebersihan": "sampah di {} menumpuk tiga hari tidak diangkut, baunya sampai ke rumah",
        "air_bersih": "air pam di {} tidak mengalir dari subuh, tolong kirim tangki",
        "jalan_trotoar": "jalan di {} berlubang dalam, dua motor jatuh pagi ini",
    }
    by_district = {area.parent: area for area in city.areas.values() if area.level == "kelurahan"}
    kept = 0
    for topic, sentence in sentences.items():
        found = grouper(city)
        for area in list(by_district.values())[:40]:
            found.add(tell(sentence.format(area.name), topic, code=area.code))
        found.consolidate()
        kept += len(found)
    assert kept == 200


def test_one_wrong_place_among_many_voices_does_not_tear_an_issue(city: City, tell: Tell) -> None:
    found = grouper(city)
    for i, (text, place) in enumerate(zip(FLOOD, ("Kampung Melayu", "Kampung Melayu", None, "Pluit"), strict=True)):
        found.add(tell(text, place=place, hour=i))
    found.consolidate()
    assert [cluster.voices for cluster in found.values()] == [4]


def test_a_post_that_fits_only_just_is_marked_for_people(city: City, tell: Tell) -> None:
    found = grouper(city)
    for i, text in enumerate([*FLOOD[:3], "perahu sudah datang satu, terima kasih"]):
        found.add(tell(text, place="Kampung Melayu" if i < 3 else None, hour=i / 10))
    found.consolidate()
    (cluster,) = found.values()
    assert cluster.voices == 4
    assert [found.decision(at).suggested for at in range(4)] == [False, False, False, True]


def test_copies_join_their_original_and_stay_one_voice(city: City, tell: Tell) -> None:
    found = grouper(city)
    text = "tolak wajib lapor tiga kali sehari, pengurus rt bukan petugas bayaran per laporan"
    found.add(tell(text, "pelaporan_warga"))
    for i in range(5):
        assert found.add(tell(f"RT @x{i}: {text}", "pelaporan_warga", hour=i)).copy_of == 0
    (cluster,) = found.values()
    assert (len(cluster.members), cluster.voices) == (6, 1)


def test_a_post_stays_in_the_issue_it_already_belongs_to(city: City, tell: Tell) -> None:
    found = grouper(city)
    found.add(tell("lampu jalan padam gelap", "listrik_penerangan", place="Pluit"), issue="ISU-20261121-0007")
    joined = found.add(tell("lampu jalan padam gelap sekali", "listrik_penerangan", place="Pluit", hour=1))
    assert found[joined.cluster].issue == "ISU-20261121-0007"


def test_what_staff_touched_is_never_merged_away(city: City, tell: Tell) -> None:
    found = grouper(city)
    for i, text in enumerate(FLOOD):
        found.add(tell(text, place="Kampung Melayu", hour=i), issue="ISU-1")
    found.add(tell(FLOOD[0] + " ya pak", place="Kampung Melayu", hour=5), issue="ISU-2", fixed=True)
    assert found.consolidate() == {}


def test_an_issue_shows_from_three_voices_or_one_in_danger_or_one_report(city: City, tell: Tell) -> None:
    del city
    two = [tell("bau sampah"), tell("sampah bau")]
    assert not shows(two, set(), 3)
    assert shows([*two, tell("sampah numpuk")], set(), 3)
    assert not shows([*two, tell("sampah numpuk", author=two[0].post.author)], set(), 3)
    assert shows([tell("kakek terjebak di atap", urgency=3)], set(), 3)
    assert shows([tell("lampu padam", kind=PostKind.REPORT)], set(), 3)
    assert not shows([tell("kondisi aman", kind=PostKind.REPORT, complaint=False)], set(), 3)
