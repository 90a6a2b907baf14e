"""The sample city: what it publishes, when, and that the real crawlers find exactly that."""

from __future__ import annotations

import urllib.robotparser
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from crawlers import crawl
from pipeline.sample import Published, SampleDay, SampleServer, corpus, variants, write_config
from pipeline.sample.press import path_of
from pipeline.sample.published import COUNTER, JAKI, METRO, QLUE, SUARA, WARTA, X
from pipeline.sample.server import API
from pipeline.sample.sites import DEAD_PATH, SITES
from pipeline.sample.variants import words_of
from tanggap.city import read_areas
from tanggap.clock import WIB, city_day
from tanggap.declarations import load_sources
from tanggap.settings import Settings, load_settings, packaged_config

DAY = date(2026, 11, 21)
TOKEN = {"Authorization": "Bearer contoh"}
SOURCES = (WARTA, METRO, SUARA, X, QLUE, JAKI, COUNTER)


def hours(moment: datetime) -> float:
    """Jakarta hours since midnight of the sample day."""
    return (moment - datetime(2026, 11, 21, tzinfo=WIB)).total_seconds() / 3600


def clock(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-21T{text}:00+07:00")


@pytest.fixture(scope="module")
def day() -> SampleDay:
    return SampleDay.build(DAY)


@pytest.fixture(scope="module")
def server(day: SampleDay) -> Iterator[SampleServer]:
    with SampleServer(day, slow_s=0.0) as running:
        yield running


@pytest.fixture
def at_dawn(server: SampleServer) -> Iterator[SampleServer]:
    """The server as it was at 06:00."""
    evening = server.now
    server.now = clock("06:00")
    yield server
    server.now = evening


@pytest.fixture(scope="module")
def settings(server: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    directory = tmp_path_factory.mktemp("kota")
    write_config(server, directory, start=clock("23:59") + timedelta(minutes=5))
    return load_settings(directory, {"TANGGAP_KEY": "k" * 32, "TANGGAP_X_BEARER_TOKEN": "contoh"})


def get(server: SampleServer, host: str, path: str, **params: str | int) -> requests.Response:
    return requests.get(server.url(host, path), params=params, headers=TOKEN, timeout=10)


def client(server: SampleServer, token: str = "contoh") -> tweepy.Client:
    class Local(HTTPAdapter):
        def send(self, request, *args, **kwargs):
            request.url = request.url.replace("https://api.twitter.com", server.url(API))
            return super().send(request, *args, **kwargs)

    made = tweepy.Client(token)
    made.session.mount("https://api.twitter.com", Local())
    return made


# --- the texts


def test_every_hand_written_text_and_id_stands_there_once():
    posts = corpus.lines("posts*.jsonl")
    reports = corpus.lines("reports.jsonl") + corpus.lines("counter.jsonl")
    articles = corpus.lines("articles.jsonl")
    paragraphs = [line["paragraphs"][0] for line in articles]
    for texts in (
        [line["text"] for line in posts],
        [line["text"] for line in reports],
        paragraphs,
        [line["title"] for line in articles],
        [line["id"] for line in posts + reports + articles],
    ):
        assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_there_are_enough_hand_written_reports_and_articles_of_a_newsroom_length():
    reports = corpus.lines("reports.jsonl") + corpus.lines("counter.jsonl")
    articles = corpus.lines("articles.jsonl")
    words = [sum(len(paragraph.split()) for paragraph in line["paragraphs"]) for line in articles]
    assert len(reports) >= 110
    assert len(articles) == 45
    assert 115 <= min(words) <= max(words) <= 350


def test_every_line_names_an_issue_of_the_truth_list_or_none():
    known = {*corpus.true_issues(), None}
    lines = [line for name in ("posts*", "reports", "counter", "articles") for line in corpus.lines(f"{name}.jsonl")]
    assert [line["id"] for line in lines if line["issue"] not in known] == []


def test_every_issue_stands_in_a_real_area():
    areas = read_areas(packaged_config() / "places" / "areas.csv")
    assert [issue.slug for issue in corpus.true_issues().values() if issue.code not in areas] == []


# --- the day


def test_the_same_seed_makes_the_same_day_and_another_seed_another(day):
    assert SampleDay.build(DAY) == day
    assert SampleDay.build(DAY, seed=8).posts != day.posts


def test_the_truth_covers_every_item_once(day):
    assert len(day.truth) == len(day.posts) + len(day.articles) + len(day.reports)
    assert set(day.truth.values()) == {*day.issues, None}


def test_every_issue_gets_the_posts_it_was_given(day):
    counts = Counter(post.issue for post in day.posts)
    assert {slug: counts[slug] for slug in day.issues} == {slug: issue.posts for slug, issue in day.issues.items()}


def test_channels_carry_the_reports_they_were_given(day):
    assert Counter(report.source for report in day.reports) == {QLUE: 140, JAKI: 30, COUNTER: 30}
    assert sum(report.issue is not None for report in day.reports) == pytest.approx(120, abs=10)


def test_everything_is_published_on_the_jakarta_day(day):
    assert {city_day(item.at) for items in (day.posts, day.articles, day.reports) for item in items} == {DAY}


def test_post_ids_rise_with_time(day):
    ids = [int(post.native_id) for post in day.posts]
    assert ids == sorted(set(ids))
    assert [post.at for post in day.posts] == sorted(post.at for post in day.posts)


@pytest.mark.parametrize("slug", ["listrik-padam-kalideres", "wajib-lapor-rt-rw", "hoaks-air-beracun-pam"])
def test_an_issue_is_loudest_around_its_peak(day, slug):
    issue = day.issues[slug]
    told = [hours(post.at) for post in day.posts if post.issue == slug and post.rule != "campaign"]
    assert min(told) >= issue.start_h
    middle = sum(abs(hour - issue.peak_h) <= 1 for hour in told)
    assert middle > sum(hour < issue.start_h + 1 for hour in told)
    assert middle > sum(hour > issue.end_h - 2 for hour in told)


def test_a_variant_comes_after_its_original_and_keeps_place_and_matter(day):
    by_id: dict[str, Published] = {post.native_id: post for post in day.posts}
    for post in day.posts:
        if post.variant_of is None:
            assert post.rule is None
            continue
        base = by_id[post.variant_of]
        assert base.at <= post.at
        assert post.issue == base.issue
        if post.issue:
            issue = day.issues[post.issue]
            named = words_of(f"{issue.place} {issue.slug}") & words_of(base.text)
            assert named <= words_of(post.text), post.text


def test_variant_tables_touch_no_place_and_no_topic():
    areas = read_areas(packaged_config() / "places" / "areas.csv")
    names = words_of(" ".join(area.name for area in areas.values()))
    topics = words_of(" ".join(issue.topic.replace("_", " ") for issue in corpus.true_issues().values()))
    negations = {"tidak", "bukan", "belum", "jangan", "tak"}
    assert not (variants.SHORT.keys() | variants.SLIPS.keys()) & (names | topics | negations)


def test_campaign_copies_come_within_minutes_from_many_accounts(day):
    copies: dict[str, list[Published]] = {}
    for post in day.posts:
        if post.rule == "campaign":
            copies.setdefault(post.variant_of or "", []).append(post)
    assert copies
    for pasted in copies.values():
        assert len({post.author for post in pasted}) == len(pasted) >= 10
        assert pasted[-1].at - pasted[0].at < timedelta(minutes=30)


def test_duty_reports_of_rt_and_rw_stop_at_eleven(day):
    duty = [report for report in day.reports if report.category == "Lain-lain"]
    assert len(duty) >= 20
    assert max(hours(report.at) for report in duty) < 11


def test_lamp_reports_of_cipinang_are_closed_while_people_go_on_complaining(day):
    lamps = [report for report in day.reports if report.issue == "selesai-semu-lampu-cipinang"]
    evening = clock("19:00")
    assert sum(report.status(evening) == "complete" for report in lamps) >= 4
    assert any(report.at > clock("17:00") and report.status(evening) == "wait" for report in lamps)


# --- the server


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.id)
def test_each_site_has_robots_rules_and_closes_its_inner_pages(server, site):
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(get(server, site.id, "/robots.txt").text.splitlines())
    assert not rules.can_fetch("Tanggap", server.url(site.id, "/internal/karier"))
    assert rules.can_fetch("Tanggap", server.url(site.id, site.listing))


def test_the_second_site_names_its_sitemap_in_robots(server):
    assert f"Sitemap: {server.url(METRO, '/sitemap.xml')}" in get(server, METRO, "/robots.txt").text
    assert "/sitemap-news.xml" in get(server, METRO, "/sitemap.xml").text


@pytest.mark.parametrize(("host", "path"), [(WARTA, "/rss.xml"), (METRO, "/sitemap-news.xml"), (SUARA, "/indeks")])
def test_listings_show_only_what_is_published_by_now(at_dawn, host, path):
    text = get(at_dawn, host, path).text
    for article in at_dawn.day.articles:
        if article.site == host:
            assert (path_of(article) in text) == (article.at <= at_dawn.now)


def test_an_article_is_not_there_before_its_hour(at_dawn):
    later = next(article for article in at_dawn.day.articles if article.at > at_dawn.now)
    assert get(at_dawn, later.site, path_of(later)).status_code == 404
    at_dawn.now = later.at
    assert get(at_dawn, later.site, path_of(later)).status_code == 200


def test_the_apis_give_only_what_is_published_by_now(at_dawn):
    for page in (get(at_dawn, API, "/2/tweets/search/recent", query="jakarta", max_results=100).json(),):
        assert {tweet["id"] for tweet in page["data"]} <= {
            p.native_id for p in at_dawn.day.posts if p.at <= at_dawn.now
        }
    out = {item.native_id for item in at_dawn.day.reports if item.source == QLUE and item.at <= at_dawn.now}
    assert {str(record["id"]) for record in get(at_dawn, API, "/qlue/marker_v3").json()} == out
    assert len(get(at_dawn, API, "/files/loket.csv").text.splitlines()) == 1


def test_a_split_article_shares_its_paragraphs_over_its_pages(server):
    article = next(item for item in server.day.articles if item.pages == 3)
    pages = [get(server, METRO, path_of(article), page=number) for number in (1, 2, 3, 4)]
    assert [page.status_code for page in pages] == [200, 200, 200, 404]
    for paragraph in article.paragraphs:
        assert sum(paragraph[:40].replace('"', "&#34;") in page.text for page in pages) == 1


def test_the_third_site_writes_its_dates_in_words_and_links_a_page_that_is_gone(server):
    listing = get(server, SUARA, "/indeks").text
    assert "Sabtu, 21 November 2026 19:42 WIB" in listing
    assert DEAD_PATH in listing
    assert get(server, SUARA, DEAD_PATH).status_code == 404


def test_the_slow_page_outlasts_an_impatient_reader(day):
    slow = next(article for article in day.articles if article.slow)
    with SampleServer(day, slow_s=30.0) as patient, pytest.raises(requests.ReadTimeout):
        requests.get(patient.url(slow.site, path_of(slow)), timeout=0.3)


def test_a_report_changes_its_status_as_the_day_goes_on(at_dawn):
    report = next(item for item in at_dawn.day.reports if item.source == QLUE and len(item.follow_ups) == 2)

    def shown() -> tuple[str, int]:
        records = get(at_dawn, API, "/qlue/marker_v3").json()
        record = next(each for each in records if str(each["id"]) == report.native_id)
        detail = record["profile"].get("detail") or record["detail"]
        return detail["status"], len(get(at_dawn, API, "/qlue/progress", pid=report.native_id).json())

    seen = []
    for moment in (report.at, *(step.at for step in report.follow_ups)):
        at_dawn.now = moment
        seen.append(shown())
    assert seen == [("wait", 0), *((step.status, number) for number, step in enumerate(report.follow_ups, 1))]


def test_requests_are_noted_with_their_user_agent(server):
    requests.get(server.url(WARTA, "/rss.xml"), headers={"User-Agent": "Uji/1"}, timeout=10)
    assert (server.requests[-1].host, server.requests[-1].path) == (WARTA, "/rss.xml")
    assert server.requests[-1].user_agent == "Uji/1"


# --- X as tweepy sees it


def test_tweepy_pages_through_all_posts_newest_first(server):
    pages = tweepy.Paginator(
        client(server).search_recent_tweets,
        "jakarta",
        max_results=100,
        tweet_fields=["created_at", "public_metrics", "author_id"],
    )
    tweets = list(pages.flatten())
    assert [str(tweet.id) for tweet in tweets] == [post.native_id for post in reversed(server.day.posts)]
    assert [tweet.created_at for tweet in tweets] == [post.at for post in reversed(server.day.posts)]
    assert tweets[0].author_id
    assert tweets[0].public_metrics["like_count"] == server.day.posts[-1].likes


def test_a_search_can_begin_after_an_id_or_at_a_time(server):
    posts = server.day.posts
    newer = client(server).search_recent_tweets("jakarta", since_id=posts[-6].native_id, max_results=10)
    assert [str(tweet.id) for tweet in newer.data] == [post.native_id for post in posts[:-6:-1]]
    assert "next_token" not in newer.meta
    begun = client(server).search_recent_tweets("jakarta", start_time=posts[-3].at, max_results=10)
    assert {post.native_id for post in posts[-3:]} <= {str(tweet.id) for tweet in begun.data}
    nothing = client(server).search_recent_tweets("jakarta", since_id=posts[-1].native_id)
    assert (nothing.data, nothing.meta["result_count"]) == (None, 0)


def test_a_search_without_token_or_beyond_the_limit_is_refused_as_x_does(server):
    with pytest.raises(tweepy.Unauthorized):
        client(server, token="").search_recent_tweets("jakarta")
    left, server.search.remaining = server.search.remaining, 0
    with pytest.raises(tweepy.TooManyRequests) as refused:
        client(server).search_recent_tweets("jakarta")
    server.search.remaining = left
    assert refused.value.reset_time == int(server.search.reset)


# --- the product reads it


def test_the_written_configuration_is_valid_and_its_clock_reads_the_given_time(server, tmp_path):
    write_config(server, tmp_path, start=clock("07:00"), port=8599)
    read = load_settings(tmp_path, {})
    assert abs(read.now() - clock("07:00")) < timedelta(minutes=1)
    assert read.now().tzinfo is UTC
    assert read.dashboard.port == 8599
    assert set(read.limits.allow_addresses) == set(server.addresses)
    assert [source.id for source in load_sources(tmp_path)] == list(SOURCES)


@pytest.mark.parametrize("source_id", SOURCES)
def test_the_crawlers_find_exactly_what_the_city_published(server, settings, source_id):
    source = next(each for each in load_sources(settings.config_dir) if each.id == source_id)
    batches = list(crawl(source, settings, known=lambda _: set()))
    posts = [post for batch in batches for post in batch.posts]
    kept_out = sum(refusal.kind == "topic" for batch in batches for refusal in batch.refusals)
    missed = {key for key in server.truth if key[0] == source_id} ^ {(source_id, post.native_id) for post in posts}
    assert len(missed) == kept_out == (2 if source_id == X else 0)
    if source_id in (WARTA, METRO, SUARA):
        written = {server.url(article.site, path_of(article)): article for article in server.day.articles}
        for post in posts:
            assert (post.title, post.published_at) == (written[post.native_id].title, written[post.native_id].at)
            assert written[post.native_id].paragraphs[-1] in post.text
            assert "Baca juga" not in post.text
            assert "Simak juga" not in post.text
    assert not any(asked.path.startswith("/internal/") for asked in server.requests if "Tanggap" in asked.user_agent)
