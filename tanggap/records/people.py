"""People, their roles, and the record of what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tanggap.records.base import Record


class Role(StrEnum):
    """What a person may do; deny by default."""

    READER = "reader"
    ANALYST = "analyst"
    OFFICER = "officer"
    VERIFIER = "verifier"
    ADMIN = "admin"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Record):
    """A person who signs in."""

    name: str
    full_name: str
    roles: tuple[Role, ...]
    #: Acts only on issues of this body and those below it.
    agency: str | None = None
    #: Acts only on issues within this area (Kemendagri code).
    area: str = ""
    disabled: bool = False
    must_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry(Record):
    """One decision of a person or the machine, with before and after; append-only."""

    at: datetime
    by: str
    action: str
    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
