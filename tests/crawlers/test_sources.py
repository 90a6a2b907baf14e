"""sources.toml: what ships, and what is refused with a sentence that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawlers import load_sources
from tanggap.errors import SettingsError
from tanggap.records import SourceKind
from tanggap.settings import packaged_config

NEWS = '[a]\nkind = "news"\ntitle = "A"\naddress = "https://a.example/rss"\n'


def write(directory: Path, text: str) -> Path:
    (directory / "sources.toml").write_text(text, encoding="utf-8")
    return directory


def test_the_shipped_sources_are_keyless_news_and_switched_off_examples() -> None:
    sources = load_sources(packaged_config())
    on = [source for source in sources if source.enabled]
    assert len(on) >= 10
    assert {source.kind for source in on} == {SourceKind.NEWS}
    assert {source.kind for source in sources if not source.enabled} == set(SourceKind) - {SourceKind.NEWS}
    assert all(source.licence and source.expected_per_day for source in on)


def test_a_declaration_is_read_whole(tmp_path: Path) -> None:
    (source,) = load_sources(write(tmp_path, NEWS + "pace_s = 5\nlimit = 7\nverified = true\n"))
    assert (source.id, source.pace_s, source.limit, source.enabled) == ("a", 5.0, 7, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (NEWS + "adress = 1\n", "did you mean `address`"),
        (NEWS.replace("news", "berita"), r"`kind` is wrong"),
        (NEWS.replace("https://a.example/rss", "a.example"), "begins with http"),
        (NEWS.replace('address = "https://a.example/rss"', ""), "needs an `address`"),
        (NEWS + "pace_s = -1\n", "`pace_s` is wrong"),
        (NEWS + "limit = 0\n", "`limit` is wrong"),
        (NEWS + NEWS, "not valid TOML"),
        ("[a\n", "not valid TOML"),
        ("kind = 'news'\n", "outside a table"),
        ('[x]\nkind = "x"\ntitle = "X"\n', "needs a `query`"),
        ('[c]\nkind = "csv"\ntitle = "C"\naddress = "c.csv"\n[c.columns]\nisi = "text"\n', "not isi"),
    ],
)
def test_a_wrong_declaration_is_refused_with_what_to_do(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load_sources(write(tmp_path, text))


def test_a_missing_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sources\.toml is missing"):
        load_sources(tmp_path)
