"""What is out of the usual now, read for the page of signals: what was noticed, and what could not be judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from dashboard import witness
from dashboard.words import dotted
from tanggap.city import City
from tanggap.clock import span, stamp
from tanggap.records import Issue, Signal, SignalKind
from tanggap.schedules import State
from tanggap.signals.series import name
from tanggap.store import issues, job_runs, signals

#: Name of the schedule whose job looks.
SCHEDULE: Final = "sinyal"
#: A look older than this is told in red.
STALE: Final = timedelta(hours=1)
#: Articles and first posts beside a signal, and posts of a claim that no issue holds.
BESIDE: Final = 3
LOOSE: Final = 20
#: What stands over a signal of posts that no issue holds.
OUTSIDE: Final = {SignalKind.RUMOUR: "Kabar di luar isu", SignalKind.CLOSING: "Laporan yang ditutup"}
#: Heading of what stays folded.
NEXT: Final = "Kiriman berikutnya"

#: The parts of the page in their order: heading, and what it means in one sentence.
PARTS: Final[Mapping[SignalKind, tuple[str, str]]] = {
    SignalKind.BURST: ("Lonjakan", "Jauh lebih banyak suara daripada yang biasa pada jam dan hari ini."),
    SignalKind.BREAK: ("Perubahan", "Jumlah atau nada suara berubah dan tetap berubah; dalam kurung selang 95 %."),
    SignalKind.COORDINATION: (
        "Dipasang serentak",
        "Teks yang sama dari beberapa akun dalam hitungan detik. Dihitung satu suara; keluhan aslinya tetap ada.",
    ),
    SignalKind.CLOSING: (
        "Selesai semu",
        "Laporan di luar isu yang ditutup mejanya, tetapi sesudah itu masih dikeluhkan (30 hari terakhir).",
    ),
    SignalKind.RUMOUR: ("Kabar yang menyebar", "Belum tentu benar atau salah sampai ada sumber yang menjelaskan."),
}


NEVER = "Belum pernah dilihat; pekerja yang hidup melihatnya setiap sepuluh menit."


def looked(db: Connection) -> datetime | None:
    """When signals were last looked for; None when nobody ever did."""
    ran = next((run for run in job_runs.recent(db, schedule=SCHEDULE, limit=20) if run.state is State.DONE), None)
    seen = [one.seen_at for one in signals.open_ones(db) if one.seen_at]
    return max([*seen, *([ran.ended_at] if ran and ran.ended_at else [])], default=None)


def page_data(db: Connection, city: City, now: datetime) -> dict[str, Any]:
    """The page without its places, as the component draws it: what is withheld first, then what was noticed."""
    last = looked(db)
    found = signals.open_ones(db)
    about = issues.living(db, {one.subject.removeprefix("issue:") for one in found if one.subject.startswith("issue:")})
    cards = [(one.kind, card(db, one, about, city)) for one in found if one.kind in PARTS]
    withheld = [one.told for one in found if one.kind is SignalKind.COVERAGE]
    nothing = "Tidak ada sinyal lain." if withheld else "Tidak ada yang di luar kebiasaan."
    return {
        "looked": f"Terakhir dilihat {span(now - last)} lalu, {stamp(last)} WIB." if last else NEVER,
        "stale": last is None or now - last > STALE,
        "withheld": withheld,
        "nothing": nothing if last else "",
        "parts": [
            {"title": title, "about": told, "cards": [one for kind, one in cards if kind is part]}
            for part, (title, told) in PARTS.items()
            if any(kind is part for kind, _ in cards)
        ],
    }


def card(db: Connection, one: Signal, about: Mapping[str, Issue], city: City) -> dict[str, Any]:
    """One signal with its numbers, the posts beside it, and where its rows are."""
    title, address, rows = headed(one.subject, about, city)
    figures, beside = DETAILS[one.kind](db, one, city)
    return {
        "id": one.id,
        "title": title or OUTSIDE[one.kind],
        "href": address,
        "rows": rows,
        "told": one.told,
        "withheld": one.withheld,
        "since": f"sejak {stamp(one.since)} WIB",
        "figures": [{"words": words, "value": value} for words, value in figures],
        "beside": [{"title": words, "posts": posts} for words, posts in beside if posts and words != NEXT],
        "more": [{"title": words, "posts": posts} for words, posts in beside if posts and words == NEXT],
    }


def headed(subject: str, about: Mapping[str, Issue], city: City) -> tuple[str, str, str]:
    """What a subject is called, the address of its rows, and the words of the link; the queue's filters go by name."""
    kind, _, rest = subject.partition(":")
    if kind == "issue":
        issue = about.get(rest)
        number = issue.id if issue else rest
        return (issue.title if issue else rest), f"./?{urlencode({'isu': number})}", f"Buka {number}"
    if kind == "post":
        return "", "", ""
    topic, _, kota = rest.partition("@")
    wanted = {"urusan": city.topics[topic].label} if topic in city.topics else {}
    wanted |= {"wilayah": city.areas[kota].name} if kota in city.areas else {}
    called = name((topic, kota), city) if topic else "Semua suara"
    return called, f"./?{urlencode(wanted)}" if wanted else "./", "Lihat isunya di antrean"


