"""What the pages work with: settings, store, city and desk, set once by create_app and read by every script run."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.sessions import Sessions
from tanggap.city import City
from tanggap.clock import Clock
from tanggap.desk.service import Desk
from tanggap.desk.workflow import Workflow
from tanggap.errors import SettingsError
from tanggap.settings import Settings
from tanggap.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One running dashboard. Streamlit runs its script in this process, so the script finds it here."""

    settings: Settings
    store: Store
    city: City
    workflow: Workflow
    desk: Desk
    sessions: Sessions
    now: Clock


_installed: list[Context] = []


def install(context: Context) -> None:
    """Make `context` the one that pages see; the last installed wins."""
    _installed[:] = [context]


def current() -> Context:
    """The installed context.

    Raises:
        SettingsError: the page was started by hand instead of by `tanggap dashboard`.
    """
    if not _installed:
        raise SettingsError("Start the dashboard with `tanggap dashboard`.")
    return _installed[0]
