"""Why a page was not had, in one sentence, in the kind a run counts and in the class a schedule can act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from tanggap.errors import FailureClass, RefusalKind


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a page that was not had."""

    kind: RefusalKind
    #: The class of error it is for a source that consists of this page.
    failure: FailureClass
    reason: str
    #: It will be the same the next time, so it need not be asked for again.
    final: bool = False
    #: When to come back, where the host or our manners say so.
    until: datetime | None = None


class Refused(IgnoreRequest):
    """We do not ask for this page, or do not take the answer: guard, robots.txt or manners forbid it."""

    def __init__(
        self,
        reason: str,
        kind: RefusalKind,
        failure: FailureClass = "blocked",
        *,
        final: bool = False,
        until: datetime | None = None,
    ) -> None:
        super().__init__(reason)
        self.told = Told(kind, failure, reason, final=final, until=until)

    @property
    def reason(self) -> str:
        """One sentence's end."""
        return self.told.reason


#: What Scrapy raises -> what is told.
FAILURES: dict[type[BaseException], Told] = {
    DownloadTimeoutError: Told("network", "network", "it did not answer in time"),
    CannotResolveHostError: Told("network", "network", "its host name is not known"),
    DownloadConnectionRefusedError: Told("network", "network", "its host refuses connections"),
    ResponseDataLossError: Told("network", "network", "its answer broke off"),
    DownloadCancelledError: Told("payload", "layout", "it is larger than max_page_bytes", final=True),
    DownloadFailedError: Told("network", "network", "the connection failed"),
}


def explain(error: BaseException) -> Told:
    """What is told of a download that failed."""
    if isinstance(error, Refused):
        return error.told
    if isinstance(error, HttpError):
        return explain_status(error.response.status)
    for kind, told in FAILURES.items():
        if isinstance(error, kind):
            return told
    if isinstance(error, ValueError):
        return Told("guard", "blocked", "it redirects to an address that cannot be read", final=True)
    if isinstance(error, IgnoreRequest):
        return Told("layout", "layout", "it redirects too often", final=True)
    return Told("network", "network", f"the download failed ({type(error).__name__})")


def explain_status(status: int) -> Told:
    """What is told of an HTTP status that is no success."""
    if status == 429:
        return Told("blocked", "rate", "its host asks for fewer requests (429)")
    if status in (401, 403, 451):
        return Told("blocked", "blocked", f"its host refuses us ({status})")
    if status >= 500:
        return Told("network", "network", f"its host is in trouble ({status})")
    return Told("gone", "layout", f"it is not there ({status})", final=True)
