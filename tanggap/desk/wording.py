"""What spellings mean, as people of the office decide it: who may, the table beside the shipped one, and the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tanggap import slang
from tanggap.city import City
from tanggap.clock import city_day
from tanggap.desk.guards import ROLES
from tanggap.desk.workflow import Workflow
from tanggap.errors import RuleError
from tanggap.records import AuditEntry, Role, User
from tanggap.slang import Slang
from tanggap.store import Store, audit


def permit(city: City, by: User) -> None:
    """Refuses who may not teach the models words."""
    workflow = Workflow.load(city)
    if by.disabled or not workflow.may(by, "correct"):
        able = [ROLES[role] for role in Role if "correct" in workflow.roles.get(role, ())]
        raise RuleError(f"{by.full_name} tidak berhak menambah kata; yang berhak: {', '.join(able)}.")


def teach(store: Store, city: City, by: User, typed: str, means: str, region: str, *, at: datetime) -> Slang:
    """Adds a spelling or changes what it means; posts that come in from now on are read with it.

    Raises:
        RuleError: the person may not, or the entry would spoil other words.
    """
    permit(city, by)
    entry = Slang(slang=typed, normal=means, region=region, by=by.name, day=city_day(at))  # type: ignore[arg-type]
    slang.add(city.language_dir, entry, slang.plain_words())
    note(store, by, "slang.add", typed, {"means": means, "region": region}, at)
    return entry


def retire(store: Store, city: City, by: User, typed: str, *, at: datetime) -> str:
    """Lets a spelling mean nothing but itself; returns what it meant.

    Raises:
        RuleError: the person may not, or there is no such entry.
    """
    permit(city, by)
    meant = slang.retire(city.language_dir, typed, by.name, city_day(at))
    note(store, by, "slang.retire", typed, {"means": meant}, at)
    return meant


def remove(store: Store, city: City, by: User, typed: str, *, at: datetime) -> Slang:
    """Takes out what the office said of a spelling; the shipped table stays.

    Raises:
        RuleError: the person may not, or the office said nothing of it.
    """
    permit(city, by)
    gone = slang.remove(city.language_dir, typed)
    note(store, by, "slang.remove", typed, {"means": gone.normal}, at)
    return gone


def note(store: Store, by: User, action: str, typed: str, what: Mapping[str, str], at: datetime) -> None:
    """Writes the act into the audit trail."""
    with store.write() as db:
        audit.add(db, AuditEntry(at=at, by=by.name, action=action, subject=f"slang {typed}", after=dict(what)))
