"""A small made-up city for the browser: forty issues, their posts, sources, a brief and five people."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from tanggap.briefs.compose import compose
from tanggap.city import City, load_city
from tanggap.clock import city_day
from tanggap.desk.workflow import Workflow
from tanggap.passwords import hash_password
from tanggap.records import (
    Brief,
    CrawlRun,
    Engagement,
    Issue,
    Link,
    Post,
    PostKind,
    Priority,
    Reason,
    Role,
    Score,
    Source,
    SourceKind,
    Status,
    StatusChange,
    User,
)  # fmt: skip
from tanggap.store import Store, briefs, issues, people, posts, runs, scores, sources

#: Sunday, 22 November 2026, 08.00 WIB.
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
MODEL = "browser-1"
PASSWORD = "payung-hujan-biru"

#: title, topic, kelurahan or kecamatan, score, priority, status, holder, minutes since detected
TOLD = (
    ("Banjir setinggi dada, warga minta perahu", "banjir", "Kampung Melayu", 95, "P1", "in_process", "rina", 36),
    ("Lampu jalan padam, dua motor bertabrakan", "listrik_penerangan", "Senen", 88, "P1", "disposition", "sari", 75),
    ("Pohon tumbang menutup jalan depan sekolah", "pohon_taman", "Tebet", 84, "P1", "waiting", None, 27),
    ("Kasus demam berdarah naik di satu RW", "kesehatan", "Kalideres", 83, "P1", "waiting", None, 32),
    ("Sampah menumpuk tiga hari di TPS", "sampah_kebersihan", "Gambir", 81, "P1", "coordination", "agus", 74),
    ("Air keran mati sejak subuh", "air_bersih", "Koja", 79, "P1", "waiting", None, 87),
    ("Trotoar ambles di depan halte", "jalan_trotoar", "Setiabudi", 78, "P1", "in_process", "rina", 77),
    ("Daftar bantuan sosial tidak sesuai", "bansos_sosial", "Johar Baru", 78, "P1", "detected", None, 9),
    ("Bus pengumpan tak kunjung datang", "transportasi_umum", "Pasar Rebo", 77, "P1", "in_process", "agus", 22),
    ("Pompa air mati saat hujan", "banjir", "Kebon Jeruk", 76, "P1", "detected", None, 22),
    ("Puskesmas tutup lebih awal", "kesehatan", "Koja", 72, "P2", "in_process", "budi", 136),
    ("Kabel menjuntai rendah di tikungan", "listrik_penerangan", "Tebet", 71, "P2", "waiting", None, 150),
    ("Genangan di terowongan bikin macet", "kemacetan_lalu_lintas", "Pancoran", 66, "P2", "in_process", "budi", 60),
    ("Galian kabel tidak ditutup", "jalan_trotoar", "Pancoran", 64, "P2", "disposition", "sari", 120),
    ("Antrean panjang di loket warga", "administrasi_kependudukan", "Cakung", 58, "P2", "in_process", "rina", 200),
    ("Parkir liar memakan dua lajur", "ketertiban_umum", "Tanah Abang", 57, "P2", "waiting", None, 95),
    ("Asap pembakaran sampah tiap malam", "polusi_lingkungan", "Cilincing", 55, "P2", "coordination", "agus", 100),
    ("Jembatan kayu warga rusak", "jalan_trotoar", "Penjaringan", 54, "P2", "in_process", "budi", 300),
    ("Lampu merah mati di simpang", "kemacetan_lalu_lintas", "Pulo Gadung", 52, "P2", "answered", "rina", 500),
    ("Atap halte bocor", "transportasi_umum", "Matraman", 50, "P2", "detected", None, 30),
    ("Taman bermain rusak", "pohon_taman", "Menteng", 44, "P3", "in_process", "sari", 600),
    ("Saluran mampet di gang", "banjir", "Duren Sawit", 43, "P3", "waiting", None, 320),
    ("Seragam sekolah dipungut biaya", "pendidikan", "Kramatjati", 42, "P3", "in_process", "agus", 400),
    ("Truk sampah lewat di jam sibuk", "sampah_kebersihan", "Kelapa Gading", 40, "P3", "monitoring", "budi", 900),
    ("Pedagang menutup trotoar", "ketertiban_umum", "Tambora", 39, "P3", "in_process", "rina", 700),
    ("Air keruh di rusun", "air_bersih", "Penjaringan", 38, "P3", "referred", "sari", 800),
    ("Tiang listrik miring", "listrik_penerangan", "Cipayung", 37, "P3", "waiting", None, 200),
    ("Papan nama jalan hilang", "jalan_trotoar", "Jagakarsa", 35, "P3", "in_process", "agus", 900),
    ("Izin usaha lama diproses", "administrasi_kependudukan", "Setiabudi", 34, "P3", "deferred", "budi", 1000),
    ("Suara pabrik pada malam hari", "polusi_lingkungan", "Cakung", 33, "P3", "in_process", "rina", 1100),
    ("Rusun belum dihuni", "perumahan_bangunan", "Jatinegara", 30, "P4", "in_process", "sari", 1200),
    ("Kartu transportasi gagal terbaca", "transportasi_umum", "Grogol Petamburan", 28, "P4", "detected", None, 60),
    ("Rumput liar di pembatas jalan", "pohon_taman", "Kembangan", 24, "P4", "waiting", None, 180),
    ("Jadwal posyandu berubah", "kesehatan", "Ciracas", 22, "P4", "answered", "agus", 1300),
    ("Cat zebra cross pudar", "jalan_trotoar", "Palmerah", 20, "P4", "in_process", "budi", 1400),
    ("Bangku taman kurang", "pohon_taman", "Kemayoran", 18, "P4", "detected", None, 90),
    ("Usul jalur sepeda", "kemacetan_lalu_lintas", "Cilandak", 15, "P4", "monitoring", "rina", 1500),
    ("Aplikasi laporan lambat", "pelaporan_warga", "Cengkareng", 14, "P4", "in_process", "sari", 1600),
    ("Pohon peneduh ditebang", "pohon_taman", "Pasar Minggu", 31, "P3", "resolved", "agus", 2500),
    ("Banjir di jalan tol sudah surut", "banjir", "Cempaka Putih", 12, "P4", "dismissed", None, 2000),
)  # fmt: skip

SAID = (
    "tolong min ini sudah dari subuh belum ada petugas yang datang, anak-anak kasihan",
    "lapor, di {place} masih begini terus. kapan ditangani ya pak?",
    "sudah telepon 112 katanya antre. mohon segera ditindaklanjuti di {place}",
    "tadi lewat {place}, parah banget. hati-hati yang mau lewat sini",
    "terima kasih petugas yang sudah turun, tapi di gang sebelah belum",
    "tiap tahun selalu sama, warga {place} capek lapor terus",
)

STAFF = (
    ("sari", "Sari Wulandari", (Role.OFFICER,)),
    ("rina", "Rina Kusuma", (Role.OFFICER,)),
    ("agus", "Agus Pranoto", (Role.OFFICER,)),
    ("budi", "Budi Santosa", (Role.OFFICER, Role.ANALYST)),
    ("vera", "Vera Lestari", (Role.VERIFIER,)),
    ("lihat", "Pejabat Pembaca", (Role.READER,)),
    ("admin", "Administrator", (Role.ADMIN,)),
)

DECLARED = (
    ("warta", SourceKind.NEWS, "Warta Kota Contoh", "https://warta.example.id/rss"),
    ("qlue", SourceKind.QLUE_A, "Qlue", "https://qlue.example.id/level1"),
    ("linimasa", SourceKind.X, "X: pencarian kota", "https://api.twitter.com"),
    ("loket", SourceKind.COUNTER, "Loket kecamatan Sabtu", "loket.csv"),
)


def build(directory: Path, config: Path) -> None:
    """Write tanggap.toml and a seeded SQLite store into `directory`; its clock stands at NOW when this returns."""
    for file in config.iterdir():
        if file.name != "tanggap.toml":
            (directory / file.name).symlink_to(file.resolve())
    store = Store.create(f"sqlite:///{directory / 'tanggap.sqlite'}")
    city = load_city(config)
    hashed = hash_password(PASSWORD)
    with store.write() as db:
        for name, full_name, roles in STAFF:
            people.add(db, User(name=name, full_name=full_name, roles=roles), hashed)
        people.add(db, User(name="baru", full_name="Orang Baru", roles=(Role.OFFICER,), must_change=True), hashed)
        crawl(db)
        for number, told in enumerate(TOLD, 1):
            tell(db, city, number, told)
        briefs.save(db, brief_of(db, city))
    store.close()
    set_clock(directory)


def set_clock(directory: Path) -> None:
    """Let the installation in `directory` live at NOW from this moment on."""
    offset = (NOW - datetime.now(UTC)).total_seconds()
    text = f'city = "Jakarta"\n[store]\nurl = "sqlite:///tanggap.sqlite"\n[clock]\noffset_s = {offset:.0f}\n'
    (directory / "tanggap.toml").write_text(text, encoding="utf-8")


def brief_of(db: Connection, city: City) -> Brief:
    """The brief of the day, composed from what was told."""
    found = issues.open_issues(db)
    return compose(
        city_day(NOW),
        issues=found,
        members={issue.id: [reading for _, reading in issues.members(db, issue.id)] for issue in found},
        readings=scores.readings(db, NOW - timedelta(days=2), NOW),
        runs=runs.latest(db),
        sources=sources.all_sources(db),
        before=None,
        city=city,
        workflow=Workflow.load(city),
        made_at=NOW,
    )


def crawl(db: Connection) -> None:
    """Four sources and their last runs, one of them failed."""
    declared = [
        Source(id=name, kind=kind, title=title, address=address, licence="contoh", expected_per_day=50, display="text")
        for name, kind, title, address in DECLARED
    ]
    sources.sync(db, declared)
    for minutes, source in zip((4, 6, 9, 700), declared, strict=True):
        at = NOW - timedelta(minutes=minutes)
        run = runs.start(db, source.id, at)
        runs.advance(db, CrawlRun(id=run, source=source.id, started_at=at, fetched=40, new=31, duplicate=9, cursor="c"))
        failed = source.kind is SourceKind.X
        message = "Kunci ditolak (401); periksa TANGGAP_X_BEARER_TOKEN." if failed else ""
        runs.finish(db, run, at + timedelta(seconds=40), failure="auth" if failed else None, message=message)


def tell(db: Connection, city: City, number: int, told: tuple[str, str, str, int, str, str, str | None, int]) -> None:
    """One issue with its posts, reasons and moves."""
    title, topic, place, score, priority, status, holder, minutes = told
    dice = random.Random(number)
    area = next(a for a in city.areas.values() if a.name == place and a.level in ("kelurahan", "kecamatan"))
    issue_id = issues.next_id(db, NOW.date())
    detected = NOW - timedelta(minutes=minutes)
    words = made_posts(issue_id, area.name, score, dice)
    issue = Issue(
        id=issue_id, title=f"{title} di {place}", topic=topic, status=Status(status), priority=Priority(priority),
        score=score, reasons=reasons(score, len(words)), areas=(area.code,), place=city.area_label(area.code),
        agency=city.topics[topic].agency, holder=holder, first_at=words[0].published_at, last_at=words[-1].published_at,
        detected_at=detected, status_at=detected, posts=len(words), accounts=len({w.author for w in words}),
        answered_at=NOW - timedelta(minutes=20) if status in ("answered", "monitoring", "resolved") else None,
        news=sum(w.kind is PostKind.NEWS for w in words), reach=sum(w.engagement.reach for w in words),
        negative=round(0.8 * len(words)),
    )  # fmt: skip
    posts.add(db, words)
    issues.add(db, issue)
    stored = posts.unscored(db, MODEL, 1000)
    scores.add(db, [(post.id or 0, made_score(topic)) for post in stored])
    first = stored[0].id
    issues.link(
        db,
        [
            Link(
                post=post.id or 0, issue=issue_id, similarity=0.7, suggested=at == 2,
                copy_of=first if post.native_id.endswith("copy") else None,
            )
            for at, post in enumerate(stored)
        ],
    )  # fmt: skip
    before: Status | None = None
    for after in moves(Status(status)):
        by = "machine" if after is Status.DETECTED else holder or "sari"
        note = "https://jakarta.example.id/jawaban/1" if after is Status.ANSWERED else ""
        issues.add_change(db, StatusChange(issue=issue_id, at=detected, by=by, before=before, after=after, note=note))
        before = after


def moves(status: Status) -> list[Status]:
    """A plausible way to `status`."""
    if status in (Status.DETECTED, Status.DISMISSED):
        return list(dict.fromkeys((Status.DETECTED, status)))
    way = [Status.DETECTED, Status.WAITING]
    if status in (Status.ANSWERED, Status.MONITORING, Status.RESOLVED):
        way += [Status.IN_PROCESS, Status.ANSWERED]
    return list(dict.fromkeys([*way, status]))


def made_posts(issue_id: str, place: str, score: int, dice: random.Random) -> list[Post]:
    """Posts of the last day, thicker towards the end, with news, reports and copies; oldest first."""
    count = 6 + score
    ages = sorted((24 * 60 * dice.random() ** (1 + score / 90) for _ in range(count)), reverse=True)
    made = []
    for at, age in enumerate(ages):
        kind = PostKind.NEWS if at % 17 == 5 else PostKind.REPORT if at % 6 == 3 else PostKind.POST
        text = dice.choice(SAID).format(place=place)
        copied = at and at % 9 == 0
        made.append(
            Post(
                source={PostKind.NEWS: "warta", PostKind.REPORT: "qlue", PostKind.POST: "linimasa"}[kind],
                native_id=f"{issue_id}-{at:03d}" + ("-copy" if copied else ""), kind=kind, text=text,
                title=f"Warga {place} menunggu bantuan" if kind is PostKind.NEWS else None,
                url=f"https://warta.example.id/{issue_id}/{at}", author=f"a{dice.getrandbits(64):016x}",
                published_at=NOW - timedelta(minutes=age, seconds=1), collected_at=NOW,
                engagement=Engagement(views=int(10 ** (1 + 3 * dice.random()))),
                status=Status.WAITING if kind is PostKind.REPORT else None,
            )
        )  # fmt: skip
    return made


def made_score(topic: str) -> Score:
    """A score of the kind the language room writes."""
    return Score(
        model=MODEL, relevant=True, relevance=0.9, sentiment="negative", topic=topic, complaint=True, urgency=2,
        terms="contoh",
    )  # fmt: skip


def reasons(score: int, count: int) -> tuple[Reason, ...]:
    """Parts that add up to the score."""
    told = (
        ("Keselamatan", 0.32, "bahaya bagi warga sekarang; menyebut lansia, anak"),
        ("Laju", 0.26, f"{1 + score / 40:.1f}× biasa dalam 3 jam terakhir".replace(".", ",")),
        ("Suara", 0.16, f"{count} suara dalam {count} kiriman"),
        ("Belum dijawab", 0.14, "6 j 10 mnt tanpa jawaban resmi"),
        ("Jangkauan", 0.12, "dilihat sekitar 48.000 kali"),
    )
    points = [round(share * score) for _, share, _ in told]
    points[0] += score - sum(points)
    return tuple(Reason(part=part, points=own, text=text) for (part, _, text), own in zip(told, points, strict=True))
