"""The line between a crawl process and its parent: JSON objects, one per line, over the standard streams."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO


class Talk:
    """The child's end. What libraries print goes to stderr, so that nothing else stands on the line."""

    def __init__(self) -> None:
        self.into: TextIO = sys.stdin
        self.out: TextIO = sys.stdout
        sys.stdout = sys.stderr

    def say(self, **message: Any) -> None:
        """One message to the parent."""
        self.out.write(json.dumps(message) + "\n")
        self.out.flush()

    def ask(self, urls: list[str]) -> list[str]:
        """Which of `urls` are worth fetching; waits for the parent's answer."""
        self.say(ask=urls)
        return list(json.loads(self.into.readline())["wanted"])
