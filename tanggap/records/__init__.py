"""The nouns of the product as frozen values; times are aware UTC and a naive one is refused."""

from tanggap.records.base import Record
from tanggap.records.briefs import Brief, BriefItem
from tanggap.records.corrections import CorrectedField, Correction, Label
from tanggap.records.identity import (
    Bond,
    BondKind,
    Decided,
    EventKind,
    IssueEvent,
    Suggestion,
    SuggestionKind,
)
from tanggap.records.issues import Issue, Link, Priority, Reason, Status, StatusChange
from tanggap.records.people import AuditEntry, Role, User
from tanggap.records.posts import SENTIMENTS, Engagement, HourCount, Place, Post, PostKind, Reading, Score, Sentiment
from tanggap.records.signals import Signal, SignalKind
from tanggap.records.sources import CrawlRun, Lead, Source, SourceKind

__all__ = [
    "SENTIMENTS",
    "AuditEntry",
    "Bond",
    "BondKind",
    "Brief",
    "BriefItem",
    "CorrectedField",
    "Correction",
    "CrawlRun",
    "Decided",
    "Engagement",
    "EventKind",
    "HourCount",
    "Issue",
    "IssueEvent",
    "Label",
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
    "Signal",
    "SignalKind",
    "Source",
    "SourceKind",
    "Status",
    "StatusChange",
    "Suggestion",
    "SuggestionKind",
    "User",
]
