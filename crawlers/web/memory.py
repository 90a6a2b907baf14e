"""Stops a crawl whose process grows too large, by the memory it holds now."""

from __future__ import annotations

import os
from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage as PeakMemoryUsage

STATM = Path("/proc/self/statm")


class MemoryUsage(PeakMemoryUsage):
    """Scrapy's guard reads the peak, which on Linux a child inherits from its parent: a large worker that starts a
    crawl would end it at once. This one reads what the process holds at the moment, where the system tells."""

    def get_virtual_size(self) -> int:
        """Bytes of this process in memory."""
        if not STATM.exists():
            return int(super().get_virtual_size())
        pages = int(STATM.read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
