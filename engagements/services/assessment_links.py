"""What ratings and conditions rest on: the records that a viewer may link, those that are shown to
them, and those that stay although they do not see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from accounts.access import Viewer
from engagements.access import (
    commitments_visible_to,
    incidents_visible_to,
    interactions_visible_to,
)
from engagements.models import Commitment, Dossier, Incident, Interaction
from scorecards.models import Assessment, CriterionRating
from scorecards.services import assessments as store
from scorecards.services.assessments import AssessmentContent, Evidence, GateContent, RatingContent

Link = tuple[str, UUID]  # kind and id of a record


def evidence_of(viewer: Viewer, dossier: Dossier, ids: Iterable[UUID]) -> dict[UUID, Evidence]:
    """What a rating of this dossier may rest on, by id: meetings of its engagement, incidents of
    its armed group, commitments on it; in its context, and only what the viewer may read.
    """
    wanted, engagement = list(ids), dossier.engagement
    meetings = interactions_visible_to(viewer).filter(pk__in=wanted, engagement=engagement)
    incidents = incidents_visible_to(viewer).filter(
        pk__in=wanted, context=dossier.context_id, armed_group=engagement.armed_group_id
    )
    commitments = commitments_visible_to(viewer).filter(
        pk__in=wanted,
        context=dossier.context_id,
        dossiers__engagement__armed_group=engagement.armed_group_id,
    )
    return {
        pk: Evidence(kind=kind, record=pk, level=level)
        for kind, rows in (
            (Interaction.kind, meetings),
            (Incident.kind, incidents),
            (Commitment.kind, commitments.distinct()),
        )
        for pk, level in rows.order_by().values_list("pk", "level")
    }


def assessment_content(viewer: Viewer, assessment: Assessment) -> AssessmentContent:
    """What the stored assessment says now, with the evidence that the viewer may read."""
    links = _stored_links(assessment)
    known = evidence_of(viewer, assessment.dossier, _records(links))
    ratings = (
        RatingContent(
            criterion=row.criterion,
            rating="na" if row.not_applicable else row.rating,
            grade=row.grade,
            observed_on=row.observed_on,
            evidence=_among(links[row.criterion], known),
            note=row.note,
        )
        for row in assessment.ratings.all()
    )
    gates = (
        GateContent(
            gate=row.gate,
            met=row.met,
            evidence=_among(links[row.gate], known),
            grade=row.grade,
            note=row.note,
        )
        for row in assessment.gates.all()
    )
    return AssessmentContent(as_of=assessment.as_of, ratings=tuple(ratings), gates=tuple(gates))


def with_hidden_links(
    viewer: Viewer, assessment: Assessment, content: AssessmentContent
) -> AssessmentContent:
    """What the viewer cannot see was not taken out by them, and stays, as long as the rating or
    answer that it belongs to does.
    """
    links = _stored_links(assessment)
    shown = evidence_of(viewer, assessment.dossier, _records(links))
    levels = levels_of(_records(links))
    hidden = {
        code: tuple(
            Evidence(kind=kind, record=pk, level=levels.get(pk, store.NOTHING_LINKED))
            for kind, pk in found
            if pk not in shown
        )
        for code, found in links.items()
    }
    return replace(
        content,
        ratings=tuple(
            replace(one, evidence=(*one.evidence, *hidden.get(one.criterion, ())))
            for one in content.ratings
        ),
        gates=tuple(
            replace(one, evidence=(*one.evidence, *hidden.get(one.gate, ())))
            for one in content.gates
        ),
    )


def _stored_links(assessment: Assessment) -> dict[str, list[Link]]:
    """Criterion or condition -> what it rests on, whoever may see it."""
    ratings = assessment.ratings.prefetch_related("evidence")
    links = {row.criterion: [(e.kind, e.record) for e in row.evidence.all()] for row in ratings}
    return links | {
        row.gate: [(e["kind"], UUID(e["record"])) for e in row.evidence]
        for row in assessment.gates.all()
    }


def _records(links: Mapping[str, Iterable[Link]]) -> list[UUID]:
    return [pk for found in links.values() for _, pk in found]


def _among(links: Iterable[Link], known: Mapping[UUID, Evidence]) -> tuple[Evidence, ...]:
    return tuple(known[pk] for _, pk in links if pk in known)


def levels_of(records: Iterable[UUID]) -> dict[UUID, int]:
    """The level that each of these records has today, whoever may see it."""
    wanted = list(records)
    return {
        pk: level
        for model in (Interaction, Incident, Commitment)
        for pk, level in model._default_manager.filter(pk__in=wanted).values_list("pk", "level")
    }


def lowest_level(assessment: Assessment) -> int:
    """The lowest level at which one of its ratings or answers counts, by its evidence of today."""
    linked = [[one.record for one in row.evidence.all()] for row in _ratings(assessment)]
    linked += [[UUID(one["record"]) for one in row.evidence] for row in assessment.gates.all()]
    levels = levels_of(pk for records in linked for pk in records)
    found = [
        max((levels[pk] for pk in records if pk in levels), default=store.NOTHING_LINKED)
        for records in linked
    ]
    return min(found, default=store.NOTHING_LINKED)


def _ratings(assessment: Assessment) -> Iterable[CriterionRating]:
    return assessment.ratings.prefetch_related("evidence")
