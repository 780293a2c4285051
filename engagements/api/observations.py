"""`/observations/`: the watching effort behind rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from accounts.access import Viewer
from engagements.api.register import RegisterResource
from engagements.filters.nouns import OBSERVATION_FILTERS
from engagements.models import Observation
from engagements.serializers.incidents import ObservationInput, observation_rows
from engagements.serializers.parts import taken
from engagements.services.observations import (
    OBSERVATIONS,
    ObservationContent,
    change_observation,
    observation_content,
    record_observation,
)
from records.rest.shapes import Shape

NAMES = ("context", "armed_group", "quarter", "location_months", "source", "level")


class Observations(RegisterResource):
    name = "observations"
    kind = "observation"
    model = Observation
    noun = OBSERVATIONS
    title = "Observations"
    serializer = ObservationInput
    fields = (
        "id", "context", "armed_group", "quarter", "location_months", "source", "level", "state",
        "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "armed_group", "quarter", "location_months")
    filters = OBSERVATION_FILTERS
    orderings = {"quarter": "quarter", "updated_at": "updated_at"}
    ordering = "-quarter"

    def present(
        self, rows: Sequence[Observation], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return observation_rows(rows, viewer, shape.wants)

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Observation:
        content = ObservationContent(**taken(data, NAMES))
        return record_observation(viewer, content, pk=id, digest=digest)

    def change(
        self, viewer: Viewer, record: Observation, data: dict[str, Any], *, reason: str
    ) -> Observation:
        content = replace(observation_content(record), **taken(data, NAMES))
        return change_observation(viewer, record.pk, content, version=None, reason=reason)
