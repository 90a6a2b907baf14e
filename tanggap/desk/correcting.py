"""Corrections by people: who may, which labels there are, and the one transaction that makes a label theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.desk.guards import ROLES
from tanggap.desk.workflow import Workflow
from tanggap.errors import RuleError
from tanggap.records import SENTIMENTS, AuditEntry, CorrectedField, Correction, Label, Place, Post, Role, Score, User
from tanggap.store import Store, audit, corrections, posts, scores
from tanggap.text import fold

#: What people call the fields.
FIELDS: Mapping[CorrectedField, str] = {
    "relevant": "menyangkut layanan kota",
    "sentiment": "sentimen",
    "topic": "urusan",
    "complaint": "keluhan",
    "urgency": "kegentingan",
    "agency": "unit",
    "places": "tempat",
}
#: Why the body of a post is another one after its topic is.
FOLLOWS = "mengikuti urusan"
YES_NO: Mapping[str, Label] = {"ya": True, "tidak": False, "true": True, "false": False}


def choices(field: CorrectedField, city: City) -> Mapping[str, Label]:
    """Every label a field can be corrected to, by what people write for it; see `placed` for places."""
    if field == "places":
        return {}
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
        to: the label as `choices` names it; of places `+AREA` to add one and `-PLACE` to take one away.

    Raises:
        RuleError: the person may not, the label or the post does not exist, or there is nothing to correct.
    """
    return correct_all(store, city, by, post_id, [(field, to)], why=why, at=at)[0]


def correct_all(
    store: Store, city: City, by: User, post_id: int, changes: Sequence[tuple[str, str]], *, why: str, at: datetime
) -> list[Correction]:
    """`correct` for several labels of a post at once: all of them or, where one is refused, none.

    Raises:
        RuleError: as `correct` does.
    """
    fields = [check(city, by, field, why) for field, _ in changes]
    with store.write() as db:
        found = posts.get(db, [post_id])
        if not found:
            raise RuleError(f"Kiriman {post_id} tidak ada.")
        made = []
        for named, (_, to) in zip(fields, changes, strict=True):
            places = named == "places"
            label = placed(found[0], understood(db, post_id), to, city) if places else labelled(named, to, city)
            made.append(record(db, found[0], named, label, by, why.strip(), at))
            if named == "topic" and label in city.topics:
                follow(db, found[0], city.topics[str(label)].agency, by, at)
    return made


def follow(db: Connection, item: Post, owner: str, by: User, at: datetime) -> None:
    """Sends a post to the body that owns its corrected topic."""
    if understood(db, item.id or 0).agency != owner:
        record(db, item, "agency", owner, by, FOLLOWS, at)


def check(city: City, by: User, field: str, why: str) -> CorrectedField:
    """The field, once the person may correct it and says why; RuleError otherwise."""
    permit(city, by)
    if not why.strip():
        raise RuleError("Koreksi memerlukan alasan; tulis mengapa labelnya salah.")
    for name in FIELDS:
        if name == field:
            return name
    raise RuleError(f"Tidak ada label {field}; pilih dari {', '.join(FIELDS)}.")


def permit(city: City, by: User) -> None:
    """Refuses who may not correct."""
    workflow = Workflow.load(city)
    if by.disabled or not workflow.may(by, "correct"):
        able = [ROLES[role] for role in Role if "correct" in workflow.roles.get(role, ())]
        raise RuleError(f"{by.full_name} tidak berhak mengoreksi; yang berhak: {', '.join(able)}.")


def labelled(field: CorrectedField, to: str, city: City) -> Label:
    """The label that people write as `to`; RuleError with the labels there are."""
    possible = choices(field, city)
    if to not in possible:
        raise RuleError(f"{to} bukan nilai untuk {FIELDS[field]}; pilih dari {', '.join(possible)}.")
    return possible[to]


def placed(item: Post, value: Score, to: str, city: City) -> Label:
    """The places of a post after one was added or taken away, the added one first, as a correction keeps them."""
    sign, name = to[:1], to[1:].strip()
    if sign == "-":
        left = [place for place in value.places if name not in (place.code, place.name, place.text)]
        if len(left) == len(value.places):
            raise RuleError(f"Kiriman ini tidak menyebut {name}.")
        return corrections.plain("places", left)  # type: ignore[no-any-return]
    if sign != "+":
        raise RuleError("Tulis +nama atau +kode wilayah untuk menambah tempat, -nama untuk menghapusnya.")
    added = place_of(item, name, city)
    if any(place.code == added.code for place in value.places):
        raise RuleError(f"{added.name} sudah ada pada kiriman ini.")
    return corrections.plain("places", [added, *value.places])  # type: ignore[no-any-return]


