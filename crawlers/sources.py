"""Reads sources.toml: every source the city declared, checked key by key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tanggap.errors import SettingsError
from tanggap.records import Source, SourceKind
from tanggap.settings import explain, read_toml

FILE = "sources.toml"

#: What a column of a CSV source can mean to us.
COLUMN_FIELDS = ("id", "text", "title", "published_at", "time", "author", "url", "status", "lat", "lon")


class Declaration(BaseModel):
    """One table of sources.toml; its name is the source's id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: SourceKind
    title: str = Field(min_length=1)
    address: str = ""
    query: str = Field("", max_length=512)
    licence: str = ""
    agreement: str = ""
    enabled: bool = True
    pace_s: float = Field(2.0, ge=0, le=600)
    limit: int = Field(200, gt=0, le=10_000)
    expected_per_day: int = Field(0, ge=0)
    columns: dict[str, str] = Field(default_factory=dict)
    #: True once a live run has seen the address answer; kept for people, the crawler does not read it.
    verified: bool = False

    @model_validator(mode="after")
    def complete(self) -> Declaration:
        """Refuses a source that could never be read."""
        if self.kind is SourceKind.X and not self.query:
            raise ValueError("an X source needs a `query`")
        if self.kind is not SourceKind.X and not self.address:
            raise ValueError("a source needs an `address`")
        if self.kind is SourceKind.NEWS and not self.address.startswith(("http://", "https://")):
            raise ValueError("the `address` of a news source begins with http:// or https://")
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
    return [read_source(path, key, table) for key, table in read_toml(path).items()]


def read_source(path: Path, key: str, table: Any) -> Source:
    """One declared source."""
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: `{key}` stands outside a table; every source begins with a line `[its-id]`.")
    try:
        declared = Declaration.model_validate(table)
    except ValidationError as error:
        raise SettingsError(explain(error, Path(f"{path} [{key}]"), Declaration)) from None
    return Source(id=key, **declared.model_dump(exclude={"verified"}))
