"""Promises, evidence, disputes: what keeps an issue open, and what opens it again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PIL import ExifTags, Image, ImageDraw

from tanggap.city import City
from tanggap.desk.closing import Closing
from tanggap.desk.disputes import disputed
from tanggap.desk.photos import distance_km, read_photo
from tanggap.desk.promising import Promising, official_accounts
from tanggap.desk.service import Desk
from tanggap.errors import RuleError
from tanggap.privacy import pseudonym
from tanggap.records import Issue, Link, Place, Post, Priority, Reading, Score, Status, User
from tanggap.store import issues, posts, scores

Stored = Callable[..., Issue]
Person = Callable[[str], User]
KAMPUNG_MELAYU = "31.75.03.1001"


def photo(seed: int = 1, size: tuple[int, int] = (640, 480), quality: int = 90, taken: str = "") -> bytes:
    """A drawing that differs with its seed."""
    image = Image.new("RGB", size, (40 * seed % 255, 90, 120))
    draw = ImageDraw.Draw(image)
    for step in range(12):
        x, y = (97 * step * seed) % size[0], (53 * step * seed + 31) % size[1]
        draw.rectangle((x, y, x + size[0] // 4, y + size[1] // 5), fill=(20 * step, 255 - 18 * step, 60 * seed % 255))
    exif = Image.Exif()
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def smaller(data: bytes) -> bytes:
    """The same photo as a messenger sends it on."""
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).resize((320, 240)).save(out, "JPEG", quality=60)
    return out.getvalue()


def reading(
    text: str, at: datetime, topic: str = "banjir", code: str = KAMPUNG_MELAYU, complaint: bool = True
) -> Reading:
    place = Place(text="kampung melayu", start=0, end=14, level="kelurahan", code=code, name="Kampung Melayu")
    post = Post(source="x", native_id=text[:60], text=text, published_at=at, collected_at=at)
    score = Score(
        model="m", relevant=True, relevance=0.9, sentiment="negative", topic=topic, complaint=complaint, urgency=1,
        places=(place,),
    )  # fmt: skip
    return Reading(post=post, score=score)


def tell(desk: Desk, *told: Reading) -> None:
    with desk.store.write() as db:
        for each in told:
            posts.add(db, [each.post])
            scores.add(db, [(posts.count(db), each.score)])


def test_nobody_closes_on_evidence_they_brought(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.MONITORING, holder="sari")
    Closing(desk).add_evidence(issue.id, person("budi"), "tanggul berdiri, foto RW 04")
    with pytest.raises(RuleError, match="Budi Santoso ikut mengerjakan"):
        desk.move(issue.id, Status.RESOLVED, person("budi"), version=1)
    assert desk.move(issue.id, Status.RESOLVED, person("vera"), version=1).status is Status.RESOLVED


def test_what_was_shown_before_a_reopening_closes_nothing(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    issue = stored(status=Status.MONITORING, holder="sari")
    Closing(desk).add_evidence(issue.id, person("sari"), "tanggul berdiri")
    reopened = issue.evolve(reopened=1, reopened_at=moment + timedelta(minutes=1))
    with desk.store.write() as db:
        issues.update(db, reopened)
    with pytest.raises(RuleError, match="Bukti yang diperiksa"):
        desk.move(issue.id, Status.RESOLVED, person("vera"), version=2)


def test_an_open_promise_keeps_an_issue_open(desk: Desk, stored: Stored, person: Person, moment: datetime) -> None:
    issue, promising = stored(status=Status.MONITORING), Promising(desk)
    promise = promising.add(issue.id, person("sari"), "Tanggul diperbaiki", due=moment + timedelta(days=2))
    with pytest.raises(RuleError, match=r"masih terbuka 1: “Tanggul diperbaiki”, tenggat 25 Nov 09\.00"):
        desk.move(issue.id, Status.RESOLVED, person("vera"), version=1, note="foto")
    promising.keep(promise.id or 0, person("sari"), "tanggul berdiri, foto 24 Nov")
    assert desk.move(issue.id, Status.RESOLVED, person("vera"), version=1, note="foto").status is Status.RESOLVED


def test_promises_of_official_accounts_are_suggested_once(
    desk: Desk, stored: Stored, moment: datetime, city: City
) -> None:
    issue, promising = stored(), Promising(desk)
    handle = next(body.handle for body in city.agencies.values() if body.handle)
    official = official_accounts(city, b"key")
    with desk.store.write() as db:
        for number, author in enumerate((pseudonym(handle, b"key"), "a0123456789abcdef"), 1):
            post = Post(
                source="x",
                native_id=str(number),
                text=f"besok kami perbaiki {number}",
                published_at=moment,
                collected_at=moment,
                author=author,
            )
            posts.add(db, [post])
            scores.add(db, [(number, reading("x", moment).score)])
        issues.link(db, [Link(post=number, issue=issue.id, similarity=1) for number in (1, 2)])
    (found,) = promising.read_posts(issue.id, official)
    assert (found.text, found.source, found.state, found.owner) == (
        "besok kami perbaiki 1",
        "post 1",
        "suggested",
        "AG05",
    )
    assert promising.read_posts(issue.id, official) == []


def test_a_suggestion_is_confirmed_with_owner_and_day_then_warned_of_and_broken(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    issue, promising = stored(), Promising(desk)
    promise = promising.add(issue.id, person("sari"), "Pompa dipasang", due=moment + timedelta(hours=2), owner="AG05")
    later = promising.add(issue.id, person("sari"), "Tanggul ditinggikan", due=moment + timedelta(days=9), owner="AG05")
    assert promising.open_ones() == [(promise, issue), (later, issue)]
    assert not promise.broken(moment)
    assert promise.broken(moment + timedelta(hours=3))


def test_a_promise_lives_on_in_the_issue_its_own_was_merged_into(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    kept = stored(id="ISU-20261123-0002", status=Status.MONITORING)
    lost, promising = stored(status=Status.WAITING), Promising(desk)
    promise = promising.add(lost.id, person("sari"), "Pompa dipasang", due=moment + timedelta(hours=2), owner="AG05")
    desk.move(lost.id, Status.MERGED, person("sari"), version=1, note=kept.id)
    assert promising.of_issue(kept.id) == [promise]
    Closing(desk).add_evidence(kept.id, person("sari"), "terpasang")
    close = {"to": Status.RESOLVED, "by": person("vera"), "version": 2, "note": "dilihat"}
    with pytest.raises(RuleError, match="masih terbuka 1: “Pompa dipasang”"):
        desk.move(kept.id, **close)  # type: ignore[arg-type]
    promising.keep(promise.id or 0, person("sari"), "foto RW 04")
    assert desk.move(kept.id, **close).status is Status.RESOLVED  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due", "owner", "words"),
    [(timedelta(hours=-1), "AG05", "sesudah janji"), (timedelta(hours=1), "AG99", "tidak ada dalam daftar")],
)
def test_a_promise_needs_a_day_ahead_and_a_body(
    desk: Desk, stored: Stored, person: Person, moment: datetime, due: timedelta, owner: str, words: str
) -> None:
    with pytest.raises(RuleError, match=words):
        Promising(desk).add(stored().id, person("sari"), "x", due=moment + due, owner=owner)


def test_a_promise_is_withdrawn_with_a_reason_only(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    promising = Promising(desk)
    item = promising.add(stored().id, person("sari"), "x", due=moment + timedelta(days=1))
    with pytest.raises(RuleError, match="alasan"):
        promising.withdraw(item.id or 0, person("sari"), "")
    assert promising.withdraw(item.id or 0, person("sari"), "salah kutip").state == "withdrawn"
    with pytest.raises(RuleError, match="sudah ditarik"):
        promising.keep(item.id or 0, person("sari"), "x")


@pytest.mark.parametrize("again", [photo(1), photo(1, quality=40), smaller(photo(1))])
def test_a_photo_used_before_is_to_be_looked_at(desk: Desk, stored: Stored, person: Person, again: bytes) -> None:
    closing = Closing(desk)
    first = closing.add_evidence(stored().id, person("sari"), "pompa menyala", photo=photo(1))
    other = stored(id="ISU-20261123-0002", status=Status.MONITORING)
    second = closing.add_evidence(other.id, person("sari"), "selokan bersih", photo=again)
    assert first.doubt == ""
    assert f"bukti {first.id} pada ISU-20261123-0001" in second.doubt
    with pytest.raises(RuleError, match=f"bukti {second.id} diperiksa dahulu"):
        desk.move(other.id, Status.RESOLVED, person("vera"), version=1, note="sudah")
    with pytest.raises(RuleError, match="tidak berhak"):
        closing.clear_evidence(second.id or 0, person("sari"), "sama lokasi")
    closing.clear_evidence(second.id or 0, person("vera"), "dua isu di lokasi yang sama; foto benar")
    assert desk.move(other.id, Status.RESOLVED, person("vera"), version=1).status is Status.RESOLVED


def test_other_photos_raise_no_doubt(desk: Desk, stored: Stored, person: Person) -> None:
    closing, issue = Closing(desk), stored()
    told = [closing.add_evidence(issue.id, person("sari"), "foto", photo=photo(seed)) for seed in range(1, 9)]
    assert [item.doubt for item in told] == [""] * 8


def test_a_photo_from_before_the_issue_or_from_far_away_is_to_be_looked_at(
    desk: Desk, stored: Stored, person: Person
) -> None:
    closing, issue = Closing(desk), stored(areas=(KAMPUNG_MELAYU,), place="Kampung Melayu")
    old = closing.add_evidence(issue.id, person("sari"), "foto", photo=photo(1, taken="2026:11:01 08:00:00"))
    assert old.doubt == "Foto ini diambil 1 Nov 08.00, sebelum isu ini muncul."
    far = closing.add_evidence(issue.id, person("sari"), "foto", photo=photo(2), lat=-6.12, lon=106.78)
    assert "km dari Kampung Melayu" in far.doubt


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", photo()[:80]])
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(RuleError, match="bukan foto"):
        read_photo(data)


def test_distances_are_those_of_the_globe() -> None:
    assert distance_km((-6.1754, 106.8272), (-6.2088, 106.8456)) == pytest.approx(4.24, abs=0.05)


@pytest.mark.parametrize(
    ("text", "topic", "reason"),
    [
        ("katanya selesai, masih banjir tuh di kampung melayu", "banjir", "katanya selesai"),
        ("ISU-20261123-0001 belum beres min", "lainnya", "menyebut ISU-20261123-0001"),
        ("laporan JK2503050007 ditutup tapi air masih ada", "lainnya", "menyebut JK2503050007"),
        ("kampung melayu banjir lagi, tidak surut", "banjir", "tidak surut"),
        ("kampung melayu macet", "kemacetan_lalu_lintas", ""),
        ("terima kasih, kampung melayu sudah kering", "banjir", ""),
    ],
)
def test_a_post_disputes_a_closing_by_number_or_by_service_place_and_words(
    make_issue: Callable[..., Issue], city: City, moment: datetime, text: str, topic: str, reason: str
) -> None:
    issue = make_issue(status=Status.RESOLVED, areas=(KAMPUNG_MELAYU,), status_at=moment - timedelta(hours=2))
    told = disputed(reading(text, moment, topic), issue, {"JK2503050007"}, city)
    assert reason in told
    assert bool(told) == bool(reason)
    assert disputed(reading(text, issue.status_at, topic), issue, {"JK2503050007"}, city) == ""


def test_a_dispute_is_found_once_and_reopens_the_issue_when_accepted(
    desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    closing = Closing(desk)
    issue = stored(
        status=Status.RESOLVED, areas=(KAMPUNG_MELAYU,), status_at=moment - timedelta(days=1), answered_at=moment
    )
    tell(desk, reading("masih banjir di kampung melayu padahal selesai", moment))
    (found,) = closing.watch()
    assert closing.watch() == []
    assert closing.open_disputes() == [found]
    opened = closing.accept(found.id or 0, person("sari"))
    assert (opened.status, opened.reopened, opened.priority, opened.answered_at) == (
        Status.WAITING,
        1,
        Priority.P2,
        None,
    )
    with desk.store.read() as db:
        assert issues.history(db, issue.id)[-1].note == (
            "bantahan warga: keluhan banjir & genangan di Kampung Melayu sesudah ditutup: “masih banjir”"
        )
    assert closing.open_disputes() == []


def test_a_dispute_is_dismissed_with_a_reason(desk: Desk, stored: Stored, person: Person, moment: datetime) -> None:
    closing = Closing(desk)
    issue = stored(status=Status.RESOLVED, status_at=moment - timedelta(days=1))
    tell(desk, reading(f"{issue.id} belum selesai", moment))
    (found,) = closing.watch()
    with pytest.raises(RuleError, match="alasan"):
        closing.dismiss(found.id or 0, person("sari"), "")
    closing.dismiss(found.id or 0, person("sari"), "foto lama")
    assert closing.open_disputes() == []
