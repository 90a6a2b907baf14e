"""A brigade against the sample city: pasted posts do not lift an issue, as many different complaints do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import product

import numpy as np
import pytest

from pipeline import jobs
from pipeline.office import Office
from pipeline.sample import SampleDay, SampleServer, write_config
from pipeline.sample.published import METRO, QLUE
from tanggap.clock import WIB
from tanggap.records import Engagement, Issue, Post, PostKind
from tanggap.settings import Settings, load_settings
from tanggap.store import Store, issues, placements, posts, signals

DAY = date(2026, 11, 21)
EVENING = datetime(2026, 11, 21, 20, 30, tzinfo=WIB)
#: The issue that is lifted, or not.
TARGET = "jalan-berlubang-daan-mogot"

PASTED = (
    "Jalan Daan Mogot arah Grogol berlubang parah, dinas bina marga ke mana saja, warga sudah muak menunggu perbaikan",
    "Sudah berbulan-bulan lubang di Daan Mogot Grogol dibiarkan, pengendara motor jadi korban, segera tambal sekarang",
    "Daan Mogot rusak lagi dan tidak ada yang peduli, pajak kami untuk apa kalau jalan Grogol saja penuh lubang begini",
    "Tolong gubernur lihat sendiri jalan Daan Mogot dekat Grogol, lubangnya menganga dan makin lebar tiap kali hujan",
    "Kami warga Grogol menuntut perbaikan jalan Daan Mogot hari ini juga, jangan tunggu ada yang jatuh lagi di lubang",
    "Bina marga tidur ya? Lubang Daan Mogot arah Grogol sudah viral tapi sampai malam ini belum juga ditambal petugas",
)  # fmt: skip
WHO = (
    "motor saya", "ban mobil ayah", "tetangga", "ojol langganan", "sepeda anak", "gerobak bakso", "kakak ipar saya",
    "teman kantor", "kurir paket", "bajaj tadi", "istri saya", "pelajar SMP", "truk galon", "ambulans", "bude",
)  # fmt: skip
WHAT = (
    "oleng kena lubang", "bocor dua kali minggu ini", "hampir tersungkur", "kena macet panjang, aspalnya rusak",
    "jatuh malam-malam, lubangnya tak terlihat", "penyok velgnya", "terpaksa putar jauh menghindari lubang",
    "kecipratan lumpur kubangan", "nyangkut di aspal amblas", "selip waktu mengelak",
)  # fmt: skip
WHERE = (
    "di Daan Mogot dekat Grogol", "lewat Daan Mogot arah kota", "di depan halte Daan Mogot Grogol",
    "pas lampu merah Daan Mogot", "di Daan Mogot sebelum putaran Grogol", "di jalur lambat Daan Mogot",
)  # fmt: skip
WISH = (
    "kapan ditambal?", "mohon segera diaspal", "sudah lapor JAKI belum ada hasil", "minta tanda bahaya dulu",
    "kasihan yang pulang malam", "untung tidak ada truk di belakang", "tiap hujan makin dalam", "capek menunggu",
    "biaya bengkel siapa yang ganti", "lampunya juga mati", "polisi tidur pun kalah", "ini jalan nasional lho",
)  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def at_evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The sample city grouped at half past eight."""
    folder = tmp_path_factory.mktemp("kota")
    sample = SampleDay.build(DAY)
    with SampleServer(sample) as server:
        write_config(server, folder)
    settings = still(load_settings(folder, environ={"TANGGAP_KEY": "k"}))
    Store.create(settings.store_url).close()
    office = Office(settings)
    told = [
        Post(source="x", native_id=one.native_id, text=one.text, author=one.author, published_at=one.at,
             collected_at=one.at, engagement=Engagement(likes=one.likes, reposts=one.reposts, views=one.views))
        for one in sample.posts
        if one.at < EVENING
    ]  # fmt: skip
    told += [
        Post(source=one.site or METRO, native_id=one.id, kind=PostKind.NEWS, title=one.title,
             text="\n".join(one.paragraphs), published_at=one.at, collected_at=one.at)
        for one in sample.articles
        if one.at < EVENING
    ]  # fmt: skip
    told += [
        Post(source=one.source or QLUE, native_id=one.native_id, kind=PostKind.REPORT, text=one.text, author=one.author,
             published_at=one.at, collected_at=one.at, lat=one.lat or None, lon=one.lon or None)
        for one in sample.reports
        if one.at < EVENING
    ]  # fmt: skip
    understood(office, told)
    yield office
    office.store.close()


