"""Reads pages in a process that can be killed: a hang or a flood of memory costs one page, not the run."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as Late
from multiprocessing import get_context
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from tanggap.errors import PayloadError

T = TypeVar("T")

#: Seconds one page may take to parse and extract.
EXTRACTION_S = 10.0

#: Address space of the reading process; it reads pages of at most a few megabytes.
MEMORY_BYTES = 1 << 30

#: Pages after which the process starts afresh, for parsers leak.
PAGES = 500

#: What the reading process loads before its first page.
PRELOAD = ["crawlers.news.extract", "crawlers.news.headlines", "crawlers.news.pages"]


class Reader:
    """One reading process; where it dies another takes its place."""

    def __init__(self) -> None:
        # A fork of this process would take its sockets along; a fork of a fresh server takes nothing.
        context = get_context("forkserver")
        context.set_forkserver_preload(PRELOAD)
        self.pool = ProcessPool(max_workers=1, max_tasks=PAGES, initializer=confine, context=context)

    def warm(self) -> None:
        """Starts the process while the first request is still on its way."""
        self.pool.schedule(time.time)

    async def read(self, reading: Callable[..., T], *given: object) -> T:
        """What `reading` makes of a page.

        Raises:
            PayloadError: the page cannot be read, or not within time and memory.
        """
        future = self.pool.schedule(measured, args=(reading, *given), timeout=EXTRACTION_S)
        try:
            return await asyncio.wrap_future(future)
        except Late:
            raise PayloadError(f"it took longer than {EXTRACTION_S:.0f} s to read") from None
        except MemoryError:
            raise PayloadError(f"it takes more than {MEMORY_BYTES >> 20} MiB to read") from None
        except ProcessExpired:
            raise PayloadError("reading it crashed") from None
        except RecursionError:
            raise PayloadError("it is nested too deeply") from None

    def close(self) -> None:
        """Ends the process."""
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join()


def confine() -> None:
    """Sets the limits of the reading process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def measured(reading: Callable[..., T], *given: object) -> T:
    """`reading` under a limit of processor time, which ends a hang even when nobody is left to end it."""
    used = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + int(EXTRACTION_S) + 2, resource.RLIM_INFINITY))
    return reading(*given)
