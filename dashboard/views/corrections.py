"""What a post was read as, beside it: whoever may says which label is wrong, and takes a correction back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.evidence import TONES
from dashboard.member import member
from dashboard.views.deeds import act
from tanggap.desk.correcting import FIELDS, FOLLOWS, correct_all, undo
from tanggap.desk.whereabouts import apart_km
from tanggap.records import CorrectedField, Correction, Link, Place, Post, Reading, Score
from tanggap.store import corrections as kept
from tanggap.store import posts, scores
from tanggap.text import clip

#: Post whose labels are being set right.
ASKED: Final = "koreksi"
LONGEST: Final = 600
UNDECIDED: Final = "tidak diputuskan"
YES_NO: Final = {"ya": "ya", "tidak": "tidak"}
LEVELS: Final = {"0": "0 · tidak mendesak", "1": "1 · biasa", "2": "2 · hari ini", "3": "3 · bahaya, sekarang"}
#: Places named on a line.
NAMED: Final = 3
NARROW: Final = ("kelurahan", "landmark", "road", "kecamatan", "kota", "outside", "provinsi")


def mark(quotes: Iterable[dict[str, Any]], members: Sequence[tuple[Link, Reading]]) -> None:
    """Adds to each post as it is drawn what it was read as, who set that right, and whether this person may."""
    here, user = context.current(), member()
    read = {link.post: found for link, found in members}
    with here.store.read() as db:
        said = kept.said(db, read)
    may = here.workflow.may(user, "correct")
    for quote in quotes:
        found = read.get(quote["post"])
        if found is not None:
            quote["read"] = {
                "may": may, "labels": labels(found.score), "strays": strays(found),
                "said": told(said.get(quote["post"], [])),
            }  # fmt: skip


def labels(value: Score) -> list[str]:
    """A score in a few words: its topic, tone, urgency and places."""
    here = context.current()
    if value.relevant is False:
        return ["bukan urusan kota"]
    topic = here.city.topics.get(value.topic or "")
    words = [
        topic.label if topic else "",
        "keluhan" if value.complaint else "",
        f"nada {TONES[value.sentiment]}" if value.sentiment else "",
        f"kegentingan {value.urgency}" if value.urgency is not None else "",
        ", ".join(named(value.places)),
    ]
    return [word for word in words if word] or [UNDECIDED]


def named(places: Sequence[Place]) -> list[str]:
    """The names of the narrowest places, each once."""
    ordered = sorted(places, key=lambda place: NARROW.index(place.level) if place.level in NARROW else len(NARROW))
    return list(dict.fromkeys(place.name for place in ordered))[:NAMED]


def strays(found: Reading) -> str:
    """What is to be said where position and named places disagree; "" where they do not."""
    away = apart_km(found)
    return f"titik GPS {away:.0f} km dari tempat yang disebut; keduanya disimpan" if away else ""


def told(said: Sequence[Correction]) -> list[dict[str, Any]]:
    """The corrections that hold, in words; what only followed another is told with it."""
    newest = {item.field: item for item in said if item.why != FOLLOWS}
    return [
        {"id": item.id, "words": f"{FIELDS[item.field]} dikoreksi oleh {reading.full_names().get(item.by, item.by)}",
         "why": item.why}
        for item in newest.values()
    ]  # fmt: skip


def ask(key: str) -> None:
    """A label was called wrong: the form opens with the page that is drawn next."""
    if post := render.trigger(key, "wrong"):
        st.session_state[ASKED] = int(post)


def take_back(key: str) -> None:
    """A correction is taken back."""
    if number := render.trigger(key, "undo"):
        here = context.current()
        act("Koreksi dibatalkan.", lambda user: undo(here.store, here.city, user, int(number), at=here.now()))


def form() -> None:
    """The form of the post that was asked for, once."""
    if post := st.session_state.pop(ASKED, None):
        correcting(post)


@st.dialog("Label ini salah", width="medium")
def correcting(post_id: int) -> None:
    """The labels of a post to set right, and why."""
    with context.current().store.read() as db:
        found, value = posts.get(db, [post_id]), scores.of(db, post_id)
    if not found or value is None:
        render.refusal("Kiriman ini sudah dihapus atau belum dipahami mesin.")
        return
    declared = {source.id: source for source in reading.crawl_state()[0]}
    if (source := declared.get(found[0].source)) is None or source.shows_text:
        render.passage(clip(found[0].full_text, LONGEST))
    with st.form(f"koreksi {post_id}", border=False):
        chosen = fields(post_id, value)
        why = st.text_input("Mengapa salah", key=f"koreksi alasan {post_id}", max_chars=300)
        sent = st.form_submit_button("Simpan koreksi", type="primary")
    render.aside("Nama dan alasan Anda disimpan; model belajar darinya pada pelatihan berikutnya.")
    if sent:
        save(found[0], changes(chosen, value), why or "")


def fields(post_id: int, value: Score) -> dict[str, Any]:
    """The choices of each field as they are made; a label that is undecided has none."""
    topics = {name: topic.label for name, topic in context.current().city.topics.items()}
    offered: Mapping[CorrectedField, Mapping[str, str]] = {
        "relevant": YES_NO, "topic": topics, "sentiment": TONES, "complaint": YES_NO, "urgency": LEVELS,
    }  # fmt: skip
    chosen: dict[str, Any] = {}
    columns = st.columns(2, gap="medium")
    for at, (name, options) in enumerate(offered.items()):
        with columns[at % 2]:
            chosen[name] = one_of(post_id, name, options, current(value, name))
    with columns[1]:
        chosen["add"] = one_of(post_id, "places", area_names(), None)
    chosen["keep"] = places(post_id, value.places)
    return chosen


def one_of(post_id: int, name: CorrectedField, options: Mapping[str, str], now: str | None) -> str | None:
    """One field as a choice."""
    label = "Tambah tempat" if name == "places" else FIELDS[name].capitalize()
    return st.selectbox(
        label, list(options), index=list(options).index(now) if now and now in options else None,
        key=f"koreksi {name} {post_id}", format_func=options.__getitem__,
        placeholder="Cari wilayah" if name == "places" else UNDECIDED,
    )  # fmt: skip


def places(post_id: int, found: Sequence[Place]) -> list[str]:
    """The places that stay."""
    names = list(dict.fromkeys(place.name for place in found))
    if not names:
        return []
    return st.pills(
        "Tempat (lepaskan yang salah)", names, selection_mode="multi", default=names, key=f"koreksi tempat {post_id}",
        format_func=render.label,
    )  # fmt: skip


def area_names() -> dict[str, str]:
    """Code -> an area of the city with what holds it."""
    areas = context.current().city.areas
    small = [area for area in areas.values() if area.level != "provinsi"]
    return {
        area.code: f"{area.short} ({area.level}{', ' + areas[area.parent].short if area.level != 'kota' else ''})"
        for area in sorted(small, key=lambda area: (area.short, area.level))
    }


def current(value: Score, name: CorrectedField) -> str | None:
    """A label as `correct` takes it."""
    label = getattr(value, name)
    if isinstance(label, bool):
        return "ya" if label else "tidak"
    return None if label is None else str(label)


def changes(chosen: Mapping[str, Any], value: Score) -> list[tuple[str, str]]:
    """What the form says otherwise than the post has it; of a post that is not about the city nothing else counts."""
    fields: list[CorrectedField] = ["relevant", "topic", "sentiment", "complaint", "urgency"]
    made: list[tuple[str, str]] = [
        (name, chosen[name]) for name in fields if chosen[name] and chosen[name] != current(value, name)
    ]
    if ("relevant", "tidak") in made:
        return [("relevant", "tidak")]
    gone = dict.fromkeys(place.name for place in value.places if place.name not in chosen["keep"])
    made += [("places", f"-{name}") for name in gone]
    return made + ([("places", f"+{chosen['add']}")] if chosen["add"] else [])


def save(item: Post, changed: Sequence[tuple[str, str]], why: str) -> None:
    """Keeps what was changed, or says what is missing."""
    here = context.current()
    if not changed:
        render.refusal("Belum ada label yang diubah.")
    elif not why.strip():
        render.refusal("Tulis mengapa labelnya salah.")
    else:
        act(
            "Koreksi disimpan.",
            lambda user: correct_all(here.store, here.city, user, item.id or 0, changed, why=why, at=here.now()),
        )
