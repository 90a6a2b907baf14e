"""Reads config/ once, checks every key, and hands on one frozen value; nothing else reads files or variables."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from tanggap.clock import Clock, shifted_clock, system_clock
from tanggap.errors import SettingsError
from tanggap.privacy import national
from tanggap.sections import (
    AlertsSection,
    BackupSection,
    ClockSection,
    CrawlerSection,
    DashboardSection,
    IssuesSection,
    JobsSection,
    LanguageSection,
    LimitsSection,
    Open311Section,
    PrivacySection,
    RetentionSection,
    Section,
    StoreSection,
    TanggapFile,
)

__all__ = [
    "MARKER",
    "AlertsSection",
    "BackupSection",
    "ClockSection",
    "CrawlerSection",
    "DashboardSection",
    "IssuesSection",
    "JobsSection",
    "LanguageSection",
    "LimitsSection",
    "Open311Section",
    "PrivacySection",
    "RetentionSection",
    "Secrets",
    "Section",
    "Settings",
    "StoreSection",
    "TanggapFile",
    "explain",
    "find_config",
    "load_settings",
    "packaged_config",
    "read_key",
    "read_secrets",
    "read_toml",
    "refuse_open",
]

MARKER = "tanggap.toml"
#: What the variable of an alert channel begins with.
CHANNEL = "TANGGAP_ALERT_"


class Secrets(Section):
    """Keys to the networks that ask for one; each comes from its TANGGAP_ variable or the 0600 file secrets.toml."""

    x_bearer_token: str = ""
    mastodon_access_token: str = ""
    youtube_api_key: str = ""
    telegram_api_id: str = ""
    telegram_api_hash: str = ""
    telegram_session: str = ""
    #: Apprise addresses of the alert channels by name; TANGGAP_ALERT_PIKET is that of `piket`.
    alerts: dict[str, str] = Field(default_factory=dict, repr=False)


class Settings(TanggapFile):
    """tanggap.toml with what the environment adds; passed down, never looked up."""

    config_dir: Path
    #: Key of the author pseudonyms (HMAC-SHA256); b"" until `tanggap init` has made one.
    pseudonym_key: bytes = Field(b"", repr=False)
    secrets: Secrets = Field(Secrets(), repr=False)

    @property
    def now(self) -> Clock:
        """The clock of this installation."""
        return shifted_clock(timedelta(seconds=self.clock.offset_s)) if self.clock.offset_s else system_clock

    @property
    def public_numbers(self) -> frozenset[str]:
        """Phone numbers that masks leave readable, as they are dialled within the country."""
        return frozenset(map(national, self.privacy.public_numbers))

    @property
    def store_url(self) -> str:
        """The store address with a relative SQLite path made absolute."""
        head, _, path = self.store.url.partition("sqlite:///")
        if head or not path or path.startswith("/") or path == ":memory:":
            return self.store.url
        return f"sqlite:///{(self.config_dir / path).resolve()}"

    @property
    def backup_dir(self) -> Path:
        """The folder of the backups."""
        return (self.config_dir / self.backup.folder).resolve()


def packaged_config() -> Path:
    """The defaults that ship with the product: `tanggap/_config` when installed, `config/` in a checkout."""
    here = Path(__file__).resolve().parent
    for candidate in (here / "_config", here.parent / "config"):
        if (candidate / MARKER).is_file():
            return candidate
    raise SettingsError("The shipped configuration is missing; install Tanggap again.")


def find_config(chosen: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The configuration directory: the chosen one, TANGGAP_CONFIG, ./config, /etc/tanggap, the shipped one.

    Raises:
        SettingsError: a directory was named but holds no tanggap.toml.
    """
    named = chosen or (Path(environ["TANGGAP_CONFIG"]) if environ.get("TANGGAP_CONFIG") else None)
    if named is not None:
        if not (named / MARKER).is_file():
            raise SettingsError(f"There is no {MARKER} in {named}; run `tanggap init --config {named}` first.")
        return named.resolve()
    for candidate in (Path("config"), Path("/etc/tanggap")):
        if (candidate / MARKER).is_file():
            return candidate.resolve()
    return packaged_config()


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        SettingsError: the file is missing or broken; names the file and the line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path} is missing; `tanggap init` writes the default.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None


