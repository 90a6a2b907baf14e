"""The desk rules of workflow.toml, checked once: states, moves, guards, timers and roles."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, ValidationError, field_validator

from tanggap.city import City
from tanggap.desk.calendar import Length, WorkingCalendar, WrittenLength
from tanggap.errors import SettingsError
from tanggap.records import Priority, Role, Status, User
from tanggap.settings import Section, explain

#: What a guard asks for: a published link, words, a body of agencies.toml, or another issue.
Need = Literal["url", "evidence", "reason", "reference", "agency", "issue"]
Timer = Literal["triage", "holder", "accept", "first_answer", "full_answer", "follow_up"]
Action = Literal[
    "read", "triage", "assign", "answer", "approve", "move", "curate", "lead", "close", "evidence", "counter",
    "publish", "sources", "models", "correct", "users", "settings", "audit", "erase",
]  # fmt: skip
Words = Annotated[str, Field(min_length=1)]


class State(Section):
    """How a state is named and drawn, and where an issue may go from it."""

    label: Words
    colour: str = Field(pattern=r"^#[0-9a-f]{6}$")
    #: A sign beside the colour, for those who do not see colours.
    sign: Words
    moves: tuple[Status, ...]
    #: Closed issues leave the queue for the archive.
    closed: bool = False
    #: How long after the state began it may still be left; without it, always.
    window: WrittenLength | None = None


class Guard(Section):
    """What a move needs before it is allowed."""

    needs: Need
    #: The question put to the person.
    note: Words
    #: Only people of this role may make the move.
    by: Role | None = None
    #: The guard stands only at moves from these states; empty means from everywhere.
    after: tuple[Status, ...] = ()


class TimerLengths(Section):
    """How long a timer gives, by priority."""

    label: Words
    P1: WrittenLength
    P2: WrittenLength
    P3: WrittenLength
    P4: WrittenLength

    def length(self, priority: Priority) -> Length:
        """What an issue of that priority is given."""
        return {Priority.P1: self.P1, Priority.P2: self.P2, Priority.P3: self.P3, Priority.P4: self.P4}[priority]


class HandOver(Section):
    """Rules of passing an issue on."""

    #: Returns in a row after which only the duty lead says where an issue goes.
    returns: int = Field(2, ge=1)
    #: Kinds of bodies that are not the city's own.
    outside: tuple[Words, ...] = ()


class Workflow(Section):
    """All rules of the desk."""

    states: dict[Status, State]
    guards: dict[Status, Guard]
    deadlines: dict[Timer, TimerLengths]
    calendar: WorkingCalendar
    hand_over: HandOver = HandOver()
    roles: dict[Role, tuple[Action, ...]]

    @classmethod
    def load(cls, city: City) -> Self:
        """The rules of a city.

        Raises:
            SettingsError: a state, move, label, guard, timer or role does not fit; names it.
        """
        try:
            return cls.model_validate(city.workflow)
        except ValidationError as error:
            raise SettingsError(explain(error, city.places_dir.parent / "workflow.toml", cls)) from None

    @field_validator("states")
    @classmethod
    def every_state_is_there(cls, states: dict[Status, State]) -> dict[Status, State]:
        """Issues of a state without rules could neither be shown nor moved."""
        if missing := [status.value for status in Status if status not in states]:
            raise ValueError(f"these states are missing: {', '.join(missing)}")
        return states

    @field_validator("deadlines")
    @classmethod
    def every_timer_is_there(cls, timers: dict[Timer, TimerLengths]) -> dict[Timer, TimerLengths]:
        """A timer without lengths would silently never run."""
        if missing := [name for name in get_args(Timer) if name not in timers]:
            raise ValueError(f"these timers are missing: {', '.join(missing)}")
        return timers

    def label(self, status: Status) -> str:
        """The word the staff use."""
        return self.states[status].label

    def colour(self, status: Status) -> str:
        """Its colour as #rrggbb; never shown without label or sign."""
        return self.states[status].colour

    def sign(self, status: Status) -> str:
        """Its sign."""
        return self.states[status].sign

    def moves(self, status: Status) -> tuple[Status, ...]:
        """Where an issue may go from `status`."""
        return self.states[status].moves

    def guard(self, after: Status, before: Status | None = None) -> Guard | None:
        """What entering `after` needs; with `before`, also the guards that stand only at moves from there."""
        guard = self.guards.get(after)
        return guard if guard and (not guard.after or before in guard.after) else None

    def may(self, user: User, action: Action) -> bool:
        """Whether one of the person's roles is allowed `action`; disabled people may nothing."""
        return not user.disabled and any(action in self.roles.get(role, ()) for role in user.roles)

    def is_closed(self, status: Status) -> bool:
        """Whether issues of that state have left the queue."""
        return self.states[status].closed