def place_of(item: Post, name: str, city: City) -> Place:
    """An area of the city as a place of a post: where the text names it, else without words of the text."""
    named = [area for area in city.areas.values() if fold(area.name) == fold(name)]
    area = city.areas.get(name) or (named[0] if len(named) == 1 else None)
    if area is None:
        told = f"lebih dari satu wilayah bernama {name}; tulis kodenya" if named else f"tidak ada wilayah {name}"
        raise RuleError(f"{told[0].upper()}{told[1:]}.")
    start = item.full_text.lower().find(area.name.lower())
    end = start + len(area.name) if start >= 0 else 0
    start = max(start, 0)
    level = "kota" if area.level == "kabupaten" else area.level
    return Place(
        text=item.full_text[start:end], start=start, end=end, level=level, code=area.code, name=area.name,
        lat=area.lat, lon=area.lon,
    )  # fmt: skip


def understood(db: Connection, post_id: int) -> Score:
    """The score that a post shows; RuleError while it has none."""
    value = scores.of(db, post_id)
    if value is None:
        raise RuleError(f"Kiriman {post_id} belum dipahami mesin; koreksi setelah ada labelnya.")
    return value


def record(
    db: Connection, item: Post, field: CorrectedField, label: Label, by: User, why: str, at: datetime
) -> Correction:
    """Keeps a correction with its audit entry and lays it over the score of the post."""
    key = item.id or 0
    before: Label = corrections.plain(field, getattr(understood(db, key), field))
    if before == label and type(before) is type(label):
        raise RuleError(f"{FIELDS[field].capitalize()} kiriman ini sudah {label}.")
    made = Correction(
        post=key, field=field, before=before, after=label, why=why, by=by.name, at=at,
        content_hash=posts.row_from(item)["content_hash"],
    )  # fmt: skip
    machine = scores.machine(db, key)
    corrections.add(db, made)
    if machine is not None:
        scores.add(db, [(key, machine)])
    note(db, "correct", made, by, at, before, label, why)
    return made


def undo(store: Store, city: City, by: User, number: int, *, at: datetime) -> Correction:
    """Takes a correction back: the post shows what was said before, by a person or else by the machine.

    The body that followed a corrected topic goes back with it. Returns what was taken back.

    Raises:
        RuleError: the person may not, or the correction holds no more.
    """
    permit(city, by)
    with store.write() as db:
        gone = corrections.get(db, number)
        holding = corrections.of(db, gone.post) if gone else []
        if gone is None or number not in {item.id for item in holding}:
            raise RuleError("Koreksi ini sudah dibatalkan, atau teks kirimannya sudah berubah.")
        along = [item for item in holding if item.at == gone.at and item.why == FOLLOWS and gone.field == "topic"]
        machine = scores.machine(db, gone.post)
        corrections.withdraw(db, [number, *(item.id or 0 for item in along)], by.name, at)
        if machine is not None:
            scores.add(db, [(gone.post, as_before(machine, [gone, *along], holding))])
        note(db, "correct.undo", gone, by, at, gone.after, gone.before, gone.why)
    return gone


def as_before(machine: Score, gone: Sequence[Correction], said: Sequence[Correction]) -> Score:
    """The machine's score; a field whose machine label was not kept apart has what the first correction found."""
    first = {item.field: item for item in reversed(said)}
    lost = [
        first[item.field] for item in gone if corrections.plain(item.field, getattr(machine, item.field)) == item.after
    ]
    return machine.evolve(**{item.field: corrections.whole(item.field, item.before) for item in lost})


def note(
    db: Connection, action: str, item: Correction, by: User, at: datetime, before: Label, after: Label, why: str
) -> None:
    """Writes the act into the audit trail."""
    entry = AuditEntry(
        at=at, by=by.name, action=action, subject=f"post {item.post}", before={item.field: before},
        after={item.field: after}, note=why,
    )  # fmt: skip
    audit.add(db, entry)
