"""The chosen issue: what it is, why it ranks, and the parts of its work: proof, answers, promises, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.member import member
from dashboard.views import answers, gist, handover, promises, proofs, trail
from dashboard.views.deeds import act, outcome
from dashboard.words import dotted
from tanggap.clock import stamp
from tanggap.desk.deadlines import nearest
from tanggap.records import Issue, Status, User

ISSUE: Final = "isu"


@st.fragment(key="rincian")
def panel() -> None:
    """The detail of the issue in the address, else of the first of the list."""
    user = member()
    asked = st.query_params.get(ISSUE)
    wanted = asked or st.session_state.get("pertama")
    issue = reading.issue(wanted) if wanted else None
    heading(issue, asked)
    outcome()
    if issue is not None:
        actions(issue, user)
        parts(issue, user)


def heading(issue: Issue | None, asked: str | None) -> None:
    """Title, facts and the four things to know."""
    here = context.current()
    if issue is None:
        none = f"Isu {asked} tidak ada." if asked else "Pilih isu dari antrean."
        render.draw("heading", {"id": None, "none": none, "open": False}, key="rincian_kepala")
        return
    topic = here.city.topics[issue.topic].label if issue.topic in here.city.topics else issue.topic
    deadline = nearest(issue, here.workflow, here.now())
    data = {
        "id": issue.id, "open": asked is not None, "title": issue.title, "facts": facts(issue),
        "path": " · ".join(filter(None, (issue.id, topic, issue.place))),
        "holder": reading.full_names().get(issue.holder, issue.holder) if issue.holder else None,
        "agency": here.city.agency_label(issue.agency), "closed": here.workflow.is_closed(issue.status),
        "status": here.workflow.label(issue.status), "colour": here.workflow.colour(issue.status),
        "sign": here.workflow.sign(issue.status), "deadline": deadline.label if deadline else "Batas",
        "due": round(deadline.due.timestamp() * 1000) if deadline else None,
        "now": round(here.now().timestamp() * 1000),
    }  # fmt: skip
    render.draw("heading", data, key="rincian_kepala", on_back_change=close_panel)


def facts(issue: Issue) -> str:
    """One line: how much was said, how it sounds, since when."""
    news = f", {dotted(issue.news)} di antaranya berita" if issue.news else ""
    parts = [f"{dotted(issue.posts)} kiriman dengan salinannya{news}", f"{dotted(issue.accounts)} suara berbeda"]
    if issue.posts:
        parts.append(f"{round(100 * issue.negative / issue.posts)}% negatif")
    parts.append(f"{stamp(issue.first_at)} – {stamp(issue.last_at)}")
    return " · ".join(parts)


def actions(issue: Issue, user: User) -> None:
    """Take, assign, move: only what this person's roles allow."""
    flow = context.current().workflow
    closed = flow.is_closed(issue.status)
    with st.container(key="tindakan", horizontal=True, gap="small"):
        if flow.may(user, "assign") and not closed:
            if issue.holder != user.name:
                st.button(
                    "Ambil alih" if issue.holder else "Ambil",
                    key="ambil",
                    type="primary",
                    on_click=take,
                    args=(issue.id, issue.version),
                )
            with st.popover("Tugaskan", key=f"tugaskan {issue.id} {issue.version}"):
                assignment(issue)
        moves = [to for to in flow.moves(issue.status) if may_move(user, issue, to)]
        if moves:
            with st.popover("Pindahkan status", key=f"pindahkan {issue.id} {issue.version}"):
                transition(issue, moves)


def may_move(user: User, issue: Issue, to: Status) -> bool:
    """Whether the button is worth showing; the desk itself decides."""
    flow = context.current().workflow
    if to is Status.RESOLVED:
        return flow.may(user, "close")
    return flow.may(user, "triage" if issue.status is Status.DETECTED else "move")


def assignment(issue: Issue) -> None:
    """The form that names a holder, a body, or both."""
    here = context.current()
    able = [user for user in reading.staff() if not user.disabled and here.workflow.may(user, "move")]
    names = {user.name: render.plain(user.full_name) for user in able}
    holder, agency = f"pic {issue.id} {issue.version}", f"dinas {issue.id} {issue.version}"
    with st.form(f"tugas {issue.id}", border=False):
        st.selectbox("PIC", list(names), index=None, format_func=names.__getitem__, key=holder, placeholder="Tetap")
        bodies("Dinas atau pihak", agency)
        st.form_submit_button("Simpan", type="primary", on_click=assign, args=(issue, holder, agency))


def transition(issue: Issue, moves: list[Status]) -> None:
    """The form that moves an issue, with the question its guard asks."""
    flow = context.current().workflow
    mark = f"{issue.id} {issue.version}"
    to = st.selectbox("Status baru", moves, format_func=flow.label, key=f"ke {mark}")
    guard = flow.guard(to, issue.status)
    with st.form(f"pindah {mark} {to}", border=False):
        if guard and guard.needs == "agency":
            bodies(guard.note, f"tujuan {mark}")
        words = guard.note if guard and guard.needs != "agency" else "Catatan"
        st.text_input(words, key=f"catatan {mark}", max_chars=500)
        st.form_submit_button("Pindahkan", type="primary", on_click=move, args=(issue, to))


def bodies(words: str, key: str) -> None:
    """A choice of bodies."""
    agencies = context.current().city.agencies
    st.selectbox(
        words,
        list(agencies),
        index=None,
        key=key,
        placeholder="Tetap",
        format_func=lambda code: render.plain(f"{agencies[code].short} · {agencies[code].name}"),
    )


def take(issue_id: str, version: int) -> None:
    """Hold the issue oneself."""
    act("Isu ini sekarang Anda pegang.", lambda user: context.current().desk.take(issue_id, user, version=version))


def assign(issue: Issue, holder_key: str, agency_key: str) -> None:
    """Save the assignment form."""
    holder, agency = st.session_state.get(holder_key), st.session_state.get(agency_key)
    desk = context.current().desk
    act(
        "Penugasan disimpan.",
        lambda user: desk.assign(issue.id, user, version=issue.version, holder=holder, agency=agency),
    )


def move(issue: Issue, to: Status) -> None:
    """Save the status form."""
    mark = f"{issue.id} {issue.version}"
    note, agency = st.session_state.get(f"catatan {mark}") or "", st.session_state.get(f"tujuan {mark}")
    here = context.current()
    act(
        f"Status sekarang {here.workflow.label(to)}.",
        lambda user: here.desk.move(issue.id, to, user, version=issue.version, note=note, agency=agency),
    )


def parts(issue: Issue, user: User) -> None:
    """What is known and what was done, one part at a time below the facts."""
    part = st.segmented_control(
        "Bagian", list(PARTS), default="Ikhtisar", required=True, key="bagian_isu", label_visibility="collapsed",
    )  # fmt: skip
    with st.container(key="bagian"):
        PARTS[part or "Ikhtisar"](issue, user)


def close_panel() -> None:
    """Back to the list on a phone."""
    st.query_params.pop(ISSUE, None)
    st.query_params.pop(gist.ROWS, None)


#: The parts of an issue, in the order of the work.
PARTS: Final[Mapping[str, Callable[[Issue, User], None]]] = {
    "Ikhtisar": gist.tab,
    "Tanggapan": answers.tab,
    "Serah terima": handover.tab,
    "Janji": promises.tab,
    "Bukti": proofs.tab,
    "Riwayat": trail.tab,
}
