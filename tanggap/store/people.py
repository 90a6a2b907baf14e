"""People who sign in: their accounts, open sessions and failed attempts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping, delete, insert, select

from tanggap.errors import ConflictError
from tanggap.records import Role, User
from tanggap.store.dialects import upsert
from tanggap.store.tables import login_failure, person
from tanggap.store.tables import session as visit

#: Failed attempts in a row after which each further one shuts the account for LOCK.
MAX_FAILURES = 5
LOCK = timedelta(seconds=60)
#: Failures and sessions untouched for this long are forgotten; a session is marked as seen once per TOUCH.
FORGET = timedelta(days=1)
FORGET_SESSION = timedelta(days=30)
TOUCH = timedelta(minutes=1)

USER = (
    person.c.name,
    person.c.full_name,
    person.c.roles,
    person.c.agency,
    person.c.area,
    person.c.disabled,
    person.c.must_change,
)


def add(db: Connection, user: User, password_hash: str) -> None:
    """Stores a new account.

    Raises:
        ConflictError: the name is taken.
    """
    row = {"name": user.name, "password_hash": password_hash, **row_from(user)}
    added = db.execute(upsert(db, person).values(row).on_conflict_do_nothing().returning(person.c.name))
    if added.first() is None:
        raise ConflictError(f"The user name {user.name} is taken; choose another one.")


def update(db: Connection, user: User) -> None:
    """Changes everything of an account but its name and password; disabling it ends its sessions."""
    db.execute(sa.update(person).where(person.c.name == user.name).values(row_from(user)))
    if user.disabled:
        db.execute(delete(visit).where(visit.c.name == user.name))


def get(db: Connection, name: str) -> User | None:
    """The account with this name."""
    row = db.execute(select(*USER).where(person.c.name == name)).mappings().one_or_none()
    return from_row(row) if row else None


def all_users(db: Connection) -> list[User]:
    """Every account, by name."""
    return [from_row(row) for row in db.execute(select(*USER).order_by(person.c.name)).mappings()]


def password_hash(db: Connection, name: str) -> str | None:
    """The password hash of an account."""
    return db.scalar(select(person.c.password_hash).where(person.c.name == name))


def set_password(db: Connection, name: str, password_hash: str, must_change: bool) -> None:
    """Sets a password; one that must be changed was set by somebody else and ends the sessions of the account."""
    values = {"password_hash": password_hash, "must_change": must_change}
    db.execute(sa.update(person).where(person.c.name == name).values(values))
    if must_change:
        db.execute(delete(visit).where(visit.c.name == name))


def open_session(db: Connection, token_hash: str, name: str, at: datetime) -> None:
    """Opens a session, of which only the hash of its token is kept, and clears away long dead ones."""
    db.execute(delete(visit).where(visit.c.seen_at < at - FORGET_SESSION))
    db.execute(insert(visit).values(token_hash=token_hash, name=name, opened_at=at, seen_at=at))


def session(db: Connection, token_hash: str, at: datetime, idle: timedelta) -> User | None:
    """Who a session belongs to; None when it is closed, was idle for longer than `idle`, or its user is disabled.

    Marks the session as seen, at most once a minute; then it needs a writing connection.
    """
    wanted = select(visit.c.seen_at, *USER).join(person, person.c.name == visit.c.name)
    row = db.execute(wanted.where(visit.c.token_hash == token_hash)).mappings().one_or_none()
    if row is None or row["disabled"] or at - row["seen_at"] > idle:
        return None
    if at - row["seen_at"] >= TOUCH:
        db.execute(sa.update(visit).where(visit.c.token_hash == token_hash).values(seen_at=at))
    return from_row(row)


def close_session(db: Connection, token_hash: str) -> None:
    """Closes a session; closing it again changes nothing."""
    db.execute(delete(visit).where(visit.c.token_hash == token_hash))


def failed(db: Connection, name: str, at: datetime) -> None:
    """Remembers a failed attempt to sign in as `name`, known or not."""
    db.execute(delete(login_failure).where(login_failure.c.last_at < at - FORGET))
    statement = upsert(db, login_failure).values(name=name[:100], failures=1, last_at=at)
    more = {"failures": login_failure.c.failures + 1, "last_at": at}
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=more))


def locked_until(db: Connection, name: str, at: datetime) -> datetime | None:
    """When `name` may try again; None when now."""
    row = db.execute(select(login_failure).where(login_failure.c.name == name[:100])).one_or_none()
    if row is None or row.failures < MAX_FAILURES or row.last_at + LOCK <= at:
        return None
    until: datetime = row.last_at + LOCK
    return until


def clear_failures(db: Connection, name: str) -> None:
    """Forgets the failed attempts of `name`."""
    db.execute(delete(login_failure).where(login_failure.c.name == name[:100]))


def row_from(user: User) -> dict[str, Any]:
    """An account on its way into the table, without name and password."""
    return {
        "full_name": user.full_name,
        "roles": [role.value for role in user.roles],
        "agency": user.agency,
        "area": user.area,
        "disabled": user.disabled,
        "must_change": user.must_change,
    }


def from_row(row: RowMapping) -> User:
    """An account as the table keeps it."""
    values = {column.name: row[column] for column in USER}
    return User(**{**values, "roles": tuple(Role(role) for role in row[person.c.roles])})
