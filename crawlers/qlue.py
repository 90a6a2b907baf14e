"""Reads the two JSON shapes of Qlue: the marker list (A) and the marker profiles with follow-ups (B)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.statuses import read_status
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Engagement, Post

#: Keys of Qlue A that become fields of the post; all others are kept in `extra`.
KNOWN_A = {"post_id", "post_date", "post_title", "post_desc", "loc_lat", "loc_lng", "profile_name", "post_images"}


def read_records(body: bytes, name: str) -> list[Any]:
    """The array of a payload; a lone object holding one list is opened.

    Raises:
        SourceError: it is no JSON, or no list; failure `layout`.
    """
    try:
        payload = json.loads(body.decode("utf-8-sig", errors="replace"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise SourceError(f"{name} did not answer with JSON: {error}.", "layout") from None
    if isinstance(payload, dict):
        lists = [value for value in payload.values() if isinstance(value, list)]
        payload = lists[0] if len(lists) == 1 else payload
    if not isinstance(payload, list):
        raise SourceError(f"{name} answered with one object where a list of reports was due.", "layout")
    return payload


def post_number(record: Any) -> int | None:
    """`post_id` of a Qlue A record: a rising number, so it serves as the cursor."""
    value = record.get("post_id") if isinstance(record, Mapping) else None
    try:
        return int(str(value))
    except ValueError:
        return None


def read_a(record: Any, door: Door) -> Post:
    """One record of `qluein_marker_level1`; its local time without zone is Jakarta's.

    Raises:
        PayloadError: a field that a report cannot do without is missing or of another type.
    """
    fields = mapping(record, "the record")
    number = post_number(fields)
    if number is None:
        raise PayloadError("post_id is missing or no number")
    published = read_time(fields.get("post_date"))
    if published is None:
        raise PayloadError(f"post_date {fields.get('post_date')!r} is no time")
    title, body = words(fields, "post_title"), words(fields, "post_desc")
    extra = {key: value for key, value in fields.items() if key not in KNOWN_A}
    if fields.get("post_images"):
        extra["image"] = fields["post_images"]
    return door.admit(
        Item(
            native_id=str(number),
            title=title if body else "",
            text=body or title,
            published_at=published,
            author=words(fields, "profile_name"),
            lat=fields.get("loc_lat"),
            lon=fields.get("loc_lng"),
            extra=extra,
        )
    )


def read_b(record: Any, door: Door) -> Post:
    """One record of `qluein_marker_v3`; `detail` may stand inside `profile` or beside it.

    Raises:
        PayloadError: a field that a report cannot do without is missing or of another type.
    """
    fields = mapping(record, "the record")
    profile = mapping(fields.get("profile"), "profile")
    detail = mapping(profile.get("detail", fields.get("detail")), "detail")
    location = profile.get("location") or fields.get("location") or {}
    place = location if isinstance(location, Mapping) else {}
    published = read_time(profile.get("timestamp") or fields.get("timestamp"))
    if published is None:
        raise PayloadError(f"timestamp {profile.get('timestamp')!r} is no time")
    return door.admit(
        Item(
            native_id=str(fields.get("id") or ""),
            text=words(detail, "desc"),
            published_at=published,
            author=words(profile, "username"),
            engagement=Engagement(replies=count(detail.get("comment_count"))),
            lat=place.get("lat"),
            lon=place.get("lng"),
            status=read_status(detail.get("status")),
            extra=extra_b(fields, profile, detail, door),
        )
    )


def extra_b(
    fields: Mapping[str, Any], profile: Mapping[str, Any], detail: Mapping[str, Any], door: Door
) -> dict[str, Any]:
    """What a Qlue B record says beyond the post: area, picture, tags, the desk's own word and the follow-ups."""
    suggest = detail.get("suggest")
    kept = {key: detail[key] for key in ("kd_kel", "name_kel", "image") if detail.get(key)}
    if isinstance(suggest, Mapping) and suggest.get("tags"):
        kept["tags"] = suggest["tags"]
    if fields.get("type"):
        kept["type"] = fields["type"]
    if detail.get("status") and read_status(detail["status"]) is None:
        kept["status"] = detail["status"]
    steps = [follow_up(step, door) for step in follow_ups(fields, profile, detail)]
    return kept | ({"follow_ups": steps} if steps else {})


def follow_ups(*levels: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The desk's steps: the list, under whatever key, whose entries carry `tl_by`."""
    for level in levels:
        for value in level.values():
            if isinstance(value, list) and value and all(isinstance(s, Mapping) and "tl_by" in s for s in value):
                return value
    return []


def follow_up(step: Mapping[str, Any], door: Door) -> dict[str, Any]:
    """One step of the desk; the officer is a pseudonym like any author."""
    at, state = read_time(step.get("timestamp")), read_status(step.get("status"))
    return {
        "at": at.isoformat() if at else None,
        "by": door.pseudonym(str(step.get("username") or "")),
        "office": step.get("tl_by"),
        "status": state.value if state else step.get("status"),
        "text": step.get("description"),
        "file": step.get("file"),
    }


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    """`value` when it is an object.

    Raises:
        PayloadError: it is something else.
    """
    if not isinstance(value, Mapping):
        raise PayloadError(f"{name} is missing or no object")
    return value


def words(fields: Mapping[str, Any], key: str) -> str:
    """A text field; absent is empty.

    Raises:
        PayloadError: it holds a list or an object.
    """
    value = fields.get(key)
    if isinstance(value, list | Mapping | bool):
        raise PayloadError(f"{key} is no text")
    return "" if value is None else str(value)


def count(value: Any) -> int:
    """A counter of the source, 0 when it is absent or no number."""
    try:
        return max(0, int(value))
    except (TypeError, ValueError):
        return 0
