"""Scores an issue 0-100 by need for a quick official answer, and says why in parts that add up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import Field, PrivateAttr, ValidationError

from tanggap.city import City
from tanggap.clock import span
from tanggap.errors import SettingsError
from tanggap.records import Issue, PostKind, Priority, Reading, Reason
from tanggap.settings import Section, explain, read_toml
from tanggap.signals.bursts import tempo

LABELS = {
    "safety": "Keselamatan",
    "urgency": "Desakan",
    "growth": "Laju",
    "voices": "Suara",
    "reach": "Jangkauan",
    "media": "Media",
    "tone": "Nada negatif",
    "silence": "Belum dijawab",
}
LATELY = timedelta(hours=3)
#: New voices from which an issue may be growing.
FEW = 3
#: Copies from which a text tells nothing of how many people complain.
PASTED = 10
#: Hours whose voices count as those of today.
TODAY = timedelta(hours=24)
#: Urgency from which a post asks for help today.
PRESSING = 2


class Safety(Section):
    """How harm to people is read."""

    floor_at: float
    floor: int
    danger: frozenset[str]
    danger_voices: int = Field(gt=0)
    fresh_h: float
    vulnerable: float
    words: frozenset[str]


class Classes(Section):
    """Lowest score of each class."""

    P1: int
    P2: int
    P3: int


class Weights(Section):
    """Points of each part at full marks."""

    safety: float
    urgency: float
    growth: float
    voices: float
    reach: float
    media: float
    tone: float
    silence: float


class Scale(Section):
    """What counts as full marks."""

    #: The least that full marks take, so that in a quiet city no small crowd is loud.
    voices: float = Field(gt=0)
    views: float = Field(gt=0)
    growth: float = Field(gt=0)
    silence_h: float = Field(gt=0)


class Ranking(Section):
    """The tables of priority.toml, and what is known of the city at the moment."""

    weights: Weights
    classes: Classes
    safety: Safety
    scale: Scale
    #: Issue -> voices that are one, because their accounts post alike too often for chance.
    _together: Mapping[str, int] = PrivateAttr(default_factory=dict)

    @classmethod
    def load(cls, config_dir: Path) -> Ranking:
        """Reads priority.toml; SettingsError for a missing, unknown or wrong line."""
        path = config_dir / "priority.toml"
        try:
            return cls.model_validate(read_toml(path))
        except ValidationError as error:
            raise SettingsError(explain(error, path, cls)) from None

    def around(self, usual_voices: int | None, together: Mapping[str, int]) -> Ranking:
        """The same with what the city knows: voices that 95 % of its issues do not exceed, and voices that are one."""
        full = max(self.scale.voices, usual_voices or 0)
        informed = self.model_copy(update={"scale": self.scale.model_copy(update={"voices": full})})
        informed._together = dict(together)
        return informed

    def folded(self, issue: str) -> int:
        """Voices of an issue that do not count, because others of their group do."""
        return max(0, self._together.get(issue, 0) - 1)

    def priority(self, score: int) -> Priority:
        """The class of a score."""
        lowest = {Priority.P1: self.classes.P1, Priority.P2: self.classes.P2, Priority.P3: self.classes.P3}
        return next((name for name, least in lowest.items() if score >= least), Priority.P4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a score: 0-1 of its weight and the evidence."""

    share: float
    text: str


