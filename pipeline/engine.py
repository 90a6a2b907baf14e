"""Carries runs of jobs to workers, durably: the one place that knows DBOS.

The truth about a run is its row in the store (tanggap.store.job_runs). DBOS holds what is on its way: which worker has
claimed which try, how many may run at once, and whose tries to hand on when a worker is dead. Only the id of a run and
the number of its try travel, as JSON.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions
from dbos import error as dbos_errors
from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from tanggap.errors import StoreError
from tanggap.settings import Settings
from tanggap.store.database import BUSY_S, CONNECT_S, KEEPALIVE, file_of, parse, show

logger = logging.getLogger(__name__)

APP = "tanggap"
TRY = "try"
#: Not the product's version: a run asked for before an upgrade must be understood after it.
PROTOCOL = "1"
#: On PostgreSQL the tables of DBOS live in a schema of their own beside the store.
SCHEMA = "jobs"
CONNECTIONS = 20

#: On its way or in somebody's hands.
ALIVE = ("ENQUEUED", "DELAYED", "PENDING")


@dataclass(frozen=True, slots=True)
class Queue:
    """A line of runs. In one with lanes, a lane (a host, a kind of job) runs one at a time over all workers."""

    name: str
    per_worker: int
    lanes: bool = True


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a run, as it travels."""

    run: str
    number: int

    @property
    def key(self) -> str:
        """Its identity: the same try sent twice is one."""
        return f"{self.run}#{self.number}"


class Engine:
    """The queue of one installation, as one worker (`worker` names its slot) or an onlooker (None) sees it."""

    def __init__(self, settings: Settings, worker: str | None = None) -> None:
        self._poll_s = settings.jobs.poll_s
        self._worker = worker
        self._database = connect(settings.store_url)
        self._client: DBOSClient | None = None

    def start(self, queues: Sequence[Queue], work: Callable[[Try], None]) -> None:
        """Takes part in these queues: `work` is called for every try this worker gets, each in a thread of its own.

        What an earlier holder of this slot left behind is taken up again.

        Raises:
            StoreError: the queue cannot be reached or made.
        """
        url = self._database.url.render_as_string(hide_password=False)
        logging.getLogger("dbos").addHandler(logging.NullHandler())  # or it would write to stderr by itself
        config: DBOSConfig = {
            "name": APP,
            "system_database_url": url,
            "system_database_engine": self._database,
            "dbos_system_schema": SCHEMA,
            "serializer": DBOSPortableJSONSerializer(),
            "executor_id": self._worker,
            "application_version": PROTOCOL,
            "use_listen_notify": False,
            "scheduler_polling_interval_sec": 3600.0,
            "log_level": "WARNING",
        }
        with self._speaking():
            DBOS(config=config)
            DBOS.listen_queues([queue.name for queue in queues])
            DBOS.workflow(name=TRY, max_recovery_attempts=None)(lambda run, number: work(Try(run, number)))
            DBOS.launch()
            for queue in queues:
                DBOS.register_queue(
                    queue.name,
                    worker_concurrency=queue.per_worker,
                    partition_concurrency=1 if queue.lanes else None,
                    polling_interval_sec=self._poll_s,
                    on_conflict="always_update",
                )

    @property
    def client(self) -> DBOSClient:
        """The same queue without taking part."""
        if self._client is None:
            with self._speaking():
                self._client = DBOSClient(
                    system_database_engine=self._database,
                    dbos_system_schema=SCHEMA,
                    serializer=DBOSPortableJSONSerializer(),
                    application_name=APP,
                    retry_connection_errors=False,
                )
        return self._client

    def send(self, one: Try, queue: Queue, lane: str = "") -> None:
        """Puts a try in line; a second time it changes nothing."""
        options: EnqueueOptions = {
            "workflow_name": TRY,
            "queue_name": queue.name,
            "workflow_id": one.key,
            "app_version": PROTOCOL,
        }
        if queue.lanes:
            options["queue_partition_key"] = lane
        with self._speaking():
            self.client.enqueue(options, one.run, one.number)

    def hand_on(self, worker: str) -> int:
        """Puts the tries that a dead worker held back in line, each in its queue; returns how many.

        Nobody else may do the same at the same time: a try resumed twice would be taken from a living worker.
        """
        by_queue: dict[str | None, list[str]] = defaultdict(list)
        with self._speaking():
            held = self.client.list_workflows(executor_id=worker, status="PENDING", load_input=False, load_output=False)
            for one in held:
                by_queue[one.queue_name].append(one.workflow_id)
            for queue, keys in by_queue.items():
                self.client.resume_workflows(keys, queue_name=queue)
        return len(held)

    def holders(self) -> set[str]:
        """Workers, alive or dead, that have tries in their hands."""
        with self._speaking():
            held = self.client.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {one.executor_id for one in held if one.executor_id}

    def states(self, tries: Sequence[Try]) -> dict[Try, bool]:
        """Of `tries`, those in line (False) or in a worker's hands (True); the others are over or unknown here."""
        with self._speaking():
            found = self.client.list_workflows(
                workflow_ids=[one.key for one in tries], status=list(ALIVE), load_input=False, load_output=False
            )
        held = {one.workflow_id: one.status == "PENDING" for one in found}
        return {one: held[one.key] for one in tries if one.key in held}

    def cancel(self, one: Try) -> None:
        """Takes a try out of line."""
        with self._speaking():
            self.client.cancel_workflow(one.key)

    def prune(self, before: datetime, limit: int = 5_000) -> int:
        """Forgets tries that were over before a moment; returns how many."""
        with self._speaking():
            over = self.client.list_workflows(
                completed_before=before.isoformat(), limit=limit, load_input=False, load_output=False
            )
            keys = [one.workflow_id for one in over if one.status not in ALIVE]
            for start in range(0, len(keys), 500):
                self.client.delete_workflows(keys[start : start + 500])
        return len(keys)

    def stop(self, wait_s: int) -> None:
        """Takes nothing more, waits a while for what runs, and leaves the rest to whoever calls `hand_on`."""
        DBOS.destroy(workflow_completion_timeout_sec=wait_s)

    def close(self) -> None:
        """Gives the connections back."""
        self._database.dispose()

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, dbos_errors.DBOSException, sqlite3.Error) as error:
            raise StoreError(f"The queue of jobs at {show(self._database.url)} refused: {error}.") from error


def connect(store_url: str) -> Database:
    """Where the queue is kept: beside a SQLite store in a file of its own, on PostgreSQL in the store's database."""
    address = parse(store_url)
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address,
            pool_size=CONNECTIONS,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_S, "application_name": "tanggap-jobs", **KEEPALIVE},
        )
    path = file_of(address)
    if path is None:
        raise StoreError("Jobs need a store that outlives its process; write sqlite:///FILE or postgresql+psycopg://.")
    file = path.with_name(f"{Path(path).stem}-jobs.sqlite")
    database = create_engine(address.set(database=str(file)), pool_size=CONNECTIONS, connect_args={"timeout": BUSY_S})
    event.listen(database, "connect", prepare)
    return database


def prepare(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    """What DBOS sets on SQLite files that it opens itself, and the journal that makes it twenty times faster."""
    del entry
    settings: dict[str, Any] = {"journal_mode": "WAL", "busy_timeout": BUSY_S * 1000, "synchronous": "NORMAL"}
    for name, value in {**settings, "foreign_keys": "ON"}.items():
        connection.execute(f"PRAGMA {name} = {value}")
    connection.isolation_level = "IMMEDIATE"
