"""`/follow-ups/`: what is to be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.access import Viewer
from engagements.access import follow_ups_visible_to
from engagements.api.register import NEVER, RegisterResource, require_same
from engagements.filters.nouns import FOLLOW_UP_FILTERS
from engagements.models import FollowUp
from engagements.selectors.places import shown_day
from engagements.serializers.parts import taken
from engagements.serializers.promises import (
    FollowUpInput,
    claims_shown,
    follow_up_rows,
    meetings_shown,
)
from engagements.services.follow_ups import (
    FOLLOW_UPS,
    FollowUpContent,
    change_follow_up,
    follow_up_content,
    record_follow_up,
)
from records.models.records import WITHDRAWN
from records.rest.shapes import Shape


class FollowUps(RegisterResource):
    name = "follow-ups"
    kind = "follow_up"
    model = FollowUp
    noun = FOLLOW_UPS
    title = "Follow-ups"
    serializer = FollowUpInput
    fields = (
        "id", "interaction", "claim", "what", "who", "side", "owner", "due_on", "state", "done_on",
        "done_note", "level", "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "interaction", "claim", "side", "due_on", "state")
    filters = FOLLOW_UP_FILTERS
    orderings = {"due_on": "due_on", "updated_at": "updated_at"}
    ordering = "due_on"
    renamed = {"progress": "state"}

    def scope(self, viewer: Viewer) -> QuerySet[FollowUp]:
        return follow_ups_visible_to(viewer)

    def orders(self, viewer: Viewer) -> Mapping[str, str | Combinable]:
        due_on = Coalesce(shown_day(viewer, "due_on", self.kind), NEVER)
        return {"due_on": due_on, "updated_at": "updated_at"}

    def present(
        self, rows: Sequence[FollowUp], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return follow_up_rows(rows, viewer, shape.wants)

    def stamps(self, rows: Sequence[FollowUp], viewer: Viewer) -> Iterable[object]:
        return sorted(map(str, meetings_shown(rows, viewer) | claims_shown(rows, viewer)))

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> FollowUp:
        content = FollowUpContent(**_content(data))
        return record_follow_up(viewer, content, pk=id, digest=digest)

    def change(
        self, viewer: Viewer, record: FollowUp, data: dict[str, Any], *, reason: str
    ) -> FollowUp:
        require_same(record, data, "interaction", "claim")
        content = replace(follow_up_content(record), **_content(data))
        return change_follow_up(viewer, record.pk, content, version=None, reason=reason)


NAMES = (
    "interaction", "claim", "what", "who", "side", "owner", "due_on", "done_on", "done_note",
    "level",
)  # fmt: skip


def _content(data: dict[str, Any]) -> dict[str, Any]:
    told = taken(data, NAMES)
    if data.get("state", WITHDRAWN) != WITHDRAWN:
        told["state"] = data["state"]
    return told
