"""Bukti: what shows that the work was done, doubts to examine, and disputes of the public."""

from __future__ import annotations

import streamlit as st

from dashboard import context, dossier, reading, render, witness
from dashboard.views.deeds import act, refused, written
from tanggap.desk.closing import Closing
from tanggap.records import Issue, User
from tanggap.records.desk import Dispute, Evidence


def tab(issue: Issue, user: User) -> None:
    """Disputes first, then what closing still needs, and the evidence, the newest first."""
    here = context.current()
    desk = Closing(here.desk)
    for item in (each for each in desk.open_disputes() if each.issue == issue.id):
        with here.store.read() as db:
            said = witness.quotes(db, [item.post], here.city)
        render.draw("cards", {"cards": [dossier.dispute(item, said)]}, key=f"bantahan {item.id}")
        if not refused(user, "move", issue):
            deciding(item, desk)
    render.aside(needed(issue))
    told = desk.evidence_of(issue.id)
    if refusal := refused(user, "evidence", issue):
        render.aside(refusal)
    else:
        with st.popover("Tambah bukti", key=f"tambah {issue.id} {len(told)}"):
            adding(issue, len(told), desk)
    for proof in reversed(told):
        card = dossier.proof(proof, reading.full_names())
        render.draw("cards", {"cards": [card]}, key=f"bukti {issue.id} {proof.id}")
        if proof.open_doubt and proof.by != user.name and not refused(user, "close", issue):
            clearing(proof, desk)


def needed(issue: Issue) -> str:
    """What stands between the issue and its closing."""
    here = context.current()
    if here.workflow.is_closed(issue.status):
        return f"Isu ini sudah {here.workflow.label(issue.status)}."
    with here.store.read() as db:
        told = here.desk.dossier(db, issue.id)
    promises = sum(item.state == "open" for item in told.commitments)
    doubts = sum(item.open_doubt for item in told.evidence)
    wanted = [
        "bukti" if not told.proofs(issue) else "",
        f"{promises} janji ditepati atau ditarik" if promises else "",
        f"{doubts} bukti diperiksa" if doubts else "",
        "verifikator yang tidak ikut mengerjakan",
    ]
    return f"Selesai masih memerlukan: {', '.join(filter(None, wanted))}."


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
