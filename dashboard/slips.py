"""The receipt of a counter as a plain page for any printer, narrow or A4; only who may take complaints reads it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard.login import PAGES
from tanggap.clock import city_day, clock_time, long_day
from tanggap.desk.counter import Counter, Standing
from tanggap.desk.guards import able
from tanggap.desk.service import Desk
from tanggap.errors import RuleError
from tanggap.records import User

ROOT: Final = "/tanda-terima"
#: The only script of the page: it opens the print dialogue.
SCRIPT: Final = "document.querySelector('button').addEventListener('click', () => print());"
HASH: Final = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; script-src 'sha256-{HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def where_printed(number: str) -> str:
    """The address of a receipt's page."""
    return f"{ROOT}/{number}"


@dataclass(frozen=True, slots=True)
class Slips:
    """The route, bound to one desk."""

    desk: Desk

    def routes(self) -> list[Route]:
        """What create_app mounts."""
        return [Route(f"{ROOT}/{{number}}", self.slip)]

    async def slip(self, request: Request) -> Response:
        """The slip of a number: 403 for people who take no complaints, 404 for a number that is none."""
        user: User = request.state.user
        if not self.desk.workflow.may(user, "counter"):
            raise HTTPException(403, f"Yang berhak: {able('counter', self.desk.workflow)}.")
        try:
            found = await run_in_threadpool(Counter(self.desk).standing, request.path_params["number"])
        except RuleError as refusal:
            raise HTTPException(404, str(refusal)) from None
        page = PAGES.get_template("tanda_terima.html").render(script=SCRIPT, **told(found))
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


def told(found: Standing) -> dict[str, str]:
    """What the slip says: number, counter, day, place and the citizen's own words, masked as they are stored."""
    receipt = found.receipt
    title = (found.post.title if found.post else "") or ""
    return {
        "number": receipt.number,
        "desk": receipt.desk,
        "day": long_day(city_day(receipt.at)),
        "time": clock_time(receipt.at),
        "where": title.removeprefix("Laporan loket di "),
        "text": found.post.text if found.post else "",
    }
