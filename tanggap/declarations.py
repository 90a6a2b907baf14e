"""Reads sources.toml: every source the city declared, checked key by key; commands and screens obey the same rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tanggap.clock import system_clock
from tanggap.cron import Cron
from tanggap.errors import SettingsError, UsageError
from tanggap.records import Source, SourceKind
from tanggap.settings import explain, read_toml

FILE = "sources.toml"

#: What a source may be called: posts are filed under it and addresses carry it.
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")

#: What a column of a CSV source can mean to us.
COLUMN_FIELDS = (
    "id", "text", "title", "published_at", "time", "author", "url", "status", "lat", "lon", "tags", "photo", "desk",
    "channel",
)  # fmt: skip

#: Timelines of X, asked for by their number instead of a query.
X_TIMELINES = ("user:", "list:", "mentions:")

WEB = ("http://", "https://")

#: What the address of a kind begins with.
BEGINS: dict[SourceKind, tuple[str, ...]] = {
    SourceKind.NEWS: WEB,
    SourceKind.DISCOVERY: WEB,
    SourceKind.MASTODON: WEB,
    SourceKind.BLUESKY: ("wss://", "ws://"),
    SourceKind.YOUTUBE: ("channel:", "playlist:", "video:"),
    SourceKind.TELEGRAM: ("@",),
}

#: Kinds that say nothing without a query.
ASKING = frozenset({SourceKind.MASTODON, SourceKind.BLUESKY})


class Declaration(BaseModel):
    """One table of sources.toml; its name is the source's id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: SourceKind
    title: str = Field(min_length=1)
    address: str = ""
    query: str = Field("", max_length=512)
    area: str = Field("", pattern=r"^(\d{2}(\.\d{2}){0,2}(\.\d{4})?)?$")
    topic_guard: tuple[str, ...] = ()
    licence: str = ""
    agreement: str = ""
    enabled: bool = True
    pace_s: float = Field(2.0, ge=0, le=600)
    limit: int = Field(200, gt=0, le=10_000)
    expected_per_day: int = Field(0, ge=0)
    schedule: str = ""
    price_usd: float = Field(0.0, ge=0)
    budget_items: int = Field(0, ge=0)
    budget_usd: float = Field(0.0, ge=0)
    retention_days: int = Field(0, ge=0)
    columns: dict[str, str] = Field(default_factory=dict)
    #: True once a live run has seen the address answer.
    verified: bool = False
    display: Literal["", "text", "link"] = ""

    @field_validator("schedule")
    @classmethod
    def readable_schedule(cls, value: str) -> str:
        """Refuses a cron line that no clock ever meets."""
        if value:
            try:
                Cron(value).check(system_clock())
            except UsageError as error:
                raise ValueError(str(error)) from None
        return value

    @model_validator(mode="after")
    def complete(self) -> Declaration:
        """Refuses a source that could never be read."""
        begins = BEGINS.get(self.kind, ())
        if self.kind is SourceKind.X:
            if not self.query and not self.address.startswith(X_TIMELINES):
                raise ValueError(
                    "an X source needs a `query`, or an `address` that begins with user:, list: or mentions:"
                )
        elif not self.address:
            raise ValueError("a source needs an `address`")
        elif begins and not self.address.startswith(begins):
            raise ValueError(f"the `address` of a {self.kind} source begins with {' or '.join(begins)}")
        if self.kind in ASKING and not self.query:
            raise ValueError(f"a {self.kind} source needs a `query`")
        strange = sorted(set(self.columns) - set(COLUMN_FIELDS))
        if strange:
            raise ValueError(f"`columns` knows {', '.join(COLUMN_FIELDS)}, not {strange[0]}")
        return self


def load_sources(config_dir: Path) -> list[Source]:
    """The sources of sources.toml in the order they are written.

    Raises:
        SettingsError: the file is missing, no TOML (a repeated id included), or a table does not fit; the
            sentence names the table and, for a typo, the nearest valid key.
    """
    path = config_dir / FILE
    return [read_source(str(path), key, table) for key, table in read_toml(path).items()]


def read_source(where: str, key: str, table: Any) -> Source:
    """One declared source; `where` it was declared stands in the error.

    Raises:
        SettingsError: the table does not fit.
    """
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where}: `{key}` stands outside a table; every source begins with a line `[its-id]`.")
    if not NAME.fullmatch(key):
        raise SettingsError(f"{where}: `{key}` is no id of a source; use a-z, 0-9, - and _, as in `antara-jakarta`.")
    try:
        declared = Declaration.model_validate(table)
    except ValidationError as error:
        raise SettingsError(explain(error, Path(f"{where} [{key}]"), Declaration)) from None
    return Source(id=key, **declared.model_dump())


def written(source: Source) -> dict[str, Any]:
    """A source as a table of sources.toml would declare it, every key included."""
    table: dict[str, Any] = asdict(source)
    del table["id"]
    return table


def amended(source: Source, changes: Mapping[str, Any]) -> Source:
    """The source with some keys changed, checked as a whole.

    Raises:
        SettingsError: a key or value does not fit, or the whole no longer can be read.
    """
    return read_source("source", source.id, written(source) | dict(changes))


def differences(before: Source, after: Source) -> tuple[dict[str, Any], dict[str, Any]]:
    """The keys in which two declarations differ: their values before, and after. `verified` is no declaration."""
    old, new = written(before), written(after)
    differ = [key for key in old if key != "verified" and old[key] != new[key]]
    return {key: old[key] for key in differ}, {key: new[key] for key in differ}
