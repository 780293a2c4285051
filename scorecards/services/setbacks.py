"""Open what a setback asks for: a task for each neighbour, at the level at which the fall shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from scorecards.models import ReviewTask
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.method import Method
from scorecards.scoring.setbacks import NEIGHBOURS, newest_setbacks
from scorecards.services.reviews import open_task

SETBACK = "setback"
NEVER = 5  # above every level


def open_setbacks(
    dossier: Any,
    facts: DossierFacts,
    clearances: Iterable[int],
    method: Method,
    *,
    on: date,
) -> None:
    """Ask once for each fall, at the lowest of these clearances that shows it.

    A reader below learns nothing: there is no fall in what they see. A task that was closed is
    not asked for again by the same assessment; one above says nothing to a reader whose own level
    shows the fall only now. Call with the dossier's standings held.
    """
    if len({rating.source.id for rating in facts.ratings}) < 2:
        return
    asked = _asked(dossier)
    for level in sorted(n for n in clearances if n >= dossier.level):
        for setback in newest_setbacks(facts.at_clearance(level), method):
            because = (setback.assessment.kind, UUID(setback.assessment.id))
            for subject in NEIGHBOURS[setback.dimension]:
                told: dict[str, Any] = {"level": level, "because": because, "on": on}
                if asked.get((subject, because[1]), NEVER) > level:
                    asked[subject, because[1]] = level
                    open_task(dossier, reason=SETBACK, subject=subject, **told)


def _asked(dossier: Any) -> dict[tuple[str, UUID], int]:
    """(dimension, assessment) -> the lowest level at which it was asked for."""
    rows = ReviewTask.objects.filter(dossier=dossier, reason=SETBACK).order_by("-level")
    named = rows.values_list("subject", "because_record", "level")
    return {(subject, record): level for subject, record, level in named}