Details = tuple[list[tuple[str, str]], list[tuple[str, list[dict[str, Any]]]]]


def burst(db: Connection, one: Signal, city: City) -> Details:
    """How many voices came, and how many usually do."""
    del db, city
    told = one.evidence
    figures = [("suara", dotted(told["voices"]))]
    if "usual" in told:
        figures += [("biasanya", comma(told["usual"])), ("dari biasa", f"{comma(told['times'])}×")]
    return figures, []


def change(db: Connection, one: Signal, city: City) -> Details:
    """Voices a day before and after, the change of mood, and the news of those days."""
    told = one.evidence
    figures = [
        (f"suara sehari, {told['days_before']} hari sebelumnya", comma(told["usual"])),
        (f"suara sehari, {told['days_after']} hari sesudahnya", comma(told["now"])),
    ]
    if mood := told.get("mood"):
        figures.append((f"perubahan nada ({signed(mood['low'])} sampai {signed(mood['high'])})", signed(mood["value"])))
    return figures, [("Berita pada hari-hari itu", witness.quotes(db, told.get("news", ())[:BESIDE], city))]


def together(db: Connection, one: Signal, city: City) -> Details:
    """How often, how improbable and how much it counts; never who."""
    del db, city
    told = one.evidence
    figures = [("kali serentak", dotted(told["times"])), ("peluang kebetulan", f"{told['chance']:.0e}")]
    return [*figures, ("akun, satu suara", dotted(told["accounts"]))], []


def rumour(db: Connection, one: Signal, city: City) -> Details:
    """How far it went, its first posts, what was said since by offices and newspapers; outside issues more posts."""
    told = one.evidence
    cleared, said = told.get("clarification"), list(told.get("said", ()))
    figures = [("kiriman", dotted(told["posts"])), ("akun", dotted(told["accounts"]))]
    if cleared is not None:
        said = [number for number in said if number != cleared]
    loose = told.get("tellings", ())[BESIDE:LOOSE] if one.subject.startswith("post:") else ()
    return figures, [
        ("Kiriman pertama", witness.quotes(db, told.get("first", ())[:BESIDE], city)),
        (NEXT, witness.quotes(db, loose, city)),
        ("Penjelasan", [] if cleared is None else witness.quotes(db, [cleared], city, told.get("sentence"))),
        ("Suara resmi dan berita sesudahnya", witness.quotes(db, said[:BESIDE], city)),
    ]


def closed_too_soon(db: Connection, one: Signal, city: City) -> Details:
    """The closed report, and who complains on."""
    told = one.evidence
    later = list(told["complaints"])
    return [("kiriman sesudah ditutup", dotted(len(later)))], [
        ("Laporan", witness.quotes(db, [told["report"]], city)),
        ("Masih dikeluhkan", witness.quotes(db, later[:BESIDE], city)),
        (NEXT, witness.quotes(db, later[BESIDE:LOOSE], city)),
    ]


DETAILS: Final[Mapping[SignalKind, Callable[[Connection, Signal, City], Details]]] = {
    SignalKind.BURST: burst,
    SignalKind.BREAK: change,
    SignalKind.COORDINATION: together,
    SignalKind.CLOSING: closed_too_soon,
    SignalKind.RUMOUR: rumour,
}


def comma(value: float) -> str:
    """2.6 -> `2,6`, 31.0 -> `31`."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def signed(value: float) -> str:
    """0.25 -> `+0,2`, -0.4 -> `-0,4`."""
    return f"{value:+.1f}".replace(".", ",")
