"""Rules, seasons and made-up counts."""

from __future__ import annotations

import pytest

from tanggap.settings import Settings
from tanggap.signals.rules import Rules


@pytest.fixture
def rules(settings: Settings) -> Rules:
    """The shipped rules."""
    return Rules.load(settings.config_dir)
