"""The stage ladder (section 2.6): where a dossier stands, and what is missing for the next step.

Moves are stored and read here as facts; which one is due is worked out in `moves`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scorecards.scoring.evidence import day_of, months_between, window_start
from scorecards.scoring.facts import (
    LEADER_CHANGE,
    StageMoveFact,
    StateFact,
)
from scorecards.scoring.gates import (
    Gate,
    Known,
    answer,
    entry_gates,
    falls,
    last_contact,
    ordered_breaches,
)
from scorecards.scoring.method import TOLERANCE

TOP = 6
SILENT_MONTHS = 12
STALE_STAGE, STALE_MONTHS = 2, 36
RISEN, INHERITED, WITHDRAWN, HELD = "risen", "inherited", "evidence_withdrawn", "held"
ORDERED, PLACED = "ordered_breach", "placed"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dossier stands: level 0..6, the day it was reached, the newest move and all."""

    level: int
    since: date | None
    moves: tuple[StageMoveFact, ...]

    @property
    def newest(self) -> StageMoveFact | None:
        return self.moves[-1] if self.moves else None


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a reader is told of the ladder: where the dossier stands, and what the next rung asks.

    `flags`: frozen, stale, leader_change, inherited, placed. `pulling` are the conditions that
    pull or hold it down today, whether or not they have held long enough for a fall.
    """

    standing: Standing
    flags: tuple[str, ...]
    proposed: StageMoveFact | None
    next_gates: tuple[Gate, ...]
    pulling: tuple[Gate, ...]

    @property
    def missing(self) -> list[Gate]:
        return [gate for gate in self.next_gates if not gate.met]


def standing(moves: Iterable[StageMoveFact], as_of: date) -> Standing:
    """The newest move counts (2.6); every dossier begins at 0. Give it one clearance's moves.

    A move that lost its evidence leaves, and the one before it stands again.
    """
    rows = [row for row in moves if _counts(row) and row.moved_on <= as_of]
    rows.sort(key=lambda row: (row.moved_on, row.made_at, row.source.id))
    if not rows:
        return Standing(0, None, ())
    since = rows[-1].moved_on
    for row in reversed(rows):
        if row.after != rows[-1].after:
            break
        since = row.moved_on
    return Standing(rows[-1].after, since, tuple(rows))


def _counts(row: StageMoveFact) -> bool:
    """A fall because evidence was withdrawn stands as long as it is; any other while it is not."""
    return not row.proposed and row.void == (row.reason == WITHDRAWN)


def ladder(known: Known) -> Ladder:
    """The ladder as a reader of these facts sees it today."""
    stands = standing(known.facts.moves, known.as_of)
    return Ladder(
        standing=stands,
        flags=tuple(_flags(stands, known)),
        proposed=proposal(stands, known),
        next_gates=tuple(gates_of_next(stands, known)),
        pulling=tuple(_pulling(stands, known)),
    )


def is_frozen(stands: Standing, known: Known) -> bool:
    """No contact for 12 months: the stage is greyed, neither lifted nor lowered."""
    contact = last_contact(known)
    recent = contact is not None and contact >= window_start(known.as_of, SILENT_MONTHS)
    return stands.level > 0 and not recent


def unaffirmed_leaders(known: Known) -> list[tuple[date, StateFact]]:
    """Changes of leader that met a dossier on a stage and that nobody has reaffirmed since."""
    said = known.answers.get("reaffirmed")
    affirmed = said.as_of if said is not None and answer(known, "reaffirmed").met else date.min
    found = []
    for row in known.facts.states:
        day = day_of(row.begun, known.as_of) if row.kind == LEADER_CHANGE and row.begun else None
        if day is not None and day > affirmed and standing(known.facts.moves, day).level > 0:
            found.append((day, row))
    return sorted(found, key=lambda pair: (pair[0], pair[1].source.id))


def _pulling(stands: Standing, known: Known) -> Iterator[Gate]:
    """What pulls or holds the dossier down today, whether or not it has held long enough."""
    if stands.level:
        for gates in falls(stands.level, known).values():
            yield from (gate for gate in gates if gate.met)
    repudiated = answer(known, "repudiated_by_l1")
    if repudiated.met:
        yield repudiated
    if breaches := ordered_breaches(known):
        yield Gate(ORDERED, "pattern", True, tuple(breaches))


def gates_of_next(stands: Standing, known: Known) -> list[Gate]:
    if stands.level >= TOP:
        return []
    months = months_between(stands.since, known.as_of) if stands.since else 0.0
    return entry_gates(stands.level + 1, known, months)


def proposal(stands: Standing, known: Known) -> StageMoveFact | None:
    rows = [row for row in known.facts.moves if row.proposed and row.before == stands.level]
    return max(rows, key=lambda row: (row.made_at, row.source.id), default=None)


def _flags(stands: Standing, known: Known) -> Iterator[str]:
    if is_frozen(stands, known):
        yield "frozen"
    if _is_stale(stands, known.as_of):
        yield "stale"
    if unaffirmed_leaders(known):
        yield LEADER_CHANGE
    if stands.newest is not None and stands.newest.reason in (INHERITED, PLACED):
        yield stands.newest.reason


def _is_stale(stands: Standing, as_of: date) -> bool:
    """Stage 2 is never un-learnt, but marked after 36 months."""
    if stands.level != STALE_STAGE or stands.since is None:
        return False
    return months_between(stands.since, as_of) >= STALE_MONTHS - TOLERANCE
