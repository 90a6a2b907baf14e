"""A hostile local web: one route per behaviour, and switches for what robots.txt says."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

PAGE = """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title} - Koran Uji</title>
<meta property="og:title" content="{title}"><meta property="article:published_time" content="{time}"></head>
<body><nav><a href="/">Beranda</a></nav>
<article><h1>{title}</h1><p>Penulis: Rina Wati</p>{text}</article></body></html>"""

SENTENCES = (
    "Warga {place} mengeluhkan genangan air yang sudah tiga hari tidak surut di jalan lingkungan mereka.",
    "Petugas suku dinas datang pada pagi hari dengan satu pompa dan berjanji menambah satu pompa lagi besok.",
    "Ketua RT setempat mengatakan saluran penghubung tersumbat sampah sejak pekerjaan galian bulan lalu selesai.",
    "Camat meminta warga melapor lewat loket pengaduan setiap hari Sabtu agar perbaikan dapat dijadwalkan.",
)


def article(title: str, place: str = "Pondok Uji", moment: str = "2026-01-02T05:40:00+07:00") -> bytes:
    """An article page of the paper "Koran Uji"; every word of it is ours."""
    text = "".join(f"<p>{sentence.format(place=place)}</p>" for sentence in SENTENCES)
    return PAGE.format(title=title, time=moment, text=text).encode()


def links(*paths: str) -> bytes:
    """A listing page that links to `paths` by headlines."""
    rows = "".join(f'<li><a href="{path}">Berita kota yang ditulis untuk uji {path}</a></li>' for path in paths)
    return f"<!doctype html><html><body><ul>{rows}</ul></body></html>".encode()


def feed(*items: tuple[str, str]) -> bytes:
    """An RSS feed of (address, pubDate) pairs."""
    rows = "".join(f"<item><title>t</title><link>{url}</link><pubDate>{at}</pubDate></item>" for url, at in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{rows}</channel></rss>'.encode()


class Request(BaseHTTPRequestHandler):
    """One request; behaviours write to it as they please."""

    protocol_version = "HTTP/1.1"
    web: MockWeb

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.web.asked.append(self.path)
        self.web.times.append(time.monotonic())
        self.web.agents.add(self.headers.get("User-Agent", ""))
        behaviour = self.web.routes.get(self.path) or self.web.routes.get(path) or BEHAVIOURS.get(path)
        try:
            if behaviour is None:
                self.answer(b"nothing here", status=404)
            elif isinstance(behaviour, bytes):
                self.answer(behaviour)
            else:
                behaviour(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_POST = do_PUT = do_GET

    def answer(
        self,
        body: bytes,
        *,
        status: int = 200,
        kind: str = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A well-formed answer."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, target: str) -> None:
        """A 302 to `target`."""
        self.answer(b"", status=302, headers={"Location": target})

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


Behaviour = Callable[[Request], None] | bytes


class Versioned:
    """A body that may change; it answers 304 to whoever shows its ETag, or where it has none, its Last-Modified."""

    def __init__(self, body: bytes, *, etag: bool = True) -> None:
        self.body, self.version, self.etag = body, 1, etag

    def change(self, body: bytes) -> None:
        """Another body with validators of its own."""
        self.body, self.version = body, self.version + 1

    def __call__(self, request: Request) -> None:
        moment = f"Fri, 02 Jan 2026 05:{self.version:02}:00 GMT"
        headers = {"ETag": f'W/"{self.version}"'} if self.etag else {"Last-Modified": moment}
        shown = request.headers.get("If-None-Match" if self.etag else "If-Modified-Since")
        if shown in headers.values():
            request.answer(b"", status=304, headers=headers)
        else:
            request.answer(self.body, headers=headers)


class MockWeb:
    """A server on a free port of 127.0.0.1; `routes` are added to or stand before the behaviours."""

    def __init__(self, routes: Mapping[str, Behaviour] | None = None) -> None:
        self.routes: dict[str, Behaviour] = {"/robots.txt": b"User-agent: *\nDisallow: /closed/\n", **(routes or {})}
        self.asked: list[str] = []
        self.times: list[float] = []
        self.agents: set[str] = set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Request,), {"web": self}))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def place(self) -> str:
        """host:port"""
        return f"127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://{self.place}{path}"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def slow(request: Request) -> None:
    """One byte every tenth of a second, for ever."""
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    for _ in range(600):
        request.wfile.write(b"<")
        request.wfile.flush()
        time.sleep(0.1)
    request.close_connection = True


def huge(request: Request) -> None:
    """A page that announces no length and does not end before 50 MB."""
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.send_header("Connection", "close")
    request.end_headers()
    for _ in range(800):
        request.wfile.write(b"<p>" + b"a" * 65533)
    request.close_connection = True


def announced_huge(request: Request) -> None:
    """A page that announces 50 MB."""
    request.answer(b"<p>" + b"a" * 50_000_000)


def bomb(request: Request) -> None:
    """Fifty megabytes packed into fifty kilobytes."""
    request.answer(gzip.compress(b"a" * 50_000_000), headers={"Content-Encoding": "gzip"})


def dense(request: Request) -> None:
    """A page within the limit, packed tighter than pages are."""
    body = article("Berita yang dikemas terlalu rapat") + b" " * 500_000
    request.answer(gzip.compress(body), headers={"Content-Encoding": "gzip"})


def nested_bomb(request: Request) -> None:
    """A bomb inside a bomb."""
    packed = gzip.compress(gzip.compress(b"a" * 20_000_000, 1))
    request.answer(packed, headers={"Content-Encoding": "gzip, gzip"})


def bad_crc(request: Request) -> None:
    """A packed page that is cut before its checksum."""
    packed = gzip.compress(article("Berita dengan segel yang rusak hari ini"))
    request.answer(packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"})


def no_http(request: Request) -> None:
    """An answer in no protocol we know."""
    request.wfile.write(b"\x16\x03\x01 halo\r\n\r\n")
    request.close_connection = True


def endless_header(request: Request) -> None:
    """A header of two megabytes."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(20_000):
        request.wfile.write(b"X-%d: %s\r\n" % (number, b"a" * 100))
    request.close_connection = True


