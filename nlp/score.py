"""Posts in, scores out: every model over one pass of the text, with places, body, reasons and honest refusals."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Self

import numpy as np

from nlp.agency import Router
from nlp.cards import INSTALLED
from nlp.clauses import Clauses
from nlp.linear import TASKS, LinearModel, Task
from nlp.panel import Answer, Panel, rounded
from nlp.places import Gazetteer
from nlp.prepare import Preparer
from nlp.sheet import Sheet
from tanggap.city import City
from tanggap.records import SENTIMENTS, Place, Post, Score, Sentiment

#: Posts read at once; memory does not grow with the number of posts.
BATCH = 1024
#: Languages the models were trained on (Sundanese and Javanese posts mix with Indonesian); others are refused.
UNDERSTOOD = frozenset({"id", "jv", "su"})
ELSEWHERE = "lainnya"
#: Tasks that may be left open, whose probabilities a score lists by label.
SHARED: tuple[Task, ...] = ("sentiment", "topic")
SENTIMENT: Mapping[str | None, Sentiment | None] = {None: None, **{name: name for name in SENTIMENTS}}

FIELDS: Mapping[Task, str] = {
    "relevance": "relevant",
    "sentiment": "sentiment",
    "topic": "topic",
    "complaint": "complaint",
    "urgency": "urgency",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a post is not scored."""

    reason: str
    language: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What posts read together say; every part has a row per post."""

    sheet: Sheet
    languages: Sequence[str]
    labels: Mapping[Task, Sequence[str]]
    shares: Mapping[Task, Sequence[Mapping[str, float]]]
    words: Mapping[Task, Sequence[tuple[str, ...]]]
    #: Tasks whose model had better not decide.
    unsure: Sequence[Sequence[Task]]
    relevance: Sequence[float]
    urgency: Sequence[Sequence[float]]
    places: Mapping[int, tuple[Place, ...]]
    refused: Mapping[int, Refusal]
    #: Words of the relevant posts in plain Indonesian and as they stand.
    heard: Mapping[int, str]

    @classmethod
    def of(
        cls,
        sheet: Sheet,
        languages: Sequence[str],
        answers: Mapping[Task, Answer],
        places: Mapping[int, tuple[Place, ...]],
        refused: Mapping[int, Refusal],
    ) -> Self:
        """The answers of the models as plain values."""
        unsure: list[list[Task]] = [[] for _ in languages]
        for task, answer in answers.items():
            for row in np.flatnonzero(answer.unsure()).tolist():
                unsure[row].append(task)
        labels = {task: answer.labels() for task, answer in answers.items()}
        return cls(
            sheet=sheet,
            languages=languages,
            labels=labels,
            shares={task: answers[task].shares() for task in SHARED},
            words={task: answer.words for task, answer in answers.items()},
            unsure=unsure,
            relevance=rounded(answers["relevance"].probabilities[:, 1]),
            urgency=rounded(answers["urgency"].probabilities),
            places=places,
            refused=refused,
            heard={row: _heard(sheet, row) for row in places if labels["relevance"][row] == "true"},
        )

    def terms(self, row: int) -> str:
        """What search and grouping read of a post."""
        return _joined(self.sheet.memory.terms, self.sheet.chunks[row])


class Scorer:
    """All models of a city, its gazetteer and its language tables, loaded once; scoring changes nothing in it."""

    def __init__(self, city: City, models: Mapping[Task, LinearModel], gazetteer: Gazetteer) -> None:
        self._panel = Panel(models)
        self._router = Router.of(city)
        self._clauses = Clauses.of(city)
        self._reading = Lock()
        self._preparer = Preparer.load(city)
        self._gazetteer = gazetteer
        cards = [gazetteer.tagger.card, *(model.card for model in models.values())]
        #: Version of the newest of its models.
        self.version: str = max((str(card["version"]) for card in cards), key=_ordered)

    @classmethod
    def load(cls, city: City, models_dir: Path | None = None) -> Self:
        """The scorer with the models of a directory, by default the shipped ones.

        What is loaded stays for good, so that the garbage collector is told to pass it over from now on.

        Raises:
            ModelError: a model is missing, damaged or of another format.
            SettingsError: a table of config/language or config/places is missing or broken.
        """
        directory = models_dir or INSTALLED
        models = {task: LinearModel.load(directory, task) for task in TASKS}
        scorer = cls(city, models, Gazetteer.load(city, directory))
        gc.collect()
        gc.freeze()
        return scorer

    def score(self, posts: Sequence[Post]) -> list[Score]:
        """One score per post, in order. A post that cannot be read is refused alone and named so in its reasons."""
        return [score for start in range(0, len(posts), BATCH) for score in self._scored(posts[start : start + BATCH])]

    def _scored(self, posts: Sequence[Post]) -> list[Score]:
        with self._reading:
            self._preparer.renew()
            chunks, refused = self._chunks(posts)
            texts = [post.full_text for post in posts]
            batch = self._read(texts, chunks, refused)
            toward = self._toward(texts, batch)
        return [
            self._refused(refusal)
            if (refusal := batch.refused.get(row))
            else self._decided(batch, row, toward.get(row, {}))
            for row in range(len(posts))
        ]

    def _chunks(self, posts: Sequence[Post]) -> tuple[list[list[int]], dict[int, Refusal]]:
        """The chunks of every post, and those posts that cannot be read."""
        chunks, refused = [], {}
        for row, post in enumerate(posts):
            try:
                chunks.append(self._preparer.chunks(post.full_text))
            except Exception as error:  # noqa: BLE001 - one post is one job: it is set aside, its neighbours go on
                chunks.append([])
                refused[row] = Refusal(f"tidak dapat dibaca: {type(error).__name__}")
        return chunks, refused

    def _read(self, texts: Sequence[str], chunks: Sequence[list[int]], refused: dict[int, Refusal]) -> Batch:
        """The posts understood together."""
        sheet = self._preparer.sheet(chunks)
        languages = self._preparer.detector.languages(texts, sheet)
        answers, readable = self._panel.answers(sheet)
        for row, (text, language, known) in enumerate(zip(texts, languages, readable.tolist(), strict=True)):
            if row not in refused and (refusal := _refusal(text, language, known)):
                refused[row] = refusal
        rows = [row for row in range(len(texts)) if row not in refused]
        written = [self._preparer.written(texts[row], chunks[row]) for row in rows]
        places = zip(rows, self._gazetteer.find_in([texts[row] for row in rows], written, sheet.memory), strict=True)
        return Batch.of(sheet, languages, answers, dict(places), refused)

    def _toward(self, texts: Sequence[str], batch: Batch) -> dict[int, dict[str, Sentiment]]:
        """What the posts that speak of several bodies or places say of each; parts that stay unclear are left out."""
        parts = [
            (row, key, said)
            for row, places in batch.places.items()
            if row in batch.heard
            for key, said in self._clauses.parts(texts[row], batch.heard[row], places).items()
        ]
        if not parts:
            return {}
        sheet = self._preparer.sheet([self._preparer.chunks(said) for _, _, said in parts])
        answer = self._panel.answer(sheet, "sentiment")
        toward: dict[int, dict[str, Sentiment]] = {row: {} for row, _, _ in parts}
        for (row, key, _), label, unsure in zip(parts, answer.labels(), answer.unsure().tolist(), strict=True):
            if (sentiment := SENTIMENT[label]) and not unsure:
                toward[row][key] = sentiment
        return toward

    def _decided(self, batch: Batch, row: int, toward: Mapping[str, Sentiment]) -> Score:
        relevant = batch.labels["relevance"][row] == "true"
        unsure = {task for task in batch.unsure[row] if relevant or task == "sentiment"}
        label = {task: None if task in unsure else labels[row] for task, labels in batch.labels.items()}
        topic = label["topic"] if relevant else ELSEWHERE
        reasons = {
            FIELDS[task]: (f"kurang yakin: {_likeliest(batch.shares[task][row])}",) if task in unsure else words[row]
            for task, words in batch.words.items()
        }
        return Score(
            model=self.version,
            relevant=relevant,
            relevance=batch.relevance[row],
            sentiment=SENTIMENT[label["sentiment"]],
            sentiment_probs=batch.shares["sentiment"][row],
            toward=toward,
            topic=topic,
            topic_probs=batch.shares["topic"][row],
            complaint=relevant and label["complaint"] == "true",
            urgency=int(label["urgency"] or 0) if relevant else 0,
            urgency_probs=tuple(batch.urgency[row]),
            places=batch.places[row],
            agency=self._router.route(topic, batch.heard[row]) if relevant else None,
            language=batch.languages[row],
            reasons={field: words for field, words in reasons.items() if words},
            abstained=tuple(FIELDS[task] for task in TASKS if task in unsure),
            terms=batch.terms(row),
        )

    def _refused(self, refusal: Refusal) -> Score:
        """A score that decides nothing and says why, field by field."""
        return Score(
            model=self.version,
            relevant=None,
            relevance=None,
            sentiment=None,
            topic=None,
            complaint=None,
            urgency=None,
            language=refusal.language,
            reasons=dict.fromkeys(FIELDS.values(), (refusal.reason,)),
            abstained=tuple(FIELDS.values()),
        )


def _heard(sheet: Sheet, row: int) -> str:
    """The words of a text in plain Indonesian and as they stand."""
    memory, chunks = sheet.memory, sheet.chunks[row]
    return f" {_joined(memory.plain, chunks)} | {_joined(memory.latin, chunks)} "


def _joined(said: Sequence[str], chunks: Sequence[int]) -> str:
    return " ".join(filter(None, map(said.__getitem__, chunks)))


def _refusal(text: str, language: str, known: bool) -> Refusal | None:
    """Why a text is not scored; None for one that is. `known`: it holds a word that the models know."""
    if not text.strip():
        return Refusal("kosong")
    if language == "und":
        return Refusal("tidak ada kata yang dapat dibaca", language)
    if language not in UNDERSTOOD:
        return Refusal(f"bahasa asing: {language}", language)
    return None if known else Refusal("terlalu pendek: tidak ada kata yang dikenal", language)


def _likeliest(shares: Mapping[str, float]) -> str:
    """`banjir 21%, jalan_trotoar 18%`: the two labels a model wavers between."""
    return ", ".join(f"{label} {share:.0%}" for label, share in list(shares.items())[:2])


def _ordered(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 2026.11.10 comes after 2026.11.9."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())
