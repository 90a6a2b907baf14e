"""The base of all records: frozen values whose times are aware UTC; a naive time is refused."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any, Self

from tanggap.clock import aware


@cache
def _times(record: type) -> tuple[str, ...]:
    """The fields of a record that may hold a time by their annotation."""
    return tuple(spec.name for spec in fields(record) if "datetime" in str(spec.type))


class Record:
    """Base of all records: makes every time UTC on the way in and copies with changes on the way out."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for name in _times(type(self)):  # type: ignore[arg-type]
            value = getattr(self, name)
            if isinstance(value, datetime):
                object.__setattr__(self, name, aware(value))

    def evolve(self, **changes: Any) -> Self:
        """A copy with `changes`."""
        return replace(self, **changes)  # type: ignore[type-var]
