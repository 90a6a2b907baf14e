"""Reads the hand-written texts of the sample city and the list of its true issues."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from pipeline.sample.published import TrueIssue

TEXTS = Path(__file__).resolve().parent / "texts"


def true_issues() -> dict[str, TrueIssue]:
    """Slug -> issue, in the order of issues.toml."""
    tables = tomllib.loads((TEXTS / "issues.toml").read_text(encoding="utf-8"))
    return {slug: TrueIssue(slug=slug, **table) for slug, table in tables.items()}


def lines(pattern: str) -> list[dict[str, Any]]:
    """The JSON Lines of every file that matches `pattern`, in file and line order."""
    return [
        json.loads(line)
        for path in sorted(TEXTS.glob(pattern))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
