from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tanggap.city import City
from tanggap.errors import SettingsError
from tanggap.signals.bursts import MOST, bursts_now, tempo, track
from tanggap.signals.rules import BurstRules, Rules
from tanggap.signals.seasons import HOUR, Seasons, hours_between
from tanggap.watch.expectation import DAY_CURVE

#: A Monday, 00.00 WIB.
START = datetime(2026, 8, 31, 17, 0, tzinfo=UTC)
DAYS = 42
HOURS = hours_between(START, START + timedelta(days=DAYS))
NOBODY_DOWN = np.zeros(len(HOURS), dtype=bool)


def stream(per_hour: float, series: int = 1, seed: int = 7) -> np.ndarray:
    """Calm over-dispersed counts with nights and days, hours x series."""
    curve = np.array([DAY_CURVE[at % 24] * 24 for at in range(len(HOURS))])[:, None] * np.ones(series)
    rng = np.random.default_rng(seed)
    return rng.negative_binomial(1 / 0.3, 1 / (1 + 0.3 * per_hour * curve)).astype(float)


def test_a_burst_of_three_times_the_usual_is_seen_and_says_since_when(rules: Rules) -> None:
    counts = stream(10)
    counts[-5:] *= 3
    found = track(counts, HOURS, NOBODY_DOWN, Seasons(), rules.bursts)
    (burst,) = bursts_now(found, counts, HOURS, rules.bursts)
    assert burst.since >= HOURS[-7]
    assert burst.times > 1.8
    assert burst.posts >= rules.bursts.least_posts


def test_a_calm_city_gives_fewer_than_one_false_alarm_per_series_in_a_month(rules: Rules) -> None:
    counts = stream(5, series=60)
    found = track(counts, HOURS, NOBODY_DOWN, Seasons(), rules.bursts)
    onsets = found.bursting[14 * 24 :] & ~found.bursting[14 * 24 - 1 : -1]
    assert onsets.sum() / 60 / (DAYS - 14) < 1 / 30


def test_the_morning_is_no_burst_although_the_night_was_silent(rules: Rules) -> None:
    counts = stream(10)
    counts[:, 0] = [4 if at % 24 < 6 else 16 for at in range(len(HOURS))]
    found = track(counts, HOURS, NOBODY_DOWN, Seasons(), rules.bursts)
    assert not found.bursting[14 * 24 :].any()


def test_an_hour_in_which_sources_were_down_is_missing_and_not_zero(rules: Rules) -> None:
    counts, down = stream(10), NOBODY_DOWN.copy()
    down[-60:-12] = True
    counts[down] = 0
    found = track(counts, HOURS, down, Seasons(), rules.bursts)
    assert np.isnan(found.evidence[-30, 0])
    assert found.expected[-1, 0] > 0.5 * found.expected[-1 - 168, 0]
    assert not found.bursting[-12:].any(), "the return of a source is no burst"


def test_a_burst_does_not_become_usual_by_lasting_a_day(rules: Rules) -> None:
    counts = stream(10)
    counts[-24:] *= 4
    found = track(counts, HOURS, NOBODY_DOWN, Seasons(), rules.bursts)
    assert found.bursting[-1, 0]
    assert found.expected[-24:, 0].sum() < 1.6 * found.expected[-48:-24, 0].sum()


def test_a_holiday_is_expected_to_be_like_a_sunday(city: City, rules: Rules) -> None:
    seasons = Seasons.of(city, rules)
    independence = datetime(2026, 8, 17, 3, 0, tzinfo=UTC)
    assert seasons.cell(independence) == 6 * 24 + 10
    assert seasons.cell(independence + timedelta(days=1)) == 24 + 10


def test_ramadan_teaches_hours_of_its_own_and_leaves_the_others_alone(rules: Rules) -> None:
    quiet = [2.0 if 1 <= at % 24 <= 4 else 12.0 for at in range(len(HOURS))]
    sahur = [20.0 if 2 <= at % 24 <= 4 else 12.0 for at in range(len(HOURS))]
    counts = np.array(quiet[: 28 * 24] + sahur[28 * 24 :])[:, None]
    fast = (date(2026, 9, 29), date(2026, 10, 12))
    found = track(counts, HOURS, NOBODY_DOWN, Seasons(ramadan=(fast,)), rules.bursts)
    at_three = len(HOURS) - 24 + 3
    assert found.expected[at_three, 0] > 12
    without = track(counts, HOURS, NOBODY_DOWN, Seasons(), rules.bursts)
    assert without.expected[at_three, 0] < found.expected[at_three, 0]


def test_twelve_posts_within_an_hour_make_a_new_issue_grow_and_a_steady_one_does_not() -> None:
    now = START
    fresh = [now - timedelta(minutes=4 * number) for number in range(12)]
    steady = [now - timedelta(hours=number) - timedelta(minutes=1) for number in range(72)]
    assert tempo(fresh, now) > 8
    assert tempo(steady, now) < 3
    assert tempo([], now) == 0
    assert tempo([now - 30 * HOUR] * 40, now) == 0
    assert tempo([now - timedelta(minutes=1)] * 500, now) == MOST


def test_a_wrong_rule_is_named(config_dir: Path) -> None:
    path = config_dir / "signals.toml"
    path.write_text(path.read_text("utf-8").replace("times = 3.0", "tmes = 3.0"), "utf-8")
    with pytest.raises(SettingsError, match="tmes"):
        Rules.load(config_dir)


def test_a_series_that_varies_by_chance_alone_needs_less_evidence_than_one_in_waves(rules: Rules) -> None:
    rates, calm, wavy = np.array([1.0, 10.0, 30.0]), np.zeros(3), np.full(3, rules.bursts.wavy)
    assert (rules.bursts.heights(rates, calm) < rules.bursts.heights(rates, wavy)).all()
    assert rules.bursts.threshold(10.0) == rules.bursts.heights(rates, wavy)[1]


def test_rules_written_before_calm_series_were_told_apart_still_hold(rules: Rules) -> None:
    older = BurstRules.model_validate(rules.bursts.model_dump(exclude={"steady", "wavy"}))
    assert older.heights(np.array([5.0]), np.array([0.0])) == older.threshold(5.0)
