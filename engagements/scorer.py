"""The only bridge from records to numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from engagements.models import Dossier
from engagements.selectors.facts import dossier_facts
from engagements.selectors.stage_facts import move_facts
from scorecards.models import Standing, WeightSet
from scorecards.scoring.facts import DossierFacts
from scorecards.services.setbacks import open_setbacks
from scorecards.services.snapshots import lock_standings, publish_all
from scorecards.services.stages import Day, move_on
from scorecards.services.weights import active_weight_set, method_of


def rescore(dossier_id: UUID, *, as_of: date, everything: bool = False) -> int:
    """Bring the dossier's published scores up to its facts; how many clearances were scored.

    Lock first, read facts second: otherwise two workers could store old over new. Moves on the
    stage ladder that are due are made before anything is published. Only the clearances that are
    behind are touched, so that what lies above a clearance moves nothing there; `everything`
    scores all four (a recompute by hand).
    Call inside a transaction.
    """
    standings = lock_standings([dossier_id])
    behind = [row for row in standings if everything or row.is_behind]
    if behind:
        dossier = Dossier.objects.select_related("engagement__armed_group").get(pk=dossier_id)
        weight_set = active_weight_set()
        facts = moved(dossier, dossier_facts(dossier), behind, as_of=as_of, weight_set=weight_set)
        publish_all(behind, facts, as_of=as_of, weight_set=weight_set)
        seen = [row.clearance for row in behind]
        open_setbacks(dossier, facts, seen, method_of(weight_set), on=as_of)
    return len(behind)


def moved(
    dossier: Dossier,
    facts: DossierFacts,
    standings: Iterable[Standing],
    *,
    as_of: date,
    weight_set: WeightSet,
) -> DossierFacts:
    """The facts after every move on the stage ladder that is due at these clearances."""
    day = Day(as_of, timezone.now(), method_of(weight_set))
    if move_on(dossier, facts, [row.clearance for row in standings], day):
        return replace(facts, moves=tuple(move_facts(dossier)))
    return facts
