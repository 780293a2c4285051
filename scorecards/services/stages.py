"""Moves on the stage ladder: worked out at each clearance, stored once, seen from its level up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from scorecards.models import Assessment, StageMove, StageMoveEvidence
from scorecards.models.stages import LAPSED, MADE, PROPOSED
from scorecards.scoring.facts import DossierFacts, StageMoveFact
from scorecards.scoring.gates import Known
from scorecards.scoring.method import Method
from scorecards.scoring.moves import DueMove, as_fact, due_moves, rise
from scorecards.scoring.stages import HELD, standing


@dataclass(frozen=True, slots=True)
class Day:
    """When and by which method moves are worked out; `at` is the moment they are stored with."""

    as_of: date
    at: datetime
    method: Method


def move_on(dossier: Any, facts: DossierFacts, clearances: Iterable[int], day: Day) -> bool:
    """Make every move that is due at these clearances; the facts with the moves that stand then.

    From the lowest clearance up, so that a move has the lowest level whose facts call for it. Call
    with the dossier's scores locked. Below the dossier's own level nobody reads, and nothing moves.
    """
    if not (facts.ratings or facts.gates or facts.moves or facts.inherited):
        return False  # nothing can lift it, and at 0 nothing lowers it
    lapsed: list[StageMoveFact] = []
    made: list[tuple[int, DueMove]] = []
    for clearance in sorted(n for n in clearances if n >= dossier.level):
        known = Known(facts.at_clearance(clearance), day.as_of, day.method)
        gone = [row for row in known.facts.moves if _lapses(row, clearance, known)]
        lapsed += gone
        known = replace(known, facts=_without(known.facts, gone))
        made += [(clearance, due) for due in _at(clearance, known, made)]
    if lapsed:
        ids = [row.source.id for row in lapsed]
        StageMove.objects.filter(pk__in=ids).update(progress=LAPSED, updated_at=day.at)
    _store(dossier, made, day)
    return bool(lapsed or made)


def _lapses(row: StageMoveFact, clearance: int, known: Known) -> bool:
    """Whether a proposal of this level no longer holds at the clearance that called for it."""
    if not row.proposed or row.level != clearance:
        return False
    still = rise(known)
    return still is None or (still.before, still.after) != (row.before, row.after)


def _at(clearance: int, known: Known, made: Sequence[tuple[int, DueMove]]) -> list[DueMove]:
    """The moves to store for this clearance: none that a lower one has made already.

    What lies between may keep the dossier where it was: then a move of this level says so, for
    the newest move within a reader's clearance is the one that counts.
    """
    planned = due_moves(known)
    moves = [due for due in planned if not due.proposed]
    target = moves[-1].after if moves else standing(known.facts.moves, known.as_of).level
    below = tuple(
        as_fact(due, known.as_of, number, level=level) for number, (level, due) in enumerate(made)
    )
    now = standing((*known.facts.moves, *below), known.as_of).level
    if now == target:
        moves = []
    elif not moves:
        newest = standing(known.facts.moves, known.as_of).newest
        moves = [DueMove(now, target, HELD, newest.behind if newest else ())]
    there = {(due.before, due.after) for _, due in made if due.proposed}
    proposed = [due for due in planned if due.proposed]
    return moves + [due for due in proposed if (due.before, due.after) not in there]


def _store(dossier: Any, made: Sequence[tuple[int, DueMove]], day: Day) -> None:
    authors = _authors(due.assessment for _, due in made)
    rows, evidence = [], []
    for number, (level, due) in enumerate(made):
        # A microsecond apart, so that the order in which they were made is kept.
        at = day.at + timedelta(microseconds=number)
        row = _row(dossier, level, due, replace(day, at=at))
        row.author_id = authors.get(due.assessment or "")
        rows.append(row)
        evidence += _evidence(row, due)
    StageMove.objects.bulk_create(rows)
    StageMoveEvidence.objects.bulk_create(evidence)


def _row(dossier: Any, level: int, due: DueMove, day: Day) -> StageMove:
    return StageMove(
        dossier=dossier,
        context_id=dossier.context_id,
        level=level,
        before=due.before,
        after=due.after,
        reason=due.reason,
        progress=PROPOSED if due.proposed else MADE,
        moved_on=day.as_of,
        made_at=day.at,
        created_at=day.at,
        updated_at=day.at,
        assessment_id=UUID(due.assessment) if due.assessment else None,
    )


def _evidence(move: StageMove, due: DueMove) -> list[StageMoveEvidence]:
    """Each record once per condition, and the assessment that led to the move."""
    rows = dict.fromkeys(due.behind)
    if due.assessment:
        rows[due.reason, Assessment.kind, due.assessment] = None
    return [
        StageMoveEvidence(move=move, gate=gate, kind=kind, record=UUID(record))
        for gate, kind, record in rows
    ]


def _authors(assessments: Iterable[str | None]) -> dict[str, Any]:
    """Who wrote the assessments that led to moves, by id."""
    wanted = {pk for pk in assessments if pk}
    rows = Assessment.objects.filter(pk__in=wanted).values_list("pk", "author") if wanted else ()
    return {str(pk): author for pk, author in rows}


def _without(facts: DossierFacts, gone: Sequence[StageMoveFact]) -> DossierFacts:
    return replace(facts, moves=tuple(row for row in facts.moves if row not in gone))
