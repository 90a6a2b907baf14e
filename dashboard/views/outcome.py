"""What the last act on schedules and jobs did, told once; a refusal is told, not raised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard import reading, render
from dashboard.member import present
from tanggap.errors import ConflictError, RuleError, StoreError, UsageError
from tanggap.records import User

TOLD: Final = "hasil_jadwal"
AWAY: Final = "Penyimpanan tidak menjawab; belum ada yang berubah. Coba lagi."


def act(deed: Callable[[User], str]) -> bool:
    """Does it as the person who is signed in now and keeps the words to tell; False when it was refused."""
    user = present()
    good, words = False, "Sesi berakhir. Silakan masuk lagi."
    if user is not None:
        try:
            good, words = True, deed(user)
        except (RuleError, ConflictError) as refused:
            words = str(refused)
        except UsageError:
            words = "Permintaan ini tidak dapat dijalankan; periksa lagi isinya."
        except StoreError:
            words = AWAY
    st.session_state[TOLD] = (good, words)
    reading.forget_jobs()
    return good


def show() -> None:
    """What there is to tell, once: briefly when it went well, until it is closed when it did not."""
    if told := st.session_state.pop(TOLD, None):
        good, words = told
        if not good:
            render.refusal(words)
        render.passing(words, good=good)
