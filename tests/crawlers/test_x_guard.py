"""What is kept out of X: protests and persons, in the query, in the bill and in the store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers import crawl
from crawlers.x.guard import LONGEST, guarded_query, guarded_words
from tanggap.errors import SettingsError, SourceError
from tanggap.records import Source, SourceKind
from tanggap.settings import CrawlerSection, Secrets, Settings
from tests.mockserver.web import MockWeb
from tests.mockserver.x_api import SEARCH, XApi, tweet

Make = Callable[..., Source]

KEPT_OUT = (
    "Macet total gara-gara unjuk rasa di Patung Kuda",
    "besok ada DEMO lagi depan balai kota",
    "#AksiMassa bergerak ke Monas, jalan ditutup",
    "ikut aksi\nmassa yuk",
    "mogok kerja sopir, halte penuh",
    "Pak Contoh Nama datang ke lokasi banjir",
)
KEPT = (
    "bus TransJakarta mogok di Kampung Melayu",
    "pompa mogok, banjir naik lagi",
    "demokan cara lapor di aplikasi",
    "air PAM mati sejak aksi perbaikan pipa",
)


@pytest.fixture
def x(source: Make) -> Source:
    return source(kind=SourceKind.X, query="air mati", agreement="X-1", limit=100, topic_guard=("Contoh Nama",))


@pytest.fixture
def x_settings(settings: Settings, web: MockWeb) -> Settings:
    return settings.model_copy(
        update={"secrets": Secrets(x_bearer_token="a-token"), "crawler": CrawlerSection(x_api=web.url("/"))}
    )


def test_a_post_of_a_guarded_topic_is_refused_without_its_text(web: MockWeb, x: Source, x_settings: Settings) -> None:
    told = [*KEPT_OUT, *KEPT]
    web.routes[SEARCH] = XApi([tweet(n, text=text) for n, text in enumerate(told, 100)])
    (batch,) = crawl(x, x_settings, known=lambda _: set())
    assert {post.text for post in batch.posts} == set(KEPT)
    assert [refusal.kind for refusal in batch.refusals] == ["topic"] * len(KEPT_OUT)
    assert not [r for r in batch.refusals if r.sample or "Monas" in r.told or "banjir" in r.told]
    assert (batch.failed, batch.fetched, batch.cost_usd) == (0, 10, pytest.approx(0.05))


def test_the_search_leaves_guarded_posts_out_before_they_cost_anything(
    web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = XApi([tweet(1)])
    web.routes[SEARCH] = api
    list(crawl(x, x_settings, known=lambda _: set()))
    query = api.calls[0]["query"]
    assert query.startswith('(air mati) -"contoh nama" -contohnama -demo -"unjuk rasa"')
    assert len(query) <= LONGEST


@pytest.mark.parametrize("length", [1, 200, 480, 505, 509, 510, 511, 512])
def test_a_query_with_its_exclusions_is_never_longer_than_x_allows(length: int, x: Source, tmp_path: Path) -> None:
    query = "a" * length
    made = guarded_query(query, guarded_words(x, tmp_path))
    assert len(made) <= LONGEST
    assert query in made


@pytest.mark.parametrize(
    "query", ["demo jakarta", "(banjir OR #UnjukRasa) jakarta", '"aksi massa"', "from:x Contoh Nama", "banjir OR DEMO"]
)
def test_a_query_that_asks_for_guarded_topics_is_refused_unasked(
    query: str, web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = XApi([tweet(1)])
    web.routes[SEARCH] = api
    with pytest.raises(SourceError, match="out of scope") as caught:
        list(crawl(x.evolve(query=query), x_settings, known=lambda _: set()))
    assert caught.value.failure == "config"
    assert api.calls == []


def test_what_a_query_leaves_out_itself_is_no_question_and_not_left_out_twice(
    web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = XApi([tweet(1)])
    web.routes[SEARCH] = api
    own = 'banjir -demo -"unjuk rasa" -is:retweet'
    list(crawl(x.evolve(query=own), x_settings, known=lambda _: set()))
    assert api.calls[0]["query"].count("-demo ") == 1
    assert api.calls[0]["query"].count('-"unjuk rasa"') == 1


def test_the_city_s_own_list_is_read_and_a_broken_one_is_named(x: Source, tmp_path: Path) -> None:
    (tmp_path / "x_guard.toml").write_text('words = ["Konser Besar"]', encoding="utf-8")
    assert guarded_words(x, tmp_path) == ("contoh nama", "contohnama", "konser besar", "konserbesar")
    (tmp_path / "x_guard.toml").write_text("word = []", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"x_guard\.toml"):
        guarded_words(x, tmp_path)
