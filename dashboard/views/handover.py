"""Serah terima: which body has the issue, to whom it may go next, and where it really is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import context, dossier, reading, render
from dashboard.views.deeds import act, refused, written
from tanggap.clock import stamp
from tanggap.desk.deadlines import deadlines
from tanggap.desk.guards import able
from tanggap.desk.routing import proposals, returns_in_a_row
from tanggap.errors import RuleError
from tanggap.records import Issue, Status, User
from tanggap.records.desk import Assignment


def tab(issue: Issue, user: User) -> None:
    """Where it stands and what comes next, the acts that the state allows, and the hand-overs, the newest first."""
    here = context.current()
    with here.store.read() as db:
        told = here.desk.dossier(db, issue.id).hand_overs
    render.aside(standing(issue, told))
    if refusal := refused(user, "move", issue):
        render.aside(refusal)
    else:
        acts(issue, told, user)
    cards = [dossier.hand_over(item, here.city, reading.full_names()) for item in reversed(told)]
    render.draw("cards", {"cards": cards, "empty": "Belum pernah diserahkan."}, key=f"serah {issue.id}")


def standing(issue: Issue, told: Sequence[Assignment]) -> str:
    """Which body has it, and what it waits for."""
    here = context.current()
    held = here.city.agency_label(issue.agency) if issue.agency else "belum ada"
    clock = next((one for one in deadlines(issue, here.workflow) if one.kind == "accept"), None)
    if clock is not None:
        return f"Menunggu diterima {held} sampai {stamp(clock.due)}."
    if issue.status is Status.REFERRED:
        return f"Dirujuk ke {held}; catat hasilnya dengan memindahkan status ke Dipantau."
    if escalated(told):
        lead = f"koordinator piket ({able('lead', here.workflow)})"
        return f"Sudah {returns_in_a_row(told)} kali dikembalikan; tujuan berikutnya ditetapkan {lead}."
    moves = here.workflow.moves(issue.status)
    if issue.status is Status.DETECTED and Status.DISPOSITION not in moves:
        label = here.workflow.label(Status.WAITING)
        return f"Penanggung jawab: {held}. Pindahkan status ke {label}, lalu isu dapat diserahkan."
    return f"Penanggung jawab: {held}."


def escalated(told: Sequence[Assignment]) -> bool:
    """Whether only the duty lead says where it goes next."""
    return returns_in_a_row(told) >= context.current().workflow.hand_over.returns


def acts(issue: Issue, told: Sequence[Assignment], user: User) -> None:
    """Accept, return, hand over, refer outside, put the place right."""
    flow = context.current().workflow
    moves = flow.moves(issue.status)
    with st.container(key=f"serah_tindak {issue.id} {issue.version}", horizontal=True, gap="small"):
        if issue.status is Status.DISPOSITION:
            st.button("Terima", key=f"terima {issue.id}", type="primary", on_click=accept, args=(issue,))
            with st.popover("Bukan wewenang", key=f"bukan {issue.id} {issue.version}"):
                returning(issue)
        if Status.DISPOSITION in moves and (flow.may(user, "lead") or not escalated(told)):
            with st.popover("Serahkan", key=f"serahkan {issue.id} {issue.version}"):
                sending(issue, told)
        if Status.REFERRED in moves:
            with st.popover("Rujuk ke luar", key=f"rujuk {issue.id} {issue.version}"):
                referring(issue)
        if not flow.is_closed(issue.status):
            with st.popover("Betulkan lokasi", key=f"lokasi {issue.id} {issue.version}"):
                placing(issue)


def accept(issue: Issue) -> None:
    """Take what was handed over."""
    desk = context.current().desk
    act("Disposisi diterima.", lambda by: desk.take(issue.id, by, version=issue.version))


def returning(issue: Issue) -> None:
    """The form that says why it is not one's own."""
    key, desk = f"sebab {issue.id} {issue.version}", context.current().desk
    with st.form(f"tolak {issue.id}", border=False):
        st.text_input("Mengapa bukan wewenang", key=key, max_chars=500)
        st.form_submit_button("Kembalikan isu", type="primary", on_click=lambda: act(
            "Dikembalikan.",
            lambda by: desk.move(
                issue.id, Status.COORDINATION, by, version=issue.version,
                note=f"bukan wewenang: {written(key)}" if written(key) else "",
            )))  # fmt: skip


