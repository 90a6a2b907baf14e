from __future__ import annotations

import pytest

from tanggap.city import City
from tanggap.errors import SettingsError
from tanggap.signals.lens import Place, look, populations, rate_of
from tanggap.store.areas import AreaVoices

CAKUNG, TEBET, CENGKARENG, GAMBIR = "31.75.06", "31.74.01", "31.73.01", "31.71.01"
HEARD = (
    AreaVoices(CAKUNG, 0, 60),
    AreaVoices(TEBET, 300, 0),
    AreaVoices(CENGKARENG, 200, 120),
    AreaVoices(GAMBIR, 2, 3),
)


def by_code(city: City) -> dict[str, Place]:
    return {place.code: place for place in look(HEARD, city, populations(city))}


def test_places_with_reports_but_no_posts_and_the_reverse_are_named(city: City) -> None:
    found = by_code(city)
    assert found[CAKUNG].sign == "tanpa unggahan"
    assert "60 laporan, 0 unggahan" in found[CAKUNG].told
    assert found[TEBET].sign == "tanpa laporan"
    assert found[CENGKARENG].sign == ""


def test_small_numbers_say_nothing(city: City) -> None:
    assert by_code(city)[GAMBIR].sign == ""


def test_the_rate_is_told_with_its_interval_and_only_where_the_population_is_known(city: City) -> None:
    found = by_code(city)
    barat = found["31.73"]
    assert barat.rate is not None
    rate, low, high = barat.rate
    assert rate == pytest.approx(10_000 * 320 / 2_434_511)
    assert low < rate < high
    assert found[CENGKARENG].rate is None
    assert rate_of(0, 10_000)[:2] == (0.0, 0.0)
    assert rate_of(0, 10_000)[2] == pytest.approx(3.69, abs=0.01)


def test_a_kota_far_under_the_city_s_rate_is_silent_and_a_tiny_one_is_not(city: City) -> None:
    found = by_code(city)
    assert found["31.72"].sign == "senyap"
    assert found["31.01"].sign == ""


def test_places_with_a_sign_come_first(city: City) -> None:
    signs = [bool(place.sign) for place in look(HEARD, city, populations(city))]
    assert signs == sorted(signs, reverse=True)


def test_a_broken_population_file_is_named_and_a_missing_one_is_no_fault(city: City) -> None:
    path = city.places_dir / "population.csv"
    path.write_text("kode,jumlah\n31.75,1\n", "utf-8")
    with pytest.raises(SettingsError, match=r"population\.csv"):
        populations(city)
    path.unlink()
    assert populations(city) == {}
