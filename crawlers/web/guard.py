"""Keeps every request on public addresses: a source list or a redirect can never lead into the city network."""

from __future__ import annotations

from typing import Any, ClassVar, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawlers.web.addresses import NOT_PUBLIC, objection, public
from crawlers.web.job import Job
from crawlers.web.refusals import Refused


def check(url: str, job: Job) -> None:
    """Refuses what can be refused before any name is resolved.

    Raises:
        Refused: the scheme, port, user part or literal address is not one we fetch.
    """
    reason = objection(url, job.allow_addresses)
    if reason:
        raise Refused(reason, "guard", final=True)


class GuardMiddleware:
    """Checks the address of every request, those that redirects made included."""

    def __init__(self, job: Job) -> None:
        self.job = job

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        return cls(crawler.settings["TANGGAP_JOB"])

    def process_request(self, request: Request) -> None:
        """
        Raises:
            Refused: the address is not one we fetch.
        """
        check(request.url, self.job)
        request.meta.setdefault("redirect_ttl", self.job.max_redirects)

    def process_response(self, request: Request, response: Response) -> Response:
        """Passes answers on. Scrapy follows no redirect to file: and the like; it leaves them unexplained as well.

        Raises:
            Refused: the answer redirects to an address we do not fetch.
        """
        target = response.headers.get("Location")
        if 300 <= response.status < 400 and target:
            check(urljoin(request.url, target.decode("latin-1")), self.job)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """
        Raises:
            Refused: the name could not be resolved because the resolver below refused its address.
        """
        reason = GuardedResolver.refused.get(urlsplit(request.url).hostname or "")
        if reason and isinstance(exception, CannotResolveHostError):
            raise Refused(reason, "guard")


class GuardedResolver(CachingThreadedResolver):
    """Resolves names for the connection itself and refuses answers that are not public.

    The address that was checked is the address that is dialled, so a name that answers differently the second
    time (DNS rebinding) gains nothing; decimal, octal and hexadecimal spellings pass through here as well.
    """

    #: Name -> why it was refused; the connection tells only that a name is unknown.
    refused: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, allowed_hosts: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed_hosts = allowed_hosts

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE"),
            settings.getfloat("DNS_TIMEOUT"),
            allowed_hosts=settings["TANGGAP_JOB"].allowed_hosts,
        )

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802 - Twisted names it
        """The address of `name`; fails with DNSLookupError where it is not public."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        if name not in self.allowed_hosts:
            found.addCallback(self.only_public, name)
        return found

    def only_public(self, address: str, name: str) -> str:
        """
        Raises:
            DNSLookupError: `address` is not public.
        """
        if not public(address):
            self.refused[name] = f"{name} leads to {address}, which {NOT_PUBLIC}"
            raise DNSLookupError(self.refused[name])
        return address
