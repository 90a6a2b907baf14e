"""Tables that hold one kind of record as it is: added once, decided later, read by issue or by condition."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, RowMapping, Table, insert, select

from tanggap.records.base import Record
from tanggap.records.desk import Assignment, Commitment, Delivery, Dispute, Evidence, Receipt, Response, Webhook
from tanggap.store import desk_tables as tables

R = TypeVar("R", bound=Record)


class Shelf(Generic[R]):
    """The records of one table, oldest first."""

    def __init__(self, table: Table, kind: type[R]) -> None:
        self.table = table
        self._kind = kind
        (self._key,) = table.primary_key.columns
        self._order = table.c.at if "at" in table.c else self._key
        self._lists = [column.name for column in table.c if isinstance(column.type, sa.JSON)]

    def add(self, db: Connection, record: R) -> R:
        """Stores a new record; gives it back with the key the store chose, if it chose one."""
        values = self._values(record)
        if values[self._key.name] is None:
            del values[self._key.name]
        key = db.execute(insert(self.table).values(values).returning(self._key)).scalar_one()
        return record.evolve(**{self._key.name: key})

    def save(self, db: Connection, record: R) -> None:
        """Writes what was decided about a record."""
        key = getattr(record, self._key.name)
        db.execute(sa.update(self.table).where(self._key == key).values(self._values(record)))

    def get(self, db: Connection, key: int | str) -> R | None:
        """The record with this key."""
        row = db.execute(select(self.table).where(self._key == key)).mappings().one_or_none()
        return None if row is None else self._read(row)

    def of_issue(self, db: Connection, issue: str) -> list[R]:
        """All records of an issue."""
        return self.where(db, self.table.c.issue == issue)

    def where(self, db: Connection, *conditions: ColumnElement[bool], limit: int = 10_000) -> list[R]:
        """Records that fit every condition."""
        query = select(self.table).where(*conditions).order_by(self._order, self._key).limit(limit)
        return [self._read(row) for row in db.execute(query).mappings()]

    def _values(self, record: R) -> dict[str, Any]:
        values = {column.name: getattr(record, column.name) for column in self.table.c}
        return values | {name: list(values[name]) for name in self._lists}

    def _read(self, row: RowMapping) -> R:
        return self._kind(**dict(row) | {name: tuple(row[name]) for name in self._lists})


assignments = Shelf(tables.assignment, Assignment)
responses = Shelf(tables.response, Response)
commitments = Shelf(tables.commitment, Commitment)
evidence = Shelf(tables.evidence, Evidence)
disputes = Shelf(tables.dispute, Dispute)
receipts = Shelf(tables.receipt, Receipt)
webhooks = Shelf(tables.webhook, Webhook)
deliveries = Shelf(tables.delivery, Delivery)
