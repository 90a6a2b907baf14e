"""The tables of tanggap.toml: every setting with its default and its bounds."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


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
    relevance: float = Field(0.2, ge=0, le=1)
    #: Likeness from which a post joins a cluster.
    join: float = 0.4
    #: Likeness above which two clusters become one.
    consolidate: float = 0.14
    #: Seconds after which clusters are compared with each other again; posts are placed at once.
    merge_every_s: float = Field(120.0, ge=0)
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
