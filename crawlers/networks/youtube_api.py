"""The list calls of the YouTube Data API: counted in quota units, sent under guard, refusals told by their reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests

from crawlers.web.session import Session, refusal, wait_until
from tanggap.errors import FailureClass, SourceError
from tanggap.records import Source
from tanggap.settings import Settings

#: Units a key has per day, and where that day ends.
UNITS, PACIFIC = 10_000, ZoneInfo("America/Los_Angeles")

#: Reason an error names -> its class and what to do.
REASONS: dict[str, tuple[FailureClass, str]] = {
    "quotaExceeded": ("cap", "has no unit of today's quota left"),
    "dailyLimitExceeded": ("cap", "has no unit of today's quota left"),
    "rateLimitExceeded": ("rate", "asks for a pause"),
    "userRateLimitExceeded": ("rate", "asks for a pause"),
    "API_KEY_INVALID": ("auth", "does not know the key; check TANGGAP_YOUTUBE_API_KEY"),
    "keyInvalid": ("auth", "does not know the key; check TANGGAP_YOUTUBE_API_KEY"),
    "keyExpired": ("auth", "does not know the key any more; check TANGGAP_YOUTUBE_API_KEY"),
    "accessNotConfigured": ("auth", "is not switched on for this key; enable YouTube Data API v3"),
    "ipRefererBlocked": ("auth", "does not take this key from this machine; check its restrictions"),
}

#: Reasons that concern only what was asked for.
LOCAL = frozenset({"commentsDisabled", "videoNotFound", "playlistNotFound", "commentNotFound", "invalidPageToken"})


class AbsentError(SourceError):
    """One list call failed for a reason that concerns only what was asked for: YouTube's word is `reason`."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: YouTube answered {reason}.", "config")
        self.reason = reason


class Transport:
    """What googleapiclient sends through: our guarded session behind httplib2's one method."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def request(self, uri: str, method: str = "GET", body: Any = None, **_others: Any) -> tuple[Any, bytes]:
        """(answer without body, body); the headers are our session's, with its honest name."""
        from httplib2 import Response

        got = self.session.request(method, uri, data=body)
        return Response({"status": str(got.status_code), **got.headers}), got.content


class Api:
    """The list calls of YouTube, counted."""

    def __init__(self, source: Source, settings: Settings) -> None:
        from googleapiclient.discovery import build

        self.id, self.now, self.units = source.id, settings.now(), 0
        self.client: Any = build(
            "youtube",
            "v3",
            http=Transport(Session(settings, pace_s=source.pace_s)),
            developerKey=settings.secrets.youtube_api_key,
            client_options={"api_endpoint": settings.crawler.youtube_api},
            cache_discovery=False,
            static_discovery=True,
        )

    def list(self, resource: str, **asked: Any) -> Mapping[str, Any]:
        """One page of a resource; costs one unit.

        Raises:
            AbsentError: what was asked for is not there, or not for us.
            SourceError: YouTube as a whole refused, or could not be reached.
        """
        from googleapiclient.errors import Error, HttpError

        self.units += 1
        try:
            page = getattr(self.client, resource)().list(**asked).execute()
        except HttpError as error:
            raise self.explain(error) from None
        except requests.RequestException as error:
            raise SourceError(f"{self.id}: YouTube cannot be reached ({type(error).__name__}).", "network") from None
        except (Error, ValueError):
            raise SourceError(f"{self.id}: YouTube did not answer with JSON.", "layout") from None
        if not isinstance(page, Mapping) or not isinstance(page.get("items"), list):
            raise SourceError(f"{self.id}: YouTube's answer holds no list of items.", "layout")
        return page

    def explain(self, error: Any) -> SourceError:
        """YouTube's refusal as an error."""
        again = wait_until(error.resp, self.now)
        for reason in reasons_of(error.content):
            if reason in REASONS:
                failure, why = REASONS[reason]
                until = {"cap": midnight(self.now), "rate": again}.get(failure)
                return SourceError(f"{self.id}: YouTube {why}.", failure, retry_at=until)
            if reason in LOCAL:
                return AbsentError(self.id, reason)
        return refusal(self.id, "YouTube", error.resp.status, retry_at=again)


def reasons_of(body: bytes) -> list[str]:
    """The reasons an error answer names, the most exact first."""
    try:
        error = json.loads(body)["error"]
        given = [*(error.get("details") or []), *(error.get("errors") or [])]
        return [str(one["reason"]) for one in given if isinstance(one, Mapping) and one.get("reason")]
    except (ValueError, TypeError, LookupError, AttributeError):
        return []


def midnight(now: datetime) -> datetime:
    """The begin of YouTube's next day, when the quota is renewed."""
    local = now.astimezone(PACIFIC) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
