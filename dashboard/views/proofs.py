"""Bukti: what shows that the work was done, doubts to examine, and disputes of the public."""

from __future__ import annotations

import streamlit as st

from dashboard import context, dossier, reading, render
from dashboard.views.deeds import act, refused, written
from tanggap.desk.closing import Closing
from tanggap.records import Issue, User
from tanggap.records.desk import Dispute, Evidence


def tab(issue: Issue, user: User) -> None:
    """Disputes first, then the evidence, the newest first."""
    desk = Closing(context.current().desk)
    for item in (each for each in desk.open_disputes() if each.issue == issue.id):
        render.draw("cards", {"cards": [dossier.dispute(item)]}, key=f"bantahan {item.id}")
        if not refused(user, "move", issue):
            deciding(item, desk)
    told = desk.evidence_of(issue.id)
    if not told:
        render.aside("Belum ada bukti.")
    for proof in reversed(told):
        card = dossier.proof(proof, reading.full_names())
        render.draw("cards", {"cards": [card]}, key=f"bukti {issue.id} {proof.id}")
        if proof.open_doubt and not refused(user, "close", issue):
            clearing(proof, desk)
    if refusal := refused(user, "evidence", issue):
        render.aside(refusal)
    else:
        with st.popover("Tambah bukti", key=f"tambah {issue.id} {len(told)}"):
            adding(issue, len(told), desk)


def adding(issue: Issue, count: int, desk: Closing) -> None:
    """The form of a note and a photo, of which only hashes, time and place are kept."""
    note, photo = f"terlihat {issue.id} {count}", f"foto {issue.id} {count}"
    with st.form(f"bukti {issue.id} {count}", border=False):
        st.text_input("Apa yang terlihat, di mana, kapan", key=note, max_chars=500)
        st.file_uploader("Foto (JPEG atau PNG)", type=["jpg", "jpeg", "png"], key=photo, max_upload_size=20)
        st.form_submit_button("Simpan bukti", type="primary", on_click=lambda: act(
            "Bukti disimpan.",
            lambda by: desk.add_evidence(issue.id, by, written(note), photo=picture(photo))))  # fmt: skip


def picture(key: str) -> bytes | None:
    """The photo that was chosen; None for none."""
    chosen = st.session_state.get(key)
    return chosen.getvalue() if chosen is not None else None


def clearing(item: Evidence, desk: Closing) -> None:
    """The form in which a verifier says what a doubt turned out to be."""
    number, key = item.id or 0, f"temuan {item.id}"
    with st.popover("Periksa", key=f"periksa {number}"), st.form(f"periksa bukti {number}", border=False):
        st.text_input("Apa yang ditemukan", key=key, max_chars=500)
        st.form_submit_button("Simpan pemeriksaan", type="primary", on_click=lambda: act(
            "Pemeriksaan disimpan.", lambda by: desk.clear_evidence(number, by, written(key))))  # fmt: skip


def deciding(item: Dispute, desk: Closing) -> None:
    """Accepting opens the issue again; rejecting takes a reason."""
    number, key = item.id or 0, f"bantah {item.id}"
    with st.container(key=f"putus {number}", horizontal=True, gap="small"):
        accept = lambda: act("Isu dibuka kembali.", lambda by: desk.accept(number, by))  # noqa: E731
        st.button("Buka kembali", key=f"buka {number}", type="primary", on_click=accept)
        with st.popover("Tolak", key=f"tolak {number}"), st.form(f"tolak bantahan {number}", border=False):
            st.text_input("Mengapa ditolak", key=key, max_chars=500)
            st.form_submit_button("Tolak bantahan", on_click=lambda: act(
                "Bantahan ditolak.", lambda by: desk.dismiss(number, by, written(key))))  # fmt: skip
