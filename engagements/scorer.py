"""The only bridge from records to numbers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from engagements.models import Dossier
from engagements.selectors.facts import dossier_facts
from scorecards.services.setbacks import open_setbacks
from scorecards.services.snapshots import lock_standings, publish_all
from scorecards.services.weights import active_weight_set, method_of


def rescore(dossier_id: UUID, *, as_of: date, everything: bool = False) -> int:
    """Bring the dossier's published scores up to its facts; how many clearances were scored.

    Lock first, read facts second: otherwise two workers could store old over new. Only the
    clearances that are behind are touched, so that what lies above a clearance moves nothing
    there; `everything` scores all four (a recompute by hand, or the ageing of a day).
    Call inside a transaction.
    """
    standings = lock_standings([dossier_id])
    behind = [row for row in standings if everything or row.is_behind]
    if behind:
        dossier = Dossier.objects.select_related("engagement__armed_group").get(pk=dossier_id)
        facts, weight_set = dossier_facts(dossier), active_weight_set()
        publish_all(behind, facts, as_of=as_of, weight_set=weight_set)
        seen = [row.clearance for row in behind]
        open_setbacks(dossier, facts, seen, method_of(weight_set), on=as_of)
    return len(behind)
