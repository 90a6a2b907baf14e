"""Tanggapan: texts to the public from draft to publication, the checker's findings, and the posts still unanswered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import context, dealings, dossier, reading, render, texts
from dashboard.views.deeds import act, refused, written
from dashboard.words import dotted
from tanggap.clock import span, stamp
from tanggap.desk.answering import Answering
from tanggap.desk.coverage import NEXT, Coverage
from tanggap.desk.deadlines import deadlines
from tanggap.desk.timeline import KINDS
from tanggap.records import Issue, User
from tanggap.records.desk import Response

#: Longest text of an answer, in characters.
LONGEST: Final = 4000


def tab(issue: Issue, user: User) -> None:
    """What is owed, the answers with what this person may do with each, and the reach they leave uncovered."""
    desk = Answering(context.current().desk)
    told = desk.of_issue(issue.id)
    render.aside(owed(issue))
    refusal = refused(user, "answer", issue)
    if refusal:
        render.aside(refusal)
    elif not context.current().workflow.is_closed(issue.status):
        with st.popover("Tulis tanggapan", key=f"tulis {issue.id} {len(told)}"):
            drafting(issue, len(told), desk)
    for item in texts.newest(told):
        shown(item, texts.versions(item, told), issue, user, desk)
    covered(issue)


def owed(issue: Issue) -> str:
    """The answer that the public waits for, and until when."""
    here = context.current()
    now = here.now()
    waits = [clock for clock in deadlines(issue, here.workflow) if clock.kind in ("first_answer", "full_answer")]
    running = next((clock for clock in waits if clock.running and clock.start <= now), None)
    if running is None:
        return "Tidak ada jawaban yang ditunggu." if issue.answered_at else "Isu ini tidak menunggu jawaban."
    left = running.left(now)
    time = f"lewat {span(-left)}" if running.late(now) else f"sisa {span(left)}"
    hint = "; pernyataan awal sudah cukup" if running.kind == "first_answer" else ""
    return f"{running.label} ditunggu sampai {stamp(running.due)} ({time}){hint}."


def shown(item: Response, made: Sequence[Response], issue: Issue, user: User, desk: Answering) -> None:
    """One answer and its acts."""
    unfinished = item.state in texts.OPEN
    findings = desk.check(item.id or 0) if unfinished else ()
    card = texts.answer(item, findings, made, reading.full_names())
    render.draw("cards", {"cards": [card]}, key=f"tanggapan {issue.id} {item.number}")
    if unfinished:
        wrote = user.name in {one.by for one in made}
        acts(item, issue, user, desk, wrote=wrote, found=bool(findings))


def covered(issue: Issue) -> None:
    """The share of the reach that has an answer near it, and the posts worth most without one."""
    told = dealings.coverage(issue)
    data = {
        "percent": dealings.percent(told.share),
        "share": told.share,
        "words": f"{dotted(told.answered)} dari {dotted(told.posts)} kiriman sudah dibalas atau dijawab di utasnya",
        "gaps": [dealings.gap_data(gap) for gap in told.gaps[:NEXT]],
    }
    render.draw("coverage", data, key=f"cakupan {issue.id}")


def drafting(issue: Issue, count: int, desk: Answering) -> None:
    """The form of a first version."""
    kind, text = f"jenis {issue.id} {count}", f"teks {issue.id} {count}"
    with st.form(f"draf {issue.id} {count}", border=False):
        st.selectbox("Jenis", list(KINDS), format_func=lambda name: KINDS[name].capitalize(), key=kind)
        st.text_area("Teks", key=text, placeholder="Kosongkan untuk memakai templat urusan ini", max_chars=LONGEST)
        st.form_submit_button(
            "Buat draf", type="primary",
            on_click=lambda: act(
                "Draf dibuat; yang kurang ditandai di bawah.",
                lambda user: desk.draft(issue.id, user, kind=st.session_state[kind], text=written(text)),
            ),
        )  # fmt: skip


def acts(item: Response, issue: Issue, user: User, desk: Answering, *, wrote: bool, found: bool) -> None:
    """What may be done with a text that is not out yet; its writers do not approve it."""
    number = item.id or 0
    may_write, may_approve = not refused(user, "answer", issue), not refused(user, "approve", issue)
    if may_approve and wrote and item.state == "submitted":
        render.aside("Anda ikut menulis teks ini; persetujuan memerlukan orang kedua.")
    with st.container(key=f"tindak {number} {item.state}", horizontal=True, gap="small"):
        if may_write and item.state == "draft":
            submit = lambda: act("Diajukan; menunggu persetujuan orang kedua.", lambda by: desk.submit(number, by))  # noqa: E731
            st.button("Ajukan", key=f"ajukan {number}", type="primary", on_click=submit)
        if may_approve and not wrote and item.state == "submitted":
            approving(number, desk, found=found)
        if may_write and item.state == "approved":
            with st.popover("Terbitkan", key=f"terbitkan {number}"):
                publishing(number, dealings.coverage(issue), desk)
        if may_write:
            with st.popover("Ubah teks", key=f"ubah {number}"):
                revising(item, desk)


def approving(number: int, desk: Answering, *, found: bool) -> None:
    """Approve, with a reason where the checker found something, or give it back."""
    note, back = f"alasan {number}", f"kembali {number}"
    with st.popover("Setujui", key=f"setuju {number}"), st.form(f"setujui {number}", border=False):
        st.text_input("Alasan menyetujui walau ada temuan" if found else "Catatan", key=note, max_chars=500)
        approve = lambda: act("Disetujui; siap diterbitkan.", lambda by: desk.approve(number, by, written(note)))  # noqa: E731
        st.form_submit_button("Setujui teks", type="primary", on_click=approve)
    with st.popover("Kembalikan", key=f"balik {number}"), st.form(f"kembalikan {number}", border=False):
        st.text_input("Apa yang harus diperbaiki", key=back, max_chars=500)
        give = lambda: act("Dikembalikan kepada penulis.", lambda by: desk.send_back(number, by, written(back)))  # noqa: E731
        st.form_submit_button("Kembalikan teks", on_click=give)


def revising(item: Response, desk: Answering) -> None:
    """The form of the next version."""
    number, key = item.id or 0, f"versi {item.id}"
    with st.form(f"ubah {number}", border=False):
        st.text_area("Teks tanggapan", render.plain(item.text), key=key, height=180, max_chars=LONGEST)
        save = lambda: act("Versi baru disimpan.", lambda by: desk.revise(number, by, written(key)))  # noqa: E731
        st.form_submit_button("Simpan versi baru", type="primary", on_click=save)


def publishing(number: int, told: Coverage, desk: Answering) -> None:
    """The form that notes where a text stands, since when, and under which posts."""
    url, at, under = f"tautan {number}", f"terbit pada {number}", f"bawah {number}"
    choices = dealings.threads(told)
    with st.form(f"terbit {number}", border=False):
        st.text_input("Tautan jawaban", key=url, max_chars=2000, placeholder="https://")
        st.text_input(
            "Waktu terbit (WIB), kosong: sekarang", key=at, placeholder=dossier.typed(context.current().now())
        )
        st.multiselect(
            "Di bawah kiriman", list(choices), key=under, format_func=choices.__getitem__,
            placeholder="Cari kata kiriman", select_all=False,
            help="Persen di depan: bagian jangkauan isu yang ikut terjawab.",
        )  # fmt: skip
        st.form_submit_button(
            "Catat penerbitan", type="primary",
            on_click=lambda: act(
                "Penerbitan dicatat.",
                lambda by: desk.publish(
                    number, by, written(url), st.session_state.get(under) or (),
                    at=dossier.moment(written(at)) if written(at) else None,
                ),
            ),
        )  # fmt: skip
