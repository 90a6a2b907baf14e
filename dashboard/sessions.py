"""Sign-in sessions: random tokens in the browser, only their SHA-256 in the store, revocable at once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from tanggap.clock import Clock
from tanggap.records import User
from tanggap.store import Store, people

#: Name of the session cookie.
COOKIE: Final = "sid"
#: How long a checked session may fetch the scripts and styles of the page without a look at its row.
ASSET_GRACE = timedelta(seconds=10)
#: The store notes once a minute that a session is in use; in between a check only reads and waits for no writer.
TOUCH = timedelta(seconds=50)


class Sessions:
    """The signed-in people. Every check reads the session's row, so a deleted row or a disabled account ends it."""

    def __init__(self, store: Store, now: Clock, idle: timedelta) -> None:
        self._store = store
        self._now = now
        self._idle = idle
        self._checked: dict[str, tuple[datetime, User]] = {}
        self._touched: dict[str, datetime] = {}

    def open(self, name: str) -> str:
        """A new session of the person `name`: its token, which is kept nowhere on the server."""
        token = secrets.token_urlsafe(32)
        with self._store.write() as db:
            people.open_session(db, digest(token), name, self._now())
        return token

    def user(self, token: str | None) -> User | None:
        """Who holds `token` now; None for unknown, idle, revoked or disabled."""
        if not token:
            return None
        key, at = digest(token), self._now()
        touched = self._touched.get(key, at - TOUCH)
        touch = at - touched >= TOUCH
        with self._store.write() if touch else self._store.read() as db:
            user = people.session(db, key, at if touch else touched, self._idle)
        if user is None:
            self._forget(key)
            return None
        self._checked[key] = (at, user)
        if touch:
            self._touched[key] = at
        return user

    def asset_user(self, token: str | None) -> User | None:
        """As `user`, but up to ten seconds old: a page fetches a hundred static files at once."""
        known = self._checked.get(digest(token)) if token else None
        return known[1] if known and self._now() - known[0] < ASSET_GRACE else self.user(token)

    def close(self, token: str | None) -> None:
        """End the session of `token`, if there is one."""
        if token:
            self._forget(digest(token))
            with self._store.write() as db:
                people.close_session(db, digest(token))

    def _forget(self, key: str) -> None:
        self._checked.pop(key, None)
        self._touched.pop(key, None)


def digest(token: str) -> str:
    """What the store keeps of a token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
