"""What a person does: done as who is signed in now, told once, and a refusal is told, not raised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.member import present
from tanggap.desk.guards import check_permission
from tanggap.desk.workflow import Action
from tanggap.errors import ConflictError, RuleError, StoreError, UsageError
from tanggap.records import Issue, User

TOLD: Final = "hasil"
ENDED: Final = "Sesi berakhir. Silakan masuk lagi."
AWAY: Final = "Penyimpanan tidak menjawab; belum ada yang berubah. Coba lagi."
UNFIT: Final = "Permintaan ini tidak dapat dijalankan; periksa lagi isinya."


def tried(deed: Callable[[User], str]) -> tuple[bool, str]:
    """Does it as who is signed in now: whether it went well, and what to tell."""
    user = present()
    if user is None:
        return False, ENDED
    try:
        return True, deed(user)
    except (RuleError, ConflictError) as refusal:
        return False, str(refusal)
    except UsageError:
        return False, UNFIT
    except StoreError:
        return False, AWAY


def act(words: str, deed: Callable[[User], object]) -> None:
    """Does it to an issue, keeps what to tell, and draws the page again."""

    def done(user: User) -> str:
        deed(user)
        return words

    st.session_state[TOLD] = tried(done)
    reading.forget()
    st.rerun()


def outcome() -> None:
    """What the last act did, once."""
    if told := st.session_state.pop(TOLD, None):
        good, words = told
        (render.done if good else render.refusal)(words)


def refused(user: User, action: Action, issue: Issue) -> str:
    """The sentence with which the desk refuses this person this kind of act on the issue; "" where it does not."""
    here = context.current()
    try:
        check_permission(user, action, issue, here.workflow, here.city)
    except RuleError as refusal:
        return str(refusal)
    return ""


def written(key: str) -> str:
    """What was typed into a field; "" for nothing."""
    return str(st.session_state.get(key) or "").strip()
