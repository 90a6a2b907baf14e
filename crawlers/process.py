"""One crawl in a process of its own (`python -m crawlers.process`), so that it can be limited, killed and forgotten.

It reads its job as one line of JSON from stdin, says what it finds as JSON lines on stdout (see talk.py), holds no
secret and ends itself when its parent is gone.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

from crawlers.job import Job
from crawlers.settings import scrapy_settings
from crawlers.spiders import FetchSpider, NewsSpider
from crawlers.talk import Talk

#: Seconds between two looks whether the parent still lives.
WATCH_S = 0.5


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
    process = AsyncCrawlerProcess(scrapy_settings(job))
    crawler = process.create_crawler(NewsSpider if job.task == "news" else FetchSpider)

    def broken(failure: object, response: object) -> None:
        cause = getattr(failure, "value", failure)
        talk.say(note=f"{getattr(response, 'url', job.address)}: reading it failed ({type(cause).__name__}: {cause}).")

    crawler.signals.connect(broken, signal=signals.spider_error)
    crawl = process.crawl(crawler, job=job, talk=talk)
    process.start()
    crawl.result()
    talk.say(done=crawler.stats.get_value("finish_reason", "unknown"))


if __name__ == "__main__":
    main()
