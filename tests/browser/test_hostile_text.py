"""Forty-odd hostile texts in every field, drawn through queue and issue in a real browser beside a listening server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from tanggap.settings import packaged_config
from tanggap.store import Store
from tests.browser.conftest import Site, Watched, served
from tests.browser.hostile import PAYLOADS, poison
from tests.browser.seed import build

pytestmark = pytest.mark.browser


@dataclass
class Leak:
    """A server that remembers who asked."""

    address: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def leak() -> Iterator[Leak]:
    found = Leak("")

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the list is the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, leak: Leak) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("poisoned")
    build(directory, packaged_config())
    store = Store.open(f"sqlite:///{directory / 'tanggap.sqlite'}")
    poison(store, leak.address)
    store.close()
    with served(directory) as running:
        yield running


def test_the_listener_hears_a_page_that_leaks(chromium: Browser, leak: Leak) -> None:
    page = chromium.new_page()
    page.set_content(f'<img src="{leak.address}/control.png" onerror="document.title = 1">')
    expect(page).to_have_title("1")
    page.close()

    assert leak.asked == ["/control.png"]
    leak.asked.clear()


def test_hostile_texts_run_nothing_fetch_nothing_and_stay_readable(
    open_window: Callable[..., Watched], poisoned: Site, leak: Leak
) -> None:
    window = open_window(1440, 900, poisoned)
    page = window.sign_in("sari")
    opened = 0
    for number in range(1, 5):
        expect(page.locator(".row").first).to_be_visible(timeout=30_000)
        expect(page.locator(".foot [aria-current]")).to_have_text(str(number))
        for name in page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)"):
            if int(name[-4:]) <= 40:
                continue
            page.locator(f"[data-id={name}]").click()
            expect(page.get_by_text(f"{name} ·")).to_be_visible(timeout=30_000)
            expect(page.locator("blockquote")).to_have_count(3)
            opened += 1
        if not page.get_by_role("button", name="Halaman berikutnya").is_enabled():
            break
        page.get_by_role("button", name="Halaman berikutnya").click()

    assert opened == len(PAYLOADS)
    assert page.evaluate("window.owned") is None
    assert leak.asked == []
    assert page.locator("iframe, object, embed, video, audio, base, meta[http-equiv]").count() == 0
    assert page.locator("a[href^='javascript:'], a[href^='data:'], a[href*='@']").count() == 0


def test_hostile_words_in_the_address_and_in_the_search_are_only_text(
    open_window: Callable[..., Watched], poisoned: Site, leak: Leak
) -> None:
    window = open_window(1440, 900, poisoned)
    page = window.sign_in("rina", "/?isu=%3Cimg%20src%3Dx%20onerror%3D%22window.owned%3D1%22%3E&hal=-9&hanya=%3Cb%3E")
    expect(page.get_by_text('Isu <img src=x onerror="window.owned=1"> tidak ada.')).to_be_visible(timeout=30_000)
    page.get_by_placeholder("Cari isu …").fill("<img src=x onerror='window.owned=1'>")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tidak ada isu yang cocok")).to_be_visible(timeout=30_000)

    assert page.evaluate("window.owned") is None
    assert leak.asked == []