def load_settings(chosen: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the configuration directory, `TANGGAP_STORE` and the secrets of the environment.

    Raises:
        SettingsError: the first wrong key, with its file and the nearest valid key.
    """
    directory = find_config(chosen, environ)
    values = read_toml(directory / MARKER)
    if environ.get("TANGGAP_STORE"):
        values["store"] = {**values.get("store", {}), "url": environ["TANGGAP_STORE"]}
    try:
        file = TanggapFile.model_validate(values)
    except ValidationError as error:
        raise SettingsError(explain(error, directory / MARKER, TanggapFile)) from None
    return Settings(
        **{name: getattr(file, name) for name in TanggapFile.model_fields},
        config_dir=directory,
        pseudonym_key=read_key(directory, environ),
        secrets=read_secrets(directory, environ),
    )


def read_key(directory: Path, environ: Mapping[str, str]) -> bytes:
    """The pseudonym key from TANGGAP_KEY or the 0600 file `secret.key`; b"" where neither exists.

    Raises:
        SettingsError: others may read the key file.
    """
    if environ.get("TANGGAP_KEY"):
        return environ["TANGGAP_KEY"].encode()
    path = directory / "secret.key"
    if not path.is_file():
        return b""
    refuse_open(path)
    return path.read_bytes().strip()


def read_secrets(directory: Path, environ: Mapping[str, str]) -> Secrets:
    """The keys of secrets.toml, each overruled by its variable: `x_bearer_token` by TANGGAP_X_BEARER_TOKEN.

    Raises:
        SettingsError: others may read the file, or it holds something else.
    """
    path = directory / "secrets.toml"
    values: dict[str, Any] = {}
    if path.is_file():
        refuse_open(path)
        values = read_toml(path)
    told: dict[str, Any] = {
        name: environ[f"TANGGAP_{name.upper()}"]
        for name in Secrets.model_fields
        if environ.get(f"TANGGAP_{name.upper()}")
    }
    channels = {name: value for name, value in environ.items() if name.startswith(CHANNEL) and value}
    if channels:
        written = values.get("alerts", {})
        told["alerts"] = written | {name.removeprefix(CHANNEL).lower(): value for name, value in channels.items()}
    try:
        return Secrets.model_validate(values | told)
    except ValidationError as error:
        strange = error.errors()[0]["loc"][0]
        known = ", ".join(Secrets.model_fields)
        raise SettingsError(f"{path}: `{strange}` is no key or no text; the keys are {known}.") from None


def refuse_open(path: Path) -> None:
    """
    Raises:
        SettingsError: others may read the file.
    """
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} can be read by others; run `chmod 600 {path}`.")


def explain(error: ValidationError, path: Path, model: type[BaseModel]) -> str:
    """The first fault of a configuration file as one sentence, with the nearest valid key for a typo."""
    fault = error.errors()[0]
    where = ".".join(str(step) for step in fault["loc"])
    if fault["type"] != "extra_forbidden":
        return f"{path}: `{where}` is wrong: {fault['msg']} (it says {fault.get('input')!r})."
    near = difflib.get_close_matches(str(fault["loc"][-1]), valid_keys(model, fault["loc"][:-1]), n=1)
    hint = f"; did you mean `{near[0]}`?" if near else "."
    return f"{path}: there is no setting `{where}`{hint}"


def valid_keys(model: type[BaseModel], steps: tuple[int | str, ...]) -> list[str]:
    """Names allowed in the table that `steps` leads to."""
    for step in steps:
        inner = model.model_fields[step].annotation if step in model.model_fields else None
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return list(model.model_fields)
