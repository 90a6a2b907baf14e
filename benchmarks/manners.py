"""A simulated crawl: thousands of addresses on hosts with rules, watched by the hosts themselves.

    python -m benchmarks.manners [ADDRESSES] [HOSTS] [PACE_S]

Every host is read by two sources at once, forbids a fifth of what it lists, asks for a pause now and then, and writes
down when it was asked for what.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from crawlers import StoredHosts, crawl
from tanggap.records import Source, SourceKind
from tanggap.settings import LimitsSection, Settings
from tanggap.store import Store
from tests.mockserver.web import MockWeb, Request, article, links

RULES = b"User-agent: *\nAllow: /\n\nUser-agent: Tanggap\nDisallow: /tertutup/\nDisallow: /*?cetak=\n"

#: Sources that read one host side by side.
READERS = 2

#: One page in so many asks for a pause of a second before it answers.
BUSY = 97


@dataclass(slots=True)
class Site:
    """One host with its rules and what it saw."""

    web: MockWeb
    addresses: int
    paused_until: float = 0.0
    asked_in_pause: int = 0
    paused: set[str] = field(default_factory=set)

    def publish(self) -> None:
        """Puts the pages on line: every fifth is forbidden, one way or the other."""
        paths = [self.path(number) for number in range(self.addresses)]
        self.web.routes["/robots.txt"] = RULES
        for reader in range(READERS):
            self.web.routes[f"/daftar-{reader}"] = links(*paths[reader::READERS])
        for path in paths:
            self.web.routes[path] = self.answer

    def path(self, number: int) -> str:
        """The address of a page."""
        name = f"2026/01/02/berita-nomor-{number}"
        return {0: f"/tertutup/{name}", 5: f"/{name}?cetak=1"}.get(number % 10, f"/{name}")

    def answer(self, request: Request) -> None:
        """A page, or first a pause."""
        if time.monotonic() < self.paused_until:
            self.asked_in_pause += 1
        number = int(request.path.partition("nomor-")[2].partition("?")[0])
        if number % BUSY == 1 and request.path not in self.paused:
            self.paused.add(request.path)
            request.answer(b"", status=429, headers={"Retry-After": "1"})
            self.paused_until = time.monotonic() + 0.9
        else:
            request.answer(article(f"Berita bernomor {number} dari kota"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the hosts saw."""

    addresses: int
    articles: int
    requests: int
    disallowed: int
    asked_in_pause: int
    pace_s: float
    #: Shortest time between two requests to one host.
    gap_s: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.addresses} addresses, {self.requests} requests, {self.articles} articles in {self.seconds:.0f} s\n"
            f"disallowed fetches: {self.disallowed}\n"
            f"requests within a pause asked for: {self.asked_in_pause}\n"
            f"shortest gap between two requests to a host: {self.gap_s:.3f} s; pace: {self.pace_s:g} s"
        )


def simulate(addresses: int, hosts: int, pace_s: float, folder: Path) -> Report:
    """Crawls `addresses` pages on `hosts` hosts, two sources each, all at once over one store."""
    sites = [Site(MockWeb(), addresses // hosts) for _ in range(hosts)]
    store = Store.create(f"sqlite:///{folder}/manners.sqlite")
    places = tuple(site.web.place for site in sites)
    limits = LimitsSection(allow_addresses=places, crawl_timeout_s=3600.0)
    settings = Settings(config_dir=folder, pseudonym_key=b"key of the benchmark", limits=limits)

    def read(task: tuple[Site, int]) -> int:
        site, reader = task
        address = site.web.url(f"/daftar-{reader}")
        where = Source(id="uji", kind=SourceKind.NEWS, title="Uji", address=address, pace_s=pace_s, limit=10_000)
        found = crawl(where, settings, known=lambda _: set(), hosts=StoredHosts(store))
        return sum(len(batch.posts) for batch in found)

    began = time.monotonic()
    for site in sites:
        site.publish()
        site.web.__enter__()
    tasks = [(site, reader) for site in sites for reader in range(READERS)]
    with ThreadPoolExecutor(len(tasks)) as pool:
        articles = sum(pool.map(read, tasks))
    for site in sites:
        site.web.__exit__()
    store.close()
    asked = [path for site in sites for path in site.web.asked]
    return Report(
        addresses=addresses,
        articles=articles,
        requests=len(asked),
        disallowed=sum(path.startswith("/tertutup/") or "?cetak=" in path for path in asked),
        asked_in_pause=sum(site.asked_in_pause for site in sites),
        pace_s=pace_s,
        gap_s=min(later - earlier for site in sites for earlier, later in pairwise(site.web.times)),
        seconds=time.monotonic() - began,
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    numbers = [*given, *("10000", "4", "0.05")[len(given) :]]
    with tempfile.TemporaryDirectory() as scratch:
        print(simulate(int(numbers[0]), int(numbers[1]), float(numbers[2]), Path(scratch)))
