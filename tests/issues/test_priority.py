from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.city import City
from tanggap.errors import SettingsError
from tanggap.issues.detect import detect
from tanggap.issues.priority import Ranking, rank
from tanggap.records import Issue, Reading
from tanggap.settings import IssuesSection, Settings

from .conftest import START, Tell


@pytest.fixture
def ranking(settings: Settings) -> Ranking:
    return Ranking.load(settings.config_dir)


def only(readings: list[Reading], city: City, ranking: Ranking, hour: float) -> Issue:
    found = detect(
        readings,
        ["ISU-1"] * len(readings),
        {},
        city=city,
        settings=IssuesSection(),
        ranking=ranking,
        now=START + timedelta(hours=hour),
        next_id=lambda day: f"ISU-{day}",
    )
    (issue,) = found.issues
    return issue


def test_the_reasons_add_up_to_the_score(city: City, ranking: Ranking, tell: Tell) -> None:
    issue = only(
        [tell(f"banjir {i} sepinggang", place="Pluit", urgency=3, hour=i / 4) for i in range(12)], city, ranking, 3
    )
    assert sum(reason.points for reason in issue.reasons) == issue.score
    assert [r.points for r in issue.reasons] == sorted((r.points for r in issue.reasons), reverse=True)


def test_two_voices_in_danger_of_life_are_at_least_high(city: City, ranking: Ranking, tell: Tell) -> None:
    fire = [
        tell(t, "kebakaran_darurat", place="Kali Anyar", urgency=3)
        for t in ("api besar", "rumah terbakar", "ada anak terjebak")
    ]
    assert only(fire, city, ranking, 1).priority == "P1"


def test_a_danger_stands_until_somebody_answers_and_then_fades_with_its_posts(
    city: City, ranking: Ranking, tell: Tell
) -> None:
    fire = [
        tell(t, "kebakaran_darurat", place="Kali Anyar", urgency=3)
        for t in ("api besar", "rumah terbakar", "ada anak terjebak")
    ]
    issue = only(fire, city, ranking, 1)
    night = START + timedelta(hours=18)
    assert rank(issue, fire, ranking=ranking, city=city, now=night)[1] == "P1"
    answered = issue.evolve(answered_at=START + timedelta(hours=3))
    assert rank(answered, fire, ranking=ranking, city=city, now=START + timedelta(hours=4))[1] == "P1"
    assert rank(answered, fire, ranking=ranking, city=city, now=night)[1] > "P2"


def test_a_loud_campaign_does_not_outrank_a_quiet_danger(city: City, ranking: Ranking, tell: Tell) -> None:
    fire = [
        tell(t, "kebakaran_darurat", place="Kali Anyar", urgency=3)
        for t in ("api besar", "rumah terbakar", "tolong api")
    ]
    text = "tolak aturan baru ini sekarang juga kawan kawan semua ayo bersuara bersama"
    loud = [tell(f"RT @b{i}: {text}", "kebijakan_pemerintahan", hour=i / 1000, views=50_000) for i in range(800)]
    assert only(loud, city, ranking, 1).score < only(fire, city, ranking, 1).score


def test_praise_is_no_emergency_even_on_the_gravest_topic(city: City, ranking: Ranking, tell: Tell) -> None:
    praise = [
        tell(t, "kebakaran_darurat", sentiment="positive", urgency=0, complaint=False)
        for t in ("terima kasih damkar", "damkar cepat sekali", "mantap petugas damkar")
    ]
    assert only(praise, city, ranking, 1).priority == "P4"


def test_silence_costs_more_the_longer_it_lasts(city: City, ranking: Ranking, tell: Tell) -> None:
    readings = [tell(t, place="Pluit") for t in ("got mampet", "got bau mampet", "got mampet parah")]
    assert only(readings, city, ranking, 30).score >= only(readings, city, ranking, 6).score


def test_a_broken_weights_file_says_what_is_missing(settings: Settings) -> None:
    path = settings.config_dir / "priority.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("media = 8", ""), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"`weights.media` is wrong"):
        Ranking.load(settings.config_dir)


def test_what_many_paste_neither_lifts_nor_hushes_an_issue(city: City, ranking: Ranking, tell: Tell) -> None:
    own = [tell(t, place="Pluit", author=f"w{n}") for n, t in enumerate(("got mampet", "got bau", "air got naik"))]
    pasted = [tell(f"tuntut got {n}", place="Pluit", author=f"b{n}", hour=1.9) for n in range(6)]
    issue = only(own, city, ranking, 1)
    now = START + timedelta(hours=2)
    alone = rank(issue, [*own, pasted[0]], ranking=ranking, city=city, now=now)
    with_brigade = rank(
        issue.evolve(posts=2_009, accounts=9),
        [*own, *pasted],
        [0, 0, 0] + [333] * 6,
        ranking=ranking,
        city=city,
        now=now,
    )
    unmarked = rank(issue.evolve(accounts=9), [*own, *pasted], ranking=ranking, city=city, now=now)
    assert with_brigade[0] == alone[0] < unmarked[0]
