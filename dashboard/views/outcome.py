"""What the last act on schedules, jobs and sources did, told once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard import reading, render
from dashboard.views.deeds import tried
from tanggap.records import User

TOLD: Final = "hasil_jadwal"


def act(deed: Callable[[User], str]) -> bool:
    """Does it and keeps the words to tell; False when it was refused."""
    st.session_state[TOLD] = good, _ = tried(deed)
    reading.forget_jobs()
    return good


def show() -> None:
    """What there is to tell, once: briefly when it went well, until it is closed when it did not."""
    if told := st.session_state.pop(TOLD, None):
        good, words = told
        if not good:
            render.refusal(words)
        render.passing(words, good=good)
