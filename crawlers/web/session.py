"""A requests session for the clients of network APIs: public addresses only, no redirects, answers within limits."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from crawlers.dates import read_time
from crawlers.web.addresses import dial, objection
from tanggap.errors import FailureClass, SourceError
from tanggap.settings import Settings

#: Bytes read at once.
PIECE = 65_536

#: Headers by which networks tell when they answer again: seconds or a date, or the moment itself.
WAITS, MOMENTS = ("retry-after",), ("x-ratelimit-reset", "x-rate-limit-reset")

#: Longest wait believed; a network that asks for more is asked again tomorrow.
LONGEST = timedelta(days=1)

#: HTTP status -> error class and what to do, for networks that say no more.
ANSWERS: dict[int, tuple[FailureClass, str]] = {
    400: ("config", "does not accept the request; check address and query"),
    401: ("auth", "asks for a valid key; check the token"),
    402: ("cap", "asks to be paid; the budget there is spent"),
    403: ("auth", "refuses the key; check the token and its access level"),
    404: ("config", "knows no such address; check the source"),
    410: ("config", "has taken the address away; check the source"),
    422: ("config", "does not accept the request; check address and query"),
    429: ("rate", "asks for a pause"),
    451: ("blocked", "may not answer for legal reasons"),
}


class Guarded:
    """What both kinds of connection do beyond urllib3's: dial a checked address, and wait for headers only so long."""

    host: str
    port: int
    sock: socket.socket

    def __init__(self, *args: Any, allowed: tuple[str, ...], limit_s: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed
        self.limit_s = limit_s

    def _new_conn(self) -> socket.socket:
        return dial(self.host, self.port, self.allowed, self.limit_s)

    def getresponse(self) -> Any:
        """The answer's status and headers; one that drips in is cut off at the time limit."""
        late = threading.Event()
        guard = threading.Timer(self.limit_s, cut_off, [self.sock, late])
        guard.start()
        try:
            answer = super().getresponse()  # type: ignore[misc]
        finally:
            guard.cancel()
        if late.is_set():
            raise TimeoutError("the headers did not come in time")
        return answer


def cut_off(line: socket.socket, late: threading.Event) -> None:
    """Ends a wait that lasts too long."""
    late.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


class GuardedHTTP(Guarded, HTTPConnection):
    """A plain connection under guard."""


class GuardedHTTPS(Guarded, HTTPSConnection):
    """A TLS connection under guard; its certificate is checked against the name, not the address."""


class Adapter(HTTPAdapter):
    """Sends under guard and reads the whole answer within the limits of this installation."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.limits = settings.limits

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """The pool for a request, making guarded connections."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        kind = GuardedHTTPS if pool.scheme == "https" else GuardedHTTP
        limits = self.limits
        pool.ConnectionCls = partial(kind, allowed=limits.allow_addresses, limit_s=limits.page_timeout_s)
        return pool

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer, read to its end.

        Raises:
            SourceError: `blocked` for an address we do not ask or a redirect, `layout` for too large an answer.
            requests.RequestException: the network failed.
        """
        url = request.url or ""
        reason = objection(url, self.limits.allow_addresses)
        if reason:
            raise SourceError(f"The address of an API is not asked: {reason}.", "blocked")
        asked = {**kwargs, "stream": True, "timeout": self.limits.page_timeout_s, "proxies": {}}
        response = super().send(request, *args, **asked)
        if response.is_redirect:
            response.close()
            raise SourceError(f"{host_of(url)} redirects elsewhere; write its present address.", "blocked")
        body = self.read(response, host_of(url))
        response.raw = io.BytesIO(body)
        return response

    def read(self, response: requests.Response, host: str) -> bytes:
        """The decoded body."""
        deadline, pieces, size = time.monotonic() + self.limits.page_timeout_s, [], 0
        try:
            while piece := response.raw.read1(PIECE, decode_content=True):
                size += len(piece)
                pieces.append(piece)
                if size > self.limits.max_page_bytes:
                    raise SourceError(f"{host} answered with more than max_page_bytes.", "layout")
                if time.monotonic() > deadline:
                    raise requests.ReadTimeout(f"{host} did not finish its answer in time")
        except (urllib3.exceptions.HTTPError, OSError) as error:
            if isinstance(error, requests.RequestException):
                raise
            raise requests.ConnectionError(f"the answer of {host} broke off") from error
        finally:
            response.raw.close()
        return b"".join(pieces)


class Session(requests.Session):
    """The session; it follows no redirect, reads no proxy or password from the environment and keeps no cookie."""

    def __init__(self, settings: Settings, *, pace_s: float = 0.0) -> None:
        """
        Args:
            pace_s: least seconds between the begin of two requests.
        """
        super().__init__()
        self.pace_s = pace_s
        self.free_at = 0.0
        self.trust_env = False
        self.headers["User-Agent"] = settings.crawler.user_agent
        self.adapters.clear()
        for scheme in ("http://", "https://"):
            self.mount(scheme, Adapter(settings))
        #: The last answer as it came, whatever the client made of it.
        self.last = requests.Response()

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """The answer, asked for at our pace; it stays in `last`."""
        time.sleep(max(0.0, self.free_at - time.monotonic()))
        self.free_at = time.monotonic() + self.pace_s
        self.last = requests.Response()
        self.last = super().send(request, **kwargs)
        return self.last


def host_of(url: str) -> str:
    """The host of an address, for sentences; the rest of it may hold a key."""
    return urllib3.util.parse_url(url).host or "the host"


def wait_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When a network answers again, as its headers tell; None where they tell nothing that can be read."""
    for name in WAITS:
        told = headers.get(name, "").strip()
        if told.isdecimal() and len(told) < 9:
            return min(now + timedelta(seconds=int(told)), now + LONGEST)
        moment = read_time(told) if told else None
        if moment:
            return min(moment, now + LONGEST)
    for name in MOMENTS:
        moment = read_time(headers.get(name) or None)
        if moment and moment > now:
            return min(moment, now + LONGEST)
    return None


def refusal(source: str, network: str, status: int, *, retry_at: datetime | None = None) -> SourceError:
    """An HTTP status of a network's API as the error class a schedule can act on."""
    failure, told = ANSWERS.get(status, ("network", "is in trouble" if status >= 500 else "answers strangely"))
    return SourceError(f"{source}: {network} {told} ({status}).", failure, retry_at=retry_at)
