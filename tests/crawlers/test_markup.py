"""Posts handed out as HTML, as the text people would read."""

from __future__ import annotations

import pytest

from crawlers.networks.markup import MAX_MARKUP, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("tanpa tanda", "tanpa tanda"),
        ("<p>satu</p><p>dua<br/>tiga</p>", "satu\n\ndua\ntiga"),
        ("a &lt;b&gt; &amp;amp; &#128167;", "a <b> &amp; 💧"),
        ('<a href="javascript:alert(1)">klik</a>', "klik"),
        ("<script>alert(1)</script>aman<style>p{}</style>", "aman"),
        ("<p>terbuka <b>tebal", "terbuka tebal"),
        ("</p></p></script>lepas", "lepas"),
        ("<!-- rahasia -->terlihat", "terlihat"),
        ("<ul><li>satu</li><li>dua</li></ul>", "satu\ndua"),
        ("3 < 5 dan 7 > 2", "3 < 5 dan 7 > 2"),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize("markup", ["<div>" * 100_000 + "x", "<" * 300_000, "&" * 300_000, "<!" * 100_000])
def test_hostile_markup_gives_a_text_of_bounded_length(markup: str) -> None:
    assert len(plain(markup)) <= 2 * MAX_MARKUP
