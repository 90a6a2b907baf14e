"""sources.toml: what ships, and what is refused with a sentence that helps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tanggap.declarations import Declaration, amended, differences, load_sources, written
from tanggap.errors import SettingsError
from tanggap.records import SourceKind
from tanggap.settings import packaged_config

NEWS = '[a]\nkind = "news"\ntitle = "A"\naddress = "https://a.example/rss"\n'


def write(directory: Path, text: str) -> Path:
    (directory / "sources.toml").write_text(text, encoding="utf-8")
    return directory


#: What needs no key, no agreement and no decision.
OPEN = {SourceKind.NEWS, SourceKind.DISCOVERY, SourceKind.MASTODON}


def test_the_shipped_sources_show_every_kind_and_only_keyless_ones_are_on() -> None:
    sources = load_sources(packaged_config())
    on = [source for source in sources if source.enabled]
    assert len(on) >= 40
    assert {source.kind for source in sources} == set(SourceKind)
    assert {source.kind for source in on} == OPEN
    assert all(source.licence for source in sources)
    assert all(source.schedule for source in on)
    assert all(source.expected_per_day for source in on if source.kind is SourceKind.NEWS)
    assert not any(source.verified for source in sources)
    assert not any(source.agreement for source in sources)


def test_every_key_is_explained_at_the_top_of_the_shipped_file() -> None:
    head = (packaged_config() / "sources.toml").read_text(encoding="utf-8").partition("\n[")[0]
    missing = [key for key in Declaration.model_fields if f" {key} " not in head and f".{key}]" not in head]
    assert missing == []


def test_the_examples_of_the_documentation_are_valid_and_name_every_key(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    shown = load_sources(write(tmp_path, "\n".join(examples)))
    assert len(shown) == len(examples) >= 9
    assert [key for key in Declaration.model_fields if f"`{key}`" not in page and f".{key}]`" not in page] == []


def test_an_edit_is_checked_like_a_declaration_and_tells_what_differs(tmp_path: Path) -> None:
    (source,) = load_sources(write(tmp_path, NEWS))
    edited = amended(source, {"limit": 7, "topic_guard": ["demo"]})
    assert differences(source, edited) == ({"topic_guard": (), "limit": 200}, {"topic_guard": ("demo",), "limit": 7})
    assert amended(edited, written(source)) == source
    with pytest.raises(SettingsError, match="did you mean `schedule`"):
        amended(source, {"shedule": "0 6 * * *"})


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
        (NEWS.replace("[a]", '["Koran Pagi"]'), "is no id of a source"),
        (NEWS + 'schedule = "tiap pagi"\n', "cannot be read"),
        (NEWS + 'schedule = "0 0 30 2 *"\n', "schedule"),
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
