"""Scores of many dossiers or days at once: computed by the method, stored in bulk.

A worker publishes one dossier at one clearance after the other; for the past of a whole register,
and for thousands of new dossiers, that would take minutes of queries.
"""

from __future__ import annotations

from datetime import date, datetime

from engagements.models import Dossier
from engagements.samples.seed import fixed_id
from scorecards.models import Publication, ScoreSnapshot, Standing, WeightSet
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS
from scorecards.results import conduciveness_result, scorecard_result
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.digests import inputs_digests
from scorecards.scoring.facts import CLEARANCES, DossierFacts
from scorecards.scoring.integration import integration
from scorecards.scoring.method import ENGINE
from scorecards.scoring.movement import contributions_of
from scorecards.services.weights import method_of


class Published:
    """Snapshots and their publications, gathered and then stored."""

    def __init__(self, weights: WeightSet) -> None:
        self.weights, self.method = weights, method_of(weights)
        self._made: dict[tuple[object, ...], ScoreSnapshot] = {}
        self._publications: list[Publication] = []
        self._standings: list[Standing] = []

    def add(self, dossier: Dossier, facts: DossierFacts, day: date, *, at: datetime) -> None:
        """Score the facts of that day at every clearance, published `at` a moment."""
        digests = inputs_digests(facts)
        for clearance in CLEARANCES:
            seen = facts.at_clearance(clearance)
            card = self._snapshot(dossier, SCORECARD, seen, day, digests[clearance].integration, at)
            success = self._snapshot(
                dossier, SUCCESS_FACTORS, seen, day, digests[clearance].conduciveness, at
            )
            self._publications += [_publication(one, clearance) for one in (card, success)]
            self._standings.append(
                Standing(
                    dossier=dossier,
                    clearance=clearance,
                    scorecard=card,
                    success_factors=success,
                    scored=1,
                )
            )

    def _snapshot(
        self,
        dossier: Dossier,
        kind: str,
        seen: DossierFacts,
        day: date,
        digest: str,
        at: datetime,
    ) -> ScoreSnapshot:
        """The result of these inputs; computed once where two clearances see the same."""
        key = (kind, dossier.pk, day, digest)
        if key not in self._made:
            contributions: dict[str, float] = {}
            if kind == SCORECARD:
                card = integration(seen, day, self.method)
                result, value = scorecard_result(card, seen, day, self.method)
            else:
                score = conduciveness(seen, day, self.method)
                result, value = conduciveness_result(score)
                contributions = contributions_of(score)
            self._made[key] = ScoreSnapshot(
                pk=fixed_id("snapshot", *key),
                kind=kind,
                dossier=dossier,
                as_of=day,
                weight_set=self.weights,
                engine=ENGINE,
                inputs_digest=digest,
                result=result,
                value=value,
                contributions=contributions,
                computed_at=at,
            )
        return self._made[key]

    def store(self) -> None:
        """Write the history. What the clearances see now stays as it was."""
        ScoreSnapshot.objects.bulk_create(self._made.values())
        Publication.objects.bulk_create(self._publications)

    def store_and_show(self) -> None:
        """Write the history and make it what each clearance sees: for dossiers new here."""
        self.store()
        Standing.objects.bulk_create(
            self._standings,
            update_conflicts=True,
            unique_fields=["dossier", "clearance"],
            update_fields=["scorecard", "success_factors", "scored"],
        )


def _publication(snapshot: ScoreSnapshot, clearance: int) -> Publication:
    return Publication(
        kind=snapshot.kind,
        dossier=snapshot.dossier,
        clearance=clearance,
        snapshot=snapshot,
        published_at=snapshot.computed_at,
    )
