"""Serves the sample day over HTTP on this machine: three news sites and one API host, each on a port of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.sample.api import SearchWindow, api_app
from pipeline.sample.day import SampleDay
from pipeline.sample.press import path_of
from pipeline.sample.sites import SITES, site_app
from tanggap.clock import day_bounds
from tanggap.errors import TanggapError

API = "api"
#: Longest wait for a server thread to listen or to end.
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    #: Source id of the news site, or `api`.
    host: str
    path: str
    query: str
    user_agent: str


class SampleServer:
    """The sample city on line, between `with` and its end.

    Only what was published until `now` can be seen; setting `now` later publishes more.

    Args:
        now: the present of the sample city; the end of the day if not given.
        slow_s: how long the one slow news page lets its reader wait, in seconds.
    """

    def __init__(self, day: SampleDay, now: datetime | None = None, slow_s: float = 3.0) -> None:
        self.day = day
        self.now = now or day_bounds(day.day)[1] - timedelta(seconds=1)
        self.requests: list[Asked] = []
        self.search = SearchWindow()
        self.apps: dict[str, ASGIApp] = {
            **{site.id: site_app(site, day, lambda: self.now, slow_s) for site in SITES},
            API: api_app(day, lambda: self.now, self.search),
        }
        self.ports: dict[str, int] = {}
        self.running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def __enter__(self) -> Self:
        for host, app in self.apps.items():
            self.listen(host, app)
        deadline = time.monotonic() + PATIENCE_S
        while not all(server.started for server, _ in self.running):
            if time.monotonic() > deadline:
                self.close()
                raise TanggapError("The sample city did not come on line; try again with less load on this machine.")
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def listen(self, host: str, app: ASGIApp) -> None:
        """Starts a server thread for `app` on a free port."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.ports[host] = listener.getsockname()[1]
        config = uvicorn.Config(
            self.recorded(host, app),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), name=f"sample-{host}", daemon=True)
        thread.start()
        self.running.append((server, thread))

    def recorded(self, host: str, app: ASGIApp) -> ASGIApp:
        """`app` with every request noted in `requests` before it is answered."""

        async def record(scope: Scope, receive: Receive, send: Send) -> None:
            agent = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")
            self.requests.append(Asked(host, scope["path"], scope["query_string"].decode("latin-1"), agent))
            await app(scope, receive, send)

        return record

    def close(self) -> None:
        """Ends all server threads."""
        for server, _ in self.running:
            server.should_exit = True
        for _, thread in self.running:
            thread.join(PATIENCE_S)
        self.running.clear()

    def url(self, host: str, path: str = "") -> str:
        """The address of `path` on a news site (by source id) or on `api`."""
        return f"http://127.0.0.1:{self.ports[host]}{path}"

    @property
    def addresses(self) -> tuple[str, ...]:
        """host:port of every server, as `limits.allow_addresses` wants them."""
        return tuple(f"127.0.0.1:{port}" for port in self.ports.values())

    @property
    def truth(self) -> Mapping[tuple[str, str], str | None]:
        """`SampleDay.truth` with articles named by their address, which is how a crawler knows them."""
        news = {article.id: self.url(article.site, path_of(article)) for article in self.day.articles}
        return {(source, news.get(name, name)): issue for (source, name), issue in self.day.truth.items()}
