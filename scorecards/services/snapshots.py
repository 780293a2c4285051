"""Compute a dossier's scores from facts, store them once, and publish them to a clearance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from scorecards.models import Publication, ScoreSnapshot, Standing, WeightSet
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS
from scorecards.results import conduciveness_result, scorecard_result
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.digests import InputDigests, inputs_digests
from scorecards.scoring.factors import Judged, judged_at_clearance, judged_readings
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.integration import integration
from scorecards.scoring.method import ENGINE, Method
from scorecards.scoring.movement import contributions_of
from scorecards.services.weights import method_of


def open_standings(dossier_id: UUID) -> None:
    """A new dossier stands at every clearance, with nothing published yet."""
    Standing.objects.bulk_create(
        [Standing(dossier_id=dossier_id, clearance=clearance) for clearance in (1, 2, 3, 4)]
    )


def lock_standings(dossier_ids: list[UUID]) -> list[Standing]:
    """Hold these dossiers' standings until the transaction ends, in one order for everybody.

    Whoever changes facts and whoever scores them both come through here first: a score is
    computed from facts that nobody is changing.
    """
    return list(_held(Standing.objects.filter(dossier__in=dossier_ids)))


def hold_standings(condition: Q) -> list[int]:
    """The same for all that meet a condition; their keys."""
    return list(_held(Standing.objects.filter(condition)).values_list("pk", flat=True))


def _held(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    return rows.order_by("dossier_id", "clearance").select_for_update()


def ask(dossier_ids: list[UUID], *, level: int, because: tuple[str, UUID] | None) -> None:
    """Note that facts of this level changed: the scores from that clearance up are behind."""
    kind, record = because or ("", None)
    rows = hold_standings(Q(dossier__in=dossier_ids, clearance__gte=level))
    Standing.objects.filter(pk__in=rows).update(
        asked=F("asked") + 1, asked_by_kind=kind, asked_by_record=record
    )


def ask_all(*, because: tuple[str, UUID]) -> None:
    """The same for every dossier at every clearance, in one statement that locks in the usual
    order: a new weight set concerns them all.
    """
    kind, record = because
    rows = _held(Standing.objects.all())
    Standing.objects.filter(pk__in=rows.values("pk")).update(
        asked=F("asked") + 1, asked_by_kind=kind, asked_by_record=record
    )


def publish_all(
    standings: list[Standing],
    facts: DossierFacts,
    *,
    as_of: date,
    weight_set: WeightSet,
    because: str = "",
) -> None:
    """Score the facts at these clearances of one dossier and make the results what is seen there.

    The same inputs on the same day by the same method are one snapshot, computed once. `because`
    says why where no change of a record asked for it: "ageing", or "check" for a repair.
    """
    digests = inputs_digests(facts)
    wanted = {row.clearance: inputs_of(digests[row.clearance]) for row in standings}
    snapshots = store_snapshots(
        standings[0].dossier_id, facts, wanted, as_of=as_of, weight_set=weight_set
    )
    shown = {n: [snapshots[one] for one in pair] for n, pair in wanted.items()}
    _publish(standings, shown, because)


Inputs = tuple[str, str]  # the kind of score, and the digest of what it is computed from


def inputs_of(digests: InputDigests) -> tuple[Inputs, Inputs]:
    return (SCORECARD, digests.integration), (SUCCESS_FACTORS, digests.conduciveness)


def store_snapshots(
    dossier_id: UUID,
    facts: DossierFacts,
    wanted: Mapping[int, Collection[Inputs]],
    *,
    as_of: date,
    weight_set: WeightSet,
) -> dict[Inputs, UUID]:
    """The snapshots of what is wanted at each clearance; those that nobody computed yet are made.
    Shows them nowhere.
    """
    same: dict[str, Any] = {
        "dossier_id": dossier_id,
        "as_of": as_of,
        "weight_set": weight_set,
        "engine": ENGINE,
    }
    snapshots = _stored(same, wanted)
    fresh: dict[Inputs, ScoreSnapshot] = {}
    compute = Computing(facts, as_of, method_of(weight_set))
    for clearance, pair in wanted.items():
        missing = set(pair) - snapshots.keys() - fresh.keys()
        seen = facts.at_clearance(clearance) if missing else facts
        for kind, digest in missing:
            made = compute(kind, seen, clearance)
            fresh[kind, digest] = ScoreSnapshot(kind=kind, inputs_digest=digest, **made, **same)
    ScoreSnapshot.objects.bulk_create(fresh.values())
    return snapshots | {inputs: row.pk for inputs, row in fresh.items()}


def _stored(
    same: Mapping[str, Any], wanted: Mapping[int, Collection[Inputs]]
) -> dict[Inputs, UUID]:
    """What somebody has computed already."""
    digests = {digest for pair in wanted.values() for _, digest in pair}
    rows = ScoreSnapshot.objects.filter(**same, inputs_digest__in=digests)
    return {
        (kind, digest): pk for pk, kind, digest in rows.values_list("pk", "kind", "inputs_digest")
    }


class Computing:
    """Scores at several clearances from the same facts: each reading is weighed once."""

    def __init__(self, facts: DossierFacts, as_of: date, method: Method) -> None:
        self._facts, self._as_of, self._method = facts, as_of, method

    def __call__(self, kind: str, seen: DossierFacts, clearance: int) -> dict[str, Any]:
        """What a snapshot of this kind stores of the score."""
        if kind == SCORECARD:
            card = integration(seen, self._as_of, self._method)
            result, value = scorecard_result(card, seen, self._as_of, self._method)
            return {"result": result, "value": value}
        judged = judged_at_clearance(self._judged, clearance)
        score = conduciveness(seen, self._as_of, self._method, judged)
        result, value = conduciveness_result(score)
        return {"result": result, "value": value, "contributions": contributions_of(score)}

    @cached_property
    def _judged(self) -> dict[str, list[Judged]]:
        return judged_readings(self._facts.readings, self._as_of, self._method)


def _publish(standings: list[Standing], snapshots: Mapping[int, list[UUID]], because: str) -> None:
    """Show these at each clearance, and note in the history what is new there."""
    news = []
    for standing in standings:
        card, success = snapshots[standing.clearance]
        if card != standing.scorecard_id:
            news.append(_publication(standing, SCORECARD, card, because))
        if success != standing.success_factors_id:
            news.append(_publication(standing, SUCCESS_FACTORS, success, because))
        standing.scorecard_id, standing.success_factors_id = card, success
        standing.scored = standing.asked
    Publication.objects.bulk_create(news)
    Standing.objects.bulk_update(standings, ["scorecard", "success_factors", "scored"])


def _publication(standing: Standing, kind: str, snapshot: UUID, because: str) -> Publication:
    return Publication(
        kind=kind,
        dossier_id=standing.dossier_id,
        clearance=standing.clearance,
        snapshot_id=snapshot,
        because_kind=because or standing.asked_by_kind,
        because_record=None if because else standing.asked_by_record,
    )
