"""Two real articles about Qlue, its reporting duty and the kecamatan desks, from import to understanding."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import crawlers
from pipeline import jobs
from pipeline.office import Office
from tanggap.records import PostKind, Reading, Source, SourceKind
from tanggap.settings import load_settings
from tanggap.store import Store, posts, scores

PAGES = Path(__file__).resolve().parents[3] / "shared" / "data" / "pages"
DESKS = "article_qlue_crop_kecamatan_2017"
DUTY = "article_qlue_rtrw_2017"


@pytest.fixture
def read(config_dir: Path, tmp_path: Path) -> dict[str, Reading]:
    """The articles imported, scored and read back from the store, by name."""
    if not PAGES.is_dir():
        pytest.skip("the saved articles lie beside the project, not in it")
    lines = [
        {"id": name, "kind": "news", "text": (PAGES / f"{name}.txt").read_text(encoding="utf-8")}
        for name in (DESKS, DUTY)
    ]
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    office = Office(load_settings(config_dir, environ={"TANGGAP_KEY": "k"}))
    Store.create(office.settings.store_url).close()
    source = Source(id="arsip", kind=SourceKind.NEWS, title="Arsip", address=file.name)
    with office.store.write() as db:
        for batch in crawlers.read_file(file, "jsonl", source, office.settings):
            posts.add(db, batch.posts)
    jobs.score(office.store, office.scorer)
    with office.store.read() as db:
        found = scores.readings(db, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    return {reading.post.native_id: reading for reading in found}


def test_both_are_relevant_news_on_reporting_or_policy(read: dict[str, Reading]) -> None:
    assert set(read) == {DESKS, DUTY}
    for reading in read.values():
        assert reading.post.kind is PostKind.NEWS
        assert reading.score.topic in ("pelaporan_warga", "kebijakan_pemerintahan")


def test_the_article_on_the_desks_names_jatinegara(read: dict[str, Reading]) -> None:
    assert "Jatinegara" in {place.name for place in read[DESKS].score.places}
