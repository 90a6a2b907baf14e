"""Corrections by people: who may, which labels there are, and the one transaction that makes a label theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.desk.guards import ROLES
from tanggap.desk.workflow import Workflow
from tanggap.errors import RuleError
from tanggap.records import SENTIMENTS, AuditEntry, CorrectedField, Correction, Label, Post, Role, User
from tanggap.store import Store, audit, corrections, posts, scores

#: What people call the fields.
FIELDS: Mapping[CorrectedField, str] = {
    "relevant": "menyangkut layanan kota",
    "sentiment": "sentimen",
    "topic": "urusan",
    "complaint": "keluhan",
    "urgency": "kegentingan",
    "agency": "unit",
}
YES_NO: Mapping[str, Label] = {"ya": True, "tidak": False, "true": True, "false": False}


def choices(field: CorrectedField, city: City) -> Mapping[str, Label]:
    """Every label a field can be corrected to, by what people write for it."""
    if field in ("relevant", "complaint"):
        return YES_NO
    if field == "urgency":
        return {str(level): level for level in range(4)}
    names = {"sentiment": SENTIMENTS, "topic": tuple(city.topics), "agency": tuple(city.agencies)}[field]
    return {name: name for name in names}


def correct(
    store: Store, city: City, by: User, post_id: int, field: str, to: str, *, why: str, at: datetime
) -> Correction:
    """Sets one label of a post right; every screen, count and later score of this text then has the person's label.

    A new topic brings the body that owns it along. Returns the correction.

    Args:
        to: the label as `choices` names it.

    Raises:
        RuleError: the person may not, the label or the post does not exist, or there is nothing to correct.
    """
    named = check(city, by, field, why)
    label = labelled(named, to, city)
    with store.write() as db:
        found = posts.get(db, [post_id])
        if not found:
            raise RuleError(f"Kiriman {post_id} tidak ada.")
        made = record(db, found[0], named, label, by, why.strip(), at)
        if named == "topic" and label in city.topics:
            owner = city.topics[str(label)].agency
            value = scores.of(db, post_id)
            if value is not None and value.agency != owner:
                record(db, found[0], "agency", owner, by, "mengikuti urusan", at)
    return made


def check(city: City, by: User, field: str, why: str) -> CorrectedField:
    """The field, once the person may correct it and says why; RuleError otherwise."""
    workflow = Workflow.load(city)
    if by.disabled or not workflow.may(by, "correct"):
        able = [ROLES[role] for role in Role if "correct" in workflow.roles.get(role, ())]
        raise RuleError(f"{by.full_name} tidak berhak mengoreksi; yang berhak: {', '.join(able)}.")
    if not why.strip():
        raise RuleError("Koreksi memerlukan alasan; tulis mengapa labelnya salah.")
    for name in FIELDS:
        if name == field:
            return name
    raise RuleError(f"Tidak ada label {field}; pilih dari {', '.join(FIELDS)}.")


def labelled(field: CorrectedField, to: str, city: City) -> Label:
    """The label that people write as `to`; RuleError with the labels there are."""
    possible = choices(field, city)
    if to not in possible:
        raise RuleError(f"{to} bukan nilai untuk {FIELDS[field]}; pilih dari {', '.join(possible)}.")
    return possible[to]


def record(
    db: Connection, item: Post, field: CorrectedField, label: Label, by: User, why: str, at: datetime
) -> Correction:
    """Keeps a correction with its audit entry and lays it over the score of the post."""
    key = item.id or 0
    value = scores.of(db, key)
    if value is None:
        raise RuleError(f"Kiriman {key} belum dipahami mesin; koreksi setelah ada labelnya.")
    before: Label = getattr(value, field)
    if before == label and type(before) is type(label):
        raise RuleError(f"{FIELDS[field].capitalize()} kiriman ini sudah {label}.")
    made = Correction(
        post=key, field=field, before=before, after=label, why=why, by=by.name, at=at,
        content_hash=posts.row_from(item)["content_hash"],
    )  # fmt: skip
    corrections.add(db, made)
    scores.add(db, [(key, value)])
    entry = AuditEntry(
        at=at,
        by=by.name,
        action="correct",
        subject=f"post {key}",
        before={field: before},
        after={field: label},
        note=why,
    )
    audit.add(db, entry)
    return made
