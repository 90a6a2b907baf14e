"""Asks X through tweepy: our host, our limits, one attempt; and says what each of its refusals means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import requests
import tweepy

from crawlers.web.session import Adapter, Session, wait_until
from crawlers.web.session import refusal as answer
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings

API = "https://api.twitter.com"

AGREEMENT = (
    "{id} stays off: X allows government bodies to use its posts only under an agreement made with X beforehand; "
    "write the reference of that agreement into `agreement` of the source."
)

#: X counts requests in windows of this length; what it does not tell is one window.
WINDOW = timedelta(minutes=15)
#: Rest after an answer that failed on X's side or on the way.
PAUSE = timedelta(minutes=5)
#: A bill is renewed within a month.
CYCLE = timedelta(days=32)

#: How X says that the paid volume is used up, be it with 402, 403 or 429 (title, type or detail of the problem).
SPENT = ("usagecap", "usage-cap", "usage cap", "spendcap", "spend cap", "creditsdepleted", "problems/credits")
#: Parameters that go out of X's reach with time.
AGING = ("since_id", "until_id", "pagination_token", "next_token")


class Refused(requests.RequestException):
    """X answered with an error status; taken before tweepy reads the answer, for that trusts its shape."""


class OutOfReachError(SourceError):
    """X no longer reaches back to where a walk stood; `parameter` names what it refused."""

    def __init__(self, message: str, parameter: str) -> None:
        super().__init__(message, "config")
        self.parameter = parameter


class Transport(Adapter):
    """Sends what tweepy addresses to X to the configured host, within the limits of this installation."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.host = settings.crawler.x_api.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer of the configured host.

        Raises:
            Refused: its status is an error.
        """
        request.url = self.host + (request.url or "").removeprefix(API)
        response = super().send(request, *args, **kwargs)
        if response.status_code >= 400:
            raise Refused(response=response)
        return response


def connect(source: Source, settings: Settings) -> Any:
    """A client of X that never sleeps and never repeats.

    Raises:
        SourceError: the source names no agreement, or there is no key; failure `config`.
    """
    if not source.agreement.strip():
        raise SourceError(AGREEMENT.format(id=source.id), "config")
    if not settings.secrets.x_bearer_token:
        raise SourceError(f"{source.id} is not configured: set TANGGAP_X_BEARER_TOKEN to a token of X.", "config")
    client = tweepy.Client(settings.secrets.x_bearer_token, return_type=dict, wait_on_rate_limit=False)
    client.session = Session(settings)
    client.session.mount(API, Transport(settings))
    return client


def ask(source: Source, now: datetime, call: Callable[[], Any]) -> Mapping[str, Any]:
    """The answer to one call of the client.

    Raises:
        OutOfReachError: a position of a walk is too old for X.
        SourceError: anything else went wrong; `retry_at` says when to come back where that helps.
    """
    try:
        found = call()
    except Refused as refused:
        raise refusal(source, refused.response, now) from None
    except requests.JSONDecodeError:
        raise SourceError(f"{source.id}: X did not answer with JSON.", "layout", retry_at=now + PAUSE) from None
    except requests.RequestException as error:
        told = f"{source.id}: X cannot be reached ({type(error).__name__})."
        raise SourceError(told, "network", retry_at=now + PAUSE) from None
    if not isinstance(found, Mapping):
        raise SourceError(f"{source.id}: the answer of X is no object.", "layout", retry_at=now + PAUSE)
    return found


def refusal(source: Source, response: Any, now: datetime) -> SourceError:
    """An error answer of X as what a schedule can act on; 401 and 403 wait for a person, not for a time."""
    status, told = response.status_code, problem(response)
    words = " ".join(str(told.get(name, "")) for name in ("title", "type", "detail")).lower()
    if status == 402 or (status in (403, 429) and any(sign in words for sign in SPENT)):
        renewed = renewal(told, now)
        told_us = f"the paid volume of X is used up; raise the cap or wait for its renewal at {renewed:%d %b %H:%M} UTC"
        return SourceError(f"{source.id}: {told_us}.", "cap", retry_at=renewed)
    if status == 429:
        until = max(wait_until(response.headers, now) or now + WINDOW, now + timedelta(seconds=1))
        return SourceError(f"{source.id}: X asks for a pause until {until:%H:%M} UTC.", "rate", retry_at=until)
    if status == 400:
        reason = first_message(told)
        sentence = f"{source.id}: X does not accept the query: {reason}."
        lost = next((name for name in AGING if name in reason), "")
        return OutOfReachError(sentence, lost) if lost else SourceError(sentence, "config")
    found = answer(source.id, "X", status)
    if found.failure == "network":
        found.retry_at = wait_until(response.headers, now) or now + PAUSE
    return found


def problem(response: Any) -> Mapping[str, Any]:
    """The error object X sent; {} for anything else."""
    try:
        told = response.json()
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}


def first_message(told: Mapping[str, Any]) -> str:
    """What X said, in one line."""
    errors = told.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else told
    said = first.get("message") or first.get("detail") or told.get("detail") if isinstance(first, Mapping) else first
    return " ".join(str(said or "no reason given").split())[:200]


def renewal(told: Mapping[str, Any], now: datetime) -> datetime:
    """When a used up volume is renewed: the date X tells, within a month, else the next midnight UTC."""
    midnight = next_midnight(now)
    try:
        said = datetime.combine(date.fromisoformat(str(told.get("reset_date", ""))[:10]), time(), UTC)
    except ValueError:
        return midnight
    return min(max(said, midnight), now + CYCLE)


def next_midnight(now: datetime) -> datetime:
    """The beginning of the next UTC day, by which X bills."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
