"""A real Chromium against the real application on a seeded store; every request of the browser is watched.

No act is done while a page is being drawn: what moves between pressing and letting go of a button is not pressed.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as TimedOut

from tanggap.settings import packaged_config
from tanggap.store import Store
from tests.browser.seed import PASSWORD, build, set_clock

ROOT = Path(__file__).resolve().parents[2]

DRAWING = "[data-test-script-state=running], [data-test-script-state=rerunRequested]"


@dataclass
class Site:
    """A running dashboard."""

    address: str
    directory: Path

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def store(self) -> Store:
        return Store.open(f"sqlite:///{self.directory / 'tanggap.sqlite'}")


@dataclass
class Watched:
    """A browser window and everything it asked for or complained about."""

    page: Page
    context: BrowserContext
    site: Site
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, name: str = "sari", path: str = "/") -> Page:
        self.page.goto(self.site.address + path)
        self.page.fill("[name=nama]", name)
        self.page.fill("[name=sandi]", PASSWORD)
        self.page.click("button")
        return self.page


def pick(page: Page, field: str, typed: str, words: str = "") -> None:
    """Types into a choice and takes what it offers: the first that holds `words`, or else what was typed.

    A list closes when the page moves beneath it; then it is opened again, as a person would.
    """
    box = page.get_by_role("combobox", name=field)
    offered = page.locator("[data-rac][role=option]", has_text=words or typed).first
    for _ in range(10):
        box.evaluate("node => node.scrollIntoView({block: 'center'})")
        box.click()
        box.fill("")
        box.press_sequentially(typed)
        with suppress(TimedOut):
            offered.click(timeout=3_000)
            break
    expect(box).to_have_attribute("aria-expanded", "false")


@contextmanager
def served(directory: Path) -> Iterator[Site]:
    """The dashboard of `directory` in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    set_clock(directory)
    log = (directory / "server.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.server", str(directory), str(port)], cwd=ROOT, stdout=log, stderr=log
    )
    site = Site(f"http://127.0.0.1:{port}", directory)
    try:
        await_health(site, process)
        yield site
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def await_health(site: Site, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers; fails with its log when it ends or takes two minutes."""
    for _ in range(240):
        assert process.poll() is None, (site.directory / "server.log").read_text()
        try:
            with urllib.request.urlopen(site.address + "/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError((site.directory / "server.log").read_text())


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("city")
    build(directory, packaged_config())
    with served(directory) as running:
        yield running


@pytest.fixture
def open_window(chromium: Browser, site: Site) -> Iterator[Callable[..., Watched]]:
    """Opens watched windows; afterwards none of them may have asked another server or broken the content policy."""
    opened: list[Watched] = []

    def window(width: int = 1440, height: int = 900, where: Site = site) -> Watched:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="id-ID")
        watched = Watched(context.new_page(), context, where)
        watched.page.add_locator_handler(watched.page.locator(DRAWING), lambda: None)
        context.on("request", lambda request: note_foreign(watched, request.url))
        watched.page.on("console", lambda message: note_complaint(watched, message.text))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on("dialog", lambda dialog: watched.complaints.append(f"dialog {dialog.message}"))
        opened.append(watched)
        return watched

    yield window
    for watched in opened:
        watched.context.close()
        assert watched.foreign == []
        assert watched.complaints == []


def note_foreign(watched: Watched, url: str) -> None:
    """Remember requests that leave the server."""
    if not url.startswith((watched.site.address + "/", "data:", "blob:")):
        watched.foreign.append(url)


def note_complaint(watched: Watched, text: str) -> None:
    """Remember broken rules of the content policy."""
    if "Content Security Policy" in text or "violates" in text:
        watched.complaints.append(text)


@pytest.fixture
def desk(open_window: Callable[..., Watched]) -> Watched:
    """A desk screen."""
    return open_window()


@pytest.fixture
def phone(open_window: Callable[..., Watched]) -> Watched:
    """A phone held upright."""
    return open_window(390, 844)
