"""Reads service requests of Open311 GeoReport v2, from JSON or XML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.fields import identity, mapping, read_records, told, words
from crawlers.personal import is_personal, without_persons
from crawlers.reports.qlue import pictures
from crawlers.reports.statuses import read_open311
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Post

#: Keys that become fields of the post; all others are kept in `extra`.
KNOWN = {"service_request_id", "description", "service_name", "requested_datetime", "lat", "long", "media_url"}

#: The address of a request is where the trouble is, not where somebody lives.
OF_PLACES = {"address"}


def request_records(body: bytes, name: str) -> list[Any]:
    """The requests of an answer; XML is told from JSON by its first sign.

    Raises:
        SourceError: it is neither, or XML that declares its own entities; failure `layout`.
    """
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return read_xml(body, name)
    return read_records(body, name)


def read_xml(body: bytes, name: str) -> list[Any]:
    """The children of the root as mappings of tag to text; no entity, no network, no huge tree.

    Raises:
        SourceError: it cannot be read, or is no list of requests; failure `layout`.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"{name} did not answer with readable XML: {str(error)[:200]}.", "layout") from None
    if root.getroottree().docinfo.doctype:
        raise SourceError(f"{name} answered with XML that declares a document type, which is not read.", "layout")
    found = elements(root)
    named = etree.QName(root).localname
    if named != "service_requests" and not any(etree.QName(child).localname == "request" for child in found):
        said = f"{named}: {' '.join(' '.join(root.itertext()).split())[:200]}"
        raise SourceError(f"{name} answered with XML that holds no service requests ({said}).", "layout")
    return [value_of(child) for child in found]


def elements(element: Any) -> list[Any]:
    """The child elements, comments and instructions left out."""
    return [child for child in element if isinstance(child.tag, str)]


def value_of(element: Any, depth: int = 6) -> Any:
    """An element as text, or as a mapping when it has children; a repeated tag becomes a list."""
    children = elements(element) if depth else []
    if not children:
        return (element.text or "").strip()
    found: dict[str, list[Any]] = {}
    for child in children:
        found.setdefault(etree.QName(child).localname, []).append(value_of(child, depth - 1))
    return {tag: values[0] if len(values) == 1 else values for tag, values in found.items()}


def read_request(record: Any, door: Door) -> Post:
    """One service request; one without description, which GeoReport allows, is told by its `service_name`.

    Raises:
        PayloadError: a field that a report cannot do without is missing or of another type.
    """
    fields = mapping(record, "the request")
    published = read_time(fields.get("requested_datetime"))
    if published is None:
        raise PayloadError(f"requested_datetime {told(fields.get('requested_datetime'))} is no time")
    service, body = words(fields, "service_name"), words(fields, "description")
    return door.admit(
        Item(
            native_id=identity(fields, "service_request_id"),
            title=service if body else "",
            text=body or service,
            published_at=published,
            lat=fields.get("lat"),
            lon=fields.get("long"),
            status=read_open311(fields.get("status"), fields.get("status_notes")),
            extra=kept(fields) | pictures(fields.get("media_url")),
        )
    )


def kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have no place in a post, as they came, the desk's own word for its status among them."""
    filled = {key: value for key, value in fields.items() if key not in KNOWN and value not in (None, "")}
    return {
        key: without_persons(value) for key, value in filled.items() if key in OF_PLACES or not is_personal(str(key))
    }


def updated(record: Any) -> Any:
    """When a request last changed: `updated_datetime`, else when it was made; None where neither can be read."""
    if not isinstance(record, Mapping):
        return None
    return read_time(record.get("updated_datetime")) or read_time(record.get("requested_datetime"))
