"""Spreads the X posts of each issue over the day in its rise, peak and decay, and fills it up with variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
from numpy.random import Generator

from pipeline.sample.accounts import Accounts
from pipeline.sample.press import at
from pipeline.sample.published import Published, TrueIssue
from pipeline.sample.variants import Original, campaign, retweet, vary, words_of

#: Share of an issue's posts that a campaign may paste, and most copies of one sentence.
CAMPAIGN_SHARE = 0.4
CAMPAIGN_COPIES = 32
#: Mean seconds between two pastes of one sentence.
CAMPAIGN_PACE_S = 22
#: Posts wanted that belong to no issue; at most a third of them are somebody passing on another's.
BACKGROUND = 370
#: How much the city talks in each hour of the day, for talk that belongs to no issue.
HOURLY = np.array([3, 2, 1, 1, 2, 4, 7, 9, 8, 7, 7, 7, 9, 8, 7, 7, 8, 9, 10, 11, 12, 11, 8, 5], dtype=float)
#: Where the clock inside X's ids begins, in Unix milliseconds.
MILLISECONDS_BEFORE_X = 1_288_834_974_657


@dataclass(slots=True, kw_only=True)
class Draft:
    """A post before its id is known; `base` is the hand-written draft it was made from."""

    text: str
    author: str
    hour: float
    issue: str | None
    base: Draft | None = None
    rule: str | None = None
    #: None where the writer left it to chance.
    likes: int | None = None
    reposts: int = 0


def posts_of(
    day: date, issues: Mapping[str, TrueIssue], lines: Sequence[Mapping[str, Any]], seed: int
) -> tuple[Published, ...]:
    """All X posts of the day by time, with rising ids."""
    accounts = Accounts(np.random.default_rng([seed, 1]))
    drafts: list[Draft] = []
    for issue in issues.values():
        own = [line for line in lines if line["issue"] == issue.slug]
        drafts += issue_drafts(issue, own, accounts, np.random.default_rng([seed, crc32(issue.slug.encode())]))
    background = [line for line in lines if line["issue"] is None]
    drafts += background_drafts(background, accounts, np.random.default_rng([seed, 2]))
    return published(day, drafts, np.random.default_rng([seed, 3]))


def issue_drafts(
    issue: TrueIssue, lines: Sequence[Mapping[str, Any]], accounts: Accounts, rng: Generator
) -> list[Draft]:
    """`issue.posts` drafts: the hand-written ones, the campaign's copies, and variants for the rest."""
    if not lines:
        return []
    free = issue.posts - sum("at_h" in line for line in lines)
    hours = np.sort(rng.triangular(issue.start_h, issue.peak_h, issue.end_h, max(free, len(lines))))
    originals = handwritten(lines, hours, accounts, rng)
    pasted = [draft for draft, line in zip(originals, lines, strict=True) if line["kind"] == "campaign"]
    copies = paste(pasted, (issue.posts - len(originals)) * CAMPAIGN_SHARE, issue.end_h, accounts, rng)
    rest = max(0, issue.posts - len(originals) - len(copies))
    keep = words_of(f"{issue.place} {issue.slug} {issue.topic.replace('_', ' ')}")
    spoken = [draft for draft in originals if draft not in pasted] or originals
    fame = rng.pareto(1.6, len(spoken)) + 0.4
    variants = [
        echo(spoken, fame, hour, keep, accounts, rng)
        for hour in rng.triangular(issue.start_h, issue.peak_h, issue.end_h, rest)
    ]
    return originals + copies + variants


def handwritten(
    lines: Sequence[Mapping[str, Any]], hours: np.ndarray, accounts: Accounts, rng: Generator
) -> list[Draft]:
    """One draft per line; lines without a time take hours of the issue's curve, the first line the first of them."""
    timed = sum("at_h" in line for line in lines)
    later = rng.choice(np.arange(1, len(hours)), size=max(0, len(lines) - timed - 1), replace=False)
    free = iter([hours[0], *hours[np.sort(later)]])
    return [draft_of(line, line["at_h"] if "at_h" in line else next(free), accounts) for line in lines]


