"""What spreads within issues, as signals: texts pasted by accounts that post alike, and hearsay."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.privacy import pseudonym
from tanggap.records import Signal, SignalKind
from tanggap.settings import Settings
from tanggap.signals import coordination
from tanggap.signals.coordination import Paste
from tanggap.signals.rules import Rules
from tanggap.signals.rumours import Ear, Told, listen
from tanggap.store import issues, series

#: How far back texts that many pasted are looked at.
COORDINATED = timedelta(days=7)
#: How far back hearsay is listened for, in how many posts of open issues; official voices that are noted of one.
SPOKEN, MOST_SPOKEN, MOST_SAID = timedelta(days=3), 20_000, 20


def coordinated(db: Connection, rules: Rules, now: datetime) -> list[Signal]:
    """The issues in which some accounts paste the same texts too often for chance."""
    told = series.tellings(db, now - COORDINATED)
    pastes = [
        Paste(family=one.family, account=one.account, at=one.at, place=one.issue, original=one.family == one.post)
        for one in told
    ]
    return [
        Signal(
            kind=SignalKind.COORDINATION,
            subject=f"issue:{one.place}",
            since=one.since,
            strength=-math.log10(max(one.chance, 1e-300)),
            told=one.told,
            evidence={"times": one.times, "chance": one.chance, "window_s": one.window_s,
                      "accounts": one.accounts, "posts": one.posts, "voices": one.voices},
        )
        for one in coordination.found(pastes, rules.coordination)
    ]  # fmt: skip


def rumours(db: Connection, city: City, settings: Settings, now: datetime) -> list[Signal]:
    """The issues in which hearsay spreads, with what offices and newspapers said since."""
    ear, alive = Ear.load(city.language_dir), {one.id for one in issues.open_issues(db)}
    key = settings.pseudonym_key
    offices = {pseudonym(body.handle, key) for body in city.agencies.values() if body.handle} if key else set()
    told: dict[str, list[Told]] = defaultdict(list)
    for name, post in series.words_in_issues(db, now - SPOKEN, MOST_SPOKEN):
        account = post.author or f"{post.source} {post.native_id}"
        told[name].append(
            Told(post=post.id or 0, at=post.published_at, kind=post.kind, text=post.full_text, account=account,
                 official=post.author in offices)
        )  # fmt: skip
    heard = {name: found for name, posts in told.items() if name in alive and (found := listen(posts, ear))}
    return [
        Signal(
            kind=SignalKind.RUMOUR,
            subject=f"issue:{name}",
            since=found.since,
            strength=found.accounts,
            told=found.told,
            evidence={"posts": found.posts, "accounts": found.accounts, "first": list(found.first),
                      "said": list(found.said[:MOST_SAID]), "clarification": found.clarification,
                      "marks": dict(found.marks)},
        )
        for name, found in heard.items()
    ]  # fmt: skip
