"""The sample city's batch compliance: takes ids, and finds that nobody deleted anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

JOBS = "/2/compliance/jobs"


@dataclass(slots=True)
class ComplianceDesk:
    """The jobs an installation asked for; one is complete as soon as its ids have come."""

    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def collection(self, request: Request) -> Response:
        """POST makes a job, GET lists them."""
        if request.method == "GET":
            return JSONResponse({"data": list(self.jobs.values()), "meta": {"result_count": len(self.jobs)}})
        told = await request.json()
        key, base = str(len(self.jobs) + 1), str(request.base_url).rstrip("/")
        self.jobs[key] = {
            "id": key,
            "type": told.get("type", "tweets"),
            "name": told.get("name", ""),
            "status": "created",
            "upload_url": f"{base}{JOBS}/{key}/ids",
            "download_url": f"{base}{JOBS}/{key}/result",
        }
        return JSONResponse({"data": self.jobs[key]})

    async def job(self, request: Request) -> Response:
        """A job as it stands."""
        found = self.jobs.get(request.path_params["key"])
        return JSONResponse({"data": found}) if found else JSONResponse({"title": "Not Found Error"}, 404)

    async def ids(self, request: Request) -> Response:
        """Takes the ids of a job."""
        await request.body()
        self.jobs[request.path_params["key"]]["status"] = "complete"
        return Response()

    async def result(self, _: Request) -> Response:
        """No line, for nothing is gone."""
        return Response("", media_type="text/plain")

    def routes(self) -> list[Route]:
        """Where all this stands."""
        return [
            Route(JOBS, self.collection, methods=["GET", "POST"]),
            Route(JOBS + "/{key}", self.job),
            Route(JOBS + "/{key}/ids", self.ids, methods=["PUT"]),
            Route(JOBS + "/{key}/result", self.result),
        ]
