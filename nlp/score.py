"""Posts in, scores out: every model over one pass of the text, with places, body, reasons and honest refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nlp.agency import route
from nlp.cards import INSTALLED
from nlp.linear import TASKS, LinearModel, Task
from nlp.panel import Answer, Panel
from nlp.places import Gazetteer
from nlp.prepare import Prepared, Preparer
from tanggap.city import City
from tanggap.records import SENTIMENTS, Place, Post, Score

#: Posts read at once; memory does not grow with the number of posts.
BATCH = 256
#: Languages the models were trained on (Sundanese and Javanese posts mix with Indonesian); others are refused.
UNDERSTOOD = frozenset({"id", "jv", "su"})
ELSEWHERE = "lainnya"

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


class Scorer:
    """All models of a city, its gazetteer and its language tables, loaded once; scoring changes nothing in it."""

    def __init__(self, city: City, models: Mapping[Task, LinearModel], gazetteer: Gazetteer) -> None:
        self._city = city
        self._panel = Panel(models)
        self._preparer = Preparer.load(city)
        self._gazetteer = gazetteer
        cards = [gazetteer.tagger.card, *(model.card for model in models.values())]
        #: Version of the newest of its models.
        self.version: str = max((str(card["version"]) for card in cards), key=_ordered)

    @classmethod
    def load(cls, city: City, models_dir: Path | None = None) -> Self:
        """The scorer with the models of a directory, by default the shipped ones.

        Raises:
            ModelError: a model is missing, damaged or of another format.
            SettingsError: a table of config/language or config/places is missing or broken.
        """
        directory = models_dir or INSTALLED
        models = {task: LinearModel.load(directory, task) for task in TASKS}
        return cls(city, models, Gazetteer.load(city, directory))

    def score(self, posts: Sequence[Post]) -> list[Score]:
        """One score per post, in order. A post that cannot be read is refused alone and named so in its reasons."""
        return [score for start in range(0, len(posts), BATCH) for score in self._scored(posts[start : start + BATCH])]

    def _scored(self, posts: Sequence[Post]) -> Iterator[Score]:
        read = [self._read(post) for post in posts]
        texts = [text for text in read if isinstance(text, Prepared)]
        answers = self._panel.answers(texts) if texts else {}
        places = self._gazetteer.find_all([text.text for text in texts])
        row = 0
        for text in read:
            if isinstance(text, Prepared):
                yield self._decided(text, answers, places[row], row)
                row += 1
            else:
                yield self._refused(text)

    def _read(self, post: Post) -> Prepared | Refusal:
        """The text made ready, or why it is not scored."""
        try:
            text = self._preparer.prepare(post.full_text)
        except Exception as error:  # noqa: BLE001 - one post is one job: it is set aside, its neighbours go on
            return Refusal(f"tidak dapat dibaca: {type(error).__name__}")
        if not text.text.strip():
            return Refusal("kosong")
        if text.language == "und":
            return Refusal("tidak ada kata yang dapat dibaca", text.language)
        if text.language not in UNDERSTOOD:
            return Refusal(f"bahasa asing: {text.language}", text.language)
        if not any(word in self._panel.vectorizer for word in text.marked):
            return Refusal("terlalu pendek: tidak ada kata yang dikenal", text.language)
        return text

    def _decided(self, text: Prepared, answers: Mapping[Task, Answer], places: tuple[Place, ...], row: int) -> Score:
        relevant = answers["relevance"].label(row) == "true"
        unsure = {task for task, answer in answers.items() if answer.unsure(row) and (relevant or task == "sentiment")}
        label = {task: None if task in unsure else answer.label(row) for task, answer in answers.items()}
        topic = label["topic"] if relevant else ELSEWHERE
        reasons = {
            FIELDS[task]: (f"kurang yakin: {_likeliest(answer, row)}",) if task in unsure else answer.words[row]
            for task, answer in answers.items()
        }
        return Score(
            model=self.version,
            relevant=relevant,
            relevance=round(float(answers["relevance"].probabilities[row, 1]), 4),
            sentiment=next((name for name in SENTIMENTS if name == label["sentiment"]), None),
            sentiment_probs=answers["sentiment"].shares(row),
            topic=topic,
            topic_probs=answers["topic"].shares(row),
            complaint=relevant and label["complaint"] == "true",
            urgency=int(label["urgency"] or 0) if relevant else 0,
            urgency_probs=tuple(round(float(share), 4) for share in answers["urgency"].probabilities[row]),
            places=places,
            agency=route(topic, text.words, text.text, self._city) if relevant else None,
            language=text.language,
            reasons={field: words for field, words in reasons.items() if words},
            abstained=tuple(FIELDS[task] for task in TASKS if task in unsure),
            terms=text.terms,
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


def _likeliest(answer: Answer, row: int) -> str:
    """`banjir 21%, jalan_trotoar 18%`: the two labels a model wavers between."""
    return ", ".join(f"{label} {share:.0%}" for label, share in list(answer.shares(row).items())[:2])


def _ordered(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 2026.11.10 comes after 2026.11.9."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())
