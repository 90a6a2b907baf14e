"""Settings, sources and a local web for the crawler tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tanggap.records import Source, SourceKind
from tanggap.settings import LimitsSection, Settings
from tests.mockserver.web import MockWeb

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)


class FixedSettings(Settings):
    """Settings whose clock stands still."""

    @property
    def now(self) -> Callable[[], datetime]:  # type: ignore[override]
        return lambda: NOW


@pytest.fixture
def web() -> Iterator[MockWeb]:
    with MockWeb() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, web: MockWeb) -> Settings:
    return make_settings(tmp_path, web)


def make_settings(directory: Path, *webs: MockWeb, **limits: Any) -> Settings:
    given = {"page_timeout_s": 2.0, "crawl_timeout_s": 60.0, "max_page_bytes": 1_000_000, **limits}
    return FixedSettings(
        config_dir=directory,
        pseudonym_key=b"key of the tests",
        limits=LimitsSection(allow_addresses=tuple(web.place for web in webs), **given),
    )


@pytest.fixture
def source() -> Callable[..., Source]:
    def make(kind: SourceKind = SourceKind.NEWS, **fields: Any) -> Source:
        return Source(**{"id": "uji", "title": "Koran Uji", "address": "", "pace_s": 0.0, "kind": kind, **fields})

    return make
