"""The job that compares a day's words and answers with the week before, and watches what a new model answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from nlp.drift import changed, new_words, right, shift, watched, wrong
from nlp.score import Scorer
from tanggap.clock import day_bounds
from tanggap.store import Store
from tanggap.store import drift as stored
from tanggap.store.drift import REFERENCE, DriftReport
from tanggap.text import clip

#: Characters of an example.
SHOWN = 160


def measure_drift(store: Store, scorer: Scorer, day: date, made_at: datetime) -> DriftReport:
    """The report of one day of the city, kept; a second one of the day replaces the first."""
    start, end = day_bounds(day)
    with store.read() as db:
        content = {**_words(db, start, end), "answers": _answers(db, day, start, end)}
        content["canary"] = _canary(stored.latest(db, other_than=scorer.version), scorer)
    report = DriftReport(day=day, made_at=made_at, model=scorer.version, content=content)
    with store.write() as db:
        stored.save(db, report)
    return report


def _words(db: Connection, start: datetime, end: datetime) -> dict[str, Any]:
    """New words of the posts about the city, with examples."""
    today, posts = stored.words(db, start, end)
    before, posts_before = stored.words(db, start - REFERENCE, start)
    told = []
    for found in new_words(today, before, posts, posts_before):
        texts = stored.examples(db, found.word, start, end)
        hashtag = any(f"#{found.word}" in text.lower() for text in texts)
        told.append({**asdict(found), "hashtag": hashtag, "examples": [clip(text, SHOWN) for text in texts]})
    return {"posts": posts, "posts_before": posts_before, "words": told}


def _answers(db: Connection, day: date, start: datetime, end: datetime) -> dict[str, Any]:
    """How far each kind of answer moved, with the shares of both sides."""
    told = {}
    for name, days in stored.answers(db, start - REFERENCE, end).items():
        today = days.pop(day, Counter())
        found = shift(today, list(days.values()))
        if found:
            before: Counter[str] = sum(days.values(), Counter())
            told[name] = {**asdict(found), "beyond": found.beyond, "today": _shares(today), "before": _shares(before)}
    return told


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values()) or 1
    return {label: round(count / total, 4) for label, count in counts.most_common()}


def _canary(before: DriftReport | None, scorer: Scorer) -> dict[str, Any]:
    """What the watched texts are answered now, and what the model before answered otherwise."""
    answers = watched(scorer)
    told: dict[str, Any] = {
        "right": right(answers),
        "texts": len(answers),
        "wrong": wrong(answers),
        "answers": answers,
        "against": None,
        "changed": [],
    }
    if before:
        told |= {"against": before.model, "changed": changed(before.content["canary"]["answers"], answers)}
    return told