def draft_of(line: Mapping[str, Any], hour: float, accounts: Accounts) -> Draft:
    """The hand-written line as somebody's post."""
    return Draft(
        text=line["text"],
        author=line.get("author") or accounts.next(),
        hour=float(hour),
        issue=line["issue"],
        likes=line.get("likes"),
        reposts=line.get("reposts", 0),
    )


def paste(pasted: Sequence[Draft], most: float, end_h: float, accounts: Accounts, rng: Generator) -> list[Draft]:
    """Copies of campaign sentences from many accounts, each sentence within minutes of its first appearance."""
    copies: list[Draft] = []
    for base in pasted:
        count = min(CAMPAIGN_COPIES, int(most / len(pasted)))
        gaps = np.cumsum(rng.exponential(CAMPAIGN_PACE_S, count)) / 3600
        copies += [
            Draft(
                text=campaign(Original(base.text, base.author), rng),
                author=author,
                hour=min(base.hour + float(gap), end_h - 0.001),
                issue=base.issue,
                base=base,
                rule=campaign.__name__,
            )
            for gap, author in zip(gaps, accounts.different(count), strict=True)
        ]
    return copies


def echo(
    spoken: Sequence[Draft], fame: np.ndarray, hour: float, keep: frozenset[str], accounts: Accounts, rng: Generator
) -> Draft:
    """A variant of a hand-written draft that was already out at `hour`, the famous ones more often."""
    known = [index for index, draft in enumerate(spoken) if draft.hour < hour]
    if not known:
        known = [min(range(len(spoken)), key=lambda index: spoken[index].hour)]
        hour = spoken[known[0]].hour + 0.02
    weight = fame[known] / fame[known].sum()
    base = spoken[int(rng.choice(known, p=weight))]
    text, rule = vary(Original(base.text, base.author, keep), rng)
    if rule == retweet.__name__:
        base.reposts += 1
    return Draft(text=text, author=accounts.next(), hour=float(hour), issue=base.issue, base=base, rule=rule)


def background_drafts(lines: Sequence[Mapping[str, Any]], accounts: Accounts, rng: Generator) -> list[Draft]:
    """Talk that belongs to no issue, over the whole day; up to BACKGROUND, some lines are passed on once."""
    hours = rng.choice(24, size=len(lines), p=HOURLY / HOURLY.sum()) + rng.random(len(lines))
    originals = [draft_of(line, line.get("at_h", hour), accounts) for line, hour in zip(lines, hours, strict=True)]
    more = min(len(originals) // 2, max(0, BACKGROUND - len(originals)))
    repeated = [originals[index] for index in rng.choice(len(originals), size=more, replace=False)]
    return originals + [
        echo([draft], np.ones(1), draft.hour + float(rng.uniform(0.01, 1)), frozenset(), accounts, rng)
        for draft in repeated
    ]


def published(day: date, drafts: Sequence[Draft], rng: Generator) -> tuple[Published, ...]:
    """The drafts by time with ids as X makes them (milliseconds, then a running number) and counted reactions."""
    ordered = sorted(drafts, key=lambda draft: draft.hour)
    moments = [at(day, min(draft.hour, 23.999)) for draft in ordered]
    ids = {
        id(draft): str((int(moment.timestamp() * 1000) - MILLISECONDS_BEFORE_X << 22) + number)
        for number, (draft, moment) in enumerate(zip(ordered, moments, strict=True))
    }
    posts = []
    for draft, moment in zip(ordered, moments, strict=True):
        quiet = draft.rule == retweet.__name__
        likes = int(rng.lognormal(1.1, 1.2)) if draft.likes is None else draft.likes
        reposts = draft.reposts + int(rng.lognormal(0.0, 0.9))
        posts.append(
            Published(
                native_id=ids[id(draft)],
                text=draft.text,
                author=draft.author,
                at=moment,
                likes=0 if quiet else likes,
                reposts=0 if quiet else reposts,
                replies=0 if quiet else int(rng.poisson(0.3 * likes + 0.3)),
                views=0 if quiet else int((likes + 2 * reposts + 3) * rng.uniform(15, 60)),
                issue=draft.issue,
                variant_of=ids[id(draft.base)] if draft.base else None,
                rule=draft.rule,
            )
        )
    return tuple(posts)
