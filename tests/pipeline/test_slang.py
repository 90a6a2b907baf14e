"""Words an office teaches: written beside the shipped table, refused where they would spoil others, read at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from nlp.normalize import Normalizer
from pipeline.cli import app
from pipeline.office import Office
from tanggap import slang
from tanggap.errors import RuleError, SettingsError, UsageError
from tanggap.records import Role, User
from tanggap.settings import load_settings
from tanggap.store import Store, audit, people


@pytest.fixture
def office(store: Store, config_dir: Path) -> Path:
    """An office with an analyst and a reader."""
    with store.write() as db:
        for name, role in (("rina", Role.ANALYST), ("adi", Role.READER)):
            people.add(db, User(name=name, full_name=name.title(), roles=(role,)), "x")
    return config_dir


def run(office: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["slang", *words, "--config", str(office)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def test_a_word_is_added_listed_read_and_taken_out(office: Path, store: Store) -> None:
    shipped = (office / "language" / "slang.csv").read_bytes()
    run(office, "add", "mbledos", "--means", "meledak", "--region", "jv", "--by", "rina")
    run(office, "add", "mbledos", "--means", "meledak keras", "--by", "rina")
    assert "meledak keras" in run(office, "list")
    [token] = Normalizer.load(office / "language").tokens("mbledos")
    assert token.norm == "meledak keras"
    run(office, "remove", "mbledos", "--by", "rina")
    assert slang.entries(office / "language") == []
    assert (office / "language" / "slang.csv").read_bytes() == shipped
    with store.read() as db:
        told = [(entry.action, entry.by) for entry in audit.entries(db, "slang mbledos")]
    assert told == [("slang.remove", "rina"), ("slang.add", "rina"), ("slang.add", "rina")]


def test_the_next_batch_is_read_with_it_without_a_restart(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []
    monkeypatch.setattr("pipeline.office.Scorer.load", lambda _: loaded.append(1) or object())
    opened = Office(load_settings(office, environ={}))
    first = opened.scorer
    assert opened.scorer is first
    run(office, "add", "mbledos", "--means", "meledak", "--by", "rina")
    assert opened.scorer is not first
    assert len(loaded) == 2


def test_a_shipped_word_is_retired_and_comes_back_when_the_office_line_goes(office: Path) -> None:
    def read(text: str) -> str:
        return " ".join(token.norm for token in Normalizer.load(office / "language").tokens(text))

    assert read("mampettt modar") == "mampet emo_tekan mati"
    assert "no longer read as mati" in run(office, "retire", "modar", "--by", "rina")
    assert read("modar") == "modar"
    (word,) = [one for one in slang.words(office / "language") if one.typed == "modar"]
    assert (word.retired, word.by, word.meaning) == (True, "rina", "mati")
    with pytest.raises(RuleError, match="tidak punya arti"):
        run(office, "retire", "modar", "--by", "rina")
    run(office, "remove", "modar", "--by", "rina")
    assert read("modar") == "mati"


def test_the_dictionary_holds_every_table_and_says_whose_word_it_is(office: Path) -> None:
    run(office, "add", "mbledos", "--means", "meledak keras", "--region", "jv", "--by", "rina")
    found = {word.typed: word for word in slang.words(office / "language")}
    assert len(found) > 4_500
    assert (found["mbledos"].origin, found["mbledos"].meaning) == ("office", "meledak keras")
    assert (found["pju"].origin, found["pju"].meaning) == ("acronym", "penerangan jalan umum")
    assert (found["gk"].origin, found["gk"].meaning) == ("shipped", "tidak")


@pytest.mark.parametrize(
    ("word", "means", "told"),
    [
        ("air", "minum", "sudah kata baku"),
        ("Mbledos", "meledak", "huruf kecil"),
        ("dua kata", "meledak", "bukan satu kata"),
        ("=cmd", "meledak", "bukan satu kata"),
        ("mbledos", "MELEDAK!", "tulis artinya"),
        ("mbledos", "mbledos keras", "dirinya sendiri"),
    ],
)
def test_an_entry_that_would_spoil_other_words_is_refused(office: Path, word: str, means: str, told: str) -> None:
    with pytest.raises(RuleError, match=told):
        run(office, "add", word, "--means", means, "--by", "rina")
    assert slang.entries(office / "language") == []


def test_who_may_not_correct_adds_no_words(office: Path) -> None:
    with pytest.raises(RuleError, match="tidak berhak"):
        run(office, "add", "mbledos", "--means", "meledak", "--by", "adi")
    with pytest.raises(UsageError, match="no account"):
        run(office, "add", "mbledos", "--means", "meledak", "--by", "siapa")
    with pytest.raises(RuleError, match="tidak ada"):
        run(office, "remove", "mbledos", "--by", "rina")


def test_a_broken_table_is_named(office: Path) -> None:
    path = office / "language" / "slang_office.csv"
    path.write_text("slang,normal\nx,y,z\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="slang_office"):
        slang.entries(office / "language")
