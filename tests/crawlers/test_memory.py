from __future__ import annotations

import subprocess
import sys

import pytest

from crawlers.web.memory import STATM

SCRIPT = """
from crawlers.web.memory import MemoryUsage
print(MemoryUsage.__new__(MemoryUsage).get_virtual_size())
"""


@pytest.mark.skipif(not STATM.exists(), reason="only Linux hands the peak of a parent down")
def test_a_large_parent_does_not_make_its_crawls_look_large() -> None:
    ballast = bytearray(700_000_000)
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 300_000_000
    assert len(ballast) == 700_000_000
