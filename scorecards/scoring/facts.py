"""What the method is given: frozen facts about one dossier, and nothing else.

Facts carry their level (1-4), so that one gathering serves every clearance: `at_clearance(n)`
keeps what a reader of clearance n may see. Dates are partial; the method places them
(`PartialDate.stands_for`). A grade is two characters ("B2"); None stands for B2 (section 1.7).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal

from records.dates import PartialDate

Rating = int | Literal["na"]
LEADER_CHANGE = "leader_change"
CLEARANCES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Source:
    """The record a fact was read from: its kind in the API ("interaction") and its public id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """One item that a rating rests on. `origin` is the meeting or document it comes from."""

    origin: str
    grade: str | None
    level: int
    withdrawn: bool = False
    kind: str = "interaction"


@dataclass(frozen=True, slots=True)
class RatingFact:
    """One criterion's rating in one final assessment. A null rating is not a fact: leave it out.

    `finalised` orders assessments of the same `as_of` (an ISO instant). `level` is the highest
    among its evidence, 3 where nothing is linked.
    """

    criterion: str
    rating: Rating
    grade: str | None
    observed_on: PartialDate | None
    as_of: date
    finalised: str
    level: int
    source: Source
    evidence: tuple[EvidenceFact, ...] = ()


@dataclass(frozen=True, slots=True)
class GateFact:
    """One worded condition of the ladder as one final assessment answers it (section 2.6).

    An open answer is not a fact: leave it out. Order and level as in a `RatingFact`.
    """

    gate: str
    met: bool
    grade: str | None
    as_of: date
    finalised: str
    level: int
    source: Source
    evidence: tuple[EvidenceFact, ...] = ()


@dataclass(frozen=True, slots=True)
class MandateFact:
    """Whether a counterpart at a meeting spoke with a mandate: yes, no or unsure."""

    meeting: str
    mandate: str
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class InheritedFact:
    """The stage at which the group that this one split from stood on the same topic."""

    stage: int
    date: date
    level: int
    source: Source


Behind = tuple[str, str, str]
"""What a move rests on: the condition, and kind and id of the record that speaks for it."""


@dataclass(frozen=True, slots=True)
class StageMoveFact:
    """A stored move on the ladder. `made_at` is an ISO instant and orders the moves of a day.

    `finalised` orders the assessment that led to it, None where a rule did. `void` tells that
    the evidence behind one of its conditions was withdrawn.
    """

    before: int
    after: int
    reason: str
    proposed: bool
    moved_on: date
    made_at: str
    finalised: str | None
    void: bool
    level: int
    source: Source
    behind: tuple[Behind, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingFact:
    """A saved reading of a judged factor, 0 strongly hinders .. 4 strongly helps."""

    factor: str
    rating: int
    grade: str | None
    date: PartialDate
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """An interaction: what the computed factors need to know of it."""

    date: PartialDate
    type: str
    held: bool
    highest_level: str | None
    levels: frozenset[str]
    topics: frozenset[str]
    outcome: int | None
    grade: str | None
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class ContactFact:
    """The engagement's earliest held interaction at one level, or its `started_on`."""

    date: PartialDate
    grade: str | None
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class ItemFact:
    """A practical item, dated by its interaction; state agreed, delivered or failed."""

    state: str
    date: PartialDate
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """A promise (either side's) or a next step with a due date.

    `outcome` is "kept" (then `settled_on` says when), "not_kept" (broken, dropped or open)
    or "unclear".
    """

    due_on: date
    outcome: Literal["kept", "not_kept", "unclear"]
    settled_on: PartialDate | None
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class StateFact:
    """A dated state: intensity, peace process, restriction or host stance; `value` is its code."""

    kind: str
    value: str
    begun: PartialDate | None
    ended: PartialDate | None
    grade: str | None
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class ServiceFact:
    """A recorded service of this NGO in this context."""

    begun: PartialDate
    ended: PartialDate | None
    grade: str | None
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class BlockerFact:
    """A blocker raised by hand, or the lifting of one that stands by itself."""

    reason: str
    raised_on: date | None
    lifted_on: date | None
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class CommitmentFact:
    """A commitment on the dossier: what its badge reads, and how it is verified (section 2.6)."""

    status: str
    instrument: str
    verification: str
    signed_on: PartialDate | None
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class IncidentFact:
    """An incident of the dossier's panel (section 2.7): beside the scores, never netted."""

    category: str
    standard: str
    attribution: str
    response: str
    date: PartialDate
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class ObservationFact:
    """How much one quarter was watched, in location-months; `date` is the quarter (2.7)."""

    date: PartialDate
    location_months: float
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class GroupStart:
    """When the armed group came into being."""

    date: PartialDate
    grade: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """Everything that one dossier's scores rest on."""

    norm: str
    group_start: GroupStart | None = None
    contacts: tuple[ContactFact, ...] = ()
    meetings: tuple[MeetingFact, ...] = ()
    readings: tuple[ReadingFact, ...] = ()
    items: tuple[ItemFact, ...] = ()
    promises: tuple[PromiseFact, ...] = ()
    states: tuple[StateFact, ...] = ()
    services: tuple[ServiceFact, ...] = ()
    blockers: tuple[BlockerFact, ...] = ()
    ratings: tuple[RatingFact, ...] = ()
    commitments: tuple[CommitmentFact, ...] = ()
    incidents: tuple[IncidentFact, ...] = ()
    observations: tuple[ObservationFact, ...] = ()
    gates: tuple[GateFact, ...] = ()
    mandates: tuple[MandateFact, ...] = ()
    inherited: tuple[InheritedFact, ...] = ()
    moves: tuple[StageMoveFact, ...] = ()

    def at_clearance(self, clearance: int) -> DossierFacts:
        """The facts that a reader of this clearance (1-4) may see."""
        kept: dict[str, Any] = {name: _within(rows, clearance) for name, rows in self.lists()}
        return replace(self, **kept)

    def lists(self) -> list[tuple[str, tuple[Any, ...]]]:
        """Each list of facts with its name."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [(name, value) for name, value in named if isinstance(value, tuple)]


def _within(rows: tuple[Any, ...], clearance: int) -> tuple[Any, ...]:
    return tuple(row for row in rows if row.level <= clearance)
