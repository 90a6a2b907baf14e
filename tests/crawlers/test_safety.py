"""Attacks, each with a written outcome: hostile addresses, bombs, and pages that kill their reader."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import brotli
import pytest
from backports import zstd
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings as ScrapySettings
from twisted.internet.base import ThreadedResolver
from twisted.internet.defer import Deferred, succeed

from crawlers import crawl
from crawlers.news.pages import article as read_article
from crawlers.news.reading import Reader
from crawlers.web.expansion import ExpansionMiddleware
from crawlers.web.guard import GuardedResolver
from crawlers.web.job import Job
from crawlers.web.refusals import Refused
from crawlers.web.settings import scrapy_settings
from crawlers.web.unpacking import DamagedError, unpack
from tanggap.errors import PayloadError
from tanggap.records import Source
from tests.crawlers.conftest import make_settings
from tests.mockserver.web import MockWeb, article, links
from tests.mockserver.web import Request as Asked

Make = Callable[..., Source]

NOT_PUBLIC, NO_WEB, USER, UNREADABLE = "not a public address", "not http or https", "user name", "cannot be read"

#: Where a page redirects to -> what the refusal says. `{port}` is a port of this machine that answers.
ADDRESSES = {
    "http://127.0.0.1:{port}/secret": NOT_PUBLIC,
    "http://127.0.0.1/": NOT_PUBLIC,
    "http://127.0.0.2/": NOT_PUBLIC,
    "http://127.1/": NOT_PUBLIC,
    "http://0.0.0.0/": NOT_PUBLIC,
    "http://0/": NOT_PUBLIC,
    "http://2130706433/": NOT_PUBLIC,
    "http://017700000001/": NOT_PUBLIC,
    "http://0x7f000001/": NOT_PUBLIC,
    "http://0x7f.0.0.1/": NOT_PUBLIC,
    "http://0177.0.0.1/": NOT_PUBLIC,
    "http://127.0.0.1./": NOT_PUBLIC,
    "http://localhost/": NOT_PUBLIC,
    "http://localhost./": NOT_PUBLIC,
    "http://LOCALHOST/": NOT_PUBLIC,
    "http://10.0.0.1/": NOT_PUBLIC,
    "http://172.16.0.1/": NOT_PUBLIC,
    "http://192.168.1.1/": NOT_PUBLIC,
    "http://3232235777/": NOT_PUBLIC,
    "http://100.64.0.1/": NOT_PUBLIC,
    "http://169.254.169.254/latest/meta-data/": NOT_PUBLIC,
    "http://0xA9FEA9FE/": NOT_PUBLIC,
    "http://2852039166/": NOT_PUBLIC,
    "http://198.18.0.1/": NOT_PUBLIC,
    "http://224.0.0.1/": NOT_PUBLIC,
    "http://255.255.255.255/": NOT_PUBLIC,
    "http://[::1]/": NOT_PUBLIC,
    "http://[::]/": NOT_PUBLIC,
    "http://[0:0:0:0:0:0:0:1]/": NOT_PUBLIC,
    "http://[::ffff:127.0.0.1]/": NOT_PUBLIC,
    "http://[::ffff:7f00:1]/": NOT_PUBLIC,
    "http://[::127.0.0.1]/": NOT_PUBLIC,
    "http://[fe80::1]/": NOT_PUBLIC,
    "http://[fc00::1]/": NOT_PUBLIC,
    "http://[64:ff9b::7f00:1]/": NOT_PUBLIC,
    "http://[2002:7f00:1::]/": NOT_PUBLIC,
    "//127.0.0.1/": NOT_PUBLIC,
    "///127.0.0.1/": NOT_PUBLIC,
    "http:\\\\127.0.0.1\\": "",
    "http://127.0.0.1:80\\@koran.example/": "",
    "http://koran.example@127.0.0.1/": USER,
    "http://user:secret@koran.example/": USER,
    "http://koran.example:80@127.0.0.1/": USER,
    "http://127.0.0.1#@koran.example/": NOT_PUBLIC,
    "http://127.0.0.1%2f@koran.example/": USER,
    "http://koran.example:22/": "no web port",
    "http://koran.example:6379/": "no web port",
    "http://koran.example:99999/": UNREADABLE,
    "https://127.0.0.1:5432/": NOT_PUBLIC,
    "http://[::1": UNREADABLE,
    "file:///etc/passwd": NO_WEB,
    "file://127.0.0.1/etc/passwd": NO_WEB,
    "gopher://127.0.0.1:6379/_INFO": NO_WEB,
    "dict://127.0.0.1:11211/stats": NO_WEB,
    "ftp://koran.example/": NO_WEB,
    "data:text/html,<h1>x</h1>": NO_WEB,
    "javascript:alert(1)": UNREADABLE,
    "s3://bucket/key": NO_WEB,
    "ldap://127.0.0.1/": NO_WEB,
    "jar:http://127.0.0.1!/": NO_WEB,
}


def test_sixty_hostile_addresses_are_refused_with_a_reason_and_never_asked(
    web: MockWeb, tmp_path: Path, source: Make
) -> None:
    targets = list(ADDRESSES)
    assert len(targets) == 60
    with MockWeb() as inside:
        paths = [f"/2026/01/02/menuju-{number}-ke-dalam" for number in range(len(targets))]
        good = [f"{path}-baik" for path in paths]
        web.routes |= {path: article(f"Berita baik {path}") for path in good}
        for path, target in zip(paths, targets, strict=True):
            at = target.format(port=inside.place.partition(":")[2]) if "{port}" in target else target
            web.routes[path] = partial(lambda at, request: request.redirect(at), at)
        web.routes["/"] = links(*(path for pair in zip(paths, good, strict=True) for path in pair))
        where = source(address=web.url(), limit=500)
        settings = make_settings(tmp_path, web, page_timeout_s=5.0, crawl_timeout_s=300.0)
        batches = list(crawl(where, settings, known=lambda _: set()))
        told = {refusal.told: refusal.kind for batch in batches for refusal in batch.refusals}
        assert inside.asked == []
    assert sum(len(batch.posts) for batch in batches) == len(good)
    outcomes = {}
    for path, target in zip(paths, targets, strict=True):
        ((sentence, kind),) = [(note, kind) for note, kind in told.items() if f"{path}:" in note]
        outcomes[target] = (
            "" if ADDRESSES[target] in sentence and (kind == "guard" or not ADDRESSES[target]) else sentence
        )
    assert set(outcomes.values()) == {""}, {target: told for target, told in outcomes.items() if told}


#: Name -> what its resolver answers, first and then; "" passes.
NAMES = {
    "127.0.0.1.nip.example": (["127.0.0.1"], NOT_PUBLIC),
    "10-0-0-1.sslip.example": (["10.0.0.1"], NOT_PUBLIC),
    "localtest.example": (["127.0.0.1"], NOT_PUBLIC),
    "metadata.example": (["169.254.169.254"], NOT_PUBLIC),
    "rebinding.example": (["93.184.216.34", "127.0.0.1"], NOT_PUBLIC),
    "ⓛocalhost": (["127.0.0.1"], NOT_PUBLIC),
    "127。0。0。1": (["127.0.0.1"], NOT_PUBLIC),
    "koran.example": (["93.184.216.34", "93.184.216.34"], ""),
}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_leads_to_is_checked_each_time_and_is_what_is_dialled(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, refused = NAMES[name]
    left = list(answers)
    monkeypatch.setattr(ThreadedResolver, "getHostByName", lambda *_: succeed(left.pop(0)))
    resolver = GuardedResolver.__new__(GuardedResolver)
    resolver.timeout, resolver.allowed_hosts = 1.0, frozenset()
    monkeypatch.setattr("scrapy.resolver.dnscache.limit", 0)
    found: list[str] = []

    def dial(deferred: Deferred[str]) -> None:
        deferred.addCallbacks(found.append, lambda failure: found.append(failure.getErrorMessage()))

    for _ in answers:
        dial(resolver.getHostByName(name))
    assert refused in found[-1]
    assert all(address == "93.184.216.34" for address in found if NOT_PUBLIC not in address)


def page_of(size: int, filling: bytes = b"a") -> bytes:
    return b"<html><body><p>" + filling * (size // len(filling)) + b"</p></body></html>"


NOISE = random.Random(7)

#: Twelve shapes of what should not come out of a small answer.
BOMBS = {
    "letters-10mb": lambda: page_of(10_000_000),
    "letters-50mb": lambda: page_of(50_000_000),
    "zeros-50mb": lambda: b"\0" * 50_000_000,
    "blanks-20mb": lambda: b" " * 20_000_000,
    "markup-20mb": lambda: page_of(20_000_000, b"<div>"),
    "words-30mb": lambda: page_of(30_000_000, b"banjir di kampung "),
    "just-above-the-page-limit": lambda: page_of(4_100_000, b"genangan air "),
    "within-the-limit-but-too-dense": lambda: page_of(3_900_000),
    "small-but-too-dense": lambda: page_of(200_000),
    "noise-then-letters": lambda: NOISE.randbytes(20_000) + b"a" * 30_000_000,
    "letters-then-noise": lambda: b"a" * 30_000_000 + NOISE.randbytes(20_000),
    "periodic-40mb": lambda: bytes(range(256)) * 160_000,
}

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, compresslevel=9),
    "deflate": partial(zlib.compress, level=9),
    "br": partial(brotli.compress, quality=5),
    "zstd": zstd.compress,
}

LIMIT = 4_000_000


@pytest.mark.parametrize("shape", BOMBS)
def test_a_bomb_in_any_packing_is_stopped_before_it_has_unpacked_far(shape: str) -> None:
    plain = BOMBS[shape]()
    for name, pack in PACKERS.items():
        with pytest.raises(PayloadError, match="it unpacks too large") as caught:
            unpack(name, pack(plain), LIMIT)
        unpacked = int(str(caught.value).partition("(")[2].partition(" bytes")[0])
        assert unpacked <= 2 * LIMIT == 8_000_000, name


@pytest.mark.parametrize("name", PACKERS)
def test_a_packed_page_comes_out_whole_or_not_at_all(name: str) -> None:
    whole = article("Berita biasa dari kota")
    packed = PACKERS[name](whole)
    assert unpack(name, packed, LIMIT) == whole
    broken = 0
    for cut in range(1, len(packed)):
        with pytest.raises(DamagedError):
            unpack(name, packed[:cut], LIMIT)
        broken += 1
    assert broken == len(packed) - 1
    with pytest.raises(DamagedError):
        unpack(name, b"\0\1\2 no packing at all", LIMIT)


def test_unusual_packings_that_servers_send_are_read() -> None:
    raw = zlib.compressobj(wbits=-15)
    assert unpack("deflate", raw.compress(b"kota") + raw.flush(), LIMIT) == b"kota"
    assert unpack("gzip", gzip.compress(b"ko") + gzip.compress(b"ta") + b"\0\0", LIMIT) == b"kota"
    wrong = bytearray(gzip.compress(b"kota" * 50))
    wrong[-6] ^= 1
    with pytest.raises(DamagedError):
        unpack("gzip", bytes(wrong), LIMIT)


def test_an_answer_packed_twice_or_in_a_strange_way_is_refused(tmp_path: Path, source: Make) -> None:
    job = Job.of("news", source(address="https://koran.example/"), make_settings(tmp_path))
    request = Request("https://koran.example/")
    for told in ("gzip, br", ["gzip", "gzip"], "lzma"):
        answer = Response(request.url, headers={"Content-Encoding": told}, body=b"x")
        with pytest.raises(Refused, match="it is packed"):
            ExpansionMiddleware(job).process_response(request, answer)


def test_a_bomb_in_each_packing_costs_a_crawl_one_page(web: MockWeb, tmp_path: Path, source: Make) -> None:
    packed = {name: pack(page_of(10_000_000)) for name, pack in PACKERS.items()}
    packed["sitemap.xml.gz"] = gzip.compress(b"<urlset>" + b" " * 10_000_000 + b"</urlset>")

    def behave(name: str, request: Asked) -> None:
        request.answer(packed[name], headers={"Content-Encoding": name} if name in PACKERS else {})

    paths = {f"/2026/01/02/bom-dalam-kemasan-{name}": name for name in packed}
    web.routes |= {path: partial(behave, name) for path, name in paths.items()}
    web.routes |= {
        "/": links(*paths, "/2026/01/02/berita-baik-kota"),
        "/2026/01/02/berita-baik-kota": article("Berita baik kota"),
    }
    batches = list(crawl(source(address=web.url()), make_settings(tmp_path, web), known=lambda _: set()))
    refusals = [refusal for batch in batches for refusal in batch.refusals]
    assert sum(len(batch.posts) for batch in batches) == 1
    assert len(refusals) == 5
    assert sum("unpacks too large" in refusal.told and refusal.kind == "payload" for refusal in refusals) == 4


def hang() -> None:
    """What a parser stuck in C looks like: no Python code of this process runs any more."""
    import signal

    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    os.read(os.pipe()[0], 1)


def burn() -> None:
    """Processor time without end."""
    while True:
        pass


def flood() -> int:
    """More memory than a page may take."""
    return len(bytearray(1 << 31))


def crash() -> None:
    """A parser that takes its process along."""
    os.kill(os.getpid(), 11)


DEADLY = {hang: "longer than", flood: "more than 1024 MiB", crash: "crashed"}


async def deadly(reader: Reader) -> list[str]:
    told = []
    for reading in DEADLY:
        with pytest.raises(PayloadError) as caught:
            await reader.read(reading)
        told.append(str(caught.value))
        page = await reader.read(
            read_article, article("Berita yang tetap terbaca"), "utf-8", "https://koran.example/", None
        )
        assert page.title == "Berita yang tetap terbaca"
    return told


def test_a_page_that_hangs_floods_or_crashes_its_reader_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setattr("crawlers.news.reading.EXTRACTION_S", 1.0)
    reader = Reader()
    try:
        told = asyncio.run(deadly(reader))
        assert all(word in sentence for word, sentence in zip(DEADLY.values(), told, strict=True)), told
    finally:
        reader.close()


def test_no_risky_default_of_scrapy_is_left_on(tmp_path: Path, source: Make) -> None:
    job = Job.of("news", source(address="https://koran.example/"), make_settings(tmp_path))
    found = ScrapySettings(scrapy_settings(job))
    for name in (
        "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "HTTPPROXY_ENABLED",
        "METAREFRESH_ENABLED", "HTTPCACHE_ENABLED", "AUTOTHROTTLE_ENABLED", "ROBOTSTXT_OBEY", "HTTPERROR_ALLOW_ALL",
    ):  # fmt: skip
        assert not found.getbool(name), name
    assert found.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert found["DOWNLOAD_HANDLERS"] == {"data": None, "file": None, "ftp": None, "s3": None}
    assert found.getint("DOWNLOAD_MAXSIZE") == job.max_page_bytes
    assert found.getfloat("DOWNLOAD_TIMEOUT") == job.page_timeout_s
    assert found["TWISTED_DNS_RESOLVER"] == "crawlers.web.guard.GuardedResolver"
    assert found["JOBDIR"] is None
    assert not found["FEEDS"]
