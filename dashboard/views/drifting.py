"""What is new in how people write, and whether the models answer as they did: the daily report with its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.evidence import EXPIRED, LABELS, TONES
from dashboard.words import dotted
from tanggap import slang
from tanggap.clock import day_bounds, long_day, stamp
from tanggap.records import Post, User
from tanggap.store import drift
from tanggap.store.drift import DriftReport
from tanggap.text import clip

KEY: Final = "kamus_baru"
#: The number whose rows are unfolded: a word, or a field and an answer; of the week before it stands behind a sign.
OPEN: Final = "kamus_baris"
WEEK: Final = "pekan "
FIELDS: Final = {
    "relevant": "menyangkut kota", "certainty": "keyakinan menyangkut kota", "sentiment": "sentimen",
    "topic": "urusan", "complaint": "keluhan", "urgency": "kegentingan",
}  # fmt: skip
YES_NO: Final = {"True": "ya", "False": "tidak", "": "tidak diputuskan"}
NO_WORDS: Final = "Tidak ada kata baru yang menonjol."
FIRST_DAY: Final = "Kata baru dan pergeseran jawaban terlihat setelah ada kiriman dari hari-hari sebelumnya."
#: Answers told of a field, rows shown, and characters of a text.
TOLD, ROWS, SHOWN = 4, 20, 220
#: Examples of a new word.
EXAMPLES: Final = 2


def panel(user: User) -> None:
    """The report of the newest day there is one of."""
    here = context.current()
    with here.store.read() as db:
        found = drift.latest(db)
    if found is None:
        render.aside("Belum ada laporan kata baru; dibuat setiap pagi dari kiriman hari sebelumnya.")
        return
    data = {
        "title": f"Yang baru, {long_day(found.day)}",
        "basis": basis(found.content),
        "none": NO_WORDS if found.content["posts_before"] else FIRST_DAY,
        "may": here.workflow.may(user, "correct"),
        "words": words(found),
        "answers": [answer(name, told) for name, told in found.content["answers"].items()],
        "canary": canary(found.content["canary"]),
        "open": st.session_state.get(OPEN, ""),
        "rows": rows(found),
    }
    render.draw("drift", data, key=KEY, on_add_change=add, on_open_change=unfold)


def basis(content: Mapping[str, Any]) -> str:
    """What was compared with what."""
    counted = f"{dotted(content['posts'])} kiriman menyangkut kota"
    if not content["posts_before"]:
        return f"{counted}; belum ada pekan sebelumnya untuk dibandingkan"
    return f"{counted}, dibanding {dotted(content['posts_before'])} dalam 7 hari sebelumnya"


def words(found: DriftReport) -> list[dict[str, Any]]:
    """New words with their counts; a word that the dictionary has by now is marked."""
    samples = examples(found.day, tuple(one["word"] for one in found.content["words"]))
    known = {word.typed for word in slang.words(context.current().city.language_dir) if not word.retired}
    return [
        {"word": one["word"], "hashtag": one["hashtag"], "posts": one["posts"], "before": one["before"],
         "known": one["word"] in known, "examples": samples.get(one["word"], [])}
        for one in found.content["words"]
    ]  # fmt: skip


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def examples(day: date, found: tuple[str, ...]) -> dict[str, list[str]]:
    """The newest texts of the day that hold each word and may be shown."""
    with context.current().store.read() as db:
        held = {word: drift.holding(db, word, *day_bounds(day), EXAMPLES) for word in found}
    return {word: [text for item in items if (text := row(item)["text"])] for word, items in held.items()}


def answer(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """One field: whether its answers moved, and the shares that moved most."""
    before, today = told["before"], told["today"]
    moved = sorted({*before, *today}, key=lambda label: -abs(today.get(label, 0) - before.get(label, 0)))
    return {
        "field": name,
        "name": FIELDS[name],
        "beyond": told["beyond"],
        "verdict": f"{told['divergence']:.3f} · wajar hingga {told['noise']:.3f}".replace(".", ","),
        "shares": [
            {"answer": label, "label": answer_words(name, label), "before": before.get(label, 0),
             "today": today.get(label, 0)}
            for label in moved[:TOLD]
        ],
    }  # fmt: skip


def answer_words(name: str, label: str) -> str:
    """An answer as people read it."""
    topics = context.current().city.topics
    if name == "topic" and label in topics:
        return topics[label].label
    return YES_NO.get(label) or TONES.get(label, label)


def canary(told: Mapping[str, Any]) -> dict[str, Any]:
    """The watched texts: shares answered right, what is answered wrong, and what changed since another model."""

    def row(one: Mapping[str, Any], said: str) -> dict[str, str]:
        labels = (answer_words(one["field"], str(one[side])) for side in (said, "meant"))
        now, meant = labels
        return {"text": one["text"], "told": f"{FIELDS[one['field']]}: {now}, mestinya {meant}"}

    texts = told.get("texts", len(told["answers"]))
    return {
        "texts": texts,
        "asked": texts * len(told["right"]),
        "right": [{"name": FIELDS[name], "share": share} for name, share in told["right"].items()],
        "wrong": [row(one, "said") for one in told.get("wrong", ())],
        "against": told["against"],
        "changed": [row(one, "after") for one in told["changed"]],
    }


def rows(found: DriftReport) -> list[dict[str, Any]]:
    """The posts behind the number that was asked for, newest first."""
    asked = str(st.session_state.get(OPEN, ""))
    kind, _, name = asked.removeprefix(WEEK).partition(":")
    start, end = day_bounds(found.day)
    if asked.startswith(WEEK):
        start, end = start - drift.REFERENCE, start
    with context.current().store.read() as db:
        if kind == "word":
            return [row(item) for item in drift.holding(db, name, start, end, ROWS)]
        if kind in drift.ANSWERS:
            return [row(item) for item in drift.answered(db, kind, name, start, end, ROWS)]
    return []


def row(item: Post) -> dict[str, Any]:
    """A post as a row; of a source whose texts may not be shown altered, only where it stands."""
    source = {source.id: source for source in reading.crawl_state()[0]}.get(item.source)
    shows = source is None or source.shows_text
    return {
        "about": f"{LABELS[item.kind]} {source.title if source else item.source} · {stamp(item.published_at)}",
        "text": (clip(item.full_text, SHOWN) or EXPIRED) if shows else "",
        "link": render.link(item.url),
    }


def unfold() -> None:
    """A number was pressed: its rows unfold, or fold again."""
    asked = str(render.trigger(KEY, "open") or "")
    st.session_state[OPEN] = "" if st.session_state.get(OPEN) == asked else asked


def add() -> None:
    """A new word into the form of the dictionary; what it means is for a person to say."""
    if word := render.trigger(KEY, "add"):
        st.session_state["kamus_kata"], st.session_state["kamus_arti"] = str(word), ""
