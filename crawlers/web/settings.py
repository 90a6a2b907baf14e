"""Scrapy's settings for one job: every default that is made for reach is turned to safety, with its reason."""

from __future__ import annotations

from typing import Any

from crawlers.web.job import Job
from crawlers.web.robots import REDIRECTS


def scrapy_settings(job: Job) -> dict[str, Any]:
    """The settings of a crawl process."""
    return {
        "TANGGAP_JOB": job,
        "LOG_LEVEL": "CRITICAL",
        "USER_AGENT": job.user_agent,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Language": "id,en;q=0.5",
        },
        **limits(job),
        **manners(),
        **closed_doors(),
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.web.guard.GuardMiddleware": 50,
            "crawlers.web.robots.RobotsMiddleware": 100,
            "crawlers.web.politeness.PolitenessMiddleware": 560,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "crawlers.web.expansion.ExpansionMiddleware": 590,
        },
    }


def limits(job: Job) -> dict[str, Any]:
    """What one page, one run and one process may cost."""
    return {
        # 1 GiB by default: one page could fill the memory. Counts for packed and unpacked bytes.
        "DOWNLOAD_MAXSIZE": job.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        # 180 s by default; this is the total time of one page, so a server that drips bytes is cut off too.
        "DOWNLOAD_TIMEOUT": job.page_timeout_s,
        "DNS_TIMEOUT": min(10.0, job.page_timeout_s),
        # 20 by default; more than a few hops are a loop or a tracker. Pages get `max_redirects` from the guard.
        "REDIRECT_MAX_TIMES": max(REDIRECTS, job.max_redirects),
        # A news page that reloads itself every minute is not a redirect.
        "METAREFRESH_ENABLED": False,
        # Half an answer must not be stored as a whole article.
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        # One more try for a broken connection; 429 belongs to politeness.py.
        "RETRY_TIMES": 1,
        # At once rather than last (the default): failures saved up for the end would look like a host that is down.
        "RETRY_PRIORITY_ADJUST": 1,
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],
        # The run ends in order, with what it has, before the parent would kill it.
        "CLOSESPIDER_TIMEOUT": max(1, int(job.crawl_timeout_s * 0.9)),
        # Looked at every 60 s by default, in which a leak fills the machine.
        "MEMUSAGE_LIMIT_MB": 512,
        "MEMUSAGE_CHECK_INTERVAL_SECONDS": 5.0,
        "EXTENSIONS": {"scrapy.extensions.memusage.MemoryUsage": None, "crawlers.web.memory.MemoryUsage": 0},
    }


def manners() -> dict[str, Any]:
    """One connection at a time; when it may go is decided for all crawls together (politeness.py)."""
    return {
        # One page at a time, in the order of the listing (the default is last in, first out).
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        # The default varies the delay by half; a request that got its turn goes at once.
        "DOWNLOAD_DELAY_JITTER": 0,
        # Our own middleware does it by the RFC; Scrapy's fetches when robots.txt answers 503.
        "ROBOTSTXT_OBEY": False,
        # We ask for each address once ourselves; the filter would drop redirects without a word.
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        # Sites need not learn from which list we come to an article.
        "REFERRER_POLICY": "scrapy.spidermiddlewares.referer.NoReferrerPolicy",
    }


def closed_doors() -> dict[str, Any]:
    """What Scrapy opens by default and a crawler of strange sites must not."""
    return {
        # A redirect to file:, data:, ftp: or s3: would read what is ours or go where the guard does not see.
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        # Certificates are not verified by default: anyone on the way could write our news.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # Whatever OpenSSL still speaks by default; TLS 1.0 and 1.1 protect nobody (RFC 8996).
        "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.2",
        # Names are resolved by the guard, for the connection itself.
        "TWISTED_DNS_RESOLVER": "crawlers.web.guard.GuardedResolver",
        # A proxy from the environment would resolve names out of the guard's sight.
        "HTTPPROXY_ENABLED": False,
        # A shell into the running crawler, on by default.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        # We read as anyone may, without being recognised from page to page.
        "COOKIES_ENABLED": False,
    }
