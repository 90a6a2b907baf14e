from __future__ import annotations

from tanggap.city import City
from tanggap.issues.group import Grouper, shows, voices
from tanggap.records import PostKind

from .conftest import Tell

FLOOD = [
    "banjir sudah sepinggang dekat kali, butuh perahu",
    "banjir makin tinggi dekat kali, perahu belum datang",
    "air banjir masuk rumah dekat kali, tolong perahu karet",
    "kali meluap banjir naik terus, perahu mana",
]


def grouper(city: City) -> Grouper:
    return Grouper(city, join=0.42, consolidate=0.05)


def test_posts_on_one_problem_in_one_place_come_together(city: City, tell: Tell) -> None:
    found = grouper(city)
    for i, text in enumerate(FLOOD):
        found.add(tell(text, place="Kampung Melayu", hour=i))
    found.consolidate()
    assert len(found.clusters) == 1


def test_the_same_words_from_two_places_stay_two_issues(city: City, tell: Tell) -> None:
    found = grouper(city)
    for i, text in enumerate(FLOOD):
        found.add(tell(text + " rt satu", place="Kampung Melayu", hour=i))
        found.add(tell(text + " rt dua", place="Pluit", hour=i))
    found.consolidate()
    assert sorted(cluster.voices for cluster in found.clusters.values()) == [4, 4]


def test_a_problem_that_slept_too_long_opens_anew(city: City, tell: Tell) -> None:
    found = grouper(city)
    first = found.add(tell(FLOOD[0], place="Kampung Melayu", hour=0))
    idle = city.topics["banjir"].idle_h
    later = found.add(tell(FLOOD[1], place="Kampung Melayu", hour=idle + 1))
    assert later.cluster != first.cluster


def test_copies_join_their_original_and_stay_one_voice(city: City, tell: Tell) -> None:
    found = grouper(city)
    text = "tolak wajib lapor tiga kali sehari, pengurus rt bukan petugas bayaran per laporan"
    found.add(tell(text, "pelaporan_warga"))
    for i in range(5):
        assert found.add(tell(f"RT @x{i}: {text}", "pelaporan_warga", hour=i)).copy_of == 0
    (cluster,) = found.clusters.values()
    assert (len(cluster.members), cluster.voices) == (6, 1)
    assert voices(found.readings, {1, 2, 3, 4, 5}) == 1


def test_a_post_stays_in_the_issue_it_already_belongs_to(city: City, tell: Tell) -> None:
    found = grouper(city)
    found.add(tell("lampu jalan padam gelap", "listrik_penerangan", place="Pluit"), issue="ISU-20261121-0007")
    joined = found.add(tell("lampu jalan padam gelap sekali", "listrik_penerangan", place="Pluit", hour=1))
    assert found.clusters[joined.cluster].issue == "ISU-20261121-0007"


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
