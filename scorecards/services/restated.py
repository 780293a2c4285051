"""Past days computed again by another weight set: which there are, and how they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from scorecards.models import Publication, RestatedScore, WeightSet
from scorecards.models.snapshots import SCORECARD
from scorecards.scoring.digests import inputs_digests
from scorecards.scoring.facts import DossierFacts
from scorecards.services.snapshots import Inputs, inputs_of, store_snapshots


class Place(NamedTuple):
    """Where a score was published: which kind, at which clearance, on which day."""

    kind: str
    clearance: int
    day: date


def days_of_other_sets(dossier_id: UUID, weight_set: WeightSet) -> set[Place]:
    """What was published under other sets alone."""
    rows = Publication.objects.filter(dossier=dossier_id).order_by()
    own = rows.filter(snapshot__weight_set=weight_set)
    others = rows.exclude(snapshot__weight_set=weight_set)
    named = ("kind", "clearance", "snapshot__as_of")
    published = {Place(*row) for row in others.values_list(*named).distinct()}
    return published - {Place(*row) for row in own.values_list(*named).distinct()}


def store_restated(
    dossier_id: UUID,
    facts: DossierFacts,
    places: Iterable[Place],
    *,
    as_of: date,
    weight_set: WeightSet,
) -> None:
    """Compute these places of one day from the facts given, and keep them beside the history."""
    digests = inputs_digests(facts)
    wanted: dict[int, Sequence[Inputs]] = {}
    by_place: dict[Place, Inputs] = {}
    for place in sorted(places):
        card, success = inputs_of(digests[place.clearance])
        by_place[place] = card if place.kind == SCORECARD else success
        wanted[place.clearance] = [*wanted.get(place.clearance, ()), by_place[place]]
    snapshots = store_snapshots(dossier_id, facts, wanted, as_of=as_of, weight_set=weight_set)
    now = timezone.now()
    RestatedScore.objects.bulk_create(
        [
            RestatedScore(
                dossier_id=dossier_id,
                kind=place.kind,
                clearance=place.clearance,
                day=place.day,
                weight_set=weight_set,
                snapshot_id=snapshots[inputs],
                restated_at=now,
            )
            for place, inputs in by_place.items()
        ],
        update_conflicts=True,
        unique_fields=["dossier", "weight_set", "kind", "clearance", "day"],
        update_fields=["snapshot", "restated_at"],
    )
