"""Who is looking: the session row is read again at every run of the script and before every act."""

from __future__ import annotations

import streamlit as st

from dashboard import context, render
from dashboard.login import CSRF
from dashboard.sessions import COOKIE
from tanggap.desk.guards import ROLES
from tanggap.records import User


def present() -> User | None:
    """The signed-in person; None once the session was ended or the account disabled."""
    user = context.current().sessions.user(st.context.cookies.get(COOKIE))
    return None if user is None or user.must_change else user


def member() -> User:
    """The signed-in person; without one the run stops with a way back to the login page."""
    user = present()
    if user is None:
        st.warning("Sesi berakhir. Silakan masuk lagi.")
        render.draw("ended", {}, key="sesi_berakhir")
        st.stop()
    return user


def account(user: User) -> None:
    """The menu with the person's name, roles, password and sign-out."""
    with st.container(key="akun"):
        data = {
            "name": user.full_name,
            "roles": ", ".join(ROLES[role] for role in user.roles),
            "csrf": st.context.cookies.get(CSRF, ""),
        }
        render.draw("account", data, key="akun_menu")
