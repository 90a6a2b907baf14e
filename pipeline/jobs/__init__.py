"""The jobs: each is short, idempotent, takes ids and settings, and may be killed and run again at any moment."""

from pipeline.jobs.backup import back_up, backups
from pipeline.jobs.briefing import brief
from pipeline.jobs.compliance import Sweep, comply
from pipeline.jobs.copies import link_copies
from pipeline.jobs.crawling import crawl
from pipeline.jobs.drift import measure_drift
from pipeline.jobs.grouping import Grouped, group
from pipeline.jobs.health import Checked, check_sources
from pipeline.jobs.importing import take_file
from pipeline.jobs.retention import Purged, retain
from pipeline.jobs.scoring import score
from pipeline.jobs.signals import Noticed, notice

__all__ = [
    "Checked",
    "Grouped",
    "Noticed",
    "Purged",
    "Sweep",
    "back_up",
    "backups",
    "brief",
    "check_sources",
    "comply",
    "crawl",
    "group",
    "link_copies",
    "measure_drift",
    "notice",
    "retain",
    "score",
    "take_file",
]
