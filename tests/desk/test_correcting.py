"""Corrections: who may, what they change, and that no later score takes them back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nlp.corrections import rows_of
from tanggap.desk.correcting import FIELDS, choices, correct, undo
from tanggap.errors import RuleError
from tanggap.issues.places import spots
from tanggap.records import Place, Post, Role, Score, User
from tanggap.store import audit, corrections, erasure, posts, rollups, scores

ANALYST = User(name="rina", full_name="Rina", roles=(Role.ANALYST,))
READER = User(name="adi", full_name="Adi", roles=(Role.READER,))


def made(model="2026.11.1", **labels):
    given = {
        "relevant": True, "relevance": 0.9, "sentiment": "neutral", "topic": "lainnya", "complaint": False,
        "urgency": 0, "agency": "AG01", "reasons": {"topic": ("air",), "sentiment": ("naik",)},
        "abstained": ("urgency",),
    }  # fmt: skip
    return Score(model=model, **(given | labels))


@pytest.fixture
def key(any_store, now):
    """A stored post that a model understood wrongly."""
    sent = Post(
        source="x", native_id="1", text="air naik sepaha di kampung melayu", published_at=now() - timedelta(hours=1),
        collected_at=now(),
    )  # fmt: skip
    with any_store.write() as db:
        posts.add(db, [sent])
        [stored] = posts.unscored(db, "none", 5)
        scores.add(db, [(stored.id, made())])
    return stored.id


@pytest.fixture
def set_right(any_store, city, key, now):
    """Corrects a label of the post as an analyst."""
    return lambda field, to, by=ANALYST, why="banjir setinggi paha": correct(
        any_store, city, by, key, field, to, why=why, at=now()
    )


def shown(store, key):
    with store.read() as db:
        return scores.of(db, key)


def test_a_corrected_label_is_everywhere_at_once(any_store, key, set_right, city, now):
    set_right("topic", "banjir")
    set_right("sentiment", "negative")
    found = shown(any_store, key)
    assert (found.topic, found.sentiment, found.agency) == ("banjir", "negative", city.topics["banjir"].agency)
    assert found.reasons == {}, "the words that spoke for another label explain nothing"
    with any_store.read() as db:
        [cell] = rollups.hourly(db, now() - timedelta(hours=3), now(), by="topic")
        assert (cell.topic, cell.posts) == ("banjir", 1)
        [reading] = scores.readings(db, now() - timedelta(days=1), now())
        assert reading.score == found


def test_no_later_score_takes_a_correction_back(any_store, key, set_right):
    set_right("topic", "banjir")
    set_right("urgency", "3")
    with any_store.write() as db:
        scores.add(db, [(key, made("2026.12.1", topic="pohon_taman"))])
    found = shown(any_store, key)
    assert (found.model, found.topic, found.urgency, found.abstained) == ("2026.12.1", "banjir", 3, ())


def test_another_text_of_the_post_is_the_machines_again(any_store, key, set_right, now):
    set_right("topic", "banjir")
    changed = Post(source="x", native_id="1", text="sudah surut", published_at=now(), collected_at=now())
    with any_store.write() as db:
        posts.add(db, [changed])
        scores.add(db, [(key, made("2026.12.1"))])
        assert corrections.of(db, key) == []
        assert corrections.taught(db) == []
    assert shown(any_store, key).topic == "lainnya"


def test_a_post_that_is_not_about_the_city_has_no_topic_and_no_urgency(any_store, key, set_right):
    set_right("topic", "banjir")
    set_right("relevant", "tidak")
    found = shown(any_store, key)
    assert (found.relevant, found.topic, found.complaint, found.urgency) == (False, "lainnya", False, 0)


def test_a_correction_says_who_what_and_why(any_store, key, set_right, now):
    set_right("sentiment", "negative", why="warga mengeluh")
    with any_store.read() as db:
        [(item, sent)] = corrections.latest(db)
        [entry] = audit.entries(db, f"post {key}")
        [(_, [taught])] = corrections.taught(db)
    assert (item.by, item.field, item.before, item.after, item.why) == (
        "rina", "sentiment", "neutral", "negative", "warga mengeluh",
    )  # fmt: skip
    assert (sent.id, item.at, taught) == (key, now(), item)
    assert (entry.by, entry.action, entry.before, entry.after) == (
        "rina", "correct", {"sentiment": "neutral"}, {"sentiment": "negative"},
    )  # fmt: skip


def test_an_erased_post_takes_its_corrections_along(any_store, key, set_right, now):
    set_right("topic", "banjir")
    with any_store.write() as db:
        erasure.erase(db, "x", ["1"], at=now())
        assert corrections.latest(db) == []


@pytest.mark.parametrize(
    ("field", "to", "by", "why", "told"),
    [
        ("topic", "banjir", READER, "x", "tidak berhak mengoreksi"),
        ("mood", "senang", ANALYST, "x", "Tidak ada label mood"),
        ("topic", "banjirr", ANALYST, "x", "bukan nilai untuk urusan"),
        ("topic", "banjir", ANALYST, " ", "alasan"),
        ("topic", "lainnya", ANALYST, "x", "sudah lainnya"),
        ("complaint", "tidak", ANALYST, "x", "sudah False"),
    ],
)
def test_what_cannot_be_corrected_is_refused_in_one_sentence(any_store, set_right, key, field, to, by, why, told):
    with pytest.raises(RuleError, match=told):
        set_right(field, to, by, why)
    assert shown(any_store, key) == made()


def test_a_post_that_is_not_there_is_refused(any_store, city, now):
    with pytest.raises(RuleError, match="tidak ada"):
        correct(any_store, city, ANALYST, 99, "topic", "banjir", why="x", at=now())


def test_every_field_names_its_labels(city):
    assert all(choices(field, city) for field in FIELDS if field != "places")


def names(store, key):
    return [place.name for place in shown(store, key).places]


@pytest.mark.parametrize(("field", "to"), [("topic", "banjir"), ("relevant", "tidak"), ("urgency", "3")])
def test_what_is_taken_back_is_the_machines_again(any_store, key, set_right, city, now, field, to):
    before = shown(any_store, key)
    done = set_right(field, to)
    with any_store.read() as db:
        [number] = [item.id for item in corrections.of(db, key) if item.field == field]
    undo(any_store, city, ANALYST, number, at=now())
    assert shown(any_store, key) == before
    with any_store.read() as db:
        assert corrections.of(db, key) == []
        assert corrections.taught(db) == []
        last = corrections.get(db, number)
        assert (last.undone_by, last.undone_at) == ("rina", now())
        [entry] = [entry for entry in audit.entries(db, f"post {key}") if entry.action == "correct.undo"]
        assert entry.before == {field: done.after}
    with pytest.raises(RuleError, match="sudah dibatalkan"):
        undo(any_store, city, ANALYST, number, at=now())


def test_taking_back_shows_what_the_newest_model_says(any_store, key, set_right, city, now):
    set_right("sentiment", "negative")
    with any_store.write() as db:
        scores.add(db, [(key, made("2026.12.1", sentiment="positive"))])
        [item] = corrections.of(db, key)
    assert shown(any_store, key).sentiment == "negative"
    undo(any_store, city, ANALYST, item.id, at=now())
    assert shown(any_store, key).sentiment == "positive"


def test_taking_back_the_second_word_leaves_the_first(any_store, key, set_right, city, now):
    set_right("sentiment", "positive")
    set_right("sentiment", "negative")
    with any_store.read() as db:
        second = corrections.of(db, key)[-1]
    undo(any_store, city, ANALYST, second.id, at=now())
    assert shown(any_store, key).sentiment == "positive"


def test_who_may_not_correct_takes_nothing_back(any_store, key, set_right, city, now):
    set_right("sentiment", "negative")
    with any_store.read() as db:
        [item] = corrections.of(db, key)
    with pytest.raises(RuleError, match="tidak berhak"):
        undo(any_store, city, READER, item.id, at=now())


def test_a_place_is_added_and_taken_away_and_counts_at_once(any_store, key, set_right, city, now):
    wrong = Place(text="paha", start=11, end=15, level="kelurahan", code="31.74.07.1007", name="Pulo")
    with any_store.write() as db:
        scores.add(db, [(key, made(places=(wrong,)))])
    set_right("places", "-Pulo")
    assert names(any_store, key) == []
    set_right("places", "+Kampung Melayu")
    (place,) = shown(any_store, key).places
    assert (place.text, place.start, place.code) == ("kampung melayu", 19, "31.75.03.1001")
    with any_store.read() as db:
        [cell] = rollups.hourly(db, now() - timedelta(hours=3), now(), by="area")
        [reading] = scores.readings(db, now() - timedelta(days=1), now())
        [row] = rows_of(corrections.taught(db))
    assert cell.area == "31.75.03"
    assert spots(reading.score.places, city) == {city.lineage("31.75.03.1001")}, "what grouping reads"
    assert row.labels["places"] == ["kampung melayu"], "what models learn from"


def test_a_place_that_the_text_does_not_name_teaches_no_words(any_store, key, set_right):
    set_right("places", "+31.74.01")
    assert (names(any_store, key), shown(any_store, key).places[0].text) == (["Tebet"], "")
    with any_store.read() as db:
        [row] = rows_of(corrections.taught(db))
    assert row.labels["places"] == []


@pytest.mark.parametrize(
    ("to", "told"),
    [("+Atlantis", "Tidak ada wilayah"), ("-Tebet", "tidak menyebut"), ("Tebet", r"\+nama"), ("+", "Tidak ada")],
)
def test_a_place_that_cannot_be_is_refused(set_right, to, told):
    with pytest.raises(RuleError, match=told):
        set_right("places", to)
