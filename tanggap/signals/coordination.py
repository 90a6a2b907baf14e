"""Coordinated posting: accounts that paste the same texts within a minute far more often than chance would have it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scipy.special import betainc

from tanggap.signals.rules import CoordinationRules

#: Pairs of one text that are looked at, nearest in time first: enough for any campaign, and bounded for a viral text.
MOST_NEAR = 20_000
#: What is taken for the chance that two accounts share a text within the window, before anything is counted, and how
#: many pairs that guess is worth.
GUESS, WORTH = 0.02, 200
#: Corrected chance from which nothing is told.
TOLD = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """One account's first posting of one text or a copy of it."""

    family: int
    account: str
    at: datetime
    #: Where it counts, for example an issue; "" for nowhere.
    place: str = ""
    #: Whether it is the first of its text, which counts as a voice.
    original: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """Accounts that posted alike, in one place. They are counted here and named nowhere."""

    place: str
    #: Most texts that two of them posted within the window, and the chance of that, corrected for all pairs looked at.
    times: int
    chance: float
    window_s: int
    accounts: int
    posts: int
    #: Voices that those accounts count as without this.
    voices: int
    since: datetime

    @property
    def told(self) -> str:
        """`Dipasang serentak 7 kali dalam 60 detik, peluang kebetulan 3e-09; 24 akun dihitung satu suara.`"""
        how = f"{self.times} kali dalam {self.window_s} detik, peluang kebetulan {_chance(self.chance)}"
        return f"Dipasang serentak {how}; {self.accounts} akun dihitung satu suara."


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts: texts both posted, those within the window, and the chance of so many."""

    first: str
    second: str
    both: int
    near: int
    chance: float


def groups(pastes: Iterable[Paste], rules: CoordinationRules) -> list[list[str]]:
    """The accounts that post alike, as groups of any size; for the caller's arithmetic only, never to be kept."""
    every = list(pastes)
    return _joined([pair for window in rules.windows_s for pair in pairs(every, window, rules)[0]])


def found(pastes: Sequence[Paste], rules: CoordinationRules) -> list[Coordination]:
    """What was posted alike, per place, the least likely first; the widest of the windows that shows a group counts.

    For every two accounts the texts that both posted are counted, and those within the window. Under chance each of
    them is within it with the probability of all other pairs: a binomial tail. At least `least_families` different
    texts are needed, so that no single viral text makes a group.
    """
    best: dict[str, Coordination] = {}
    for window in rules.windows_s:
        alike, tested = pairs(pastes, window, rules)
        for members in _joined(alike):
            for one in _by_place(pastes, members, alike, tested, window):
                old = best.get(one.place)
                if old is None or one.accounts > old.accounts:
                    best[one.place] = one
    return sorted((one for one in best.values() if one.chance < TOLD), key=lambda one: one.chance)


def pairs(pastes: Iterable[Paste], window_s: int, rules: CoordinationRules) -> tuple[list[Pair], int]:
    """The pairs that chance does not explain, and how many pairs came into question."""
    families: dict[int, dict[str, datetime]] = defaultdict(dict)
    for paste in pastes:
        first = families[paste.family].get(paste.account)
        families[paste.family][paste.account] = min(paste.at, first) if first else paste.at
    shared = [posted for posted in families.values() if len(posted) > 1]
    near: Counter[tuple[str, str]] = Counter()
    for posted in shared:
        near.update(_near(posted, timedelta(seconds=window_s)))
    asked = {pair: count for pair, count in near.items() if count >= rules.least_families}
    both = _both(shared, asked)
    usual = _usual(shared, near, asked, both)
    tested = max(1, len(asked))
    alike = [
        Pair(first, second, both[first, second], count, tail(count, both[first, second], usual))
        for (first, second), count in asked.items()
    ]
    return [pair for pair in alike if pair.chance < rules.alpha], tested


def tail(count: int, trials: int, share: float) -> float:
    """P(Bin(trials, share) >= count)."""
    return float(betainc(count, trials - count + 1, share)) if count else 1.0


def _near(posted: dict[str, datetime], window: timedelta) -> list[tuple[str, str]]:
    """The pairs of accounts that posted one text within the window."""
    ordered = sorted(posted.items(), key=lambda item: item[1])
    found_pairs: list[tuple[str, str]] = []
    start = 0
    for at, (account, moment) in enumerate(ordered):
        while moment - ordered[start][1] > window:
            start += 1
        found_pairs += [(min(account, other), max(account, other)) for other, _ in ordered[start:at]]
        if len(found_pairs) > MOST_NEAR:
            break
    return found_pairs


def _both(shared: Sequence[dict[str, datetime]], asked: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """How many texts both accounts of a pair posted, whenever."""
    posted: dict[str, set[int]] = defaultdict(set)
    for number, accounts in enumerate(shared):
        for account in accounts:
            posted[account].add(number)
    return Counter({(one, two): len(posted[one] & posted[two]) for one, two in asked})


def _usual(
    shared: Sequence[dict[str, datetime]],
    near: Counter[tuple[str, str]],
    asked: dict[tuple[str, str], int],
    both: Counter[tuple[str, str]],
) -> float:
    """Share of pairs that post a text within the window by chance: over all pairs but those in question."""
    every = sum(math.comb(len(posted), 2) for posted in shared) - sum(both.values())
    close = sum(near.values()) - sum(asked.values())
    return (close + GUESS * WORTH) / (max(0, every) + WORTH)


def _joined(alike: Sequence[Pair]) -> list[list[str]]:
    """Pairs that share an account, as groups."""
    home: dict[str, str] = {}

    def root(account: str) -> str:
        while home.setdefault(account, account) != account:
            account = home[account]
        return account

    for pair in alike:
        home[root(pair.second)] = root(pair.first)
    members: dict[str, list[str]] = defaultdict(list)
    for account in home:
        members[root(account)].append(account)
    return list(members.values())


def _by_place(
    pastes: Sequence[Paste], members: Sequence[str], alike: Sequence[Pair], tested: int, window: int
) -> list[Coordination]:
    """One group in every place where at least two of it posted."""
    inside = set(members)
    clearest = min((pair for pair in alike if pair.first in inside), key=lambda pair: (pair.chance, -pair.near))
    places: dict[str, list[Paste]] = defaultdict(list)
    for paste in pastes:
        if paste.account in inside and paste.place:
            places[paste.place].append(paste)
    return [
        Coordination(
            place=place,
            times=clearest.near,
            chance=min(1.0, clearest.chance * tested),
            window_s=window,
            accounts=len({paste.account for paste in own}),
            posts=len(own),
            voices=len({paste.account for paste in own if paste.original}),
            since=min(paste.at for paste in own),
        )
        for place, own in places.items()
        if len({paste.account for paste in own}) > 1
    ]


def _chance(value: float) -> str:
    return f"{value:.0e}".replace("e-0", "e-") if value < 0.001 else f"{value:.3f}".replace(".", ",")
