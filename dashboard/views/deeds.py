"""What a person does to an issue: done as who is signed in now, told once, and a refusal is told, not raised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.member import present
from tanggap.desk.guards import check_permission
from tanggap.desk.workflow import Action
from tanggap.errors import ConflictError, RuleError, StoreError
from tanggap.records import Issue, User

TOLD: Final = "hasil"
AWAY: Final = "Penyimpanan tidak menjawab; belum ada yang berubah. Coba lagi."


def act(words: str, deed: Callable[[User], object]) -> None:
    """Does it, keeps what to tell, and draws the page again."""
    user = present()
    if user is not None:
        try:
            deed(user)
            told = (True, words)
        except (RuleError, ConflictError) as refused:
            told = (False, str(refused))
        except StoreError:
            told = (False, AWAY)
        st.session_state[TOLD] = told
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
