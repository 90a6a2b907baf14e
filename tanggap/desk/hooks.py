"""Webhooks: who is told of which issue and state, the message, its signature, and when a failed one is tried again."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection

from tanggap.errors import RuleError
from tanggap.records import Issue, Status
from tanggap.records.desk import Delivery, Webhook
from tanggap.store import desk_tables as tables
from tanggap.store.shelf import deliveries, webhooks

#: Waits after the first, second, ... failed attempt; after the last the message is given up.
WAITS = tuple(
    timedelta(**length)
    for length in (
        {"minutes": 1}, {"minutes": 5}, {"minutes": 30}, {"hours": 2}, {"hours": 6}, {"hours": 12}, {"hours": 24},
    )
)  # fmt: skip
#: Headers of a message.
SIGNATURE, EVENT = "Tanggap-Signature", "Tanggap-Event"


def new_hook(url: str, states: Sequence[str], by: str, at: datetime) -> Webhook:
    """A webhook with a fresh secret.

    Raises:
        RuleError: the address is not http(s), or a state is none.
    """
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise RuleError(f"Alamat webhook {url} harus diawali https:// atau http://.")
    if unknown := set(states) - {status.value for status in Status}:
        raise RuleError(f"Status {min(unknown)} tidak ada.")
    return Webhook(url=url, secret=secrets.token_hex(32), states=tuple(states), at=at, by=by)


def announce(db: Connection, before: Issue | None, after: Issue, at: datetime) -> None:
    """Lays messages about a change of state ready, in its own transaction: none without the change, none lost.

    Args:
        before: None for an issue that was opened just now, by the machine or by a split.
        after: with the version that the store gave it; event names are made of it.
    """
    for hook in webhooks.where(db, tables.webhook.c.enabled.is_(True)):
        if hook.id is None or (hook.states and after.status.value not in hook.states):
            continue
        event = f"{after.id}-{after.version}-{hook.id}"
        deliveries.add(db, Delivery(hook=hook.id, event=event, body=message(event, before, after, at), next_at=at))


def message(event: str, before: Issue | None, after: Issue, at: datetime) -> str:
    """What a receiver reads: the issue and its states (`before` is null for a new issue); never a person."""
    content = {
        "event": event,
        "at": at.isoformat(),
        "issue": after.id,
        "version": after.version,
        "title": after.title,
        "topic": after.topic,
        "priority": after.priority.value,
        "agency": after.agency,
        "areas": list(after.areas),
        "before": before.status.value if before else None,
        "after": after.status.value,
        "reopened": after.reopened,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def signature(secret: str, body: str, at: datetime) -> str:
    """`t=1795300000,v1=…`: HMAC-SHA256 over time, a dot and the body, so that an old message cannot be sent again."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def due(db: Connection, now: datetime, limit: int = 100) -> list[Delivery]:
    """Messages whose time has come, the oldest first."""
    waiting = (tables.delivery.c.state == "waiting") & (tables.delivery.c.next_at <= now)
    return deliveries.where(db, waiting, limit=limit)


def claimed(db: Connection, item: Delivery, now: datetime) -> Delivery | None:
    """The message, taken for one attempt; None when another worker was faster.

    Its next time is set before it is sent: a worker that dies meanwhile only delays it.
    """
    table = tables.delivery
    mine = (table.c.id == item.id) & (table.c.attempts == item.attempts) & (table.c.state == "waiting")
    wait = WAITS[min(item.attempts, len(WAITS) - 1)]
    taken = item.evolve(attempts=item.attempts + 1, next_at=now + wait)
    done = db.execute(table.update().where(mine).values(attempts=taken.attempts, next_at=taken.next_at))
    return taken if done.rowcount == 1 else None


def settled(item: Delivery, now: datetime, error: str) -> Delivery:
    """A message after an attempt: delivered, to be tried again, or given up."""
    if not error:
        return item.evolve(state="delivered", done_at=now, error="")
    if item.attempts > len(WAITS):
        return item.evolve(state="given_up", done_at=now, error=error)
    return item.evolve(error=error)
