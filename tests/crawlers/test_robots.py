"""robots.txt by RFC 9309, case by case."""

from __future__ import annotations

import pytest

from crawlers.web.robots import parse_rules, product

AGENT = "Tanggap"

#: (rules, path, allowed)
CASES = [
    ("", "/a", True),
    ("User-agent: *\nDisallow:", "/a", True),
    ("User-agent: *\nDisallow: /", "/a", False),
    ("User-agent: *\nDisallow: /", "/", False),
    ("User-agent: *\nDisallow: /a", "/a", False),
    ("User-agent: *\nDisallow: /a", "/ab", False),
    ("User-agent: *\nDisallow: /a/", "/a", True),
    ("User-agent: *\nDisallow: /a/", "/a/b", False),
    ("User-agent: *\nDisallow: /a", "/A", True),
    ("user-AGENT: *\ndisALLOW: /a", "/a", False),
    ("User-agent: tanggap\nDisallow: /", "/a", False),
    ("User-agent: TANGGAP\nDisallow: /", "/a", False),
    ("User-agent: other\nDisallow: /", "/a", True),
    ("User-agent: other\nUser-agent: Tanggap\nDisallow: /a", "/a", False),
    ("User-agent: Tanggap\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
    ("User-agent: *\nDisallow: /\n\nUser-agent: Tanggap\nDisallow: /b", "/a", True),
    ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
    ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b", True),
    ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b", False),
    ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
    ("User-agent: *\nDisallow: /*.pdf", "/x/y.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
    ("User-agent: *\nDisallow: /a$", "/a", False),
    ("User-agent: *\nDisallow: /a$", "/ab", True),
    ("User-agent: *\nDisallow: /a*/c", "/ab/c", False),
    ("User-agent: *\nDisallow: /*?q=", "/cari?q=banjir", False),
    ("User-agent: *\nDisallow: /*?q=", "/cari", True),
    ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
    ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ("User-agent: *\rDisallow: /a\r", "/a", False),
    ("# note\nUser-agent: * # all\nDisallow: /a # here", "/a", False),
    ("User-agent: *\n\nDisallow: /a", "/a", False),
    ("User-agent: *\nDisallow: /é", "/%C3%A9", False),
    ("User-agent: *\nDisallow: /%C3%A9", "/é", False),
    ("User-agent: *\nDisallow: /%7Ea", "/~a", False),
    ("User-agent: *\nSitemap: https://x.example/s.xml\nDisallow: /a", "/a", False),
    ("Disallow: /a", "/a", True),
    ("<!doctype html><html><body>Not found</body></html>", "/a", True),
    ("User-agent: *\nDisallow: /b\n" + "# x\n" * 200_000 + "Disallow: /a", "/b", False),
    ("User-agent: *\nDisallow: /b\n" + "# x\n" * 200_000 + "Disallow: /a", "/a", True),
]


@pytest.mark.parametrize(("rules", "path", "allowed"), CASES)
def test_rules_are_read_by_the_rfc(rules: str, path: str, allowed: bool) -> None:
    assert parse_rules(rules.encode()).can_fetch(f"https://x.example{path}", AGENT) is allowed


def test_groups_are_matched_by_our_product_name() -> None:
    assert product("Tanggap/0.1 (+https://example.go.id/tanggap; humas@example.go.id)") == "Tanggap"
    assert product("") == "*"
