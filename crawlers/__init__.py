"""The crawlers room: reads the outside (news, X, citizen reports) and hands on batches of clean posts."""

from crawlers.batch import Batch
from crawlers.gather import crawl, read_file
from crawlers.sources import load_sources

__all__ = ["Batch", "crawl", "load_sources", "read_file"]
