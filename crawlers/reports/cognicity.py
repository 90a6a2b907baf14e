"""Reads CogniCity's `POST /feeds/qlue` payloads: one body, or a list of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.fields import identity, mapping, read_json, told, words
from crawlers.personal import without_persons
from crawlers.reports.qlue import pictures
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Post

#: Keys that become fields of the post; all others are kept in `extra`, `qlue_city` and `disaster_type` among them.
KNOWN = {"post_id", "created_at", "title", "text", "image_url", "location"}


def cognicity_records(body: bytes, name: str) -> list[Any]:
    """The payloads of a body: a lone one, a list, or a list inside an object.

    Raises:
        SourceError: it is no JSON, or neither; failure `layout`.
    """
    payload = read_json(body, name)
    if isinstance(payload, Mapping) and "post_id" not in payload:
        lists = [value for value in payload.values() if isinstance(value, list)]
        payload = lists[0] if len(lists) == 1 else payload
    if isinstance(payload, Mapping) and {"post_id", "created_at", "text"} & set(payload):
        return [payload]
    if not isinstance(payload, list):
        raise SourceError(f"{name} holds neither a report of CogniCity nor a list of them.", "layout")
    return payload


def read_cognicity(record: Any, door: Door) -> Post:
    """One payload; a report without title and text, which CogniCity allows, is told by its `disaster_type`.

    Raises:
        PayloadError: a field that a report cannot do without is missing or of another type.
    """
    fields = mapping(record, "the record")
    published = read_time(fields.get("created_at"))
    if published is None:
        raise PayloadError(f"created_at {told(fields.get('created_at'))} is no time")
    title, body = words(fields, "title"), words(fields, "text")
    location = fields.get("location")
    place = location if isinstance(location, Mapping) else {}
    extra = without_persons({key: value for key, value in fields.items() if key not in KNOWN})
    return door.admit(
        Item(
            native_id=identity(fields, "post_id"),
            title=title if body else "",
            text=body or title or words(fields, "disaster_type"),
            published_at=published,
            lat=place.get("lat"),
            lon=place.get("lng"),
            extra=extra | pictures(fields.get("image_url")),
        )
    )