def silent(request: Request) -> None:
    """Takes the request and says nothing."""
    time.sleep(30)
    request.close_connection = True


def truncated(request: Request) -> None:
    """Less than the announced length."""
    whole = article("Berita yang terputus di tengah jalan")
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.send_header("Content-Length", str(len(whole) + 500))
    request.end_headers()
    request.wfile.write(whole)
    request.wfile.flush()
    request.close_connection = True


def broken_chunk(request: Request) -> None:
    """A chunked answer whose second chunk has no valid length."""
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    request.wfile.write(b"5\r\n<html\r\nzz\r\n")
    request.wfile.flush()
    request.close_connection = True


def wrong_charset(request: Request) -> None:
    """Windows-1252 bytes under a UTF-8 label."""
    page = article("Wali kota: “Kami kerja malam ini juga”").decode()
    request.answer(page.encode("cp1252"))


def drop(request: Request) -> None:
    """Closes the line without a word."""
    request.close_connection = True
    request.connection.close()


def image(request: Request) -> None:
    """A picture where a page was promised."""
    request.answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 500, kind="image/png")


def deep(request: Request) -> None:
    """A page nested a hundred thousand elements deep."""
    request.answer(b"<html><body>" + b"<div>" * 100_000 + b"x" * 300 + b"</body></html>")


def entity_bomb(request: Request) -> None:
    """A feed that multiplies entities."""
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [{steps}]><rss><channel>&e8;</channel></rss>'
    request.answer(body.encode(), kind="application/xml")


BEHAVIOURS: dict[str, Behaviour] = {
    "/slow": slow,
    "/huge": huge,
    "/announced-huge": announced_huge,
    "/bomb": bomb,
    "/dense": dense,
    "/nested-bomb": nested_bomb,
    "/bad-crc": bad_crc,
    "/no-http": no_http,
    "/endless-header": endless_header,
    "/silent": silent,
    "/to-gopher": lambda request: request.redirect("gopher://127.0.0.1:70/"),
    "/paywall": lambda request: request.answer(b"", status=402),
    "/removed": lambda request: request.answer(b"", status=410),
    "/for-members": lambda request: request.answer(b"", status=401),
    "/unasked-304": lambda request: request.answer(b"", status=304),
    "/truncated": truncated,
    "/broken-chunk": broken_chunk,
    "/wrong-charset": wrong_charset,
    "/drop": drop,
    "/image": image,
    "/deep": deep,
    "/entity-bomb": entity_bomb,
    "/loop-a": lambda request: request.redirect("/loop-b"),
    "/loop-b": lambda request: request.redirect("/loop-a"),
    "/to-file": lambda request: request.redirect("file:///etc/passwd"),
    "/to-metadata": lambda request: request.redirect("http://169.254.169.254/latest/meta-data/"),
    "/to-decimal-loopback": lambda request: request.redirect("http://2130706433/"),
    "/unavailable": lambda request: request.answer(b"", status=503),
    "/empty-feed": feed(),
    "/empty-page": b"",
    "/short": b"<title>Indeks berita hari ini</title><h1>Indeks berita hari ini</h1><p>Kosong.</p>",
}
