"""A made-up day of a real city, published by a local web server: what `tanggap demo` crawls and tests measure by."""

from __future__ import annotations

from pipeline.sample.day import SampleDay
from pipeline.sample.declaration import write_config
from pipeline.sample.published import Article, FollowUp, Published, Report, TrueIssue
from pipeline.sample.server import SampleServer

__all__ = ["Article", "FollowUp", "Published", "Report", "SampleDay", "SampleServer", "TrueIssue", "write_config"]
