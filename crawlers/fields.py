"""Fields of a record out of a payload, each checked for being what it should be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tanggap.errors import PayloadError, SourceError

#: Letters of a strange value that are repeated in a sentence about it.
TOLD = 60

#: Largest counter that every database keeps in an integer column.
MOST = 2**31 - 1


def read_records(body: bytes, name: str) -> list[Any]:
    """The array of a JSON payload; a lone object holding one list is opened.

    Raises:
        SourceError: it is no JSON, or no list; failure `layout`.
    """
    payload = read_json(body, name)
    if isinstance(payload, dict):
        lists = [value for value in payload.values() if isinstance(value, list)]
        payload = lists[0] if len(lists) == 1 else payload
    if not isinstance(payload, list):
        raise SourceError(f"{name} answered with one object where a list of reports was due.", "layout")
    return payload


def read_json(body: bytes, name: str) -> Any:
    """The value of a JSON payload in UTF-8, with or without a mark.

    Raises:
        SourceError: it is no JSON; failure `layout`.
    """
    try:
        return json.loads(body.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name} did not answer with JSON: {str(error)[:200]}.", "layout") from None


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
        PayloadError: it holds a list, an object or a truth value.
    """
    value = fields.get(key)
    if isinstance(value, list | Mapping | bool):
        raise PayloadError(f"{key} is no text")
    return "" if value is None else str(value)


def identity(fields: Mapping[str, Any], key: str) -> str:
    """The number or text that names a record.

    Raises:
        PayloadError: it is missing, or neither a whole number nor a text.
    """
    value = fields.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).strip():
        raise PayloadError(f"{key} is missing or neither number nor text")
    return str(value).strip()


def count(value: Any) -> int:
    """A counter of the source, 0 when it is absent or no number, and never more than a column holds."""
    try:
        return max(0, min(int(value), MOST))
    except (TypeError, ValueError, OverflowError):
        return 0


def told(value: Any) -> str:
    """A strange value as a sentence may repeat it: short, and no text of many letters."""
    return f"{value!r:.{TOLD}}" if isinstance(value, str | int | float) or value is None else type(value).__name__
