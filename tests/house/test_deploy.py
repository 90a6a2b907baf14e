"""The examples of deploy/ name commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from pipeline.cli import app

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_an_example_starts_only_commands_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"(?:ExecStart=\S*/tanggap |\[tanggap, |\"tanggap\", \")(\w+)", text)
    assert named
    assert set(named) <= COMMANDS
