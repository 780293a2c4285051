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
    not asked for again by the same assessment. Call with the dossier's standings held.
    """
    if len({rating.source.id for rating in facts.ratings}) < 2:
        return
    asked = _asked(dossier)
    for clearance in sorted(clearances):
        level = max(clearance, dossier.level)
        for setback in newest_setbacks(facts.at_clearance(clearance), method):
            because = (setback.assessment.kind, UUID(setback.assessment.id))
            for subject in NEIGHBOURS[setback.dimension]:
                told = {"subject": subject, "level": level, "because": because, "on": on}
                if (subject, because[1]) not in asked:
                    asked.add((subject, because[1]))
                    open_task(dossier, reason=SETBACK, **told)


def _asked(dossier: Any) -> set[tuple[str, UUID]]:
    rows = ReviewTask.objects.filter(dossier=dossier, reason=SETBACK)
    return set(rows.values_list("subject", "because_record"))
