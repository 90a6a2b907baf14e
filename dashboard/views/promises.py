"""Janji: what official voices said would be done, confirmed by a person, then kept, withdrawn, or broken."""

from __future__ import annotations

import streamlit as st

from dashboard import context, dossier, render
from dashboard.views.deeds import act, refused, written
from tanggap.desk.promising import Promising
from tanggap.records import Issue, User
from tanggap.records.desk import Commitment


def tab(issue: Issue, user: User) -> None:
    """The promises of an issue, broken ones first."""
    here = context.current()
    desk, now = Promising(here.desk), here.now()
    told = dossier.by_worry(desk.of_issue(issue.id), now)
    if not told:
        render.aside("Belum ada janji. Jawaban yang terbit dan kiriman akun resmi dibaca; yang lain dicatat di sini.")
    refusal = refused(user, "move", issue)
    if refusal:
        render.aside(refusal)
    else:
        with st.popover("Catat janji", key=f"catat {issue.id} {len(told)}"):
            noting(issue, len(told), desk)
    for item in told:
        card = dossier.promise(item, here.city, now)
        render.draw("cards", {"cards": [card]}, key=f"janji {issue.id} {item.id}")
        if not refusal and item.state in ("suggested", "open"):
            acts(item, issue, desk)


def acts(item: Commitment, issue: Issue, desk: Promising) -> None:
    """Confirm or keep, and withdraw."""
    number = item.id or 0
    with st.container(key=f"urus {number} {item.state}", horizontal=True, gap="small"):
        if item.state == "suggested":
            with st.popover("Pastikan", key=f"pastikan {number}"):
                confirming(item, issue, desk)
        else:
            with st.popover("Ditepati", key=f"ditepati {number}"), st.form(f"tepat {number}", border=False):
                st.text_input("Apa buktinya", key=f"nyata {number}", max_chars=500)
                st.form_submit_button("Nyatakan ditepati", type="primary", on_click=lambda: act(
                    "Janji ditepati.", lambda by: desk.keep(number, by, written(f"nyata {number}"))))  # fmt: skip
        with st.popover("Tarik", key=f"tarik {number}"), st.form(f"cabut {number}", border=False):
            st.text_input("Mengapa ditarik", key=f"cabutan {number}", max_chars=500)
            st.form_submit_button("Tarik janji", on_click=lambda: act(
                "Janji ditarik.", lambda by: desk.withdraw(number, by, written(f"cabutan {number}"))))  # fmt: skip


def confirming(item: Commitment, issue: Issue, desk: Promising) -> None:
    """The form that names day and owner of a suggestion."""
    number, due = item.id or 0, f"tenggat {item.id}"
    with st.form(f"pasti {number}", border=False):
        st.text_input("Tenggat (WIB)", dossier.typed(item.due), key=due, placeholder="24/11/2026 12.00")
        owner = bodies(f"pemilik {number}", item.owner or issue.agency)
        st.form_submit_button("Pastikan janji", type="primary", on_click=lambda: act(
            "Janji dicatat.",
            lambda by: desk.confirm(
                number, by, due=dossier.moment(written(due)), owner=st.session_state.get(owner)
            )))  # fmt: skip


def noting(issue: Issue, count: int, desk: Promising) -> None:
    """The form of a promise that a person heard."""
    mark = f"{issue.id} {count}"
    with st.form(f"janji baru {mark}", border=False):
        st.text_input("Apa yang dijanjikan", key=f"ucapan {mark}", max_chars=500)
        st.text_input("Tenggat (WIB)", key=f"kapan {mark}", placeholder="24/11/2026 12.00")
        owner = bodies(f"siapa {mark}", issue.agency)
        st.form_submit_button("Catat", type="primary", on_click=lambda: act(
            "Janji dicatat.",
            lambda by: desk.add(
                issue.id, by, written(f"ucapan {mark}"), due=dossier.moment(written(f"kapan {mark}")),
                owner=st.session_state.get(owner),
            )))  # fmt: skip


def bodies(key: str, chosen: str | None) -> str:
    """A choice of who owes it; gives back the key of its value."""
    city = context.current().city
    known = {**city.agencies, **({chosen: body} if chosen and (body := city.body(chosen)) else {})}
    st.selectbox(
        "Penanggung jawab", list(known), index=list(known).index(chosen) if chosen in known else None, key=key,
        placeholder="Pilih pihak", format_func=lambda code: render.plain(f"{known[code].short} · {known[code].name}"),
    )  # fmt: skip
    return key
