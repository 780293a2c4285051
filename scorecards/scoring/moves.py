"""Which moves on the stage ladder are due (section 2.6, "Rules").

The same facts on the same day give no second move. What lifts needs a final assessment made since
the last move; what holds down (repudiation, an ordered breach) or wears off (a new leader) needs
none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scorecards.scoring.evidence import day_of
from scorecards.scoring.facts import (
    LEADER_CHANGE,
    Behind,
    DossierFacts,
    GateFact,
    RatingFact,
    Source,
    StageMoveFact,
)
from scorecards.scoring.gates import Gate, Known, answer, falls, ordered_breaches
from scorecards.scoring.stages import (
    INHERITED,
    ORDERED,
    RISEN,
    TOP,
    WITHDRAWN,
    Standing,
    gates_of_next,
    is_frozen,
    proposal,
    standing,
    unaffirmed_leaders,
)

SECOND_PERSON_FROM = 4
HELD_DAYS = timedelta(days=180)
UNLEARNT_NEVER = 2
MOST_INHERITED = 2
REPUDIATED_AT_MOST, ORDERED_AT_MOST = 2, 3
MOST_AT_ONCE = 2 * TOP  # more moves than this in one go would be a circle
REPUDIATED = "repudiated"
FELL = {1: "contact_ended", 3: "acceptance_lost", 4: "doctrine_fell", 5: "application_fell"} | {
    TOP: "ownership_fell"
}

Assessed = tuple[date, str, str]  # its date, its finalisation, its id


@dataclass(frozen=True, slots=True)
class DueMove:
    """A move that the facts call for; `proposed` waits for a second person."""

    before: int
    after: int
    reason: str
    behind: tuple[Behind, ...] = ()
    assessment: str | None = None
    finalised: str | None = None
    proposed: bool = False


def due_moves(known: Known) -> list[DueMove]:
    """Every move that is due today, in order; none when it is asked again with them stored."""
    found: list[DueMove] = []
    seen = known
    while (due := _next_move(seen)) and len(found) < MOST_AT_ONCE:
        found.append(due)
        seen = replace(known, facts=_with(seen.facts, as_fact(due, known.as_of, len(found))))
    return found


def as_fact(due: DueMove, day: date, number: int, *, level: int = 1) -> StageMoveFact:
    """The move as if it were stored: newer than everything made before."""
    return StageMoveFact(
        before=due.before,
        after=due.after,
        reason=due.reason,
        proposed=due.proposed,
        moved_on=day,
        made_at=f"9999-{number:02}",
        finalised=due.finalised,
        void=due.reason == WITHDRAWN,
        level=level,
        source=Source("stage_move", f"due {number}"),
        behind=due.behind,
    )


def rise(known: Known) -> DueMove | None:
    """One step up, if a final assessment was made since the last move and every condition of the
    next stage is met; whether it is proposed already does not matter here.
    """
    stands = standing(known.facts.moves, known.as_of)
    fresh = _unused(_assessments(known), stands)
    target = stands.level + 1
    if not fresh or target > TOP or target > _ceiling(known) or is_frozen(stands, known):
        return None
    gates = gates_of_next(stands, known)
    if not all(gate.met for gate in gates) or _pulls(target, known):
        return None
    _, finalised, assessment = fresh[-1]
    return DueMove(
        before=stands.level,
        after=target,
        reason=RISEN,
        behind=_behind(gates),
        assessment=assessment,
        finalised=finalised,
        proposed=target >= SECOND_PERSON_FROM,
    )


def _next_move(known: Known) -> DueMove | None:
    stands = standing(known.facts.moves, known.as_of)
    at_once = _inherited(stands, known) or _chain_broken(stands, known) or _held_down(stands, known)
    if at_once or is_frozen(stands, known):
        return at_once
    lowered = _fall(stands, known) or _leader_lost(stands, known)
    if lowered or proposal(stands, known):
        return lowered
    return rise(known)


def _inherited(stands: Standing, known: Known) -> DueMove | None:
    """A group that split off starts at min(parent, 2)."""
    rows = [row for row in known.facts.inherited if row.date <= known.as_of]
    if stands.moves or not rows:
        return None
    row = max(rows, key=lambda row: (row.level, row.date, row.source.id))
    after = min(row.stage, MOST_INHERITED)
    behind = (("split", row.source.kind, row.source.id),)
    return DueMove(0, after, INHERITED, behind) if after else None


def _chain_broken(stands: Standing, known: Known) -> DueMove | None:
    """A rise from a step that no longer stands: its evidence was withdrawn, so it falls to what
    stood without it.
    """
    if len(stands.moves) < 1 or stands.moves[-1].reason != RISEN:
        return None
    earlier = stands.moves[-2].after if len(stands.moves) > 1 else 0
    gone = [row for row in known.facts.moves if row.void and row.reason != WITHDRAWN]
    if earlier >= stands.moves[-1].before or not gone:
        return None
    behind = tuple(("withdrawn", row.source.kind, row.source.id) for row in gone)
    return DueMove(stands.level, earlier, WITHDRAWN, behind)


def _held_down(stands: Standing, known: Known) -> DueMove | None:
    """At once: repudiated by L1, at most 2; an ordered breach of the last year, at most 3."""
    repudiated = answer(known, "repudiated_by_l1")
    if repudiated.met and stands.level > REPUDIATED_AT_MOST:
        return DueMove(stands.level, REPUDIATED_AT_MOST, REPUDIATED, _behind([repudiated]))
    breaches = ordered_breaches(known)
    if breaches and stands.level > ORDERED_AT_MOST:
        behind = tuple((ORDERED, row.kind, row.id) for row in breaches)
        return DueMove(stands.level, ORDERED_AT_MOST, ORDERED, behind)
    return None


def _ceiling(known: Known) -> int:
    if answer(known, "repudiated_by_l1").met:
        return REPUDIATED_AT_MOST
    return ORDERED_AT_MOST if ordered_breaches(known) else TOP


def _fall(stands: Standing, known: Known) -> DueMove | None:
    """One step, when a condition held at two final assessments in a row, or for 180 days."""
    if stands.level == 0:
        return None
    last_two = _assessments(known)[-2:]
    fresh = _unused(last_two[1:], stands)
    if fresh and (found := _pulled_at(stands.level, [known.by(row[:2]) for row in last_two])):
        row, gates = found
        _, finalised, assessment = fresh[-1]
        return DueMove(
            stands.level, stands.level - 1, FELL[row], _behind(gates), assessment, finalised
        )
    newest = stands.moves[-1].moved_on
    if newest > known.as_of - HELD_DAYS or not _pulls(stands.level, known):
        return None
    held = _pulled_at(stands.level, [known.on(day) for day in _days_of_proof(known)])
    if held is None:
        return None
    return DueMove(stands.level, stands.level - 1, FELL[held[0]], _behind(held[1]))


def _pulled_at(level: int, times: Sequence[Known]) -> tuple[int, list[Gate]] | None:
    """The stage whose condition held at all of these times, and the conditions at the last."""
    held = {
        row: [gate for gate in gates if gate.met] for row, gates in falls(level, times[-1]).items()
    }
    for row, gates in sorted(held.items(), reverse=True):
        if gates and all(_holds(level, row, time) for time in times[:-1]):
            return row, gates
    return None


def _holds(level: int, row: int, known: Known) -> bool:
    return any(gate.met for gate in falls(level, known)[row])


def _days_of_proof(known: Known) -> list[date]:
    """The days on which a condition has to hold to have held for 180 days without a break.

    Between two facts a value can only rise or fade from view (ageing loosens limits and hides
    values, incidents leave their window): what holds at the end of such a stretch held all along.
    So the day before each newer fact is enough, and today.
    """
    facts, start = known.facts, known.as_of - HELD_DAYS
    days = {row.as_of for row in facts.ratings} | {row.as_of for row in facts.gates}
    days |= {row.observed_on.first for row in facts.ratings if row.observed_on}
    seen = (day_of(row.date, known.as_of) for row in facts.incidents)
    days |= {day for day in seen if day is not None}
    proof = {day - timedelta(days=1) for day in days if start < day <= known.as_of}
    return [*sorted(proof - {known.as_of}), known.as_of]


def _leader_lost(stands: Standing, known: Known) -> DueMove | None:
    """Minus 1 when 180 days pass without reaffirmation; what was learnt (stage 2) stays."""
    if stands.level in (0, UNLEARNT_NEVER):
        return None
    counted = {record for row in stands.moves for _, _, record in row.behind}
    for day, row in unaffirmed_leaders(known):
        if day + HELD_DAYS <= known.as_of and row.source.id not in counted:
            behind = ((LEADER_CHANGE, row.source.kind, row.source.id),)
            return DueMove(stands.level, stands.level - 1, LEADER_CHANGE, behind)
    return None


def _pulls(level: int, known: Known) -> bool:
    return any(gate.met for gates in falls(level, known).values() for gate in gates)


def _assessments(known: Known) -> list[Assessed]:
    """The final assessments that are known, by date and then finalisation."""
    rows: tuple[RatingFact | GateFact, ...] = (*known.facts.ratings, *known.facts.gates)
    return sorted(
        {(row.as_of, row.finalised, row.source.id) for row in rows if row.as_of <= known.as_of}
    )


def _unused(rows: Iterable[Assessed], stands: Standing) -> list[Assessed]:
    """Those made final since the last move, by finalisation: one assessment moves one step."""
    last = stands.newest.made_at if stands.newest else ""
    return sorted((row for row in rows if row[1] > last), key=lambda row: (row[1], row[2]))


def _behind(gates: Iterable[Gate]) -> tuple[Behind, ...]:
    return tuple((gate.code, row.kind, row.id) for gate in gates for row in gate.behind)


def _with(facts: DossierFacts, move: StageMoveFact) -> DossierFacts:
    return replace(facts, moves=(*facts.moves, move))
