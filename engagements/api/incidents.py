"""`/incidents/`"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models.expressions import Combinable

from accounts.access import Viewer
from engagements.api.register import RegisterResource
from engagements.filters.nouns import INCIDENT_FILTERS
from engagements.models import Incident
from engagements.selectors.places import shown_day
from engagements.serializers.incidents import IncidentInput, incident_rows, linked_commitments
from engagements.serializers.parts import taken
from engagements.services.content import Place
from engagements.services.hidden import with_hidden_commitments
from engagements.services.incidents import (
    INCIDENTS,
    IncidentContent,
    change_incident,
    incident_content,
    record_incident,
)
from records.rest.shapes import Shape


class Incidents(RegisterResource):
    name = "incidents"
    kind = "incident"
    model = Incident
    noun = INCIDENTS
    title = "Incidents"
    serializer = IncidentInput
    fields = (
        "id", "context", "armed_group", "category", "occurred_on", "place", "attribution",
        "standard", "response", "child_victim", "victims", "grade", "level", "commitments",
        "description", "source", "state", "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "armed_group", "category", "occurred_on", "standard", "level", "state")
    filters = INCIDENT_FILTERS
    orderings = {"occurred_on": "occurred_on_first", "updated_at": "updated_at"}
    ordering = "-occurred_on"

    def orders(self, viewer: Viewer) -> Mapping[str, str | Combinable]:
        occurred_on = shown_day(viewer, "occurred_on_first", self.kind)
        return {"occurred_on": occurred_on, "updated_at": "updated_at"}

    def present(
        self, rows: Sequence[Incident], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return incident_rows(rows, viewer, shape.wants)

    def stamps(self, rows: Sequence[Incident], viewer: Viewer) -> Iterable[object]:
        return linked_commitments(rows, viewer).items()

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Incident:
        content = IncidentContent(**_content(data, Place()))
        return record_incident(viewer, content, pk=id, digest=digest)

    def change(
        self, viewer: Viewer, record: Incident, data: dict[str, Any], *, reason: str
    ) -> Incident:
        stored = incident_content(record)
        content = replace(stored, **_content(data, stored.place))
        content = with_hidden_commitments(viewer, stored, content)
        return change_incident(viewer, record.pk, content, version=None, reason=reason)


NAMES = (
    "context", "armed_group", "category", "occurred_on", "attribution", "standard", "response",
    "child_victim", "victims", "grade", "level", "commitments", "description", "source",
)  # fmt: skip


def _content(data: dict[str, Any], place: Place) -> dict[str, Any]:
    told = taken(data, NAMES)
    if "place" in data:
        told["place"] = replace(place, **data["place"])
    return told
