"""Rapikan: a person merges the issue, takes posts out of it, names it, and takes back what was done last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from dashboard import context, foretold, proposals, reading, render
from dashboard.evidence import EXPIRED
from dashboard.views.deeds import act, refused, written
from tanggap.clock import stamp
from tanggap.desk.curation import LONGEST, Curator
from tanggap.desk.undoing import Undoing
from tanggap.records import Issue, IssueEvent, Post, User
from tanggap.store import issue_events
from tanggap.text import clip

#: Posts offered to be taken out, newest first, and issues offered to be merged with.
OFFERED: Final = 200
NEW: Final = "isu baru"
NOWHERE: Final = "tanpa isu"


def panel(issue: Issue, user: User) -> None:
    """The acts on the identity of an issue, folded away until somebody needs them."""
    with st.expander("Rapikan isu ini", key="rapikan"):
        if refusal := refused(user, "curate", issue):
            render.aside(refusal)
            return
        if context.current().workflow.is_closed(issue.status):
            render.aside("Isu yang sudah ditutup dibuka kembali lebih dahulu.")
            return
        what = st.segmented_control(
            "Tindakan", list(WAYS), default="Gabungkan", required=True, key=f"cara {issue.id}",
            label_visibility="collapsed",
        )  # fmt: skip
        WAYS[what or "Gabungkan"](issue)
        last(issue)


def merging(issue: Issue) -> None:
    """Let the issue live on in another."""
    mark = f"{issue.id} {issue.version}"
    near = candidates(issue)
    chosen = st.selectbox(
        "Digabung ke isu mana", list(near), index=None, key=f"gabung {mark}", placeholder="Pilih isu",
        format_func=lambda name: render.plain(f"{name} · {near[name].title} · {near[name].posts} kiriman"),
    )  # fmt: skip
    if chosen is None:
        return
    render.say(foretold.merge(issue, near[chosen]))
    st.button("Gabungkan", type="primary", key=f"lakukan gabung {mark}", on_click=lambda: act(
        f"{issue.id} digabung ke {chosen}.",
        lambda by: curator().merge(issue.id, chosen, by, version=issue.version)))  # fmt: skip


def taking_out(issue: Issue) -> None:
    """Take posts out: into an issue of their own, into another, or into none."""
    mark = f"{issue.id} {issue.version}"
    here, members = context.current(), reading.members(issue.id, issue.version)[:OFFERED]
    words = {link.post: wording(found.post) for link, found in members}
    posts = st.multiselect(
        "Kiriman yang keluar", list(words), key=f"kiriman {mark}", placeholder="Pilih kiriman", select_all=False,
        format_func=lambda number: render.plain(words[number]),
    )  # fmt: skip
    near = candidates(issue)
    to = st.selectbox(
        "Ke mana", [NEW, NOWHERE, *near], key=f"tujuan kiriman {mark}",
        format_func=lambda name: render.plain(f"{name} · {near[name].title}") if name in near else name.capitalize(),
    )  # fmt: skip
    title = ""
    if to == NEW:
        title = st.text_input("Judul isu baru", key=f"judul baru {mark}", max_chars=LONGEST, placeholder="Boleh kosong")
    if not posts:
        return
    with here.store.read() as db:
        told, possible = foretold.leaving(db, issue, posts, near.get(to), alone=to == NEW)
    render.say(told)
    if possible:
        st.button("Keluarkan", type="primary", key=f"lakukan keluar {mark}", on_click=lambda: act(
        f"Kiriman keluar dari {issue.id}.", lambda by: take_out(issue, posts, to, title, by)))  # fmt: skip


def take_out(issue: Issue, posts: Sequence[int], to: str, title: str, by: User) -> None:
    """Does it: one split for an issue of their own, else one move for all."""
    if to == NEW:
        curator().split(issue.id, posts, by, version=issue.version, title=title)
    else:
        curator().move_all(posts, None if to == NOWHERE else to, by, version=issue.version)


def naming(issue: Issue) -> None:
    """Give the issue a name that the machine leaves alone."""
    mark = f"{issue.id} {issue.version}"
    with st.form(f"beri judul {mark}", border=False):
        st.text_input("Judul", issue.title, key=f"judul {mark}", max_chars=LONGEST)
        render.aside("Judul lama diganti di semua halaman, dan mesin tidak menggantinya lagi. Bisa diurungkan.")
        st.form_submit_button("Simpan judul", type="primary", on_click=lambda: act(
            "Judul diganti.",
            lambda by: curator().title(issue.id, written(f"judul {mark}"), by, version=issue.version)))  # fmt: skip


def last(issue: Issue) -> None:
    """The newest act that stands, to be taken back."""
    found = standing(issue)
    if found is None:
        return
    by = reading.full_names().get(found.by, found.by)
    render.aside(f"Terakhir: {found.issue} {proposals.told(found)} · {by} · {stamp(found.at)} WIB")
    st.button("Urungkan", key=f"urungkan {found.id} {issue.version}", on_click=lambda: act(
        "Tindakan diurungkan.", lambda user: Undoing(curator()).undo(found.id or 0, user)))  # fmt: skip


def standing(issue: Issue) -> IssueEvent | None:
    """The newest act on this issue that nobody took back."""
    with context.current().store.read() as db:
        acts = issue_events.standing(issue_events.log(db, issue.id))
    return acts[-1] if acts else None


def candidates(issue: Issue) -> dict[str, Issue]:
    """The other open issues, those of the same service and place first."""
    rows = [row.issue for row in reading.board_rows(False, None, None, "") if row.issue.id != issue.id]
    near = sorted(
        rows, key=lambda one: (one.topic != issue.topic, not set(one.areas[:1]) & set(issue.areas), -one.score)
    )
    return {one.id: one for one in near[:OFFERED]}


def wording(post: Post) -> str:
    """A post in one line."""
    words = clip(" ".join((post.title or post.text).split()), 70) or EXPIRED
    return f"{stamp(post.published_at)} · {words} · no. {post.id}"


def answer_check(issue: Issue, post: int, *, same: bool) -> None:
    """A person says whether a post near the threshold is about this issue."""
    if same:
        act(
            "Kiriman dipastikan membahas masalah ini.",
            lambda by: curator().confirm(post, by, version=issue.version),
        )
    else:
        act(
            f"Kiriman keluar dari {issue.id} dan tidak masuk lagi.",
            lambda by: curator().move(post, None, by, version=issue.version),
        )


def curator() -> Curator:
    """Who puts issues in order."""
    return Curator(context.current().desk)


WAYS: Final[dict[str, Callable[[Issue], None]]] = {
    "Gabungkan": merging, "Keluarkan kiriman": taking_out, "Beri judul": naming,
}  # fmt: skip
