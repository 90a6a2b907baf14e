"""Citizen reports imported per second of processor time: read and cleaned alone, stored as new, stored again."""

from __future__ import annotations

import argparse
import cProfile
import csv
import json
import pstats
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers.batch import Batch
from crawlers.gather import read_file
from pipeline.jobs import take_file
from tanggap.clock import WIB
from tanggap.records import Source, SourceKind
from tanggap.settings import Settings
from tanggap.store import Store
from tanggap.store import sources as stored_sources

SOURCE = Source(id="ukur", kind=SourceKind.CSV, title="Pengukuran", address="")
PLACES = ("Pondok Uji", "Kampung Contoh", "Rawa Coba", "Kebon Misal", "Tanah Umpama")
TROUBLES = (
    "got mampet sejak Senin, airnya sampai masuk rumah warga",
    "lampu jalan padam tiga hari, gelap sekali kalau malam",
    "sampah menumpuk di depan sekolah dan baunya ke mana-mana",
    "jalan berlubang dalam, kemarin ada motor jatuh",
    "pohon besar condong ke kabel listrik, tolong dipangkas",
)
START = datetime(2026, 1, 1, tzinfo=WIB)


def texts(count: int) -> Iterator[tuple[int, str, str, datetime]]:
    """(number, text, kelurahan, time) of generated reports; one in twenty holds a telephone number."""
    dice = random.Random(7)
    for number in range(count):
        place, trouble = dice.choice(PLACES), dice.choice(TROUBLES)
        phone = " hubungi 081234567890" if dice.random() < 0.05 else ""
        street = f"Jl {place} {dice.randrange(90)} RT {dice.randrange(1, 15):02} RW {dice.randrange(1, 9):02}"
        yield number, f"Mohon dibantu, {trouble} di {street}.{phone}", place, START + timedelta(seconds=60 * number)


def qlue_b(count: int) -> Iterator[dict[str, Any]]:
    """Reports in the second shape of Qlue, one in three with a follow-up."""
    for number, text, place, at in texts(count):
        step = {
            "tl_by": f"Kelurahan {place}", "username": f"petugas{number % 50}", "timestamp": f"{at:%Y-%m-%d %H:%M:%S}",
            "status": "complete", "description": "Sudah ditangani PPSU", "file": f"http://img.example/tl/{number}.jpg",
        }  # fmt: skip
        detail = {
            "status": ("wait", "process", "complete")[number % 3], "kd_kel": f"31710{number % 267:05}",
            "name_kel": place, "desc": text, "image": f"http://img.example/{number}.jpg", "comment_count": number % 5,
            "suggest": {"tags": ["lampu", "jalan"]},
        }  # fmt: skip
        profile = {
            "username": f"warga{number % 9000}", "timestamp": f"{at:%Y-%m-%d %H:%M:%S}",
            "location": {"lat": -6.2 + number % 100 / 1000, "lng": 106.8}, "detail": detail,
        }  # fmt: skip
        record: dict[str, Any] = {"id": number + 1, "type": "Sanitation", "profile": profile}
        yield record | ({"follow_up": [step]} if number % 3 == 0 else {})


def write_qlue_b(path: Path, count: int) -> None:
    """The JSON file."""
    path.write_text(json.dumps(list(qlue_b(count))), encoding="utf-8")


def write_csv(path: Path, count: int) -> None:
    """The CSV file."""
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "published_at", "title", "text", "author", "lat", "lon", "status", "kelurahan", "kanal"])
        for number, text, place, at in texts(count):
            told = (f"T-{number}", at.isoformat(), "Aduan", text, f"warga{number % 9000}", -6.2, 106.8, "Proses", place)
            rows.writerow([*told, "JAKI"])


WRITERS: dict[str, Callable[[Path, int], None]] = {"qlue-b": write_qlue_b, "csv": write_csv}


def timed(work: Callable[[], Any]) -> float:
    """Seconds of processor time that `work` takes on one core; other work on the machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def drained(batches: Iterator[Batch]) -> int:
    """How many posts came."""
    return sum(len(batch.posts) for batch in batches)


def measure(form: str, count: int, directory: Path) -> str:
    """One line of the result."""
    file = directory / f"{form}.dat"
    WRITERS[form](file, count)
    settings = Settings(config_dir=directory, pseudonym_key=b"key of the measurement")
    read = timed(lambda: drained(read_file(file, form, SOURCE, settings)))
    store = Store.create(f"sqlite:///{directory}/{form}.sqlite")
    with store.write() as db:
        stored_sources.put(db, SOURCE)
    take = lambda: take_file(store, SOURCE, settings, file, form, tell=print)  # noqa: E731
    whole, again = timed(take), timed(take)
    store.close()
    told = (f"{count / seconds:>10,.0f}/s" for seconds in (read, whole, again))
    return f"{form:<8}{count:>9,}" + "".join(told)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=50_000)
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    asked = parser.parse_args()
    profiler = cProfile.Profile()
    with tempfile.TemporaryDirectory() as directory:
        print(f"{'format':<8}{'reports':>9}{'parse+door':>12}{'import':>12}{'repeat':>12}")
        for form in WRITERS:
            if asked.profile:
                profiler.enable()
            print(measure(form, asked.reports, Path(directory)), flush=True)
            profiler.disable()
    if asked.profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(28)


if __name__ == "__main__":
    main()
