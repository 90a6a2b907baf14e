"""A real site without Streamlit: login, gate, headers and plain pages on a real port over a real SQLite store."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.gate import Gate, Headers
from dashboard.login import Login
from dashboard.open311 import Open311
from dashboard.routes import PlainPages
from dashboard.sessions import Sessions
from dashboard.slips import Slips
from tanggap.city import City, load_city
from tanggap.desk.opening import Opening
from tanggap.desk.service import Desk
from tanggap.desk.workflow import Workflow
from tanggap.passwords import hash_password
from tanggap.records import Role, User
from tanggap.settings import Open311Section, packaged_config
from tanggap.store import Store, people

PASSWORD = "payung-hujan-biru"


@dataclass
class FixedClock:
    """A clock that moves only when a test moves it."""

    at: datetime = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class Answer:
    """What the site said."""

    status: int
    body: str
    headers: dict[str, str]


@dataclass
class Browser:
    """Keeps cookies and the token of the last form, as a browser does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers={"Accept": "text/html", **headers})

    def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode({"csrf": self.token, **form}), {**kind, **headers})

    def send(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, {**({"Cookie": cookie} if cookie else {}), **(headers or {})})
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        for line in response.msg.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        if found := re.search(r'name="csrf" value="([^"]+)"', text):
            self.token = found[1]
        connection.close()
        return Answer(response.status, text, {name.lower(): value for name, value in response.getheaders()})

    def sign_in(self, name: str, password: str = PASSWORD) -> Answer:
        self.get("/masuk")
        return self.post("/masuk", {"nama": name, "sandi": password, "lanjut": "/"})


@pytest.fixture(scope="session")
def city() -> City:
    return load_city(packaged_config())


@pytest.fixture(scope="session")
def workflow(city: City) -> Workflow:
    return Workflow.load(city)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def store(tmp_path: Path, hashed: str) -> Iterator[Store]:
    store = Store.create(f"sqlite:///{tmp_path / 'tanggap.sqlite'}")
    with store.write() as db:
        people.add(db, User(name="sari", full_name="Sari", roles=(Role.OFFICER,)), hashed)
        people.add(db, User(name="lia", full_name="Lia", roles=(Role.READER,)), hashed)
        people.add(db, User(name="baru", full_name="Orang Baru", roles=(Role.OFFICER,), must_change=True), hashed)
        people.add(db, User(name="pergi", full_name="Sudah Pergi", roles=(Role.OFFICER,), disabled=True), hashed)
    yield store
    store.close()


@pytest.fixture
def sessions(store: Store, clock: FixedClock) -> Sessions:
    return Sessions(store, clock, timedelta(hours=8))


@pytest.fixture
def port(store: Store, sessions: Sessions, clock: FixedClock, city: City) -> Iterator[int]:
    async def front(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"halo {request.state.user.full_name}")

    app = Starlette(
        routes=[
            *Login(store, sessions, clock).routes(),
            *PlainPages(store, city, clock).routes(),
            *Slips(Desk(store, city, clock)).routes(),
            *Open311(Opening(Desk(store, city, clock)), Open311Section(enabled=True, contact="humas")).routes(),
            Route("/{path:path}", front),
        ],
        middleware=[Middleware(Headers), Middleware(Gate, sessions=sessions)],
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def browser(port: int) -> Browser:
    return Browser(port)
