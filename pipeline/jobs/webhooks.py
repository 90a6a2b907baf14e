"""The job that sends webhook messages: signed, to public addresses only, again until they arrive or are given up."""

from __future__ import annotations

from dataclasses import dataclass

import requests

from crawlers.web.session import Session
from tanggap.desk.hooks import EVENT, SIGNATURE, claimed, due, settled, signature
from tanggap.errors import SourceError
from tanggap.records.desk import Delivery, Webhook
from tanggap.settings import Settings
from tanggap.store import Store
from tanggap.store.shelf import deliveries, webhooks


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the messages of one round."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0


def send_webhooks(store: Store, settings: Settings) -> Sent:
    """Sends what is due. Any number of workers may do so: each message is one worker's at a time.

    A receiver may get a message twice (when its answer was lost) and tells by the event's name.
    """
    counts = {"delivered": 0, "waiting": 0, "given_up": 0}
    with store.read() as db:
        waiting = due(db, settings.now())
    for item in waiting:
        with store.write() as db:
            taken = claimed(db, item, settings.now())
            hook = webhooks.get(db, item.hook)
        if taken is None or hook is None:
            continue
        done = settled(taken, settings.now(), _error(hook, taken, settings))
        with store.write() as db:
            deliveries.save(db, done)
        counts[done.state] += 1
    return Sent(delivered=counts["delivered"], failed=counts["waiting"], given_up=counts["given_up"])


def _error(hook: Webhook, item: Delivery, settings: Settings) -> str:
    """Sends one message; why it did not arrive, "" when it did."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        EVENT: item.event,
        SIGNATURE: signature(hook.secret, item.body, settings.now()),
    }
    try:
        with Session(settings) as session:
            answer = session.post(hook.url, data=item.body.encode(), headers=headers)
    except (SourceError, requests.RequestException) as error:
        return f"{error}"[:300]
    return "" if 200 <= answer.status_code < 300 else f"the receiver answered {answer.status_code}"