def rank(
    issue: Issue,
    originals: Sequence[Reading],
    spread: Sequence[int] = (),
    *,
    ranking: Ranking,
    city: City,
    now: datetime,
) -> tuple[int, Priority, tuple[Reason, ...]]:
    """Score, class and reasons of an issue from its readings (copies left out), highest part first.

    Popularity parts (growth, voices, reach, media) are damped by credibility, so that a loud but thin campaign does
    not outrank a quiet danger; safety and urgency never are. The score of a danger heard twice has a floor,
    and what was closed too early is at least P2.

    Args:
        spread: copies of each reading; none were counted where it is left out.
    """
    safety = _safety(issue, originals, ranking, city, now)
    folded = ranking.folded(issue.id)
    spoken, pasted = _spoken(originals, spread), sum(copies for copies in spread if copies >= PASTED)
    own = len(originals) - folded
    credible = _credibility(issue, own, issue.posts - pasted, folded)
    parts = {
        "safety": safety,
        "urgency": _urgency(originals),
        "growth": _damped(_growth(spoken, ranking, now), credible),
        "voices": _damped(_voices(spoken, ranking, folded, now), credible),
        "reach": _damped(_reach(issue, ranking), _credibility(issue, own, issue.posts, folded)),
        "media": _damped(_media(originals), credible),
        "tone": _tone(spoken),
        "silence": _silence(issue, ranking, now),
    }
    reasons = [
        Reason(part=LABELS[name], points=round(part.share * getattr(ranking.weights, name)), text=part.text)
        for name, part in parts.items()
    ]
    if safety.share * 100 >= ranking.safety.floor_at and issue.accounts >= 2:
        reasons += _lifted(sum(reason.points for reason in reasons), ranking.safety.floor)
    reasons = sorted((reason for reason in reasons if reason.points > 0), key=lambda reason: -reason.points)
    score = sum(reason.points for reason in reasons)
    priority = min(ranking.priority(score), Priority.P2) if issue.reopened else ranking.priority(score)
    return score, priority, tuple(reasons)


def _lifted(score: int, floor: int) -> list[Reason]:
    """The points that a danger lacks to its floor."""
    missing = max(0, floor - score)
    return [Reason(part="Batas bawah", points=missing, text="bahaya bagi warga dari paling sedikit dua suara")]


def _damped(part: Part, credible: float) -> Part:
    return Part(share=part.share * credible, text=part.text)


def _top_mean(values: Sequence[float], count: int = 3) -> float:
    """Mean of the highest `count`; missing ones count as nothing, so one alarmed voice is a third of an alarm."""
    return sum(sorted(values, reverse=True)[:count]) / count


def _safety(issue: Issue, originals: Sequence[Reading], ranking: Ranking, city: City, now: datetime) -> Part:
    """Harm to people: little for the service as such, as far as people complain; much where they tell of danger.

    Until somebody answers, a danger once told stands: that nobody writes any more does not mean that nobody is in it.
    """
    topic = city.topics.get(issue.topic, city.topics["lainnya"])
    since = now - timedelta(hours=ranking.safety.fresh_h)
    fresh = [
        reading
        for reading in originals
        if (issue.answered_at is None or reading.post.published_at >= since)
        and reading.score.complaint
        and sum(reading.score.urgency_probs[PRESSING:]) >= 0.5
    ]
    alarmed = [
        words
        for reading in fresh
        if reading.post.kind is not PostKind.NEWS
        and (words := ranking.safety.danger & set(reading.score.terms.split()))
    ]
    told = min(1.0, len(alarmed) / ranking.safety.danger_voices)
    danger = (told + _top_mean([r.score.urgency_probs[3] for r in fresh])) / 2
    named = Counter(word for r in fresh for word in ranking.safety.words & set(r.score.terms.split()))
    asking = sum(bool(reading.score.complaint) for reading in originals) / max(1, len(originals))
    share = 0.3 * topic.severity * asking * (1 - danger) + (0.6 + 0.4 * topic.severity) * danger
    if named and danger >= 0.5:
        share += ranking.safety.vulnerable
    return Part(share=min(1.0, share), text=_safety_text(topic.label, danger, alarmed, named))


def _safety_text(label: str, danger: float, alarmed: Sequence[frozenset[str]], named: Counter[str]) -> str:
    if danger < 0.5:
        return label
    text = "bahaya bagi warga"
    if alarmed:
        words = Counter(word for found in alarmed for word in found)
        text += f": {len(alarmed)} suara menyebut {', '.join(word for word, _ in words.most_common(3))}"
    if named:
        text += f"; ada {', '.join(word for word, _ in named.most_common(3))}"
    return text


