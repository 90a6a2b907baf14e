"""One crawl in a process of its own (`python -m crawlers`), so that it can be limited, killed and forgotten.

It reads its job as one line of JSON from stdin, says what it finds as JSON lines on stdout (see talk.py), holds no
secret and ends itself when its parent is gone.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess

from crawlers.news.reading import Reader
from crawlers.news.spiders import DiscoverySpider, FetchSpider, NewsSpider
from crawlers.web.job import Job, Task
from crawlers.web.settings import scrapy_settings
from crawlers.web.talk import Talk

#: Seconds between two looks whether the parent still lives.
WATCH_S = 0.5

SPIDERS: dict[Task, type[Spider]] = {"news": NewsSpider, "discovery": DiscoverySpider, "fetch": FetchSpider}


def follow(parent: int) -> None:
    """Ends this process once `parent` is no longer its parent; a killed parent leaves no crawler behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    """Runs the job on stdin."""
    talk = Talk()
    job = Job.from_json(sys.stdin.readline())
    follow(job.parent)
    reader = Reader()
    if job.task != "fetch":
        reader.warm()
    process = AsyncCrawlerProcess(scrapy_settings(job))
    crawler = process.create_crawler(SPIDERS[job.task])

    def broken(failure: object, response: object) -> None:
        cause = getattr(failure, "value", failure)
        address = getattr(response, "url", job.address)
        talk.say("note", told=f"{address}: reading it failed ({type(cause).__name__}: {cause}).")

    crawler.signals.connect(broken, signal=signals.spider_error)
    crawl = process.crawl(crawler, job=job, talk=talk, reader=reader)
    process.start()
    crawl.result()
    talk.say("done", reason=crawler.stats.get_value("finish_reason", "unknown"))
    reader.close()
