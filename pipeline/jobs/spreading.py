"""What spreads, as signals: texts pasted by accounts that post alike, and hearsay in issues and outside them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.issues.vectors import Frequencies
from tanggap.privacy import pseudonym
from tanggap.records import Post, Signal, SignalKind
from tanggap.settings import Settings
from tanggap.signals import coordination
from tanggap.signals.claims import claims
from tanggap.signals.coordination import Paste
from tanggap.signals.rules import Rules
from tanggap.signals.rumours import Ear, Rumour, Told, listen
from tanggap.store import hearsay, issues, series, signals

#: How far back texts that many pasted are looked at.
COORDINATED = timedelta(days=7)
#: How far back hearsay is listened for, in how many posts of open issues, and in how many of none; official voices that
#: are noted of one.
SPOKEN, MOST_SPOKEN, MOST_SAID = timedelta(days=3), 20_000, 20
#: Tellings outside issues that are looked at, and news and official posts that are looked through for them.
MOST_TELLINGS, MOST_OFFICIAL = 1_000, 2_000


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
    """The issues in which hearsay spreads, and the claims that spread outside issues, with what was said since."""
    ear = Ear.load(city.language_dir)
    key = settings.pseudonym_key
    offices = {pseudonym(body.handle, key) for body in city.agencies.values() if body.handle} if key else set()
    inside = {f"issue:{name}": found for name, found in _in_issues(db, ear, offices, now).items()}
    return [_rumour(subject, found) for subject, found in (inside | _outside(db, city, ear, offices, now)).items()]


def _in_issues(db: Connection, ear: Ear, offices: Collection[str], now: datetime) -> dict[str, Rumour]:
    """The rumour of each open issue that carries one."""
    alive = {one.id for one in issues.open_issues(db)}
    told: dict[str, list[Told]] = defaultdict(list)
    for name, post in hearsay.words_in_issues(db, now - SPOKEN, MOST_SPOKEN):
        told[name].append(_told(post, offices))
    return {name: found for name, posts in told.items() if name in alive and (found := listen(posts, ear))}


def _outside(db: Connection, city: City, ear: Ear, offices: Collection[str], now: datetime) -> dict[str, Rumour]:
    """Each claim that spreads among posts in no issue, under the first post by which it was once told."""
    posts = [post for post in hearsay.words_outside(db, now - SPOKEN, MOST_SPOKEN) if post.author not in offices]
    heard = [post.id or 0 for post in posts if ear.hears(post.full_text)][-MOST_TELLINGS:]
    if not heard:
        return {}
    known = {
        number: one.subject
        for one in signals.open_ones(db, SignalKind.RUMOUR)
        if one.subject.startswith("post:")
        for number in one.evidence["tellings"]
    }
    said = hearsay.official(db, offices, now - SPOKEN, MOST_OFFICIAL)
    found: dict[str, Rumour] = {}
    for claim in claims(hearsay.readings_of(db, heard), ear, Frequencies.load(city.language_dir)):
        told = [_told(reading.post, offices) for reading in claim.tellings]
        spread = listen(told, ear)
        if spread is None or (claim.idle and not ear.grave(spread.marks)):
            continue
        told = sorted(told + [_told(reading.post, offices) for reading in claim.within(said)], key=lambda one: one.at)
        if rumour := listen(told, ear):
            first = f"post:{rumour.first[0]}"
            found[next((known[number] for number in rumour.tellings if number in known), first)] = rumour
    return found


def _told(post: Post, offices: Collection[str]) -> Told:
    account = post.author or f"{post.source} {post.native_id}"
    return Told(
        post=post.id or 0, at=post.published_at, kind=post.kind, text=post.full_text, account=account,
        official=post.author in offices,
    )  # fmt: skip


def _rumour(subject: str, found: Rumour) -> Signal:
    return Signal(
        kind=SignalKind.RUMOUR,
        subject=subject,
        since=found.since,
        strength=found.accounts,
        told=found.told,
        evidence={"posts": found.posts, "accounts": found.accounts, "first": list(found.first),
                  "said": list(found.said[:MOST_SAID]), "clarification": found.clarification,
                  "sentence": found.sentence, "marks": dict(found.marks),
                  "tellings": list(found.tellings[:MOST_TELLINGS])},
    )  # fmt: skip
