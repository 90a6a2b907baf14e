"""Addresses a source list, a link or a redirect may carry, and which of them are fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawlers.web.guard import GuardedResolver, check, public
from crawlers.web.job import Job
from crawlers.web.refusals import Refused
from tanggap.records import Source, SourceKind
from tanggap.settings import LimitsSection, Settings

HOSTILE = """
http://127.0.0.1/ http://127.0.0.2/ http://127.255.255.254/ http://0.0.0.0/ http://0.1.2.3/
http://10.0.0.1/ http://10.255.255.255/ http://172.16.0.1/ http://172.31.255.255/ http://192.168.0.1/ http://192.168.255.1/
http://169.254.169.254/latest/meta-data/ http://169.254.0.1/ http://100.64.0.1/ http://100.127.255.254/
http://192.0.0.1/ http://192.0.2.1/ http://198.18.0.1/ http://198.51.100.1/ http://203.0.113.1/ http://224.0.0.1/
http://239.255.255.250/ http://240.0.0.1/ http://255.255.255.255/
http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:10.0.0.1]/ http://[::ffff:8.8.8.8]/ http://[fe80::1]/
http://[fc00::1]/ http://[fd12:3456::1]/ http://[ff02::1]/ http://[2001:db8::1]/ http://[64:ff9b::7f00:1]/
http://[2002:7f00:1::]/ http://[2001:0:7f00:1::]/
http://user@example.com/ http://user:pass@example.com/ http://example.com@127.0.0.1/ http://127.0.0.1#@example.com/
http://example.com:22/ http://example.com:25/ http://example.com:6379/ http://example.com:8080/ http://example.com:99999/
https://127.0.0.1/ https://[::1]:443/ http://127.0.0.1:80/
file:///etc/passwd file://localhost/etc/passwd ftp://example.com/ gopher://example.com/
data:text/html,x javascript:alert(1)
s3://bucket/key dict://example.com:11211/ ldap://example.com/ http:///etc/passwd http:// //example.com/ example.com
http://[::1 http://[zz]/
""".split()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    limits = LimitsSection(allow_addresses=("127.0.0.1:8099", "intranet.example:8080"))
    settings = Settings(config_dir=tmp_path, limits=limits)
    return Job.of("news", Source(id="s", kind=SourceKind.NEWS, title="S", address="https://example.com/"), settings)


@pytest.mark.parametrize("url", HOSTILE)
def test_an_address_that_is_not_public_web_is_refused_with_a_reason(url: str, job: Job) -> None:
    with pytest.raises(Refused) as caught:
        check(url, job)
    assert (caught.value.told.kind, caught.value.told.failure) == ("guard", "blocked")
    assert len(caught.value.reason) > 10


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://example.com:443/a?b=c",
        "http://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "http://127.0.0.1:8099/",
        "http://intranet.example:8080/feed",
    ],
)
def test_public_addresses_and_those_the_operator_named_pass(url: str, job: Job) -> None:
    check(url, job)


def test_a_host_the_operator_named_is_open_on_the_named_port_only(job: Job) -> None:
    with pytest.raises(Refused):
        check("http://intranet.example/", job)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "::ffff:1.2.3.4", "nonsense", ""])
def test_what_a_name_resolves_to_must_be_public(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("name", ["localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_other_spellings_of_this_machine_are_refused_where_they_are_resolved(name: str) -> None:
    from socket import gethostbyname

    from twisted.internet.error import DNSLookupError

    resolver = GuardedResolver.__new__(GuardedResolver)
    with pytest.raises(DNSLookupError, match="not a public address"):
        resolver.only_public(gethostbyname(name), name)
