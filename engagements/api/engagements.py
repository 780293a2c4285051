"""`/engagements/`"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from accounts.access import Viewer
from engagements.api.register import LastingResource, require_same
from engagements.filters.nouns import ENGAGEMENT_FILTERS
from engagements.models import Engagement
from engagements.serializers.engagements import EngagementInput, engagement_rows
from engagements.services.changes import require_new
from engagements.services.dossiers import open_engagement
from engagements.services.engagements import ENGAGEMENTS, EngagementChange, change_engagement
from records.rest.shapes import Shape


class Engagements(LastingResource):
    name = "engagements"
    kind = "engagement"
    model = Engagement
    noun = ENGAGEMENTS
    title = "Engagements"
    serializer = EngagementInput
    fields = (
        "id", "ngo", "armed_group", "context", "status", "started_on", "lead", "level", "state",
        "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "ngo", "armed_group", "context", "status")
    filters = ENGAGEMENT_FILTERS

    def present(
        self, rows: Sequence[Engagement], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return engagement_rows(rows, viewer, shape.wants)

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Engagement:
        lead = data.pop("lead", None)
        if lead not in (None, viewer.user):
            raise ValidationError({"lead": "You lead what you open. Hand it over afterwards."})
        level = data.pop("level") or 1
        try:
            return open_engagement(viewer, **data, level=level, pk=id, digest=digest)
        except ValidationError:
            require_new(Engagement, id)
            raise

    def change(
        self, viewer: Viewer, record: Engagement, data: dict[str, Any], *, reason: str
    ) -> Engagement:
        require_same(record, data, "ngo", "armed_group", "context")
        content = EngagementChange(
            status=data.get("status", record.status),
            started_on=data.get("started_on", record.started_on),
            lead=data.get("lead", record.lead),
            level=data.get("level"),
        )
        return change_engagement(viewer, record.pk, content, reason=reason)
