"""A simulated crawl that the hosts themselves watch: nothing disallowed, never too fast, no pause broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.manners import simulate


@pytest.mark.parametrize(
    ("addresses", "hosts", "pace_s"),
    [(150, 2, 0.05), pytest.param(10_000, 4, 0.05, marks=pytest.mark.slow)],
)
def test_the_hosts_of_a_crawl_see_nothing_disallowed_and_no_request_too_early(
    addresses: int, hosts: int, pace_s: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = simulate(addresses, hosts, pace_s, tmp_path)
    with capsys.disabled():
        print(f"\n{report}")
    assert report.disallowed == 0
    assert report.asked_in_pause == 0
    assert report.gap_s >= pace_s
    assert report.articles == addresses * 8 // 10
