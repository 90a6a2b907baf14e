"""The line between a crawl process and its parent: JSON objects, one per line, over the standard streams.

The parent speaks first: one line, the Job. Then the process speaks, each line one word with what belongs to it.

Asked, and answered by one line:
    ask     {listing, etag, modified, whole, same, articles: [[url, updated], ...]}
            -> {wanted: [url, ...], again: [{url, etag, modified}, ...]}
    turn    {host, pace, hold}  -> {} or {wait: seconds} or {closed: why, failure, until}
    rules   {origin}      -> {status, body} of a robots.txt that still holds, or {}
Said:
    heard   {host, pace, failed, pause}     how a request ended
    learned {origin, status, body}          a robots.txt
    page    {asked, url, title, text, ...}  an article
    note    {told, asked, kind, final}      one page that gave none; without `asked`, a remark on the run
    lead    {native_id, title, publisher, url, published_at}
    body    {base64}
    fault   {failure, reason, until}        the source as a whole cannot be had
    done    {reason}                        the last word
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from typing import Any, TextIO


class Talk:
    """The child's end. What libraries print goes to stderr, so that nothing else stands on the line."""

    def __init__(self) -> None:
        self.into: TextIO = sys.stdin
        self.out: TextIO = sys.stdout
        self.turn = threading.Lock()
        sys.stdout = sys.stderr

    def say(self, word: str, **told: Any) -> None:
        """One word to the parent."""
        self.out.write(json.dumps({word: told}) + "\n")
        self.out.flush()

    async def ask(self, word: str, **told: Any) -> dict[str, Any]:
        """One question to the parent; the event loop goes on until it is answered."""
        return await asyncio.to_thread(self.exchange, word, told)

    def exchange(self, word: str, told: dict[str, Any]) -> dict[str, Any]:
        """One question and its answer, which no other question comes between."""
        with self.turn:
            self.say(word, **told)
            answer: dict[str, Any] = json.loads(self.into.readline())
        return answer
