"""The crawlers room: reads the outside (news, X, citizen reports) and hands on batches of clean posts.

What it offers is loaded on first use: a crawl process is part of this package and needs none of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawlers.batch import Batch, Refusal
    from crawlers.gather import crawl, read_file
    from crawlers.web.hosts import StoredHosts
    from crawlers.x.compliance import Compliance

__all__ = ["Batch", "Compliance", "Refusal", "StoredHosts", "crawl", "read_file"]

HOMES = {
    "Batch": "crawlers.batch",
    "Compliance": "crawlers.x.compliance",
    "Refusal": "crawlers.batch",
    "StoredHosts": "crawlers.web.hosts",
    "crawl": "crawlers.gather",
    "read_file": "crawlers.gather",
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(HOMES[name]), name)
