"""Reads the two JSON shapes of Qlue: the marker list (A) and the marker profiles with follow-ups (B)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.fields import count, identity, mapping, told, words
from crawlers.personal import without_persons
from crawlers.reports.photos import link, photos
from crawlers.reports.statuses import read_status
from tanggap.errors import PayloadError
from tanggap.records import Engagement, Post

#: Keys of Qlue A that become fields of the post; all others are kept in `extra`.
KNOWN_A = {"post_id", "post_date", "post_title", "post_desc", "loc_lat", "loc_lng", "profile_name", "post_images"}

#: Ids above are broken; one such cursor would hide every later report.
HIGHEST = 2**53


def post_number(record: Any) -> int | None:
    """`post_id` of a Qlue A record: a rising number, so it serves as the cursor; None where no number can be right."""
    value = record.get("post_id") if isinstance(record, Mapping) else None
    try:
        number = int(identity({"post_id": value}, "post_id"))
    except (ValueError, PayloadError):
        return None
    return number if 0 <= number <= HIGHEST else None


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
        raise PayloadError(f"post_date {told(fields.get('post_date'))} is no time")
    title, body = words(fields, "post_title"), words(fields, "post_desc")
    extra = without_persons({key: value for key, value in fields.items() if key not in KNOWN_A})
    extra |= pictures(fields.get("post_images"))
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
        raise PayloadError(f"timestamp {told(profile.get('timestamp'))} is no time")
    return door.admit(
        Item(
            native_id=identity(fields, "id"),
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
    kept = {key: detail[key] for key in ("kd_kel", "name_kel") if detail.get(key)} | pictures(detail.get("image"))
    if isinstance(suggest, Mapping) and suggest.get("tags"):
        kept["tags"] = suggest["tags"]
    if fields.get("type"):
        kept["type"] = fields["type"]
    if detail.get("status") and read_status(detail["status"]) is None:
        kept["status"] = detail["status"]
    steps = [follow_up(step, door) for step in follow_ups(fields, profile, detail)]
    found: dict[str, Any] = without_persons(kept)
    return found | ({"follow_ups": steps} if steps else {})


def pictures(value: Any) -> dict[str, Any]:
    """A picture field as its link and the hashes that tell reused pictures."""
    found = photos(value)
    return ({"image": link(value)} if link(value) else {}) | ({"photos": found} if found else {})


def follow_ups(*levels: Mapping[str, Any]) -> list[Any]:
    """The desk's steps: the list, under whatever key, most of whose entries carry `tl_by`."""
    for level in levels:
        for value in level.values():
            if isinstance(value, list) and sum(isinstance(s, Mapping) and "tl_by" in s for s in value) * 2 > len(value):
                return value
    return []


def follow_up(step: Any, door: Door) -> dict[str, Any]:
    """One step of the desk; the officer is a pseudonym like any author.

    Raises:
        PayloadError: it is no object.
    """
    fields = mapping(step, "a follow-up")
    at, state = read_time(fields.get("timestamp")), read_status(fields.get("status"))
    evidence = photos(fields.get("file"))
    kept = {
        "at": at.isoformat() if at else None,
        "by": door.pseudonym(str(fields.get("username") or "")[:200]),
        "office": fields.get("tl_by"),
        "status": state.value if state else fields.get("status"),
        "text": fields.get("description"),
        "file": link(fields.get("file")) or None,
    }
    told: dict[str, Any] = without_persons(kept)
    return told | ({"photos": evidence} if evidence else {})
