"""What final assessments say, as facts: ratings, answers to the ladder's conditions, and both with
the records that they rest on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from engagements.models import Commitment, Dossier, Incident, Interaction
from records.models.records import CURRENT
from scorecards.models import CriterionRating, GateAnswer
from scorecards.scoring.facts import EvidenceFact, GateFact, RatingFact, Source

NOTHING_LINKED = 3  # level of a rating that rests on no record, as for meetings (section 0)


def rating_facts(dossier: Dossier, by: datetime | None = None) -> Iterator[RatingFact]:
    """Every rating of a final, current assessment (by a moment); nulls are no facts."""
    rows = (
        CriterionRating.objects.filter(
            Q(rating__isnull=False) | Q(not_applicable=True),
            assessment__dossier=dossier,
            assessment__stage="final",
            assessment__state=CURRENT,
        )
        .select_related("assessment")
        .prefetch_related("evidence")
        .defer("note")
    )
    if by is not None:
        rows = rows.filter(assessment__finalised_at__lte=by)
    row: Any
    known = evidence_facts((e.kind, e.record) for rating in rows for e in rating.evidence.all())
    for row in rows:
        evidence = tuple(known[e.record] for e in row.evidence.all() if e.record in known)
        yield RatingFact(
            criterion=row.criterion,
            rating="na" if row.not_applicable else row.rating or 0,
            grade=row.grade or None,
            observed_on=row.observed_on,
            as_of=row.assessment.as_of,
            finalised=row.assessment.finalised_at.isoformat(),
            level=max((e.level for e in evidence), default=NOTHING_LINKED),
            source=Source("assessment", str(row.assessment_id)),
            evidence=evidence,
        )


def gate_facts(dossier: Dossier, by: datetime | None = None) -> Iterator[GateFact]:
    """Every answer to a worded condition in a final, current assessment; open ones are no facts."""
    found = GateAnswer.objects.filter(
        met__isnull=False,
        assessment__dossier=dossier,
        assessment__stage="final",
        assessment__state=CURRENT,
    )
    if by is not None:
        found = found.filter(assessment__finalised_at__lte=by)
    rows = list(found.select_related("assessment").defer("note"))
    links = [(one["kind"], UUID(one["record"])) for row in rows for one in row.evidence]
    known = evidence_facts(links)
    row: Any
    for row in rows:
        linked = (known.get(UUID(one["record"])) for one in row.evidence)
        evidence = tuple(one for one in linked if one)
        yield GateFact(
            gate=row.gate,
            met=row.met,
            grade=row.grade or None,
            as_of=row.assessment.as_of,
            finalised=row.assessment.finalised_at.isoformat(),
            level=max((e.level for e in evidence), default=NOTHING_LINKED),
            source=Source("assessment", str(row.assessment_id)),
            evidence=evidence,
        )


def evidence_facts(links: Iterable[tuple[str, UUID]]) -> dict[UUID, EvidenceFact]:
    """What ratings and answers rest on, by record id: grade, level, and whether withdrawn.

    `links` are (kind, record); one query per kind.
    """
    wanted: dict[str, set[UUID]] = {}
    for kind, record in links:
        wanted.setdefault(kind, set()).add(record)
    return {
        pk: EvidenceFact(str(pk), grade or None, level, state != CURRENT, kind)
        for kind, ids in wanted.items()
        for pk, grade, level, state in _graded(kind, ids)
    }


def _graded(kind: str, ids: set[UUID]) -> Iterable[tuple[UUID, str, int, str]]:
    if kind == "commitment":
        return _graded_commitments(ids)
    model: Any = {"interaction": Interaction, "incident": Incident}[kind]
    rows = model.objects.filter(pk__in=ids).order_by()
    return list(rows.values_list("pk", "grade", "level", "state"))


def _graded_commitments(ids: set[UUID]) -> list[tuple[UUID, str, int, str]]:
    """A commitment is one document: it has the best grade among its sources ("A1" sorts first)."""
    rows = Commitment.objects.filter(pk__in=ids).prefetch_related("sources")
    return [(row.pk, _best_grade(row), row.level, row.state) for row in rows]


def _best_grade(commitment: Commitment) -> str:
    return min((row.grade for row in commitment.sources.all() if row.grade), default="")
