"""Sinyal: what is out of the usual now, what it rests on, and what could not be judged."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from dashboard import context, noticed, render
from dashboard.member import member
from dashboard.views import quiet

#: Seconds between two looks of an open page; the machine looks every ten minutes.
EVERY_S: Final = 60


def page() -> None:
    """The whole page."""
    member()
    st.subheader("Sinyal")
    render.aside("Yang di luar kebiasaan sekarang, ditemukan mesin dari jumlah dan isi kiriman. Orang yang menilainya.")
    live()
    places()


@st.fragment(key="tempat")
def places() -> None:
    """Moves only when somebody asks for another place or its posts."""
    member()
    quiet.panel()


@st.fragment(key="sinyal", run_every=EVERY_S)
def live() -> None:
    """Moves by itself."""
    member()
    render.draw("signals", found(), key="sinyal_isi")


@st.cache_data(ttl=30, show_spinner=False)
def found() -> dict[str, Any]:
    """What was noticed, read once for everybody."""
    here = context.current()
    with here.store.read() as db:
        return noticed.page_data(db, here.city, here.now())
