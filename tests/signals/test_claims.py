"""Which hearsay claims the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tanggap.city import City
from tanggap.issues.vectors import Frequencies
from tanggap.records import Place, Post, PostKind, Reading, Score
from tanggap.signals.claims import Claim, claims
from tanggap.signals.rumours import Ear
from tanggap.text import fold

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
RAGUNAN = (
    "katanya ragunan tutup seminggu buat renovasi kandang?",
    "dapat info dari grup RT, kebun binatang ragunan tutup seminggu buat renovasi kandang",
    "denger2 ragunan ditutup seminggu, kandang direnovasi",
)
JEMBATAN = (
    "katanya jembatan cawang tutup sebulan",
    "dapat info dari grup RT, jembatan cawang tutup sebulan penuh",
)
BANSOS = "dapat info dari grup RT, bansos tahap dua dihentikan"


def reading(number: int, text: str, *, kind: str = "post", relevant: bool = True, area: str = "") -> Reading:
    at = START + timedelta(minutes=number)
    post = Post(id=number, source="x", native_id=str(number), kind=PostKind(kind), text=text, published_at=at,
                collected_at=at)  # fmt: skip
    score = Score(model="t", relevant=relevant, relevance=0.9, sentiment="neutral", topic="lainnya", complaint=False,
                  urgency=0, terms=fold(text), places=(Place(text="", start=0, end=0, level="kecamatan", code=area,
                  name=area),) if area else ())  # fmt: skip
    return Reading(post=post, score=score)


@pytest.fixture
def put(city: City) -> object:
    ear, common = Ear.load(city.language_dir), Frequencies.load(city.language_dir)
    return lambda *texts: claims([reading(at, text) for at, text in enumerate(texts)], ear, common)


def members(found: list[Claim]) -> list[list[int | None]]:
    return [[one.post.id for one in claim.tellings] for claim in found]


def test_tellings_of_one_thing_are_one_claim_however_they_are_told(put) -> None:
    assert members(put(RAGUNAN[0], JEMBATAN[0], RAGUNAN[1], BANSOS, RAGUNAN[2], JEMBATAN[1])) == [
        [0, 2, 4],
        [1, 5],
        [3],
    ]


def test_the_same_words_about_two_places_are_two_claims(city: City) -> None:
    text = "katanya puskesmas tutup mulai senin"
    told = [reading(at, text, area=area) for at, area in enumerate(("31.74.01", "31.72.03", "", "31.74"))]
    found = claims(told, Ear.load(city.language_dir), Frequencies.load(city.language_dir))
    assert members(found) == [[0, 2, 3], [1]]


def test_what_was_said_since_is_found_in_long_texts_too(put) -> None:
    [claim] = put(*RAGUNAN)
    long = "Liburan. " + "Warga ramai berwisata di akhir pekan. " * 30
    denial = reading(10, long + "Pengelola membantah ragunan tutup seminggu untuk renovasi kandang.", kind="news")
    other = reading(11, long + "Ragunan menambah loket pada akhir pekan.", kind="news")
    assert claim.within([denial, other]) == [denial]


def test_a_claim_is_idle_where_most_tell_it_of_something_that_is_not_the_city_s(city: City) -> None:
    claim = Claim()
    claim.tellings = [reading(1, RAGUNAN[0], relevant=False), reading(2, RAGUNAN[1], relevant=False), reading(3, "x")]
    assert claim.idle
    claim.tellings[0] = reading(1, RAGUNAN[0])
    assert not claim.idle
