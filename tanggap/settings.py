"""Reads config/ once, checks every key, and hands on one frozen value; nothing else reads files or variables."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tanggap.clock import Clock, shifted_clock, system_clock
from tanggap.errors import SettingsError
from tanggap.privacy import national

MARKER = "tanggap.toml"
#: What the variable of an alert channel begins with.
CHANNEL = "TANGGAP_ALERT_"


class Section(BaseModel):
    """A table of tanggap.toml: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSection(Section):
    """Where everything is kept; a relative SQLite path counts from the configuration directory."""

    url: str = "sqlite:///tanggap.sqlite"


class ClockSection(Section):
    """Seconds this installation lives away from real time; only the sample city has any."""

    offset_s: float = 0.0


class LimitsSection(Section):
    """Guards against hostile or broken sources."""

    #: host:port pairs that may be fetched although they are not public.
    allow_addresses: tuple[str, ...] = ()
    max_page_bytes: int = Field(4_000_000, gt=0)
    page_timeout_s: float = Field(20.0, gt=0)
    crawl_timeout_s: float = Field(600.0, gt=0)
    max_redirects: int = Field(3, ge=0)
    max_text_chars: int = Field(10_000, gt=0)


class CrawlerSection(Section):
    """How we introduce ourselves to the sites we read."""

    user_agent: str = "Tanggap/0.1 (+https://example.go.id/tanggap; humas@example.go.id)"
    #: Hosts of the X and YouTube APIs; stand-ins for tests and the sample city.
    x_api: str = "https://api.twitter.com"
    youtube_api: str = "https://youtube.googleapis.com"


class DashboardSection(Section):
    """Where the web application listens."""

    host: str = "127.0.0.1"
    port: int = Field(8501, gt=0, lt=65536)
    session_idle_h: float = Field(8.0, gt=0)


class IssuesSection(Section):
    """When a post joins an issue and when an issue shows; chosen on the sample city and on grouped news and posts."""

    #: Probability of being about the city from which a post is grouped; a rumour often looks like small talk.
    relevance: float = Field(0.3, ge=0, le=1)
    #: Likeness from which a post joins a cluster.
    join: float = 0.4
    #: Likeness above which two clusters become one.
    consolidate: float = 0.14
    #: Independent voices from which a cluster is an issue.
    min_voices: int = Field(3, ge=1)
    window_days: int = Field(14, ge=1)


class RetentionSection(Section):
    """How long words of the public are kept; counts stay for good."""

    #: Texts of X, and records set aside unread: the rawest that is kept.
    raw_days: int = Field(30, ge=1)
    #: Masked texts of everything else.
    masked_text_days: int = Field(180, ge=1)


class LanguageSection(Section):
    """Which models read."""

    #: "high": where `model` offers a task, that answers it; slower by far.
    quality: Literal["usual", "high"] = "usual"
    #: Folder of a model of your own (docs/models.md); a relative path counts from the configuration directory.
    model: str = ""


class PrivacySection(Section):
    """What the masks leave readable."""

    #: Phone numbers of services that everybody may read, in any spelling.
    public_numbers: tuple[str, ...] = ("112", "1708", "14022")


class JobsSection(Section):
    """How workers run jobs."""

    #: Jobs one worker runs side by side, besides crawls; and crawls.
    side_by_side: int = Field(4, ge=1)
    crawls: int = Field(6, ge=1)
    #: A job that fails so often by itself is set aside, and so is one whose worker died so often under it.
    tries: int = Field(3, ge=1)
    crashes: int = Field(5, ge=1)
    #: Seconds before the first new try; each later one waits about twice as long.
    retry_s: float = Field(20.0, gt=0)
    #: A worker whose heart stands still so long is dead: its jobs go to the others.
    lease_s: float = Field(20.0, gt=0)
    #: A job that runs longer ends its worker; the supervisor starts another.
    limit_s: float = Field(3600.0, gt=0)
    #: Seconds between two looks for work, and between two looks at schedules.
    poll_s: float = Field(0.5, gt=0)
    tick_s: float = Field(1.0, gt=0)
    #: Least seconds between two crawls of one source, whoever asks.
    crawl_gap_s: float = Field(5.0, ge=0)
    #: A slot found later than this was missed: the schedule's catch-up policy decides.
    late_s: float = Field(90.0, gt=0)
    #: Posts understood at a time; a backlog larger than `score_part` is shared by all workers in parts of so many.
    score_batch: int = Field(500, ge=1)
    score_part: int = Field(5_000, ge=1)
    #: Days that the history of runs is kept.
    keep_days: int = Field(30, ge=1)


class AlertsSection(Section):
    """Who is called, and how often; the address of a channel is a secret and stands elsewhere."""

    channels: tuple[Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")], ...] = ()
    #: Trouble of sources and jobs waits meanwhile, Jakarta time.
    quiet_from: time = time(21)
    quiet_to: time = time(6)
    #: Messages of one channel; what is more goes into summaries.
    messages_per_hour: int = Field(12, ge=1)
    #: Address of the dashboard for links.
    dashboard: str = "http://localhost:8501"


class BackupSection(Section):
    """Where backups of the store go, and how many are kept; a relative folder counts from the configuration."""

    folder: str = "backups"
    #: The newest of each of the last days and of the last weeks.
    daily: int = Field(7, ge=1)
    weekly: int = Field(5, ge=0)


class Open311Section(Section):
    """The public interface over released issues."""

    enabled: bool = False
    #: What clients send as jurisdiction_id; usually the domain of the city.
    jurisdiction: str = "jakarta.go.id"
    contact: str = ""
    #: When endpoints or their fields last changed, for the discovery document.
    changeset: str = "2026-11-22T00:00:00+07:00"


class TanggapFile(Section):
    """The whole of tanggap.toml."""

    city: str = "Jakarta"
    store: StoreSection = StoreSection()
    clock: ClockSection = ClockSection()
    limits: LimitsSection = LimitsSection()
    crawler: CrawlerSection = CrawlerSection()
    dashboard: DashboardSection = DashboardSection()
    issues: IssuesSection = IssuesSection()
    jobs: JobsSection = JobsSection()
    alerts: AlertsSection = AlertsSection()
    backup: BackupSection = BackupSection()
    open311: Open311Section = Open311Section()
    retention: RetentionSection = RetentionSection()
    privacy: PrivacySection = PrivacySection()
    language: LanguageSection = LanguageSection()


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