def still(settings: Settings) -> Settings:
    """The settings with the clock at the evening."""
    offset = (EVENING - datetime.now(WIB)).total_seconds()
    return settings.model_copy(update={"clock": settings.clock.model_copy(update={"offset_s": offset})})


def waited(office: Office) -> Settings:
    """The settings with the clock so much later that the next pass compares issues with each other again."""
    with office.store.read() as db:
        passes = placements.progress(db).passes
    offset = office.settings.clock.offset_s + passes * office.settings.issues.merge_every_s
    return office.settings.model_copy(update={"clock": office.settings.clock.model_copy(update={"offset_s": offset})})


def understood(office: Office, told: Sequence[Post]) -> list[Issue]:
    """The open issues in their order, after these posts went through the live path."""
    with office.store.write() as db:
        posts.add(db, told)
    for step in range(2):
        jobs.score(office.store, office.scorer)
        settings = waited(office)
        jobs.group(office.store, office.city, settings, office.ranking)
        if not step:
            jobs.notice(office.store, office.city, settings)
    with office.store.read() as db:
        return issues.open_issues(db)


def target(office: Office, truth: set[str]) -> str:
    """The issue that holds most posts of the true one."""
    with office.store.read() as db:
        found = Counter(name for (_, key), name in issues.membership(db).items() if name and key in truth)
    return found.most_common(1)[0][0]


def rank_of(order: Sequence[Issue], issue: str) -> int:
    return [one.id for one in order].index(issue) + 1


def brigade() -> list[Post]:
    """2,000 near-copies of six texts from 300 accounts, each text pasted in waves of seconds."""
    rng = np.random.default_rng(7)
    told = []
    begin = EVENING - timedelta(hours=2)
    for wave in range(40):
        base = PASTED[wave % len(PASTED)]
        start = begin + timedelta(minutes=3 * wave)
        for account in rng.choice(300, size=50, replace=False):
            words = base.split()
            for at in rng.choice(len(words), size=int(rng.integers(0, 3)), replace=False):
                words[at] = words[at].upper()
            tail = str(rng.choice(["", "!!!", " #daanmogot", " 🙏", " tolong sebarkan", " cc @bina_marga"]))
            moment = start + timedelta(seconds=float(rng.uniform(0, 40)))
            told.append((" ".join(words) + tail, f"brigade{account}", moment))
    return made(told, "b")


def complaints() -> list[Post]:
    """300 people who each say what happened to them."""
    rng = np.random.default_rng(7)
    mixed = [f"{who} {what} {where}, {wish}" for who, what, where, wish in product(WHO, WHAT, WHERE, WISH)]
    chosen = [mixed[at] for at in rng.choice(len(mixed), size=300, replace=False)]
    begin = EVENING - timedelta(hours=2)
    moments = [begin + timedelta(seconds=float(late)) for late in rng.uniform(0, 7000, 300)]
    return made([(text, f"warga{n}", at) for n, (text, at) in enumerate(zip(chosen, moments, strict=True))], "c")


def made(told: Sequence[tuple[str, str, datetime]], mark: str) -> list[Post]:
    return [
        Post(source="x", native_id=f"{mark}{n}", text=text, author=author, published_at=at, collected_at=at,
             engagement=Engagement(views=40))
        for n, (text, author, at) in enumerate(told)
    ]  # fmt: skip


def test_a_brigade_moves_an_issue_by_one_rank_at_most_and_real_complaints_raise_it(
    at_evening: Office,
) -> None:
    truth = {one.native_id for one in SampleDay.build(DAY).posts if one.issue == TARGET}
    with at_evening.store.read() as db:
        before = issues.open_issues(db)
    name = target(at_evening, truth)
    after = understood(at_evening, brigade())
    pasted = next(one for one in after if one.id == name)
    print(f"rank {rank_of(before, name)} -> {rank_of(after, name)} of {len(after)}: {pasted.posts} posts, "
          f"{pasted.accounts} voices, {[(r.part, r.points, r.text) for r in pasted.reasons]}")  # fmt: skip
    with at_evening.store.read() as db:
        print([one.told for one in signals.of(db, f"issue:{name}")])
    assert abs(rank_of(before, name) - rank_of(after, name)) <= 1
    raised = understood(at_evening, complaints())
    real = next(one for one in raised if one.id == name)
    print(f"rank {rank_of(raised, name)} with 300 complaints: {pasted.score} -> {real.score}, {real.accounts} voices")
    assert rank_of(raised, name) < rank_of(after, name)
    assert real.accounts >= pasted.accounts + 50, "the complaints are voices of their own"
