"""What the method is given: frozen facts about one dossier, and nothing else.

Facts carry their level (1-4), so that one gathering serves every clearance: `at_clearance(n)`
keeps what a reader of clearance n may see. Dates are partial; the method places them
(`PartialDate.stands_for`). A grade is two characters ("B2"); None stands for B2 (section 1.7).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from records.dates import PartialDate

Rating = int | Literal["na"]
LEADER_CHANGE = "leader_change"


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
        kept: dict[str, Any] = {name: _within(rows, clearance) for name, rows in self._lists()}
        return replace(self, **kept)

    def _lists(self) -> list[tuple[str, tuple[Any, ...]]]:
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [(name, value) for name, value in named if isinstance(value, tuple)]


def _within(rows: tuple[Any, ...], clearance: int) -> tuple[Any, ...]:
    return tuple(row for row in rows if row.level <= clearance)


CLEARANCES = (1, 2, 3, 4)


class InputDigests(NamedTuple):
    """What two scores were computed from, each as "sha256:..."."""

    integration: str
    conduciveness: str


def inputs_digest(facts: DossierFacts) -> InputDigests:
    """Digests of the facts that count: the same facts in any order give the same digests.

    sha256 over one line of canonical JSON per fact, sorted. The as-of date and the method stand
    beside a digest, not in it. A fact's level is left out: it decides who sees the fact, not what
    it does to a score. Give it the facts of one clearance, or ask `inputs_digests`.
    """
    return _Lines(facts).within(max(CLEARANCES))


def inputs_digests(facts: DossierFacts) -> dict[int, InputDigests]:
    """The digests at every clearance, each fact written out once.

    `inputs_digests(facts)[n] == inputs_digest(facts.at_clearance(n))`.
    """
    lines = _Lines(facts)
    return {clearance: lines.within(clearance) for clearance in CLEARANCES}


class _Lines:
    """Facts as sorted lines of JSON, each with its level."""

    def __init__(self, facts: DossierFacts) -> None:
        self._head = [_JSON.encode([facts.norm, _plain(facts.group_start)])]
        card: list[tuple[str, int]] = []
        rest: list[tuple[str, int]] = []
        for name, rows in facts._lists():
            (card if name in _ON_THE_CARD else rest).extend(_lines(name, rows))
        card += _ladder_lines(facts)
        self._card, self._rest = sorted(card), sorted(rest)

    def within(self, clearance: int) -> InputDigests:
        card = [line for line, level in self._card if level <= clearance]
        rest = [line for line, level in self._rest if level <= clearance]
        return InputDigests(_sha256(card), _sha256(self._head + rest))


def _sha256(lines: Sequence[str]) -> str:
    return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lines(name: str, rows: Iterable[Any]) -> list[tuple[str, int]]:
    if name == "readings":
        return [(_reading_line(row), row.level) for row in rows]
    kept = _KEPT[name]
    return [(_JSON.encode([name, *kept(row)]), row.level) for row in rows]


def _ladder_lines(facts: DossierFacts) -> list[tuple[str, int]]:
    """What the ladder reads of facts that are not the card's own: contact, levels, new leaders."""
    met = [(_JSON.encode(["met", *_MET(row)]), row.level) for row in facts.meetings if row.held]
    leaders = [row for row in facts.states if row.kind == LEADER_CHANGE]
    return met + _lines("states", leaders)


def _reading_line(row: ReadingFact) -> str:
    """The encoder's line, put together by hand: four facts in five are readings."""
    grade = f'"{row.grade}"' if row.grade else "null"
    when, source = row.date, row.source
    return (
        f'["readings","{row.factor}",{row.rating},{grade},'
        f'"{when.first.isoformat()}{when.precision}",["{source.kind}","{source.id}"]]'
    )


def _plain(value: Any) -> Any:
    """What JSON has no form for; dates in ISO form, a partial date with its precision."""
    if isinstance(value, PartialDate):
        return value.first.isoformat() + value.precision
    if isinstance(value, Source):
        return [value.kind, value.id]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, GroupStart):
        return [value.date, value.grade, value.source]
    return value


_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, default=_plain)


def _all_but_level(kind: type) -> attrgetter[tuple[Any, ...]]:
    return attrgetter(*(field.name for field in fields(kind) if field.name != "level"))


def _rating(row: RatingFact) -> tuple[Any, ...]:
    return (*_RATING(row), _evidence(row))


def _gate(row: GateFact) -> tuple[Any, ...]:
    return (*_GATE(row), _evidence(row))


def _evidence(row: RatingFact | GateFact) -> list[tuple[str, str, bool]]:
    return sorted((one.origin, one.grade or "", one.withdrawn) for one in row.evidence)


_RATING = attrgetter("criterion", "rating", "grade", "observed_on", "as_of", "finalised", "source")
# Which row it is and at which moment it was stored moves nothing: the same steps, the same stage.
_MOVE = attrgetter("before", "after", "reason", "proposed", "moved_on", "void", "behind")
_GATE = attrgetter("gate", "met", "grade", "as_of", "finalised", "source")
_MET = attrgetter("date", "type", "highest_level", "levels", "topics", "source")
_KEPT: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "contacts": _all_but_level(ContactFact),
    "meetings": _all_but_level(MeetingFact),
    "readings": _all_but_level(ReadingFact),
    "items": _all_but_level(ItemFact),
    "promises": _all_but_level(PromiseFact),
    "states": _all_but_level(StateFact),
    "services": _all_but_level(ServiceFact),
    "blockers": _all_but_level(BlockerFact),
    "ratings": _rating,
    "commitments": _all_but_level(CommitmentFact),
    "incidents": _all_but_level(IncidentFact),
    "observations": _all_but_level(ObservationFact),
    "gates": _gate,
    "mandates": _all_but_level(MandateFact),
    "inherited": _all_but_level(InheritedFact),
    "moves": _MOVE,
}
# Commitments, incidents, the effort of watching and the stage stand on the scorecard, beside its
# dimensions.
_ON_THE_CARD = frozenset(
    {
        *("ratings", "commitments", "incidents", "observations"),
        *("gates", "mandates", "inherited", "moves"),
    }
)
