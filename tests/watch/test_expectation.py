"""What is usual for a source, and how rarely so little comes by chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from scipy.stats import nbinom, poisson

from tanggap.clock import WIB
from tanggap.watch.expectation import Expectation, chance, declared, hours, learn, silence

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 10, 26, tzinfo=WIB).astimezone(UTC)


def steady(days: int, per_hour: int, start: datetime = MONDAY) -> dict[datetime, int]:
    """The same number of posts every hour from 06.00 to 22.00 WIB."""
    span = hours(start, start + timedelta(days=days))
    return {hour: per_hour for hour in span if 6 <= hour.astimezone(WIB).hour < 22}


def test_a_source_without_a_week_of_history_is_expected_to_do_what_it_declares() -> None:
    expected = learn(steady(5, 10), MONDAY + timedelta(days=5), per_day=48)
    assert not expected.learned
    assert expected.between(MONDAY, MONDAY + timedelta(days=1)) == pytest.approx(48)


def test_weekday_and_hour_are_learned() -> None:
    counts = steady(28, 4)
    sundays = [hour for hour in counts if hour.astimezone(WIB).weekday() == 6]
    counts |= dict.fromkeys(sundays, 1)
    expected = learn(counts, MONDAY + timedelta(days=28), per_day=0)
    noon, night = MONDAY + 12 * HOUR, MONDAY + 3 * HOUR
    assert expected.learned
    assert expected.at(noon) == pytest.approx(4, rel=0.1)
    assert expected.at(night) == 0
    assert expected.at(noon + timedelta(days=6)) < 0.45 * expected.at(noon)


def test_a_silent_source_is_held_against_its_living_days() -> None:
    counts = steady(14, 4)
    later = MONDAY + timedelta(days=34)
    assert learn(counts, later, per_day=0).at(later + 12 * HOUR) == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize(("got", "usual"), [(0, 9.3), (3, 12.0), (40, 55.0), (900, 1000.0)])
def test_the_tail_is_that_of_the_textbook(got: int, usual: float) -> None:
    assert chance(got, usual, 1.0) == pytest.approx(poisson.cdf(got, usual))
    assert chance(got, usual, 2.5) == pytest.approx(nbinom.cdf(got, usual / 1.5, 1 / 2.5))


def test_nothing_is_surprising_where_nothing_is_expected() -> None:
    assert chance(0, 0.0, 3.0) == 1.0
    assert silence(declared(0), {}, MONDAY, MONDAY - timedelta(days=30)) is None


def test_a_guess_is_contradicted_only_by_complete_silence() -> None:
    guess = declared(200)
    assert silence(guess, {MONDAY - HOUR: 1}, MONDAY, MONDAY - timedelta(hours=12)) is None
    found = silence(guess, {}, MONDAY, MONDAY - timedelta(days=30))
    assert found is not None
    assert found.got == 0


def test_a_window_from_before_we_listened_is_not_tested() -> None:
    expected = Expectation(rates=(20.0,) * 168, spread=1.0, learned=True)
    assert silence(expected, {}, MONDAY, MONDAY - 2 * HOUR) is None
    found = silence(expected, {}, MONDAY, MONDAY - 3 * HOUR)
    assert found is not None
    assert (found.hours, found.expected) == (3, 60.0)
