"""Invented account names of the sample city."""

from __future__ import annotations

from numpy.random import Generator

FIRST = (
    "adi", "agus", "ayu", "bagas", "bayu", "citra", "dewi", "dian", "dimas", "dwi", "eka", "endah", "fajar", "farah",
    "galih", "gita", "hana", "hendra", "ika", "ilham", "indah", "irfan", "joko", "kiki", "lala", "lestari", "maman",
    "maya", "nanda", "nia", "nur", "oki", "putri", "rafi", "rani", "reza", "rini", "rizky", "sari", "sinta", "tono",
    "tri", "udin", "vina", "wahyu", "wati", "yanti", "yoga", "yusuf", "zaki",
)  # fmt: skip
SECOND = (
    "contoh", "warga", "ajadeh", "hari2", "kopi", "motoran", "ngantor", "pagi", "senja", "kost", "gangbuntu", "rt",
    "sepeda", "mamahmuda", "kelana", "santai", "bola", "kantin", "hujan", "lampu", "jendela", "tetangga", "sabtu",
    "nasduk", "pojokan", "angkot", "peron", "balkon", "sendal", "payung",
)  # fmt: skip
#: Accounts in the whole city.
CROWD = 1_500


class Accounts:
    """A crowd from which most draw once and some speak often."""

    def __init__(self, rng: Generator) -> None:
        pairs = rng.choice(len(FIRST) * len(SECOND), size=CROWD, replace=False)
        numbers = rng.integers(1, 100, size=CROWD)
        self.names = [
            f"{FIRST[pair % len(FIRST)]}_{SECOND[pair // len(FIRST)]}{number:02d}"
            for pair, number in zip(pairs, numbers, strict=True)
        ]
        self.rng = rng

    def next(self) -> str:
        """Somebody from the crowd."""
        return self.names[int(self.rng.integers(CROWD))]

    def different(self, count: int) -> list[str]:
        """`count` different people."""
        return [self.names[int(index)] for index in self.rng.choice(CROWD, size=count, replace=False)]
