"""How surely coordinated posting is told from chance: simulated cascades with a hidden campaign, four rules.

python -m benchmarks.coordination
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.random import Generator

from tanggap.settings import packaged_config
from tanggap.signals.coordination import Paste, groups
from tanggap.signals.rules import CoordinationRules, Rules

ACCOUNTS, CASCADES = 20_000, 2_000
#: Accounts that act together, texts they paste, and the share of them that takes part in each.
TOGETHER, CAMPAIGNS, TAKING_PART = 40, 12, 0.7
JITTERS_S = (20, 90, 300)
START = datetime(2026, 11, 1, tzinfo=UTC)


def simulate(jitter_s: float, rng: Generator) -> list[Paste]:
    """A fortnight: organic cascades among accounts of very different zeal, and pasted campaigns among them."""
    zeal = rng.pareto(1.2, ACCOUNTS) + 0.1
    zeal /= zeal.sum()
    pastes = []
    for family in range(CASCADES):
        begin = rng.uniform(0, 14 * 86400)
        size = min(400, 2 + int(rng.pareto(1.1) * 3))
        tempo = rng.lognormal(8, 1)
        crowd = rng.choice(ACCOUNTS, size=size, replace=False, p=zeal)
        pastes += [paste(family, int(account), begin + rng.exponential(tempo)) for account in crowd]
    hidden = rng.choice(ACCOUNTS, size=TOGETHER, replace=False, p=zeal)
    for campaign in range(CAMPAIGNS):
        begin = rng.uniform(0, 14 * 86400)
        taking = hidden[rng.random(TOGETHER) < TAKING_PART]
        pastes += [paste(CASCADES + campaign, int(one), begin + abs(rng.normal(0, jitter_s))) for one in taking]
    return [*pastes, *(paste(-1, int(account), 0) for account in hidden)]


def paste(family: int, account: int, seconds: float) -> Paste:
    """One posting."""
    return Paste(family=family, account=str(account), at=START + timedelta(seconds=seconds))


def raw(pastes: Iterable[Paste], window_s: int, least: int) -> set[str]:
    """Accounts of pairs that posted `least` texts within the window, without a test against chance."""
    families: dict[int, list[Paste]] = {}
    for one in pastes:
        families.setdefault(one.family, []).append(one)
    near: Counter[tuple[str, str]] = Counter()
    for posted in families.values():
        posted.sort(key=lambda one: one.at)
        for at, one in enumerate(posted):
            for other in reversed(posted[:at]):
                if (one.at - other.at).total_seconds() > window_s:
                    break
                near[min(one.account, other.account), max(one.account, other.account)] += 1
    return {account for pair, count in near.items() if count >= least for account in pair}


def told(named: set[str], hidden: set[str]) -> str:
    """Precision and recall over accounts."""
    hit = len(named & hidden)
    return f"{hit / len(named) if named else 1:.2f} / {hit / len(hidden):.2f}"


def main() -> None:
    """Prints precision / recall per rule and jitter, over accounts."""
    rules = Rules.load(packaged_config()).coordination
    print("precision / recall over accounts")
    print("| rule | " + " | ".join(f"jitter {jitter} s" for jitter in JITTERS_S) + " |")
    print("|---" * (1 + len(JITTERS_S)) + "|")
    table: dict[str, list[str]] = {}
    for jitter in JITTERS_S:
        drawn = simulate(jitter, np.random.default_rng(7))
        hidden = {one.account for one in drawn if one.family == -1}
        pastes = [one for one in drawn if one.family != -1]
        table.setdefault("raw, 2 texts within 60 s", []).append(told(raw(pastes, 60, 2), hidden))
        table.setdefault("raw, 3 texts within 60 s", []).append(told(raw(pastes, 60, 3), hidden))
        for window in rules.windows_s:
            named = {account for group in groups(pastes, only(rules, window)) for account in group}
            table.setdefault(f"binomial, {window} s", []).append(told(named, hidden))
    for name, cells in table.items():
        print(f"| {name} | " + " | ".join(cells) + " |")


def only(rules: CoordinationRules, window: int) -> CoordinationRules:
    """The rules with one window."""
    return rules.model_copy(update={"windows_s": (window,)})


if __name__ == "__main__":
    main()
