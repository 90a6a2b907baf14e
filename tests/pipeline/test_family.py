"""A family of processes: who dies is started again, and nobody outlives the first of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tanggap.store import Store, workers

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def wait(until: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(0.2)
    return until()


def children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()]


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2]


@pytest.fixture
def family(config_dir: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Store]]:
    store = Store.create(f"sqlite:///{config_dir}/tanggap.sqlite")
    (config_dir / "sources.toml").write_text("", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TANGGAP_CONFIG": str(config_dir), "TANGGAP_KEY": "k"}
    command = [sys.executable, "-m", "pipeline.cli", "worker", "--processes", "2"]
    process = subprocess.Popen(command, env=environment, cwd=tmp_path)
    yield process, store
    process.kill()
    process.wait()
    store.close()


def at_work(store: Store) -> int:
    with store.read() as db:
        return len(workers.pulses(db))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_member_is_started_again_and_all_end_with_a_killed_parent(
    family: tuple[subprocess.Popen[bytes], Store],
) -> None:
    parent, store = family
    assert wait(lambda: at_work(store) == 2)
    first, second = children(parent.pid)
    os.kill(first, signal.SIGKILL)
    assert wait(lambda: len(set(children(parent.pid)) - {first}) == 2)
    members = children(parent.pid)
    parent.kill()
    assert wait(lambda: not any(alive(pid) for pid in {*members, second}))


def test_sigterm_ends_the_whole_family_in_good_order(family: tuple[subprocess.Popen[bytes], Store]) -> None:
    parent, store = family
    assert wait(lambda: at_work(store) == 2)
    parent.terminate()
    assert parent.wait(15) == 0
    assert at_work(store) == 0
