"""Texts to the public, as the components are given them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dashboard import texts
from tanggap.desk.checker import Finding
from tanggap.records.desk import Response

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
NAMES = {"sari": "Sari Dewi"}


def response(**changes: Any) -> Response:
    facts = {"issue": "i", "number": 1, "version": 1, "kind": "answer", "text": "x", "at": NOW, "by": "sari"}
    return Response(**{**facts, **changes})


def finding(words: str, text: str) -> Finding:
    start = text.index(words)
    return Finding(rule="blame", label="Janji", words=words, start=start, end=start + len(words), advice="Beri hari.")


def test_the_words_that_caused_a_finding_carry_its_number_where_they_stand() -> None:
    text = "Kami perbaiki secepatnya ya"
    told = texts.parts(text, [finding("perbaiki secepatnya", text), finding("secepatnya", text)])
    assert "".join(part["words"] for part in told) == text
    assert [(part["words"], part["found"]) for part in told if part["found"]] == [
        ("perbaiki ", [1]),
        ("secepatnya", [1, 2]),
    ]


def test_the_newest_version_of_each_answer_stands_in_front_and_what_is_out_comes_last() -> None:
    made = [response(number=number, version=version) for number, version in ((1, 1), (1, 2), (2, 1))]
    made.append(response(number=3, state="published"))
    assert [(item.number, item.version) for item in texts.newest(made)] == [(2, 1), (1, 2), (3, 1)]


def test_versions_are_compared_word_by_word() -> None:
    old, new = response(text="Kami perbaiki segera."), response(text="Kami perbaiki besok pagi.", version=2)
    told = texts.changed(old, new, NAMES)
    assert told["title"] == "Versi 1 → 2 · Sari Dewi · 22 Nov 08.00"
    kept = {kind: "".join(one["words"] for one in told["pieces"] if one["kind"] != kind) for kind in ("gone", "new")}
    assert kept == {"new": old.text, "gone": new.text}


def test_every_text_that_is_not_out_says_what_comes_next() -> None:
    assert texts.upcoming(response(state="submitted"), 2, {"sari"}, NAMES) == (
        "Berikutnya: disetujui orang selain Sari Dewi. Ada 2 temuan: perbaiki, atau setujui dengan alasan."
    )
    assert "ajukan" in texts.upcoming(response(), 0, set(), NAMES)
    assert "catat tautannya" in texts.upcoming(response(state="approved"), 0, set(), NAMES)
    assert texts.upcoming(response(state="published"), 0, set(), NAMES) == ""
