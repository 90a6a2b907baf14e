"""The public interface: Open311 GeoReport v2 over released issues, read only, in JSON and XML, without sign-in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from xml.etree import ElementTree as ET

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from tanggap.clock import WIB, aware
from tanggap.desk.opening import Opening, ServiceRequest
from tanggap.settings import Open311Section

#: Where it is mounted; the gate lets everybody read below it.
ROOT: Final = "/open311/v2"
#: The specification: a query spans 90 days or 1000 requests, whichever is smaller.
SPAN: Final = timedelta(days=90)
LIMIT: Final = 1000
#: Characters of a free text, and what it may not hold: tags, and characters that XML 1.0 cannot write.
LONGEST: Final = 4_000
NOT_TEXT: Final = re.compile("</?[A-Za-z!][^<>]*>|[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Rows = Sequence[Mapping[str, Any]]


class Fault(Exception):  # noqa: N818 - the word of the specification is error, and it is an answer
    """An error as the specification writes it: a code and a description."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True, slots=True)
class Open311:
    """The endpoints, bound to one desk."""

    opening: Opening
    section: Open311Section

    def routes(self) -> list[BaseRoute]:
        """What create_app mounts."""
        methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]
        paths = ("/{name}.{format}", "/services/{code}.{format}", "/requests/{number}.{format}", "/{rest:path}")
        return [Mount(ROOT, routes=[Route(path, self.answer, methods=methods) for path in paths])]

    async def answer(self, request: Request) -> Response:
        """Any call below the root: the rows it asks for, or the fault."""
        form = request.url.path.rpartition(".")[2]
        try:
            name, rows = await run_in_threadpool(self._rows, request)
            if form not in ("json", "xml"):
                raise Fault(404, "the format must be json or xml")
            return drawn(form, name, rows)
        except Fault as fault:
            row = {"code": fault.code, "description": fault.description}
            return drawn("json" if form == "json" else "xml", "errors", [row], fault.code)

    def _rows(self, request: Request) -> tuple[str, Rows]:
        if not self.section.enabled:
            raise Fault(404, "the public interface is switched off")
        if request.method == "POST":
            raise Fault(403, "missing or invalid api_key: no keys are given out; file complaints at JAKI or a counter")
        if request.method not in ("GET", "HEAD"):
            raise Fault(400, f"{request.method} is not a method of GeoReport v2")
        path, asked = request.path_params, declared(request)
        if asked.get("jurisdiction_id", self.section.jurisdiction) != self.section.jurisdiction:
            raise Fault(404, "jurisdiction_id provided was not found")
        if "code" in path:
            return "service_definition", [self._definition(path["code"])]
        if "number" in path:
            return "service_requests", self._one(path["number"])
        match path.get("name"):
            case "services":
                return "services", self._services()
            case "requests":
                return "service_requests", self._requests(asked)
            case "discovery":
                return "discovery", [self._discovery(request)]
        raise Fault(404, "there is nothing here; see docs/open311.md")

    def _services(self) -> Rows:
        return [
            {
                "service_code": topic.id,
                "service_name": topic.label,
                "description": topic.english,
                "metadata": False,
                "type": "realtime",
                "keywords": "",
                "group": self.opening.desk.city.agency_label(topic.agency),
            }
            for topic in self.opening.desk.city.topics.values()
        ]

    def _definition(self, code: str) -> Mapping[str, Any]:
        if code not in self.opening.desk.city.topics:
            raise Fault(404, "service_code provided was not found")
        return {"service_code": code, "attributes": []}

    def _requests(self, asked: Mapping[str, str]) -> Rows:
        """A list of numbers overrides every other argument, as the specification says."""
        if numbers := words(asked.get("service_request_id", "")):
            return [written(item) for item in self.opening.by_number(numbers[:LIMIT])]
        states = words(asked.get("status", ""))
        if strange := set(states) - {"open", "closed"}:
            raise Fault(400, f"status must be open or closed, not {min(strange)}")
        codes = words(asked.get("service_code", ""))
        if unknown := set(codes) - set(self.opening.desk.city.topics):
            raise Fault(404, f"service_code provided was not found: {min(unknown)}")
        start, end = window(asked, self.opening.desk.now())
        size, page = counted(asked, "page_size", LIMIT), counted(asked, "page", 1)
        found = self.opening.search(start, end, codes=codes, states=states, limit=size, skip=(page - 1) * size)
        return [written(item) for item in found]

    def _one(self, number: str) -> Rows:
        found = self.opening.by_number([number])
        if not found:
            raise Fault(404, "service_request_id provided was not found")
        return [written(item) for item in found]

    def _discovery(self, request: Request) -> Mapping[str, Any]:
        """GeoReport v2 service discovery."""
        endpoint = {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": str(request.base_url).rstrip("/").removesuffix(ROOT) + ROOT,
            "changeset": self.section.changeset,
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
        return {
            "changeset": self.section.changeset,
            "contact": self.section.contact,
            "key_service": "Reading needs no key; keys for filing requests are not given out.",
            "endpoints": [endpoint],
        }


def declared(request: Request) -> dict[str, str]:
    """The arguments of a call: one declared several times is a list with commas, an empty one is not declared."""
    asked = request.query_params
    joined = {name: ",".join(filter(None, asked.getlist(name))) for name in asked}
    return {name: value for name, value in joined.items() if value.strip()}


def counted(asked: Mapping[str, str], name: str, usual: int) -> int:
    """A whole number from 1 on, no size above the limit (the pagination extension)."""
    text = asked.get(name, str(usual))
    if not text.isdecimal() or not 0 < int(text) < 10**6:
        raise Fault(400, f"{name} must be a whole number from 1 on, not {text}")
    return min(int(text), LIMIT) if name == "page_size" else int(text)


def window(asked: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """The time a query spans: never more than 90 days, the last 90 where nothing is said."""
    start, end = moment(asked.get("start_date"), time.min), moment(asked.get("end_date"), time.max)
    if start and end and start > end:
        raise Fault(400, "start_date is later than end_date")
    whole_days = timedelta(days=0 if "T" in asked.get("end_date", "T") else 1)
    if start and end and end - start > SPAN + whole_days:
        raise Fault(400, "start_date and end_date may not span more than 90 days")
    end = end or (min(now, start + SPAN) if start else now)
    return start or end - SPAN, end


def moment(text: str | None, otherwise: time) -> datetime | None:
    """A W3C date and time; without a zone, or as a bare date, it is meant in Jakarta."""
    if not text:
        return None
    text = text.strip().replace(" ", "+")
    try:
        found = datetime.fromisoformat(text if len(text) > 7 else f"{text}-01-01"[:10])
    except ValueError:
        raise Fault(400, f"{text} is no W3C date, such as 2026-11-22T06:00:00+07:00") from None
    if "T" not in text:
        found = datetime.combine(found.date(), otherwise)
    return aware(found if found.tzinfo else found.replace(tzinfo=WIB))


def words(text: str) -> list[str]:
    """The parts of a list with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def written(item: ServiceRequest) -> dict[str, Any]:
    """A request with its times as W3C writes them, in Jakarta time, and texts without markup or controls."""
    return {name: shaped(value) for name, value in asdict(item).items()}


def shaped(value: Any) -> Any:
    """A value as the specification wants it: free text has at most 4,000 characters and no html."""
    if isinstance(value, datetime):
        return value.astimezone(WIB).isoformat(timespec="seconds")
    return NOT_TEXT.sub("", value)[:LONGEST] if isinstance(value, str) else value


def drawn(form: str, name: str, rows: Rows, code: int = 200) -> Response:
    """Rows in the format asked for; a definition and a discovery are one thing, everything else a list."""
    single = name in ("service_definition", "discovery")
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=60" if code == 200 else "no-store"}
    if form == "json":
        text = json.dumps(rows[0] if single else list(rows), ensure_ascii=False)
        return Response(text, code, headers, "application/json; charset=utf-8")
    root = ET.Element(name)
    for row in rows:
        fill(root if single else ET.SubElement(root, ITEMS[name]), row)
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")
    return Response(text, code, headers, "text/xml; charset=utf-8")


#: What one of a list is called.
ITEMS: Final = {
    "services": "service", "service_requests": "request", "errors": "error", "endpoints": "endpoint",
    "formats": "format", "attributes": "attribute",
}  # fmt: skip


def fill(element: ET.Element, row: Mapping[str, Any]) -> None:
    """One row as child elements; what is not known is an empty element."""
    for name, value in row.items():
        child = ET.SubElement(element, name)
        if isinstance(value, list):
            for part in value:
                inner = ET.SubElement(child, ITEMS[name])
                if isinstance(part, Mapping):
                    fill(inner, part)
                else:
                    inner.text = plain(part)
        else:
            child.text = plain(value)


def plain(value: Any) -> str:
    """A value as XML text."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
