"""Which facts a score rests on, as a digest: that of what counts, and of nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from records.dates import PartialDate
from scorecards.scoring.facts import (
    CLEARANCES,
    LEADER_CHANGE,
    BlockerFact,
    CommitmentFact,
    ContactFact,
    DossierFacts,
    GateFact,
    GroupStart,
    IncidentFact,
    InheritedFact,
    ItemFact,
    MandateFact,
    MeetingFact,
    ObservationFact,
    PromiseFact,
    RatingFact,
    ReadingFact,
    ServiceFact,
    Source,
    StageMoveFact,
    StateFact,
)


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
        for name, rows in facts.lists():
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


def _move(row: StageMoveFact) -> tuple[Any, ...]:
    return (*_MOVE(row), sorted(row.behind))


_RATING = attrgetter("criterion", "rating", "grade", "observed_on", "as_of", "finalised", "source")
# Which row it is and at which moment it was stored moves nothing: the same steps, the same stage.
_MOVE = attrgetter("before", "after", "reason", "proposed", "moved_on", "void")
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
    "moves": _move,
}
# Commitments, incidents, the effort of watching and the stage stand on the scorecard, beside its
# dimensions.
_ON_THE_CARD = frozenset(
    {
        *("ratings", "commitments", "incidents", "observations"),
        *("gates", "mandates", "inherited", "moves"),
    }
)
