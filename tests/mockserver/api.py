"""What stand-ins for JSON APIs share: one behaviour for every path, and answers in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.mockserver.web import Behaviour, MockWeb, Request

#: Status, body and headers of one answer.
Answer = tuple[int, Any, dict[str, str]]


class Everywhere(dict[str, Behaviour]):
    """Routes that lead every path to one behaviour."""

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__()
        self.behaviour = behaviour

    def get(self, _path: str, _default: Any = None) -> Behaviour:  # type: ignore[override]
        """The behaviour."""
        return self.behaviour


def stand_in(web: MockWeb, behaviour: Behaviour) -> None:
    """Lets `behaviour` answer whatever `web` is asked."""
    web.routes = Everywhere(behaviour)


def answer(request: Request, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
    """Answers with `body` as JSON, or as it is where it is bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request.answer(raw, status=status, kind="application/json; charset=utf-8", headers=headers)
