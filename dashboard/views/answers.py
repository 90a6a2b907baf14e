"""Tanggapan: texts to the public from draft to publication, the checker's findings, and the posts still unanswered."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from dashboard import context, dossier, evidence, reading, render
from dashboard.views.deeds import act, refused, written
from dashboard.words import dotted
from tanggap.desk.answering import Answering
from tanggap.desk.timeline import KINDS
from tanggap.records import Issue, Post, User
from tanggap.records.desk import Response
from tanggap.text import clip

#: Versions that are not out yet.
OPEN: Final = ("draft", "submitted", "approved")
#: Posts that a publication offers to stand under.
THREADS: Final = 100


def tab(issue: Issue, user: User) -> None:
    """The answers of an issue, the newest first, each with what this person may do with it."""
    desk = Answering(context.current().desk)
    told = desk.of_issue(issue.id)
    covered(issue, desk)
    refusal = refused(user, "answer", issue)
    if refusal:
        render.aside(refusal)
    elif not context.current().workflow.is_closed(issue.status):
        with st.popover("Tulis tanggapan", key=f"tulis {issue.id} {len(told)}"):
            drafting(issue, len(told), desk)
    for item in dossier.newest(told):
        findings = desk.check(item.id or 0) if item.state in OPEN else ()
        older = [old for old in told if old.number == item.number and old.id != item.id]
        card = dossier.answer(item, findings, older, reading.full_names())
        render.draw("cards", {"cards": [card]}, key=f"tanggapan {issue.id} {item.number}")
        if item.state in OPEN:
            acts(item, issue, user, desk, found=bool(findings))


def covered(issue: Issue, desk: Answering) -> None:
    """The share of the reach that has an answer near it, and the widest posts without one."""
    told = desk.coverage(issue.id)
    lead = f"Cakupan jawaban {round(100 * told.share)}%: {dotted(told.answered)} dari {dotted(told.posts)} kiriman."
    render.draw("cards", {"lead": lead, "cards": []}, key=f"cakupan {issue.id}")
    if told.next:
        with st.expander(f"{len(told.next)} kiriman terluas tanpa jawaban", key=f"tanpa {issue.id}"):
            cards = [post_card(post) for post in told.next]
            render.draw("cards", {"cards": cards}, key=f"belum {issue.id}")


def post_card(post: Post) -> dict[str, Any]:
    """A post that nobody has answered."""
    known = {source.id: source for source in reading.crawl_state()[0]}
    source = known.get(post.source)
    shows = source is None or source.shows_text
    return {
        "id": f"{post.source}/{post.native_id}",
        "title": source.title if source else post.source,
        "state": "",
        "tone": "",
        "by": f"jangkauan {dotted(max(1, post.engagement.reach))}",
        "notes": [clip(post.text, evidence.QUOTE) or evidence.EXPIRED] if shows else [],
        "link": render.link(post.url),
    }


def drafting(issue: Issue, count: int, desk: Answering) -> None:
    """The form of a first version."""
    kind, text = f"jenis {issue.id} {count}", f"teks {issue.id} {count}"
    with st.form(f"draf {issue.id} {count}", border=False):
        st.selectbox("Jenis", list(KINDS), format_func=lambda name: KINDS[name].capitalize(), key=kind)
        st.text_area("Teks", key=text, placeholder="Kosongkan untuk memakai templat urusan ini", max_chars=4000)
        st.form_submit_button(
            "Buat draf", type="primary",
            on_click=lambda: act(
                "Draf dibuat.",
                lambda user: desk.draft(issue.id, user, kind=st.session_state[kind], text=written(text)),
            ),
        )  # fmt: skip


def acts(item: Response, issue: Issue, user: User, desk: Answering, *, found: bool) -> None:
    """What may be done with a text that is not out yet."""
    number = item.id or 0
    may_write, may_approve = not refused(user, "answer", issue), not refused(user, "approve", issue)
    with st.container(key=f"tindak {number} {item.state}", horizontal=True, gap="small"):
        if may_write and item.state == "draft":
            submit = lambda: act("Diajukan untuk disetujui.", lambda by: desk.submit(number, by))  # noqa: E731
            st.button("Ajukan", key=f"ajukan {number}", type="primary", on_click=submit)
        if may_approve and item.state == "submitted":
            approving(number, desk, found=found)
        if may_write and item.state == "approved":
            with st.popover("Terbitkan", key=f"terbitkan {number}"):
                publishing(number, issue, desk)
        if may_write:
            with st.popover("Ubah teks", key=f"ubah {number}"):
                revising(item, desk)


def approving(number: int, desk: Answering, *, found: bool) -> None:
    """Approve, with a reason where the checker found something, or give it back."""
    note, back = f"alasan {number}", f"kembali {number}"
    with st.popover("Setujui", key=f"setuju {number}"), st.form(f"setujui {number}", border=False):
        st.text_input("Alasan menyetujui walau ada temuan" if found else "Catatan", key=note, max_chars=500)
        approve = lambda: act("Disetujui.", lambda by: desk.approve(number, by, written(note)))  # noqa: E731
        st.form_submit_button("Setujui teks", type="primary", on_click=approve)
    with st.popover("Kembalikan", key=f"balik {number}"), st.form(f"kembalikan {number}", border=False):
        st.text_input("Apa yang harus diperbaiki", key=back, max_chars=500)
        give = lambda: act("Dikembalikan kepada penulis.", lambda by: desk.send_back(number, by, written(back)))  # noqa: E731
        st.form_submit_button("Kembalikan teks", on_click=give)


def revising(item: Response, desk: Answering) -> None:
    """The form of the next version."""
    number, key = item.id or 0, f"versi {item.id}"
    with st.form(f"ubah {number}", border=False):
        st.text_area("Teks tanggapan", render.plain(item.text), key=key, height=180, max_chars=4000)
        save = lambda: act("Versi baru disimpan.", lambda by: desk.revise(number, by, written(key)))  # noqa: E731
        st.form_submit_button("Simpan versi baru", type="primary", on_click=save)


def publishing(number: int, issue: Issue, desk: Answering) -> None:
    """The form that notes where a text stands now, and under which posts."""
    url, under = f"tautan {number}", f"bawah {number}"
    choices = threads(issue)
    with st.form(f"terbit {number}", border=False):
        st.text_input("Tautan jawaban", key=url, max_chars=2000, placeholder="https://")
        st.multiselect(
            "Di bawah kiriman", list(choices), key=under, format_func=choices.__getitem__, placeholder="Pilih kiriman"
        )
        st.form_submit_button(
            "Catat penerbitan", type="primary",
            on_click=lambda: act(
                "Penerbitan dicatat.",
                lambda by: desk.publish(number, by, written(url), st.session_state.get(under) or ()),
            ),
        )  # fmt: skip


def threads(issue: Issue) -> dict[str, str]:
    """The posts a text may stand under, the widest first, named as the desk names them."""
    members = [each.post for _, each in reading.members(issue.id, issue.version)]
    widest = sorted(members, key=lambda post: -post.engagement.reach)[:THREADS]
    titles = reading.source_titles()
    return {
        f"{post.source}/{post.native_id}": render.plain(
            f"{titles.get(post.source, post.source)} · {dotted(max(1, post.engagement.reach))} · {post.native_id}"
        )
        for post in widest
    }
