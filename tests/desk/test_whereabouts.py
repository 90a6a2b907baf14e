"""A position and a named place that disagree are both kept, and said to disagree."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.desk.whereabouts import apart_km
from tanggap.records import Place, Post, Score
from tanggap.store import posts, scores

TEBET = Place(
    text="tebet", start=0, end=5, level="kecamatan", code="31.74.01", name="Tebet", lat=-6.22886, lon=106.85087
)
ROAD = Place(text="jl x", start=6, end=10, level="road", code=None, name="jl x")


@pytest.fixture
def kept(any_store, now):
    """Stores a post with a position and places, and reads it back."""

    def keep(lat, lon, *places):
        at = now() - timedelta(hours=1)
        sent = Post(
            source="qlue", native_id="1", text="tebet jl x banjir", published_at=at, collected_at=at, lat=lat, lon=lon
        )
        value = Score(
            model="1", relevant=True, relevance=0.9, sentiment="negative", topic="banjir", complaint=True, urgency=2,
            places=places,
        )  # fmt: skip
        with any_store.write() as db:
            posts.add(db, [sent])
            scores.add(db, [(posts.unscored(db, "none", 1)[0].id, value)])
            [found] = scores.readings(db, now() - timedelta(days=1), now())
        return found

    return keep


def test_both_are_kept_and_their_distance_is_told(kept):
    found = kept(-6.105, 106.9, TEBET, ROAD)
    assert (found.post.lat, found.post.lon) == (-6.105, 106.9)
    assert found.score.places == (TEBET, ROAD)
    assert apart_km(found) == pytest.approx(14.8, abs=0.2)


def test_a_position_in_one_of_the_places_disagrees_with_none(kept):
    assert apart_km(kept(-6.23, 106.84, TEBET)) is None


@pytest.mark.parametrize(("lat", "lon", "places"), [(None, None, (TEBET,)), (-6.1, 106.9, ()), (-6.1, 106.9, (ROAD,))])
def test_where_one_of_the_two_is_missing_there_is_nothing_to_tell(kept, lat, lon, places):
    assert apart_km(kept(lat, lon, *places)) is None
