"""The shapes of incidents and of the effort of watching."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.access import Viewer
from actors.access import groups_visible_to
from engagements.access import commitments_visible_to
from engagements.details import CODES
from engagements.models import Incident, Observation
from engagements.serializers.engagements import contexts_of
from engagements.serializers.parts import (
    Flag,
    KnownRow,
    Number,
    PlaceRow,
    RecordsInput,
    Wants,
    coarse,
    no_place,
    own_part,
    place_part,
    pseudonymised,
    shown_day,
    told,
    words,
)
from records.dates import NotADate, PartialDate
from records.rest.inputs import (
    CodeInput,
    GradeInput,
    LevelInput,
    PartialDateInput,
    RecordInput,
    Text,
)

INCIDENT_EXAMPLE = {
    "context": "1d4c7c55-6f0e-4b8b-9a3e-2f5e8d9a7b66",
    "armed_group": "c1e9d4aa-2b57-45a7-8a10-9e6c3f7d4b33",
    "category": "child_recruitment",
    "occurred_on": "2026-08",
    "place": {"country": "XV", "admin1": "North"},
    "standard": "credible",
    "grade": "B2",
}


@extend_schema_serializer(
    examples=[OpenApiExample("An incident", value=INCIDENT_EXAMPLE, request_only=True)]
)
class IncidentInput(KnownRow):
    context = RecordInput(contexts_of)  # type: ignore[assignment]
    armed_group = RecordInput(groups_visible_to)
    category = CodeInput(CODES["violation_categories"])
    occurred_on = PartialDateInput()
    place = PlaceRow(default=no_place)
    attribution = CodeInput(CODES["attributions"], default="unknown")
    standard = CodeInput(CODES["incident_standards"], default="alleged")
    response = CodeInput(CODES["group_responses"], default="none")
    child_victim = Flag(default=False)
    victims = Number(min_value=0, max_value=1_000_000, allow_null=True, default=None)
    grade = GradeInput(default="")
    level = LevelInput(allow_null=True, default=None)
    commitments = RecordsInput(commitments_visible_to, default=tuple)
    description = words(20_000)
    source = words(20_000)  # type: ignore[assignment]


def incident_rows(rows: Sequence[Incident], viewer: Viewer, wants: Wants) -> list[dict[str, Any]]:
    hidden = pseudonymised(viewer, Incident.kind)
    linked = linked_commitments(rows, viewer)
    return [_incident(row, linked.get(row.pk, []), hidden(row)) for row in rows]


def linked_commitments(rows: Sequence[Incident], viewer: Viewer) -> dict[Any, list[Any]]:
    """The commitments that each incident is set against, where the viewer sees them."""
    first: Any = rows[0]
    if not hasattr(first, "linked"):
        joined = Incident.commitments.through._default_manager.filter(
            incident__in=[row.pk for row in rows], commitment__in=commitments_visible_to(viewer)
        )
        first.linked = {}
        for incident, commitment in joined.order_by("pk").values_list("incident", "commitment"):
            first.linked.setdefault(incident, []).append(commitment)
    linked: dict[Any, list[Any]] = first.linked
    return linked


def _incident(row: Incident, commitments: list[Any], hidden: bool) -> dict[str, Any]:
    by_month = coarse(row, hidden)
    texts = {} if hidden else {"description": row.description, "source": row.source}
    return {
        **own_part(row, by_month=by_month),
        **texts,
        "context": row.context_id,
        "armed_group": row.armed_group_id,
        "category": row.category,
        "occurred_on": shown_day(row.occurred_on, by_month=by_month),
        "place": place_part(row, hidden=hidden),
        "attribution": row.attribution,
        "standard": row.standard,
        "response": row.response,
        "child_victim": row.child_victim,
        "victims": row.victims,
        "grade": row.grade,
        "commitments": commitments,
        "state": row.state,
    }


@extend_schema_field({"type": "string", "example": "2026-07"})
class QuarterInput(serializers.Field):
    """A calendar quarter by its first month, "2026-07"."""

    def to_internal_value(self, data: Any) -> PartialDate:
        if not isinstance(data, str) or len(data) != 7:
            raise serializers.ValidationError("Write a quarter as its first month, like 2026-07.")
        try:
            return PartialDate.parse(data, "season")
        except NotADate as error:
            raise serializers.ValidationError(str(error)) from None

    def to_representation(self, value: Any) -> str:
        return str(value)


class Effort(serializers.DecimalField):
    """A number with at most two decimals; text and true are refused."""

    def to_internal_value(self, data: Any) -> Any:
        if type(data) not in (int, float):
            raise serializers.ValidationError("Write a number here.")
        return super().to_internal_value(data)


OBSERVATION_EXAMPLE = {
    "context": "1d4c7c55-6f0e-4b8b-9a3e-2f5e8d9a7b66",
    "armed_group": "c1e9d4aa-2b57-45a7-8a10-9e6c3f7d4b33",
    "quarter": "2026-07",
    "location_months": 4.5,
}


@extend_schema_serializer(
    examples=[OpenApiExample("A quarter's watching", value=OBSERVATION_EXAMPLE, request_only=True)]
)
class ObservationInput(KnownRow):
    context = RecordInput(contexts_of)  # type: ignore[assignment]
    armed_group = RecordInput(groups_visible_to)
    quarter = QuarterInput()
    location_months = Effort(max_digits=7, decimal_places=2, min_value=0, coerce_to_string=False)
    level = LevelInput(allow_null=True, default=None)
    source = Text(  # type: ignore[assignment]
        max_length=4000, allow_blank=True, default=""
    )


def observation_rows(
    rows: Sequence[Observation], viewer: Viewer, wants: Wants
) -> list[dict[str, Any]]:
    hidden = pseudonymised(viewer, Observation.kind)
    return [
        {
            **own_part(row, by_month=coarse(row, hidden(row))),
            **({} if hidden(row) else {"source": row.source}),
            "context": row.context_id,
            "armed_group": row.armed_group_id,
            "quarter": (told(row.quarter) or "")[:7],
            "location_months": float(row.location_months),
            "state": row.state,
        }
        for row in rows
    ]
