"""The web application: Streamlit behind a login gate, with the plain pages beside it, in one ASGI process."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from dashboard import context
from dashboard.gate import Gate, Headers
from dashboard.login import Login
from dashboard.open311 import Open311
from dashboard.routes import PlainPages
from dashboard.sessions import Sessions
from dashboard.slips import Slips
from tanggap.city import load_city
from tanggap.desk.opening import Opening
from tanggap.desk.service import Desk
from tanggap.desk.workflow import Workflow
from tanggap.settings import Settings
from tanggap.store import Store

SCRIPT: Final = Path(__file__).resolve().parent / "app.py"

#: Fonts every desk already has: nothing is fetched for them.
FONTS: Final = '"Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

#: Streamlit options of this product; they win over config files and variables of the machine.
OPTIONS: Final[dict[str, Any]] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "client.disableDataExport": True,
    "client.allowedOrigins": [],
    "runner.magicEnabled": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.allowRunOnSave": False,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.maxUploadSize": 1,
    "theme.base": "light",
    "theme.primaryColor": "#b42318",
    "theme.textColor": "#0f172a",
    "theme.linkColor": "#1d4ed8",
    "theme.borderColor": "#d0d5dd",
    "theme.font": FONTS,
    "theme.baseFontSize": 15,
    "theme.baseRadius": "6px",
    "theme.showWidgetBorder": True,
}


def create_app(settings: Settings) -> st.App:
    """The ASGI application of one installation; one per process, since Streamlit keeps its options globally.

    Raises:
        SettingsError: a configuration file is wrong.
        StoreError: the store cannot be reached or was never initialised.
    """
    store, city = Store.open(settings.store_url), load_city(settings.config_dir)
    desk = Desk(store, city, settings.now)
    sessions = Sessions(store, settings.now, timedelta(hours=settings.dashboard.session_idle_h))
    context.install(
        context.Context(
            settings=settings,
            store=store,
            city=city,
            workflow=Workflow.load(city),
            desk=desk,
            sessions=sessions,
            now=settings.now,
        )
    )
    config.get_config_options(force_reparse=True, options_from_flags=OPTIONS)
    return st.App(
        SCRIPT,
        routes=[
            *Login(store, sessions, settings.now).routes(),
            *PlainPages(store, city, settings.now).routes(),
            *Slips(desk).routes(),
            *Open311(Opening(desk), settings.open311).routes(),
        ],
        middleware=[Middleware(Headers), Middleware(Gate, sessions=sessions)],
    )