def _urgency(originals: Sequence[Reading]) -> Part:
    complaints = [reading.score for reading in originals if reading.score.complaint]
    pressing = [sum(score.urgency_probs[PRESSING:]) for score in complaints]
    count = sum((score.urgency or 0) >= PRESSING for score in complaints)
    return Part(
        share=_top_mean(pressing),
        text=f"{count} keluhan dinilai mendesak" if count else "keluhan rutin",
    )


def _spoken(originals: Sequence[Reading], spread: Sequence[int]) -> list[Reading]:
    """The readings without those that many pasted, but for the first of these: a campaign is one voice."""
    pasted = {at for at, copies in enumerate(spread) if copies >= PASTED}
    return [reading for at, reading in enumerate(originals) if at not in pasted or at == min(pasted)]


def _growth(originals: Sequence[Reading], ranking: Ranking, now: datetime) -> Part:
    """Evidence that new voices come faster than they did: the CUSUM of tanggap.signals.bursts."""
    first: dict[str, datetime] = {}
    for number, reading in enumerate(originals):
        account = reading.post.author or f"unsigned {number}"
        first[account] = min(first.get(account, now), reading.post.published_at)
    lately = sum(now - moment <= LATELY for moment in first.values())
    share = min(1.0, tempo(list(first.values()), now) / ranking.scale.growth) if lately >= FEW else 0.0
    told = f"{lately} suara baru dalam 3 jam terakhir, di luar kebiasaan isu ini"
    return Part(share=share, text=told if share else "tidak sedang naik")


def _voices(originals: Sequence[Reading], ranking: Ranking, folded: int, now: datetime) -> Part:
    """Independent voices of the last 24 hours; a group that posts alike is one."""
    today = [reading.post for reading in originals if now - reading.post.published_at <= TODAY and reading.post.text]
    voices = len({post.author for post in today} - {None}) + sum(post.author is None for post in today)
    voices = max(min(voices, 1), voices - folded)
    share = math.log1p(voices) / math.log1p(ranking.scale.voices)
    told = f"{voices} suara dalam 24 jam"
    told += f"; {folded + 1} yang memasang serentak dihitung satu" if folded else ""
    return Part(share=min(1.0, share), text=told)


def _reach(issue: Issue, ranking: Ranking) -> Part:
    share = math.log10(1 + issue.reach) / math.log10(1 + ranking.scale.views)
    return Part(share=min(1.0, share), text=f"dilihat sekitar {issue.reach:,}".replace(",", ".") + " kali")


def _media(originals: Sequence[Reading]) -> Part:
    outlets = {r.post.source for r in originals if r.post.kind is PostKind.NEWS}
    return Part(share=1 - 0.5 ** len(outlets), text=f"{len(outlets)} media memberitakan")


def _tone(originals: Sequence[Reading]) -> Part:
    """Wilson (1927) lower bound of the negative share, 95 %."""
    known = [r.score.sentiment for r in originals if r.score.sentiment]
    negative = known.count("negative")
    if not known:
        return Part(share=0.0, text="nada belum terbaca")
    n, z = len(known), 1.96
    share = negative / n
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Part(share=max(0.0, (centre - spread) / (1 + z * z / n)), text=f"{negative} dari {n} bernada negatif")


def _silence(issue: Issue, ranking: Ranking, now: datetime) -> Part:
    if issue.answered_at is not None:
        return Part(share=0.0, text="sudah ditanggapi")
    waited = max(timedelta(0), now - issue.first_at)
    share = 1 - math.exp(-waited.total_seconds() / 3600 / ranking.scale.silence_h)
    return Part(share=share, text=f"{span(waited)} tanpa jawaban resmi")


def _credibility(issue: Issue, own: int, posts: int, folded: int) -> float:
    """0.3-1: from independent accounts, a place that is known, and the share of posts in people's own words."""
    accounts = min(1.0, (issue.accounts - folded) / 3)
    placed = 1.0 if issue.areas else 0.5
    share = max(0, own) / max(1, posts)
    return 0.3 + 0.7 * (0.5 * accounts + 0.2 * placed + 0.3 * min(1.0, 2 * share))
