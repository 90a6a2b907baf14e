"""Serves a seeded city: python -m tests.browser.server DIRECTORY PORT (builds it first where it is empty)."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from dashboard.asgi import create_app
from tanggap.settings import load_settings, packaged_config
from tests.browser.seed import build


def main(directory: Path, port: int) -> None:
    """Block until killed."""
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / "tanggap.toml").exists():
        build(directory, packaged_config())
    app = create_app(load_settings(directory, {}))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", ws="auto")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
