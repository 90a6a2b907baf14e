"""Which posts are quoted, and the map they stand on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.citymap import ISLAND_SPOT, load_map
from dashboard.evidence import EXPIRED, chosen, folded, quote_data, sentence_data
from tanggap.city import City
from tanggap.desk.workflow import Workflow
from tanggap.errors import SettingsError
from tanggap.issues.summary import Count, Sentence
from tanggap.records import (
    Engagement,
    Link,
    Post,
    PostKind,
    Reading,
    Score,
    Source,
    SourceKind,
    Status,
)

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def member(
    number: int, *, reach: int = 0, kind: PostKind = PostKind.POST, copy_of: int | None = None
) -> tuple[Link, Reading]:
    post = Post(
        id=number, source="warta", native_id=str(number), text=f"kiriman {number}", kind=kind, published_at=NOW,
        collected_at=NOW, engagement=Engagement(views=reach), url="javascript:alert(1)", status=Status.WAITING,
    )  # fmt: skip
    score = Score(model="m", relevant=True, relevance=1, sentiment=None, topic=None, complaint=None, urgency=None)
    return Link(post=number, issue="ISU-20261122-0001", similarity=1, copy_of=copy_of), Reading(post=post, score=score)


def test_copies_are_folded_into_their_original_and_counted() -> None:
    quotes = folded([member(1), member(2, copy_of=1), member(3, copy_of=1), member(4)])

    assert [(quote.link.post, quote.copies) for quote in quotes] == [(1, 2), (4, 0)]


def test_a_copy_whose_original_is_not_at_hand_stands_for_it() -> None:
    assert [quote.link.post for quote in folded([member(2, copy_of=99)])] == [2]


def test_two_news_items_come_first_then_the_farthest_travelled_posts() -> None:
    news = [member(n, reach=n, kind=PostKind.NEWS) for n in (1, 2, 3)]
    posts = [member(n, reach=1000 * n) for n in range(10, 20)]

    assert [quote.link.post for quote in chosen([*posts, *news])] == [3, 2, 19, 18, 17, 16, 15]


def test_a_quote_offers_no_script_as_link_and_shows_the_status_of_a_report(workflow: Workflow) -> None:
    known = {"warta": Source(id="warta", kind=SourceKind.NEWS, title="Warta", address="")}
    data = quote_data(folded([member(1, kind=PostKind.REPORT)])[0], known, workflow, {})

    assert data["link"] is None
    assert (data["label"], data["status"]) == ("Laporan Warta", "Menunggu")


def x_quote(workflow: Workflow, city: City, **source: str) -> dict[str, object]:
    known = {"warta": Source(id="warta", kind=SourceKind.X, title="X", address="", **source)}
    (link, reading) = member(1)
    score = Score(
        model="m", relevant=True, relevance=1, sentiment="negative", topic="banjir", complaint=True, urgency=3
    )  # fmt: skip
    post = reading.post.evolve(url="https://x.com/i/status/1", author="a0123456789abcdef")
    return quote_data(folded([(link, Reading(post=post, score=score))])[0], known, workflow, city.topics)


def test_a_post_of_x_is_never_shown_altered_but_as_our_labels_and_a_link(workflow: Workflow, city: City) -> None:
    data = x_quote(workflow, city)

    assert data["text"] == f"Keluhan · {city.topics['banjir'].label} · nada negatif · mendesak"
    assert (data["title"], data["author"], data["ours"], data["open"]) == (None, None, True, "Buka di X")
    assert data["link"] == {"href": "https://x.com/i/status/1", "host": "x.com"}
    assert "kiriman 1" not in repr(data)


def test_an_x_source_that_may_show_its_texts_does(workflow: Workflow, city: City) -> None:
    data = x_quote(workflow, city, display="text")

    assert (data["text"], data["ours"], data["author"]) == ("kiriman 1", False, "akun a01234")


def test_a_text_that_is_not_kept_any_more_is_said_to_be_gone(workflow: Workflow) -> None:
    (link, reading) = member(1)
    emptied = Reading(post=reading.post.evolve(text="", url=None), score=reading.score)

    assert quote_data(folded([(link, emptied)])[0], {}, workflow, {})["text"] == EXPIRED


def test_the_map_draws_every_kecamatan_of_the_mainland_small(city: City) -> None:
    drawing = load_map(city.places_dir)

    assert len(drawing.outlines) == 42
    assert sum(len(path) for _, _, path in drawing.outlines) < 30_000


def test_areas_lie_inside_the_drawing_and_north_is_up(city: City) -> None:
    drawing = load_map(city.places_dir)
    spots = {a.name: drawing.point(a.code, a.lat, a.lon) for a in city.areas.values() if a.level == "kecamatan"}

    assert all(0 < x < drawing.width and 0 < y < drawing.height for x, y in spots.values())
    assert spots["Penjaringan"][1] < spots["Jagakarsa"][1]
    assert spots["Kalideres"][0] < spots["Cakung"][0]
    assert spots["Kepulauan Seribu Utara"] == ISLAND_SPOT


def test_a_broken_outline_file_is_named(tmp_path) -> None:
    (tmp_path / "kecamatan.geojson").write_text("{}", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"kecamatan\.geojson"):
        load_map(tmp_path)


def test_every_number_of_a_summary_is_a_piece_that_opens_its_posts() -> None:
    counts = (Count(name="suara", number=12, posts=(1, 2)), Count(name="laporan", number=2, posts=(2,)))
    sentence = Sentence(text="12 suara berbeda: 2 lewat laporan warga.", posts=(1, 2), counts=counts)

    assert sentence_data(sentence) == [
        {"words": "12 suara berbeda", "opens": "suara"}, {"words": ": "},
        {"words": "2 lewat laporan warga", "opens": "laporan"}, {"words": "."},
    ]  # fmt: skip
    assert sentence_data(Sentence(text="Banjir di Pluit.", posts=(1,))) == [{"words": "Banjir di Pluit."}]
