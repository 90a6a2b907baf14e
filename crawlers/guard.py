"""Keeps every request on public addresses: a source list or a redirect can never lead into the city network."""

from __future__ import annotations

import ipaddress
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawlers.job import Job
from crawlers.refusals import Refused

PORTS = {"http": 80, "https": 443}

NOT_PUBLIC = "is not a public address"

#: IPv6 addresses that a gateway turns into IPv4 ones (RFC 6052).
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def public(address: str) -> bool:
    """Whether an IP address may be fetched: global, not multicast, and not an IPv6 coat around an IPv4 address."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in NAT64):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def check(url: str, job: Job) -> None:
    """Refuses what can be refused before any name is resolved.

    Raises:
        Refused: the scheme, port, user part or literal address is not one we fetch.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Refused("its address cannot be read", "blocked") from None
    if parts.scheme not in PORTS or not host:
        raise Refused(f"it is {parts.scheme or 'nothing'}:, not http or https", "blocked")
    if parts.username is not None or parts.password is not None:
        raise Refused("its address carries a user name", "blocked")
    if job.allows(host, port):
        return
    if host in job.allowed_hosts or (is_literal(host) and not public(host)):
        raise Refused(f"{host}:{port} {NOT_PUBLIC}", "blocked")
    if port not in PORTS.values():
        raise Refused(f"port {port} is no web port", "blocked")


def is_literal(host: str) -> bool:
    """Whether a host is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


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

    def process_exception(self, request: Request, exception: Exception) -> None:
        """
        Raises:
            Refused: the name could not be resolved because the resolver below refused its address.
        """
        reason = GuardedResolver.refused.get(urlsplit(request.url).hostname or "")
        if reason and isinstance(exception, CannotResolveHostError):
            raise Refused(reason, "blocked")


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
