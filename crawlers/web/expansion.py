"""Unpacks answers. Scrapy's own keeps what it can of a broken answer, and knows no ratio (tried with 2.19)."""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawlers.web.job import Job
from crawlers.web.refusals import Refused
from crawlers.web.unpacking import PACKINGS, DamagedError, unpack
from tanggap.errors import PayloadError

ACCEPTED = "gzip, deflate, br, zstd"


class ExpansionMiddleware:
    """Takes the place of scrapy.downloadermiddlewares.httpcompression."""

    def __init__(self, job: Job) -> None:
        self.job = job

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        return cls(crawler.settings["TANGGAP_JOB"])

    def process_request(self, request: Request) -> None:
        """Says what we can unpack."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer unpacked.

        Raises:
            Refused: it is packed more than once or in a way we do not know, unpacks too large, or is damaged.
        """
        del request
        told = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
        packings = [each.strip() for each in told.split(",") if each.strip() not in ("", "identity")]
        if not packings or not response.body:
            return response
        if len(packings) > 1:
            raise Refused("it is packed more than once, as only bombs are", "payload", "layout", final=True)
        if packings[0] not in PACKINGS:
            raise Refused("it is packed in a way we did not ask for", "payload", "layout", final=True)
        try:
            plain = unpack(packings[0], response.body, self.job.max_page_bytes)
        except DamagedError as error:
            raise Refused(str(error), "network", "network") from None
        except PayloadError as error:
            raise Refused(str(error), "payload", "layout", final=True) from None
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=plain)
        return response.replace(cls=kind, headers=headers, body=plain)
