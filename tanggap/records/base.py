"""The base of all records: frozen values whose times are aware UTC; a naive time is refused."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Self

from tanggap.clock import aware


class Record:
    """Base of all records: makes every time UTC on the way in and copies with changes on the way out."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for spec in fields(self):  # type: ignore[arg-type]
            value = getattr(self, spec.name)
            if isinstance(value, datetime):
                object.__setattr__(self, spec.name, aware(value))

    def evolve(self, **changes: Any) -> Self:
        """A copy with `changes`."""
        return replace(self, **changes)  # type: ignore[type-var]
