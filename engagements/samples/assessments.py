"""Assessments of the fictitious dossiers: who rated what, when, resting on which meetings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts.access import NOBODY
from engagements.models import Dossier
from engagements.samples.meetings import meeting_id, store
from engagements.samples.seed import chance, fixed_id, months_before, noon
from engagements.samples.story import Sketch
from engagements.services.reconciling import reconcile_ratings
from scorecards.models import Assessment, CriterionRating, GateAnswer, RatingEvidence

Table = dict[str, Any]


def add_assessment(
    table: Table, number: int, dossier: Dossier, sketches: list[Sketch], today: date
) -> None:
    """One assessment with its ratings and the meetings that each rests on."""
    as_of = months_before(today, table["ago"])
    assessment = _assessment(table, number, dossier, as_of)
    rests_on = _rests_on(table, dossier, sketches, as_of)
    rows: list[Model] = [assessment]
    for place, told in enumerate(table["ratings"].split(", ")):
        criterion, rating = told.split()
        row = _rating(table, assessment, place, criterion, rating)
        row.observed_on = as_of - timedelta(days=chance(assessment.pk, place).randint(3, 40))
        rows.append(row)
        linked = _some(rests_on, table, assessment.pk, place)
        rows += [RatingEvidence(rating=row, kind="interaction", record=pk) for pk in linked]
    rows += _gates(table, assessment, rests_on)
    store(rows)
    if assessment.stage == "submitted":
        reconcile_ratings(NOBODY, assessment)


def _assessment(table: Table, number: int, dossier: Dossier, as_of: date) -> Assessment:
    author = table.get("author", "amina")
    final = table["stage"] == "final"
    written = noon(as_of + timedelta(days=2))
    return Assessment(
        pk=fixed_id("assessment", number),
        context_id=dossier.context_id,
        level=dossier.level,
        dossier=dossier,
        as_of=as_of,
        stage=table["stage"],
        author_id=fixed_id("user", author),
        reviewer_id=fixed_id("user", "rosa") if final else None,
        handed_in_at=None if table["stage"] == "draft" else written,
        finalised_at=written + timedelta(days=1) if final else None,
        created_by_id=fixed_id("user", author),
        created_at=written,
        updated_at=written + timedelta(days=1),
    )


def _rating(
    table: Table, assessment: Assessment, place: int, criterion: str, rating: str
) -> CriterionRating:
    return CriterionRating(
        pk=fixed_id("rating", assessment.pk, place),
        assessment=assessment,
        criterion=criterion,
        rating=None if rating == "na" else int(rating),
        not_applicable=rating == "na",
        grade=table["grade"],
    )


def _gates(table: Table, assessment: Assessment, rests_on: list[UUID]) -> list[GateAnswer]:
    """The conditions of the ladder that it answers with yes, each resting on its newest meeting."""
    linked = [{"kind": "interaction", "record": str(pk)} for pk in rests_on[:1]]
    return [
        GateAnswer(
            pk=fixed_id("gate", assessment.pk, gate),
            assessment=assessment,
            gate=gate,
            met=True,
            grade="B2",
            evidence=linked,
        )
        for gate in table.get("gates", ["safety_assured"])
    ]


def _rests_on(table: Table, dossier: Dossier, sketches: list[Sketch], as_of: date) -> list[UUID]:
    """The newest meetings on the topic that the ratings may rest on, newest first."""
    key = table["engagement"]
    if table.get("rests_on") == "withdrawn":
        return [meeting_id(key, one.number) for one in sketches if one.withdrawn]
    fitting = [
        meeting_id(key, one.number)
        for one in reversed(sketches)
        if one.held
        and one.day <= as_of
        and one.type not in ("msg", "courtesy")
        and not one.withdrawn
        and max(one.level, dossier.level) <= table["max_level"]
        and (dossier.norm == "GEN" or dossier.norm in one.topics)
    ]
    return fitting[:6]


def _some(rests_on: list[UUID], table: Table, *key: object) -> list[UUID]:
    luck = chance("rests", *key)
    wanted = len(rests_on) if table.get("rests_on") == "withdrawn" else table["linked"]
    return luck.sample(rests_on, min(wanted, len(rests_on)))
