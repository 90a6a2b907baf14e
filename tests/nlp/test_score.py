"""Scores of the shipped models on sentences written for the tests, and what the scorer refuses to decide."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from nlp.cards import INSTALLED
from nlp.features import Vectorizer, unit
from nlp.linear import TASKS, LinearModel
from nlp.panel import Panel
from nlp.prepare import Preparer
from nlp.score import Scorer
from tanggap.city import City, load_city
from tanggap.errors import ModelError
from tanggap.records import Post, PostKind, Score
from tanggap.settings import packaged_config

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
FIELDS = {"relevant", "sentiment", "topic", "complaint", "urgency"}
PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"


@pytest.fixture(scope="module")
def shipped_city() -> City:
    return load_city(packaged_config())


@pytest.fixture(scope="module")
def scorer(shipped_city: City) -> Scorer:
    return Scorer.load(shipped_city)


def post(text: str, **more: object) -> Post:
    fields = {"source": "x", "native_id": "1", "text": text, "published_at": NOW, "collected_at": NOW, **more}
    return Post(**fields)  # type: ignore[arg-type]


def one(scorer: Scorer, text: str) -> Score:
    return scorer.score([post(text)])[0]


def test_a_flood_with_people_in_danger_is_understood_in_full(scorer: Scorer) -> None:
    score = one(scorer, "banjir di kampung melayu udah sepaha, tolong perahu @BPBDJakarta")
    assert (score.relevant, score.topic, score.sentiment, score.complaint) == (True, "banjir", "negative", True)
    assert score.urgency == 3
    assert [place.name for place in score.places] == ["Kampung Melayu"]
    assert score.agency
    assert score.language == "id"


@pytest.mark.parametrize(
    "text",
    [
        "Ada kebakaran besar di permukiman warga Tambora, tolong damkar segera",
        "ibu dan bayinya terjebak di lantai dua, air terus naik, tolong evakuasi",
        "gudang di sebelah rumah kebakaran, api merambat cepat",
        "pohon besar tumbang menimpa mobil, orangnya masih di dalam",
        "ada anak hanyut terseret arus kali, tolong tim penyelamat",
    ],
)
def test_a_danger_to_life_reaches_the_highest_urgency(scorer: Scorer, text: str) -> None:
    assert one(scorer, text).urgency == 3


@pytest.mark.parametrize(
    "text",
    ["dia kebakaran jenggot pas ditanya mantannya wkwk", "kebanjiran pesanan kue kering minggu ini, alhamdulillah"],
)
def test_a_figure_of_speech_is_no_emergency(scorer: Scorer, text: str) -> None:
    assert (one(scorer, text).urgency or 0) < 2


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("lampu jalan di gang kami mati sudah seminggu", "listrik_penerangan"),
        ("transjakarta koridor 9 lama banget datengnya, penumpang numpuk di halte", "transportasi_umum"),
        ("sampah di pinggir jalan gak diangkut-angkut udah lima hari", "sampah_kebersihan"),
        ("air PAM mati dari kemarin, pelanggan kecewa", "air_bersih"),
        ("trotoar di depan sekolah rusak dan berlubang", "jalan_trotoar"),
    ],
)
def test_plain_complaints_find_their_topic(scorer: Scorer, text: str, topic: str) -> None:
    score = one(scorer, text)
    assert (score.topic, score.sentiment, score.complaint) == (topic, "negative", True)


def test_thanks_are_positive_and_no_complaint(scorer: Scorer) -> None:
    score = one(scorer, "terima kasih petugas damkar yang cepat dan ramah, salut!")
    assert (score.sentiment, score.complaint, score.urgency) == ("positive", False, 0)


def test_what_is_not_about_the_city_has_no_topic_urgency_or_complaint(scorer: Scorer) -> None:
    score = one(scorer, "aku kangen kamu, nonton film yuk nanti malam")
    assert (score.relevant, score.topic, score.urgency, score.complaint, score.agency) == (
        False, "lainnya", 0, False, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "   \n ", "😂", "😭😭😭", "https://t.co/abc", "the weather in London is lovely today and everybody enjoys it"],
)
def test_what_cannot_be_read_is_never_silently_neutral(scorer: Scorer, text: str) -> None:
    score = one(scorer, text)
    assert set(score.abstained) == FIELDS
    assert {getattr(score, field) for field in FIELDS} == {None}
    assert all(score.reasons[field] for field in FIELDS)


def test_scores_run_parallel_to_the_posts(scorer: Scorer) -> None:
    texts = ["banjir di rumah kami", "", "lampu jalan mati", "😂"] * 200
    scores = scorer.score([post(text) for text in texts])
    assert len(scores) == len(texts)
    assert scores[0] == scores[4] == one(scorer, texts[0])
    assert scores[1].relevant is None
    assert scores[2].topic == "listrik_penerangan"


def test_a_poison_post_leaves_its_neighbours_alone(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = Preparer.chunks

    def poisoned(self: Preparer, text: str) -> list[int]:
        if text == "racun":
            raise RuntimeError("a fault nobody foresaw")
        return chunks(self, text)

    monkeypatch.setattr(Preparer, "chunks", poisoned)
    before, poison, after = scorer.score([post("banjir di rumah"), post("racun"), post("lampu jalan mati")])
    assert before.topic == "banjir"
    assert after.topic == "listrik_penerangan"
    assert set(poison.abstained) == FIELDS
    assert "RuntimeError" in poison.reasons["topic"][0]


@pytest.mark.parametrize("text", ["x" * 100_000, "banjir " * 20_000, " ".join(f"kzq{n}xw" for n in range(5_000))])
def test_a_monstrous_text_is_scored_like_any_other(scorer: Scorer, text: str) -> None:
    assert one(scorer, text).model == scorer.version


def test_reasons_are_words_of_the_text_as_written(scorer: Scorer) -> None:
    text = "LAMPU PJU di gang kami Matii total, tlg diperbaikin"
    score = one(scorer, text)
    assert 1 <= len(score.reasons["topic"]) <= 5
    assert all(word in text for words in score.reasons.values() for word in words)
    assert {"LAMPU", "PJU"} & set(score.reasons["topic"])


def test_probabilities_sum_to_one(scorer: Scorer) -> None:
    score = one(scorer, "jalan rusak di depan pasar")
    assert sum(score.urgency_probs) == pytest.approx(1, abs=1e-3)
    assert sum(score.sentiment_probs.values()) == pytest.approx(1, abs=0.03)


def test_a_title_counts_like_the_first_sentence(scorer: Scorer) -> None:
    text = "Warga berharap pemerintah daerah segera bertindak."
    titled = scorer.score([post(text, title="Banjir rendam ratusan rumah di Cipinang Melayu", kind=PostKind.NEWS)])[0]
    assert titled.topic == "banjir"
    assert "Cipinang Melayu" in {place.name for place in titled.places}


ALONE = (
    "banjir lagi di kemang, tidak pernah ada petugas 😩😩",
    "makasih ya bapak petugas. gak lama, cepet banget!! #JakartaKeren",
    "macet macet macet parah " * 30,
)


def test_every_model_answers_as_if_it_were_alone(shipped_city: City) -> None:
    preparer = Preparer.load(shipped_city)
    models = {task: LinearModel.load(INSTALLED, task) for task in TASKS}
    together, _ = Panel(models).answers(preparer.sheet([preparer.chunks(text) for text in ALONE]))
    texts = [preparer.prepare(text) for text in ALONE]
    for task, model in models.items():
        alone = Vectorizer(model.features)
        values = unit(alone.values(alone.occurrences(texts)), alone.letters)
        margins = np.asarray(values @ model.weights + model.bias, dtype=np.float32)
        np.testing.assert_allclose(together[task].probabilities, model.probabilities(margins), atol=1e-4)


def test_a_memory_that_is_full_begins_anew_without_changing_a_score(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [post(text) for text in ALONE]
    before = scorer.score(posts)
    monkeypatch.setattr("nlp.memory.REMEMBERED", 0)
    assert scorer.score(posts) == before
    assert scorer.score(posts) == before


def test_a_missing_model_is_said_when_loading(shipped_city: City, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"relevance\.json"):
        Scorer.load(shipped_city, tmp_path)


@pytest.mark.parametrize(
    ("name", "place"), [("article_qlue_crop_kecamatan_2017", "Jatinegara"), ("article_qlue_rtrw_2017", None)]
)
def test_a_real_article_on_citizen_reports_is_relevant(scorer: Scorer, name: str, place: str | None) -> None:
    path = PAGES / f"{name}.txt"
    if not path.is_file():
        pytest.skip("the saved articles stand beside the project only where it is developed")
    score = scorer.score([post(path.read_text(encoding="utf-8"), kind=PostKind.NEWS)])[0]
    assert score.relevant
    assert score.topic in ("pelaporan_warga", "kebijakan_pemerintahan")
    assert place is None or place in {found.name for found in score.places}
