"""Usulan: what the machine proposes and people decide, and what they did lately, to be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from dashboard import context, proposals, reading, render
from dashboard.member import member
from dashboard.views import outcome
from tanggap.desk.curation import Curator
from tanggap.desk.deciding import Deciding
from tanggap.desk.undoing import Undoing
from tanggap.errors import ConflictError
from tanggap.records import User
from tanggap.store import suggestions

KEY: Final = "usulan_isi"
REFUSED: Final = "Anda dapat membaca usulan; yang memutuskan petugas, analis, dan admin."


def title() -> str:
    """Name of the page with how many wait."""
    count = waiting()
    return f"Usulan · {count}" if count else "Usulan"


def page() -> None:
    """The whole page."""
    user = member()
    st.subheader("Usulan")
    render.aside("Mesin hanya mengusulkan; orang yang memutuskan. Yang ditolak tidak diusulkan lagi.")
    outcome.show()
    found, done = shown()
    data = {
        "may": context.current().workflow.may(user, "curate"),
        "readonly": REFUSED,
        "sum": proposals.kept(found, waiting()),
        "cards": found,
        "done": done,
    }
    render.draw("suggestions", data, key=KEY, on_accept_change=accept, on_reject_change=reject, on_undo_change=undo)


@st.cache_data(ttl=15, show_spinner=False)
def waiting() -> int:
    """How many proposals wait for a decision."""
    with context.current().store.read() as db:
        return len(suggestions.open_ones(db))


def shown() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The proposals and the last acts as they are this moment."""
    here = context.current()
    with here.store.read() as db:
        return proposals.proposed(db, here.city), proposals.done(db, reading.full_names())


def accept() -> None:
    """Does what is proposed."""
    decide("accept", lambda number, user: f"{Deciding(_curator()).accept(number, user).id}: usulan dijalankan.")


def reject() -> None:
    """Refuses it for good."""

    def deed(number: int, user: User) -> str:
        Deciding(_curator()).reject(number, user)
        return "Usulan ditolak; mesin tidak mengulanginya."

    decide("reject", deed)


def undo() -> None:
    """Takes an act back."""
    decide("undo", lambda number, user: f"{Undoing(_curator()).undo(number, user).issue}: tindakan dibatalkan.")


def decide(act: str, deed: Callable[[int, User], str]) -> None:
    """Does what a button asks for as the person who is signed in now; a refusal is told in words."""
    number = render.trigger(KEY, act)
    if number is None:
        return

    def act_once(user: User) -> str:
        try:
            return deed(int(number), user)
        except ConflictError:
            raise ConflictError(
                "Usulan atau isunya baru saja diubah orang lain. Lihat dulu, lalu putuskan lagi."
            ) from None

    outcome.act(act_once)
    waiting.clear()
    reading.forget()


def _curator() -> Curator:
    return Curator(context.current().desk)
