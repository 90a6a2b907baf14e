from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from tanggap.city import City
from tanggap.signals.breaks import find
from tanggap.signals.rules import Rules
from tanggap.signals.seasons import Seasons
from tanggap.signals.series import Day
from tanggap.signals.words import break_told

FIRST = date(2026, 8, 31)
WEEK = (1.1, 1.05, 1.0, 1.0, 1.1, 0.9, 0.85)


def days(
    count: int,
    per_day: float,
    *,
    dispersion: float = 0.05,
    change: float = 1.0,
    at: int = 999,
    moods: tuple[float, float] = (-0.1, -0.1),
    down: Sequence[int] = (),
    seed: int = 7,
) -> list[Day]:
    """Days of an over-dispersed series with a weekly shape that changes on day `at`."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        mean = per_day * WEEK[number % 7] * (change if number >= at else 1)
        voices = int(rng.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mean)))
        share = 0.5 - moods[number >= at] / 2
        negative = int(rng.binomial(voices, share))
        read = number not in down
        found.append(
            Day(
                day=FIRST + timedelta(days=number),
                voices=voices if read else 0,
                positive=voices - negative if read else 0,
                negative=negative if read else 0,
                read=read,
            )
        )
    return found


def test_half_the_volume_is_seen_within_a_week(rules: Rules) -> None:
    seen = 0
    for seed in range(60):
        found = find(days(57, 50, change=0.5, at=50, seed=seed), Seasons(), rules.breaks)
        seen += found is not None and abs((found.day - FIRST).days - 50) <= 2
    print(f"a fall to half at 50 a day seen within 7 days: {seen / 60:.2f}")
    assert seen / 60 >= 0.8


def test_calm_series_break_less_than_once_a_year(rules: Rules) -> None:
    false, years = 0, 6
    for seed in range(years):
        line, told = days(365 + 56, 30, seed=seed), None
        for end in range(56, 365 + 56, 2):
            found = find(line[:end], Seasons(), rules.breaks)
            if found and (told is None or abs((found.day - told).days) > 7):
                false, told = false + 1, found.day
    print(f"false breaks per series and year: {false / years:.2f}")
    assert false / years < 1


def test_a_change_of_mood_is_a_break_although_the_volume_stays(rules: Rules) -> None:
    found = find(days(56, 40, at=40, moods=(0.1, -0.4)), Seasons(), rules.breaks)
    assert found is not None
    assert found.volume is None
    assert found.mood is not None
    assert found.mood.low < -0.5 < found.mood.high
    assert abs((found.day - FIRST).days - 40) <= 1


def test_weekends_and_holidays_are_no_breaks(rules: Rules) -> None:
    line = days(56, 60, dispersion=0.01)
    assert find(line, Seasons(), rules.breaks) is None
    quiet = [one.day for one in line[-4:]]
    calm = [day if day.day not in quiet else Day(day=day.day, voices=51, positive=20, negative=31) for day in line]
    assert find(calm, Seasons(holidays=frozenset(quiet)), rules.breaks) is None


def test_nothing_is_said_of_a_series_too_young_or_too_small(rules: Rules) -> None:
    assert find(days(20, 50, change=0.3, at=14), Seasons(), rules.breaks) is None
    assert find(days(56, 1.5, change=0.2, at=40), Seasons(), rules.breaks) is None


def test_the_conclusion_is_withheld_where_most_days_after_the_change_were_not_read(rules: Rules) -> None:
    line = days(56, 50, change=0.4, at=38, down=range(44, 53))
    found = find(line, Seasons(), rules.breaks)
    assert found is not None
    assert "tidak disimpulkan" in found.withheld
    assert find(days(56, 50, change=0.4, at=38), Seasons(), rules.breaks).withheld == ""  # type: ignore[union-attr]


def test_a_break_is_told_with_its_size_its_day_and_its_interval(rules: Rules, city: City) -> None:
    found = find(days(56, 80, change=0.38, at=45, moods=(0.0, -0.4)), Seasons(), rules.breaks)
    assert found is not None
    told = break_told(found, ("pelaporan_warga", ""), city, found.mood)
    assert "turun 6" in told
    assert "sejak 15 Okt" in told
    assert "sentimen terhadap aturan -0," in told
