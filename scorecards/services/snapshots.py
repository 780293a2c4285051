"""Compute a dossier's scores from facts, store them once, and publish them to a clearance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F

from scorecards.models import Publication, ScoreSnapshot, Standing, WeightSet
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS
from scorecards.results import conduciveness_result, scorecard_result
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.facts import DossierFacts, InputDigests, inputs_digests
from scorecards.scoring.integration import integration
from scorecards.scoring.method import ENGINE, Method
from scorecards.services.weights import method_of


def open_standings(dossier_id: UUID) -> None:
    """A new dossier stands at every clearance, with nothing published yet."""
    Standing.objects.bulk_create(
        [Standing(dossier_id=dossier_id, clearance=clearance) for clearance in (1, 2, 3, 4)]
    )


def lock_standings(dossier_ids: list[UUID], *, from_level: int = 1) -> list[Standing]:
    """Hold these dossiers' standings until the transaction ends, in one order for everybody.

    Whoever changes facts and whoever scores them both come through here first: a score is
    computed from facts that nobody is changing.
    """
    rows = Standing.objects.filter(dossier__in=dossier_ids, clearance__gte=from_level)
    return list(rows.order_by("dossier_id", "clearance").select_for_update())


def ask(dossier_ids: list[UUID], *, level: int, because: tuple[str, UUID] | None) -> None:
    """Note that facts of this level changed: the scores from that clearance up are behind."""
    kind, record = because or ("", None)
    rows = [row.pk for row in lock_standings(dossier_ids, from_level=level)]
    Standing.objects.filter(pk__in=rows).update(
        asked=F("asked") + 1, asked_by_kind=kind, asked_by_record=record
    )


def publish_all(
    standings: list[Standing], facts: DossierFacts, *, as_of: date, weight_set: WeightSet
) -> None:
    """Score the facts at each of these clearances and make the results what is seen there."""
    method = method_of(weight_set)
    digests = inputs_digests(facts)
    for standing in standings:
        seen = facts.at_clearance(standing.clearance)
        _publish(standing, seen, digests[standing.clearance], as_of, weight_set, method)


def _publish(
    standing: Standing,
    facts: DossierFacts,
    digests: InputDigests,
    as_of: date,
    weight_set: WeightSet,
    method: Method,
) -> None:
    card = _snapshot(
        SCORECARD,
        standing,
        digests.integration,
        as_of,
        weight_set,
        lambda: scorecard_result(integration(facts, as_of, method), facts, as_of),
    )
    success = _snapshot(
        SUCCESS_FACTORS,
        standing,
        digests.conduciveness,
        as_of,
        weight_set,
        lambda: conduciveness_result(conduciveness(facts, as_of, method)),
    )
    _note_publication(standing, SCORECARD, standing.scorecard_id, card)
    _note_publication(standing, SUCCESS_FACTORS, standing.success_factors_id, success)
    Standing.objects.filter(pk=standing.pk).update(
        scorecard=card, success_factors=success, scored=standing.asked
    )


def _snapshot(
    kind: str,
    standing: Standing,
    digest: str,
    as_of: date,
    weight_set: WeightSet,
    compute: Callable[[], tuple[dict[str, Any], float | None]],
) -> ScoreSnapshot:
    """The stored result of these inputs; computed only if nobody has computed it yet."""
    same = {
        "kind": kind,
        "dossier_id": standing.dossier_id,
        "as_of": as_of,
        "weight_set": weight_set,
        "engine": ENGINE,
        "inputs_digest": digest,
    }
    found = ScoreSnapshot.objects.filter(**same).first()
    if found is not None:
        return found
    result, value = compute()
    return ScoreSnapshot.objects.create(**same, result=result, value=value)


def _note_publication(
    standing: Standing, kind: str, before: UUID | None, snapshot: ScoreSnapshot
) -> None:
    if before == snapshot.pk:
        return
    Publication.objects.create(
        kind=kind,
        dossier_id=standing.dossier_id,
        clearance=standing.clearance,
        snapshot=snapshot,
        because_kind=standing.asked_by_kind,
        because_record=standing.asked_by_record,
    )
