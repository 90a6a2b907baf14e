"""Keeps `tanggap` processes running together: one that dies is started again, and none outlives the first of them.

A member is started as `python -m pipeline.family PARENT COMMAND ...`, so that it can see its parent go.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

#: Seconds between two looks at the members, and between two looks of a member at its parent.
LOOK_S = 0.5
#: Seconds members get to end by themselves when the family stops.
STOP_S = 8.0
#: A member that lived so long did not die of a bad start; else the next start waits, at most the second of these.
STEADY_S, LONGEST_S = 60.0, 30.0
ORPHAN = 76


@dataclass
class Member:
    """One command of the family."""

    words: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    #: Not before this moment of the monotonic clock.
    next_start: float = 0.0
    wait_s: float = 1.0

    def start(self) -> None:
        """Begins it."""
        command = [sys.executable, "-m", "pipeline.family", str(os.getpid()), *self.words]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own commands
        self.started = time.monotonic()

    def look(self) -> None:
        """Starts it again when it died, later each time it dies early."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.wait_s = 1.0 if now - self.started > STEADY_S else min(LONGEST_S, 2 * self.wait_s)
            self.process, self.next_start = None, now + self.wait_s
        if self.process is None and now >= self.next_start:
            self.start()


@dataclass
class Family:
    """Processes that live and end together."""

    members: list[Member]
    _stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, *commands: Sequence[str]) -> Family:
        """A family of these commands."""
        return cls([Member(words) for words in commands])

    def run(self) -> None:
        """Keeps all members running until SIGTERM or Ctrl-C; then all end within ten seconds."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(LOOK_S)
        self.stop()

    def look(self) -> None:
        """Starts those that are not there; `run` does so by itself."""
        for member in self.members:
            member.look()

    def stop(self) -> None:
        """Ends all members, the slow ones by force."""
        alive = [member.process for member in self.members if member.process is not None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + STOP_S
        for process in alive:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def follow(parent: int) -> None:
    """Ends this process as soon as `parent` is no longer its parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_S)
        os._exit(ORPHAN)

    threading.Thread(target=watch, name="follow", daemon=True).start()


if __name__ == "__main__":
    from pipeline.cli import main

    follow(int(sys.argv[1]))
    sys.argv = ["tanggap", *sys.argv[2:]]
    main()
