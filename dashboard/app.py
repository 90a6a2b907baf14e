"""The Streamlit script: who is here, which pages they have, and the page they opened."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from dashboard import context, render
from dashboard.member import account, member
from dashboard.views import briefs, counter, dictionary, queue, schedules, signals, sources, suggestions, units
from tanggap.errors import StoreError


def main() -> None:
    """One run of the script for one person."""
    icon = Path(__file__).resolve().parent / "static" / "ikon.png"
    st.set_page_config(page_title="Tanggap", page_icon=str(icon), layout="wide", initial_sidebar_state="collapsed")
    user = member()
    render.page_style()
    here = context.current()
    pages = [st.Page(queue.page, title="Antrean", url_path="antrean", default=True)]
    pages.append(st.Page(signals.page, title="Sinyal", url_path="sinyal"))
    pages.append(st.Page(suggestions.page, title=suggestions.title(), url_path="usulan"))
    pages.append(st.Page(briefs.page, title="Ringkasan", url_path="arsip"))
    pages.append(st.Page(units.page, title="Badan", url_path="badan"))
    if counter.visible(user):
        pages.append(st.Page(counter.page, title="Loket", url_path="loket"))
    if here.workflow.may(user, "models"):
        pages.append(st.Page(dictionary.page, title="Kamus", url_path="kamus"))
    if here.workflow.may(user, "sources"):
        pages.append(st.Page(sources.page, title="Sumber", url_path="sumber"))
    if schedules.visible(user):
        pages.append(st.Page(schedules.page, title="Jadwal", url_path="jadwal"))
    chosen = st.navigation(pages, position="top")
    account(user)
    try:
        chosen.run()
    except StoreError:
        render.refusal("Penyimpanan tidak menjawab. Halaman ini mencoba lagi setelah Anda memuatnya ulang.")
    settle()


@st.cache_resource(show_spinner=False)
def settle() -> bool:
    """Once warm, take what is loaded out of the collector's sight.

    Streamlit collects garbage after every run; over the objects of its own libraries that cost 100 ms a click.
    """
    gc.collect()
    gc.freeze()
    return True


main()
