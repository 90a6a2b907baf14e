"""A stand-in for an Open311 GeoReport v2 endpoint: JSON and XML, searched by time, with or without pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from tests.mockserver.web import Request


def request(number: int, requested: str, updated: str = "", **fields: Any) -> dict[str, Any]:
    """A service request as GeoReport gives it; the text is ours."""
    return {
        "service_request_id": str(number),
        "status": "open",
        "status_notes": None,
        "service_name": "Lampu jalan",
        "service_code": "006",
        "description": f"Lampu padam di Pondok Uji, laporan {number}",
        "requested_datetime": requested,
        "updated_datetime": updated or requested,
        "lat": -6.2,
        "long": 106.8,
        **fields,
    }


def element(name: str, value: Any) -> str:
    """One field; an absent value is an empty element."""
    return f"<{name}>{'' if value is None else escape(str(value))}</{name}>"


def as_xml(requests: list[dict[str, Any]]) -> bytes:
    """The XML shape of an answer."""
    rows = "".join(f"<request>{''.join(map(element, one, one.values()))}</request>" for one in requests)
    return f'<?xml version="1.0" encoding="utf-8"?><service_requests>{rows}</service_requests>'.encode()


@dataclass
class Open311Api:
    """Answers from `requests`, newest first, at most `size` a page; `paged` False for one that ignores `page`."""

    requests: list[dict[str, Any]]
    size: int = 3
    paged: bool = True
    #: Answers given before this breaks off, None for never.
    breaks_after: int | None = None
    asked: list[Mapping[str, str]] = field(default_factory=list)

    def __call__(self, asked: Request) -> None:
        body = self.body(asked.path)
        asked.answer(body, kind="application/json" if body[:1] == b"[" else "text/xml")

    def body(self, address: str) -> bytes:
        """The answer at an address."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        if self.breaks_after is not None and len(self.asked) >= self.breaks_after:
            raise ConnectionError
        self.asked.append(query)
        start, end = (datetime.fromisoformat(query[name]) for name in ("start_date", "end_date"))
        found = [one for one in self.requests if start <= datetime.fromisoformat(one["requested_datetime"]) <= end]
        found.sort(key=lambda one: str(one["requested_datetime"]), reverse=True)
        first = (int(query.get("page", 1)) - 1) * self.size if self.paged else 0
        page = found[first : first + self.size]
        return as_xml(page) if parts.path.endswith(".xml") else json.dumps(page).encode()
