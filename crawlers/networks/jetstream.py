"""The line to a Jetstream server (wire v1): events of one collection from a moment on, across dropped lines."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from crawlers.web.addresses import SOCKET_PORTS, dial, objection
from crawlers.web.session import refusal
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings

#: A silence that long at the begin of a stream means lost events: the network as a whole never sleeps.
GAP = timedelta(minutes=5) // timedelta(microseconds=1)

#: A server's clock may run ahead this much.
AHEAD = timedelta(days=1)

#: Seconds before a dropped line is dialled anew; when it drops once more without an event, the run fails.
PAUSES = (0.3, 1.0)


class Stream:
    """The line to a Jetstream server: dials a checked address, and again where the line drops."""

    def __init__(self, source: Source, settings: Settings, collection: str, *, begin: int, stored: int) -> None:
        """
        Args:
            begin: microseconds since 1970 from which events are asked for.
            stored: time of the last event of the run before; 0 for none.
        """
        self.source, self.collection, self.limits = source, collection, settings.limits
        self.agent = settings.crawler.user_agent
        self.at, self.stored = begin, stored
        self.latest = micros(settings.now() + AHEAD)
        #: One sentence per span of events that the server no longer had.
        self.lost: list[str] = []

    def events(self) -> Iterator[tuple[Any, int]]:
        """Events with their time, for ever; one that cannot be read comes as its text, with the time before it.

        Raises:
            SourceError: the server refuses us, or the line drops again and again.
        """
        from websockets.exceptions import InvalidStatus, WebSocketException

        drops = 0
        while True:
            begin = self.at
            try:
                for event, at in self.listen():
                    drops = 0 if at > begin else drops
                    yield event, at
            except InvalidStatus as error:
                status = error.response.status_code
                if status < 500:
                    raise refusal(self.source.id, "Jetstream", status) from None
                told = f"answered {status}"
            except (WebSocketException, OSError) as error:
                told = f"dropped the line ({type(error).__name__})"
            if drops == len(PAUSES):
                raise SourceError(f"{self.source.id}: {host_of(self.source)} {told}.", "network")
            time.sleep(PAUSES[drops])
            drops += 1

    def listen(self) -> Iterator[tuple[Any, int]]:
        """Events of one connection, from `self.at` on."""
        from websockets.sync.client import connect

        most = self.limits.max_page_bytes
        asked = {"wantedCollections": self.collection, "maxMessageSizeBytes": most, "cursor": self.at}
        url = f"{self.source.address}?{urlencode(asked)}"
        reason = objection(url, self.limits.allow_addresses, SOCKET_PORTS)
        if reason:
            raise SourceError(f"{self.source.id}: the server is not asked: {reason}.", "blocked")
        parts = urlsplit(url)
        port = parts.port or SOCKET_PORTS[parts.scheme]
        line = dial(parts.hostname or "", port, self.limits.allow_addresses, self.limits.page_timeout_s)
        with connect(
            url,
            sock=line,
            proxy=None,
            compression=None,
            user_agent_header=self.agent,
            open_timeout=self.limits.page_timeout_s,
            close_timeout=0.3,
            max_size=most,
        ) as socket:
            while True:
                event = read_event(socket.recv(self.limits.page_timeout_s), self.latest)
                if isinstance(event, dict):
                    self.note_gap(event["time_us"])
                    self.at = max(self.at, event["time_us"])
                yield event, self.at

    def note_gap(self, at: int) -> None:
        """Remembers that the server begins later than we ended."""
        if self.stored and at - self.stored > GAP:
            first, last = (f"{datetime.fromtimestamp(us / 1e6, UTC):%d %b %H.%M}" for us in (self.stored, at))
            self.lost.append(f"{self.source.id}: events between {first} and {last} UTC are lost.")
        self.stored = 0


def host_of(source: Source) -> str:
    """The server of a source, for sentences."""
    return urlsplit(source.address).hostname or source.address


def micros(moment: datetime) -> int:
    """A time as Jetstream counts it: microseconds since 1970."""
    return int(moment.timestamp() * 1e6)


def read_event(frame: str | bytes, latest: int) -> dict[str, Any] | str:
    """An event, or the text of what is none; so is one after `latest`, which would move the cursor past others."""
    told = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
    try:
        event = json.loads(told)
    except (ValueError, RecursionError):
        return told
    at = event.get("time_us") if isinstance(event, dict) else None
    return event if isinstance(at, int) and not isinstance(at, bool) and 0 < at < latest else told
