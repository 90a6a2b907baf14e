"""A stand-in for a Jetstream server of Bluesky (wire v1): replay from a cursor, retention, dropped lines, refusals."""

from __future__ import annotations

import json
import threading
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

DID = "did:plc:bv6ggog3tya2z3vxsub7hnal"


def event(at: int, operation: str = "create", text: str | None = None, **fields: Any) -> dict[str, Any]:
    """A commit as Jetstream sends it; `fields` replace those of the commit, the text is ours."""
    record = {
        "$type": "app.bsky.feed.post",
        "createdAt": "2026-01-10T02:30:00.000Z",
        "langs": ["id"],
        "text": text or f"Banjir lagi di Pondok Uji, laporan {at}",
    }
    commit = {"rev": "3l3qo2vutsw2b", "operation": operation, "collection": "app.bsky.feed.post", "rkey": f"3k{at}"}
    if operation != "delete":
        commit |= {"record": record, "cid": "bafyreidwaivazkwu67xztlmuobx35hs2lnfh3kolmgfmucldvhd3sgzcqi"}
    return {"did": DID, "time_us": at, "kind": "commit", "commit": commit | fields}


class Jetstream:
    """Sends `events` from the cursor on, inclusively; what is older than `oldest` is forgotten."""

    def __init__(self, events: list[Any], *, oldest: int = 0, drop_after: int = 0, status: int = 0) -> None:
        self.events, self.oldest, self.status = events, oldest, status
        #: Events after which the first connection is dropped; 0 keeps it.
        self.drop_after = drop_after
        self.calls: list[dict[str, list[str]]] = []
        self.agents: set[str] = set()
        self.over = threading.Event()
        self.server = serve(self.send, "127.0.0.1", 0, process_request=self.refuse, close_timeout=0.2)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def place(self) -> str:
        """host:port"""
        return f"127.0.0.1:{self.server.socket.getsockname()[1]}"

    def refuse(self, line: ServerConnection, request: Request) -> Response | None:
        """Notes the call, and answers with the status of refusal where there is one."""
        self.calls.append(parse_qs(urlsplit(request.path).query))
        self.agents.add(request.headers.get("User-Agent", ""))
        return line.respond(HTTPStatus(self.status), "no") if self.status else None

    def send(self, line: ServerConnection) -> None:
        """Replays, then keeps the line open."""
        cursor = int(self.calls[-1].get("cursor", ["0"])[0])
        drop, self.drop_after = self.drop_after, 0
        sent = 0
        for one in self.events:
            at = one.get("time_us") if isinstance(one, dict) else None
            if isinstance(at, int) and at < max(cursor, self.oldest):
                continue
            try:
                line.send(one if isinstance(one, str | bytes) else json.dumps(one))
            except ConnectionClosed:
                return
            sent += 1
            if sent == drop:
                line.socket.close()
                return
        self.over.wait(10)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.thread.join()
