"""Every error the product raises on purpose, in one tree.

TanggapError                 the command line prints it as one sentence; exit code 1
+-- SettingsError            start refused: a configuration file is wrong; caught by the command line
+-- StoreError               the store cannot be reached, opened or written; caught by jobs (retryable)
|   +-- ConflictError        somebody else changed the row first; caught by the screens, which reload
+-- SourceError              one source failed, the others go on; caught by jobs.crawl, kept on the run
+-- PayloadError             one record cannot be read; caught by the reader, counted and skipped
+-- ModelError               a model file is missing, damaged or below its floor; caught by the command line
+-- RuleError                a move, guard or permission refused; caught by the screens and shown as text
+-- UsageError               a wrong argument; the command line exits with 2
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

#: Why a crawl run failed, in words a schedule can act on.
#: `layout`: a page or answer has another shape; `drift`: single records of a payload have.
FailureClass = Literal["rate", "cap", "auth", "empty", "blocked", "layout", "drift", "network", "config"]

#: Why one item of a crawl was not kept.
RefusalKind = Literal["payload", "robots", "guard", "blocked", "gone", "network", "layout", "topic"]


class TanggapError(Exception):
    """Base of all errors raised on purpose. Its message is one sentence that says what to do."""

    retryable = False


class SettingsError(TanggapError):
    """A configuration file or variable is wrong; names the file, the key and the nearest valid one."""


class StoreError(TanggapError):
    """The store cannot be reached, opened or written."""

    retryable = True


class ConflictError(StoreError):
    """A row changed since it was read; read it again and decide anew."""

    retryable = False


class SourceError(TanggapError):
    """One source failed; `failure` is the error class kept on its crawl run, `retry_at` when to come back if told."""

    def __init__(self, message: str, failure: FailureClass, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.failure = failure
        self.retry_at = retry_at
        self.retryable = failure in ("rate", "network")


class PayloadError(TanggapError):
    """One record cannot be read, or may not be kept; the reader counts it, names its position and goes on."""

    def __init__(self, message: str, kind: RefusalKind = "payload") -> None:
        super().__init__(message)
        self.kind = kind


class ModelError(TanggapError):
    """A model file is missing, damaged, of another version, or below its quality floor."""


class RuleError(TanggapError):
    """A rule of the desk refuses the act; the message says which rule and what is needed."""


class UsageError(TanggapError):
    """A command was called with arguments that do not fit."""
