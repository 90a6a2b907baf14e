from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np

from tanggap.signals.coordination import Coordination, Paste, found, groups, tail
from tanggap.signals.rules import Rules

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def paste(family: int, account: str, seconds: float, *, original: bool = False, place: str = "ISU-1") -> Paste:
    return Paste(family=family, account=account, at=START + timedelta(seconds=seconds), place=place, original=original)


def crowd(families: range, rng: np.random.Generator, size: int = 30) -> list[Paste]:
    """People who pass texts on within a day."""
    return [
        paste(family, f"warga{account}", 3600 * family + rng.exponential(20_000))
        for family in families
        for account in rng.choice(400, size=size, replace=False)
    ]


def campaign(families: range, accounts: int, rng: np.random.Generator) -> list[Paste]:
    """The same accounts within seconds, text after text."""
    return [
        paste(family, f"tim{account}", 5000 * family + rng.uniform(0, 15), original=account == 0)
        for family in families
        for account in range(accounts)
    ]


def test_accounts_that_paste_text_after_text_within_a_minute_are_told_apart_from_chance(rules: Rules) -> None:
    rng = np.random.default_rng(7)
    pastes = crowd(range(60), rng) + campaign(range(100, 107), 12, rng)
    (group,) = groups(pastes, rules.coordination)
    assert {account[:3] for account in group} == {"tim"}
    (told,) = found(pastes, rules.coordination)
    assert (told.times, told.accounts, told.voices) == (7, 12, 1)
    assert told.chance < 1e-6
    assert told.told.startswith("Dipasang serentak 7 kali dalam 60 detik, peluang kebetulan ")


def test_what_is_told_names_no_account(rules: Rules) -> None:
    rng = np.random.default_rng(7)
    (told,) = found(campaign(range(5), 6, rng), rules.coordination)
    assert not any(f"tim{number}" in repr(told) for number in range(6))
    assert {field.name for field in fields(Coordination)}.isdisjoint({"members", "names"})


def test_one_text_that_all_share_at_once_is_no_group(rules: Rules) -> None:
    rng = np.random.default_rng(7)
    viral = [paste(1, f"warga{account}", rng.uniform(0, 50)) for account in range(300)]
    assert groups(viral + crowd(range(10, 40), rng), rules.coordination) == []


def test_two_texts_within_a_minute_are_not_enough(rules: Rules) -> None:
    rng = np.random.default_rng(7)
    assert groups(crowd(range(60), rng) + campaign(range(100, 102), 12, rng), rules.coordination) == []


def test_friends_who_share_the_same_things_hours_apart_are_no_group(rules: Rules) -> None:
    pastes = [paste(family, who, late) for family in range(12) for who, late in (("ani", 0), ("budi", 9000))]
    assert groups(pastes, rules.coordination) == []


def test_the_wider_window_finds_the_slower_hand(rules: Rules) -> None:
    rng = np.random.default_rng(7)
    slow = [paste(family, f"tim{n}", 5000 * family + 70 * n) for family in range(100, 108) for n in range(5)]
    (told,) = found(crowd(range(60), rng) + slow, rules.coordination)
    assert (told.window_s, told.accounts) == (300, 5)


def test_the_tail_of_the_binomial_is_exact() -> None:
    assert abs(tail(3, 3, 0.1) - 0.001) < 1e-12
    assert abs(tail(1, 2, 0.5) - 0.75) < 1e-12
    assert tail(0, 5, 0.1) == 1.0
