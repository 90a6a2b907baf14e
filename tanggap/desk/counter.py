"""The counters of kecamatan and Balai Kota: a spoken complaint becomes a post, the citizen takes a receipt home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import wrap

from sqlalchemy import Connection

from tanggap.clock import city_day, day_bounds, long_day, stamp
from tanggap.desk.deadlines import nearest
from tanggap.desk.guards import able
from tanggap.desk.service import Desk
from tanggap.errors import RuleError
from tanggap.privacy import mask
from tanggap.records import Issue, Post, PostKind, Status, User
from tanggap.records.desk import Receipt
from tanggap.store import counters, issues, posts
from tanggap.store.shelf import receipts
from tanggap.text import repair

#: The source under which the complaints stand.
SOURCE = "loket"
#: Letters of a complaint, and of a line on the slip.
LONGEST, WIDTH = 2_000, 42


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a citizen may know of a complaint by its receipt number."""

    receipt: Receipt
    #: The complaint as it is stored, masked; None once it was erased.
    post: Post | None
    #: The issue it belongs to; None while nobody has linked it to one.
    issue: Issue | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """Whether the RT/RW of a kelurahan reported: on how many of the working days, never how much."""

    area: str
    name: str
    days: int
    of: int
    #: Those days.
    seen: tuple[date, ...] = ()


class Counter:
    """The counters of one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def take(self, by: User, text: str, *, area: str, place: str, rtrw: str = "", spot: str = "") -> Receipt:
        """Takes a complaint: masked like every text, under its receipt number; no name or number is asked or kept.

        Args:
            area: code of the kelurahan, kecamatan or kota it is about.
            place: which counter.
            rtrw: the RT or RW that reports on duty, such as `RW 04`.
            spot: the landmark it is about, such as `Pasar Jatinegara`; "" for none.
        """
        self._check(by)
        words = mask(repair(text)).strip()
        if not 5 <= len(words) <= LONGEST:
            raise RuleError(f"Keluhan memerlukan 5 sampai {LONGEST} huruf.")
        if area not in self.desk.city.areas:
            raise RuleError(f"Wilayah {area} tidak ada dalam daftar; pilih kelurahan, kecamatan, atau kota.")
        middle, where = self.desk.city.areas[area], self.desk.city.area_label(area)
        at = self.desk.now()
        extra = {"area": area, "desk": place} | ({"duty": rtrw} if rtrw else {}) | ({"spot": spot} if spot else {})
        with self.desk.store.write() as db:
            number = self._number(db)
            post = Post(
                source=SOURCE,
                native_id=number,
                kind=PostKind.REPORT,
                title=f"Laporan loket di {spot}, {where}" if spot else f"Laporan loket di {where}",
                text=words,
                published_at=at,
                collected_at=at,
                lat=middle.lat,
                lon=middle.lon,
                status=Status.WAITING,
                extra=extra,
            )
            posts.add(db, [post])
            made = Receipt(number=number, source=SOURCE, native_id=number, desk=place, at=at, by=by.name)
            receipts.add(db, made)
            self.desk.note(db, "counter.take", number, by, after={"area": area, "desk": place})
            return made

    def standing(self, number: str) -> Standing:
        """How a complaint stands.

        Raises:
            RuleError: the number was mistyped, or there is no such receipt.
        """
        number = number.strip().upper()
        if not number_holds(number):
            raise RuleError(f"Nomor {number} tidak benar; periksa lagi angka pada tanda terima.")
        with self.desk.store.read() as db:
            receipt = receipts.get(db, number)
            if receipt is None:
                raise RuleError(f"Tanda terima {number} tidak ada.")
            return self._standing(db, receipt)

    def lately(self, place: str, most: int = 8) -> list[Standing]:
        """The complaints that one counter took today, the newest first."""
        start, end = day_bounds(city_day(self.desk.now()))
        with self.desk.store.read() as db:
            return [self._standing(db, item) for item in counters.taken(db, place, start, end, most)]

    def _standing(self, db: Connection, receipt: Receipt) -> Standing:
        post = counters.post_of(db, receipt.source, receipt.native_id)
        home = counters.issue_of(db, receipt.source, receipt.native_id)
        issue = issues.get(db, home) if home else None
        if issue is None:
            return Standing(receipt=receipt, post=post, issue=None, words="Diterima; sedang dibaca petugas.")
        flow, body = self.desk.workflow, self.desk.city.body(issue.agency)
        clock = nearest(issue, flow, self.desk.now())
        parts = [f"{flow.label(issue.status)} ({issue.id})", body.short if body else ""]
        parts.append(f"{clock.label.lower()} paling lambat {stamp(clock.due)}" if clock else "")
        return Standing(receipt=receipt, post=post, issue=issue, words="; ".join(filter(None, parts)) + ".")

    def duty(self, start: date, end: date) -> list[DutyLine]:
        """On how many working days between two days, both included, each kelurahan had a report of its RT/RW.

        By name, without counts: who sends more stands no higher.
        """
        span = [start + timedelta(days=step) for step in range((end - start).days + 1)]
        days = {day for day in span if self.desk.workflow.calendar.works(day)}
        with self.desk.store.read() as db:
            told = counters.duty_reports(db, SOURCE, day_bounds(start)[0], day_bounds(end)[1])
        found: dict[str, set[date]] = {}
        for area, moment in told:
            found.setdefault(area, set()).add(city_day(moment))
        lines = []
        for area, reported in found.items():
            seen = tuple(sorted(reported & days))
            name = self.desk.city.area_label(area)
            lines.append(DutyLine(area=area, name=name, days=len(seen), of=len(days), seen=seen))
        return sorted(lines, key=lambda line: line.name)

    def _check(self, by: User) -> None:
        """A counter takes complaints about every body: only the right is asked for."""
        if not self.desk.workflow.may(by, "counter"):
            raise RuleError(
                f"{by.full_name} tidak berhak menerima keluhan; yang berhak: {able('counter', self.desk.workflow)}."
            )

    def _number(self, db: Connection) -> str:
        """The next number of the day."""
        day = city_day(self.desk.now())
        plain = f"LOKET-{day:%Y%m%d}-{counters.last_number(db, day) + 1:04d}"
        return f"{plain}-{check_digit(plain)}"


def check_digit(text: str) -> int:
    """The Luhn digit of the digits in a text: finds every wrong digit and nearly every swapped pair."""
    total = 0
    for place, digit in enumerate(reversed([int(char) for char in text if char.isdecimal()])):
        value = digit * 2 if place % 2 == 0 else digit
        total += value - 9 if value > 9 else value
    return -total % 10


def number_holds(number: str) -> bool:
    """Whether a receipt number is typed right."""
    plain, _, digit = number.rpartition("-")
    return plain.startswith("LOKET-") and digit.isdecimal() and int(digit) == check_digit(plain)


def slip(receipt: Receipt, text: str, area: str) -> str:
    """The receipt as plain text for a narrow printer; the citizen's own words, nothing else of them."""
    rule = "-" * WIDTH
    lines = ["TANDA TERIMA KELUHAN".center(WIDTH).rstrip(), rule, receipt.number, receipt.desk]
    lines += [
        f"{long_day(city_day(receipt.at))}",
        stamp(receipt.at)[-5:] + " WIB",
        area,
        rule,
        *wrap(text, WIDTH),
        rule,
    ]
    return "\n".join([*lines, "Tanyakan status dengan nomor di atas", "di loket mana pun.", ""])