def sending(issue: Issue, told: Sequence[Assignment]) -> None:
    """The form that hands it to a body: those proposed first, each with the rule that names it."""
    here, mark = context.current(), f"{issue.id} {issue.version}"
    why = {item.agency: item.why for item in proposals(issue, here.city, told)}
    codes = [*why, *(code for code in here.city.agencies if code not in why)]
    names = {
        code: f"{here.city.agency_label(code)} · {why.get(code) or here.city.agencies[code].name}" for code in codes
    }
    areas = {code: here.city.area_label(code) for code in here.city.areas}
    with st.form(f"serah {mark}", border=False):
        pick("Kepada", names, f"kepada {mark}", 0 if why else None)
        pick("Unit wilayah (bila ke suku dinas atau kelurahan)", areas, f"unit {mark}", None)
        st.text_input("Alasan", key=f"pesan {mark}", max_chars=500)
        st.form_submit_button("Serahkan isu", type="primary", on_click=lambda: act(
            "Diserahkan; menunggu diterima.",
            lambda by: here.desk.move(
                issue.id, Status.DISPOSITION, by, version=issue.version, note=written(f"pesan {mark}"),
                agency=unit(st.session_state.get(f"kepada {mark}"), st.session_state.get(f"unit {mark}")),
            )))  # fmt: skip


def unit(code: str | None, area: str | None) -> str | None:
    """The body itself, or its unit for an area.

    Raises:
        RuleError: the body has no unit there.
    """
    if code is None or area is None:
        return code
    city = context.current().city
    found = city.unit_at(code.partition(".")[0], area)
    if found is None:
        raise RuleError(f"{city.agency_label(code)} tidak punya unit di {city.area_label(area)}; kosongkan wilayahnya.")
    return found.id


def referring(issue: Issue) -> None:
    """The form that refers it to a body outside the city, with contact and reference."""
    here, mark = context.current(), f"{issue.id} {issue.version}"
    kinds = here.workflow.hand_over.outside
    names = {code: f"{body.short} · {body.name}" for code, body in here.city.agencies.items() if body.type in kinds}
    with st.form(f"rujuk {mark}", border=False):
        pick("Pihak luar", names, f"luar {mark}", None)
        st.text_input("Kontak", key=f"kontak {mark}", max_chars=200, placeholder="Kosong: kontak dalam daftar pihak")
        st.text_input("Nomor rujukan", key=f"nomor {mark}", max_chars=200)
        st.form_submit_button("Rujuk isu", type="primary", on_click=lambda: act(
            "Dirujuk ke luar.",
            lambda by: here.desk.move(
                issue.id, Status.REFERRED, by, version=issue.version, agency=st.session_state.get(f"luar {mark}"),
                contact=written(f"kontak {mark}"), reference=written(f"nomor {mark}"),
            )))  # fmt: skip


def placing(issue: Issue) -> None:
    """The form that puts the issue where it really is."""
    here, key = context.current(), f"di {issue.id} {issue.version}"
    names = {code: here.city.area_label(code) for code in here.city.areas}
    with st.form(f"lokasi {issue.id}", border=False):
        pick("Lokasi sebenarnya", names, key, None)
        st.form_submit_button("Simpan lokasi", type="primary", on_click=lambda: act(
            "Lokasi dibetulkan.",
            lambda by: here.desk.correct_place(
                issue.id, by, version=issue.version, area=st.session_state.get(key) or ""
            )))  # fmt: skip


def pick(words: str, names: Mapping[str, str], key: str, index: int | None) -> None:
    """A choice of codes by their names."""
    st.selectbox(
        words, list(names), index=index, key=key, placeholder="Pilih",
        format_func=lambda code: render.plain(names[code]),
    )  # fmt: skip
