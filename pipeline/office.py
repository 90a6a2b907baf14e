"""One installation, opened: its settings, its city, its store, as every command needs them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from nlp.quality import QualityScorer
from nlp.score import Scorer
from tanggap.city import OFFICE_SLANG, City, load_city
from tanggap.declarations import load_sources
from tanggap.errors import SettingsError
from tanggap.issues.priority import Ranking
from tanggap.records import Source
from tanggap.settings import Settings, load_settings
from tanggap.store import Store
from tanggap.store import sources as stored_sources

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Configuration directory (default: TANGGAP_CONFIG, ./config).")
]
Quality = Literal["usual", "high"]
QualityOption = Annotated[
    Quality | None, typer.Option(help="Models to read with: the shipped ones, or your own first (docs/models.md).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

#: Messages for people; results alone go to stdout.
notes = Console(stderr=True, highlight=False)
#: A table piped into a file is as wide as it needs to be.
results = Console(highlight=False, width=None if sys.stdout.isatty() else 160)


@dataclass(frozen=True)
class Office:
    """An installation whose parts open when first asked for."""

    settings: Settings

    @classmethod
    def open(cls, config: Path | None, quality: Quality | None = None) -> Office:
        """The installation of a configuration directory; SettingsError when that is wrong.

        `quality` wins over the one of the settings.
        """
        settings = load_settings(config)
        if quality:
            language = settings.language.model_copy(update={"quality": quality})
            settings = settings.model_copy(update={"language": language})
        return cls(settings)

    @cached_property
    def city(self) -> City:
        """The configured city."""
        return load_city(self.settings.config_dir)

    @cached_property
    def store(self) -> Store:
        """The store with the declared sources in it; StoreError when it cannot be opened."""
        store = Store.open(self.settings.store_url)
        with store.write() as db:
            stored_sources.sync(db, self.declared)
        return store

    @cached_property
    def declared(self) -> list[Source]:
        """The sources as sources.toml declares them."""
        return load_sources(self.settings.config_dir)

    @property
    def sources(self) -> list[Source]:
        """The sources as they are at this moment: declared, edited and added ones."""
        with self.store.read() as db:
            return stored_sources.all_sources(db)

    @cached_property
    def _scorers(self) -> dict[int, Scorer]:
        """The one scorer in use, by the time the office last changed its slang."""
        return {}

    @property
    def scorer(self) -> Scorer:
        """The language models; loaded again when the office has changed its slang."""
        slang = self.city.language_dir / OFFICE_SLANG
        changed = slang.stat().st_mtime_ns if slang.exists() else 0
        scorer = self._scorers.get(changed)
        if scorer is None:
            scorer = self._loaded()
            self._scorers.clear()
            self._scorers[changed] = scorer
        return scorer

    def _loaded(self) -> Scorer:
        """The shipped models, and before them the office's own where the settings ask for high quality."""
        usual, wanted = Scorer.load(self.city), self.settings.language
        if wanted.quality == "usual":
            return usual
        if not wanted.model:
            raise SettingsError(
                "High quality needs a model of your own; name its folder in tanggap.toml, [language] model."
            )
        return QualityScorer.of(usual, self.settings.config_dir / wanted.model, self.city)

    @cached_property
    def ranking(self) -> Ranking:
        """The weights of the priority."""
        return Ranking.load(self.settings.config_dir)
