"""The nouns of the product as frozen values; times are aware UTC and a naive one is refused."""

from tanggap.records.base import Record
from tanggap.records.briefs import Brief, BriefItem
from tanggap.records.issues import Issue, Link, Priority, Reason, Status, StatusChange
from tanggap.records.people import AuditEntry, Role, User
from tanggap.records.posts import SENTIMENTS, Engagement, HourCount, Place, Post, PostKind, Reading, Score, Sentiment
from tanggap.records.sources import CrawlRun, Lead, Source, SourceKind

__all__ = [
    "SENTIMENTS",
    "AuditEntry",
    "Brief",
    "BriefItem",
    "CrawlRun",
    "Engagement",
    "HourCount",
    "Issue",
    "Lead",
    "Link",
    "Place",
    "Post",
    "PostKind",
    "Priority",
    "Reading",
    "Reason",
    "Record",
    "Role",
    "Score",
    "Sentiment",
    "Source",
    "SourceKind",
    "Status",
    "StatusChange",
    "User",
]
