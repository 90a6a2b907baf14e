"""Which addresses may be asked at all: web schemes and ports, public hosts, and what the operator allowed."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from tanggap.errors import SourceError

PORTS = {"http": 80, "https": 443}
SOCKET_PORTS = {"ws": 80, "wss": 443}

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


def is_literal(host: str) -> bool:
    """Whether a host is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def objection(url: str, allowed: Collection[str], ports: dict[str, int] = PORTS) -> str:
    """Why `url` is not asked, as far as that shows before its name is resolved; "" when nothing speaks against it.

    Args:
        allowed: host:port pairs that are fit to be asked although they are not public.
        ports: scheme -> its port, for the schemes that are fit.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or ports.get(parts.scheme, 0)
    except ValueError:
        return "its address cannot be read"
    if parts.scheme not in ports or not host:
        return f"it is {parts.scheme or 'nothing'}:, not {' or '.join(ports)}"
    if parts.username is not None or parts.password is not None:
        return "its address carries a user name"
    if f"{host}:{port}" in allowed:
        return ""
    named = {urlsplit(f"//{entry}").hostname for entry in allowed}
    bare = host.rstrip(".")
    own = bare == "localhost" or bare.endswith(".localhost")
    if own or host in named or (is_literal(bare) and not public(bare)):
        return f"{host}:{port} {NOT_PUBLIC}"
    return "" if port in ports.values() else f"port {port} is no web port"


def dial(host: str, port: int, allowed: Collection[str], timeout_s: float) -> socket.socket:
    """A connection to `host`; the address that was checked is the one that is dialled, so rebinding gains nothing.

    Raises:
        SourceError: its name leads to no public address; failure `blocked`.
        OSError: nothing answers there.
    """
    found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    fit = [str(address) for address in found if f"{host}:{port}" in allowed or public(str(address))]
    if not fit:
        raise SourceError(f"{host} leads to {found[0]}, which {NOT_PUBLIC}; it is not asked.", "blocked")
    for address in fit[:-1]:
        try:
            return socket.create_connection((address, port), timeout_s)
        except OSError:
            continue
    return socket.create_connection((fit[-1], port), timeout_s)
