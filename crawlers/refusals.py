"""Why a page was not fetched, in one sentence and in the error class a schedule can act on."""

from __future__ import annotations

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

from tanggap.errors import FailureClass


class Refused(IgnoreRequest):
    """We do not ask for this page: guard, robots.txt or manners forbid it."""

    def __init__(self, reason: str, failure: FailureClass) -> None:
        super().__init__(reason)
        self.reason = reason
        self.failure = failure


#: What Scrapy raises -> (error class, what to tell people).
TOLD: dict[type[BaseException], tuple[FailureClass, str]] = {
    DownloadTimeoutError: ("network", "it did not answer in time"),
    CannotResolveHostError: ("network", "its host name is not known"),
    DownloadConnectionRefusedError: ("network", "its host refuses connections"),
    ResponseDataLossError: ("network", "its answer broke off"),
    DownloadCancelledError: ("layout", "it is larger than max_page_bytes"),
    DownloadFailedError: ("network", "the connection failed"),
}


def explain_failure(error: BaseException) -> tuple[FailureClass, str]:
    """(error class, reason) of a download that failed."""
    if isinstance(error, Refused):
        return error.failure, error.reason
    if isinstance(error, HttpError):
        return explain_status(error.response.status)
    for kind, told in TOLD.items():
        if isinstance(error, kind):
            return told
    if isinstance(error, IgnoreRequest):
        return ("layout", "it redirects too often") if "redirect" in str(error) else ("layout", "it unpacks too large")
    return "network", f"the download failed ({type(error).__name__})"


def explain_status(status: int) -> tuple[FailureClass, str]:
    """(error class, reason) of an HTTP status that is no success."""
    if status == 429:
        return "rate", "its host asks for fewer requests (429)"
    if status in (401, 403, 451):
        return "blocked", f"its host refuses us ({status})"
    if status >= 500:
        return "network", f"its host is in trouble ({status})"
    return "layout", f"it is not there ({status})"
