"""Whether an answer worked: posts on an issue in equal spans before and after it, in one careful sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tanggap.clock import clock_time, span
from tanggap.records import Issue, Reading

#: Longest span compared on each side of an answer.
SIDE = timedelta(hours=3)
#: An answer younger than this cannot be judged.
YOUNGEST = timedelta(hours=1)
#: Fewer posts on both sides together say nothing.
FEWEST = 6
#: From these shares of the posts before, the posts after count as fallen or risen.
FALLEN, RISEN = 0.7, 1.3
#: Answers told one by one.
TOLD = 5


def answers(
    issues: Sequence[Issue], members: Mapping[str, Sequence[Reading]], start: datetime, now: datetime
) -> tuple[str, ...]:
    """One sentence for each of the five heaviest issues answered since `start`, and how many more there were."""
    answered = [issue for issue in issues if issue.answered_at and start <= issue.answered_at <= now]
    answered.sort(key=lambda issue: -issue.score)
    told = tuple(answer_effect(issue, members.get(issue.id, ()), now) for issue in answered[:TOLD])
    rest = len(answered) - TOLD
    return (*told, f"{rest} isu lain juga dijawab.") if rest > 0 else told


def answer_effect(issue: Issue, members: Sequence[Reading], now: datetime) -> str:
    """What happened after the first answer, e.g. `12 → 3 unggahan dalam 3 jam sebelum dan sesudahnya: mereda`.

    It only compares; it does not claim the answer was the cause. Where the posts known do not reach back far enough,
    are too few, or the answer is too young, it says so.

    Args:
        members: readings of the issue; possibly only the newest.
    """
    assert issue.answered_at is not None
    answered = issue.answered_at
    intro = f"{issue.title}: dijawab {clock_time(answered)}"
    if now - answered < YOUNGEST:
        return f"{intro}, {span(now - answered)} sebelum ringkasan ini; belum bisa dinilai."
    side = min(SIDE, now - answered)
    times = sorted(reading.post.published_at for reading in members)
    whole = len(times) >= issue.posts or (times and times[0] <= answered - side)
    before = sum(answered - side <= time < answered for time in times)
    after = sum(answered <= time < answered + side for time in times)
    if not whole or before + after < FEWEST:
        return f"{intro}; unggahan sebelum dan sesudahnya terlalu sedikit untuk dinilai."
    return f"{intro}; {before} → {after} unggahan dalam {span(side)} sebelum dan sesudahnya: {verdict(before, after)}."


def verdict(before: int, after: int) -> str:
    """`mereda`, `masih naik` or `belum ada perubahan yang jelas`."""
    if after <= FALLEN * before:
        return "mereda"
    if after >= RISEN * before:
        return "masih naik"
    return "belum ada perubahan yang jelas"
