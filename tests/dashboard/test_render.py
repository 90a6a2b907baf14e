"""Text of the public, neutralised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.render import TURNERS, label, link, plain, shown


def test_a_turned_line_is_shown_with_its_turner_by_name() -> None:
    assert plain("file \u202egnp.exe") == "file [RLO]gnp.exe"


def test_hidden_characters_disappear_and_words_can_be_read() -> None:
    assert plain("ban\u200bjir\ufeff pa\u2060rah \U000e0041") == "banjir parah "


def test_towers_of_marks_are_cut_and_ordinary_marks_stay() -> None:
    assert plain("a" + "\u0301" * 40) == "a" + "\u0301" * 3
    assert plain("é ñ") == "é ñ"


def test_joined_emoji_stay_whole_and_lone_joiners_go() -> None:
    assert plain("\U0001f468\u200d\U0001f469\u200d\U0001f467") == "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert plain("ban\u200djir") == "banjir"


def test_controls_become_visible_and_lines_stay() -> None:
    assert plain("a\x00b\nc\u2028d") == "a\ufffdb\nc\nd"


@given(some.text(max_size=300))
def test_no_text_keeps_a_turner_or_a_control(text: str) -> None:
    result = plain(text)

    assert not set(result) & set(TURNERS)
    assert all(char in "\n\t" or char.isprintable() or not char.isascii() for char in result)
    assert plain(result) == result


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.example", "",
        "http://", "https://user:pass@x.example", "https://x.example/a b", "https://x.example/\u202e", "ftp://x.example",
        'https://x.example/"onmouseover="x', "https://[::1", "https://x.example\\@y.example", None,
        "https://x.example/" + "a" * 3000, "https://\u200b.example", " https://x.example",
    ],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert link(url) is None


def test_a_link_shows_its_host_in_ascii() -> None:
    assert link("https://warta.example.id/a?b=1") == {
        "href": "https://warta.example.id/a?b=1",
        "host": "warta.example.id",
    }
    found = link("https://jаkarta.example")
    assert found is not None
    assert found["host"].startswith("xn--")


def test_labels_hold_no_markdown() -> None:
    assert label("![x](http://a.example) **b** :red[c] <i>") == (
        r"\!\[x\]\(http\:\/\/a\.example\) \*\*b\*\* \:red\[c\] \<i\>"
    )


def test_every_text_of_a_component_is_made_plain() -> None:
    assert shown({"a": ["x\u202ey", 1, None, {"b": "\u200b"}]}) == {"a": ["x[RLO]y", 1, None, {"b": ""}]}
