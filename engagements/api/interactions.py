"""`/interactions/`: meetings, in the language of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models.expressions import Combinable

from accounts.access import Viewer
from engagements.api.register import RegisterResource
from engagements.filters.nouns import MEETING_FILTERS
from engagements.models import Interaction
from engagements.selectors.places import shown_day
from engagements.serializers.interactions import (
    InteractionInput,
    interaction_rows,
    interaction_stamps,
)
from engagements.serializers.parts import taken
from engagements.services.content import (
    EvidenceContent,
    ItemContent,
    MeetingContent,
    NextStepContent,
    ParticipantContent,
    Place,
    ReadingContent,
)
from engagements.services.hidden import content_as_seen
from engagements.services.meetings import (
    MEETINGS,
    correct_meeting,
    delete_meeting,
    record_meeting,
    restore_meeting,
    withdraw_meeting,
)
from engagements.services.plans import require_free
from records.rest.shapes import Shape

AS_SENT = (
    "engagement", "plan", "joint", "held_on", "held", "type", "outcome", "trust", "summary",
    "grade", "level", "details",
)  # fmt: skip


class Interactions(RegisterResource):
    name = "interactions"
    kind = "interaction"
    model = Interaction
    noun = MEETINGS
    title = "Interactions"
    serializer = InteractionInput
    fields = (
        "id", "engagement", "plan", "joint", "held_on", "date_precision", "held", "type", "channel",
        "place", "highest_level", "levels", "participants", "topics", "outcome", "trust", "summary",
        "next_step", "readings", "evidence", "practical_items", "grade", "level", "details",
        "state", "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "engagement", "held_on", "held", "type", "outcome", "level", "state")
    filters = MEETING_FILTERS
    orderings = {"held_on": "held_on_first", "updated_at": "updated_at"}
    ordering = "-held_on"

    def orders(self, viewer: Viewer) -> Mapping[str, str | Combinable]:
        held_on = shown_day(viewer, "held_on_first", self.kind)
        return {"held_on": held_on, "updated_at": "updated_at"}

    def present(
        self, rows: Sequence[Interaction], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return interaction_rows(rows, viewer, shape.wants)

    def stamps(self, rows: Sequence[Interaction], viewer: Viewer) -> Iterable[object]:
        return interaction_stamps(rows, viewer)

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Interaction:
        content = MeetingContent(**_content(data))
        require_free(content.plan, id)
        meeting, is_new = record_meeting(viewer, content, digest=digest, pk=id)
        if not is_new:
            # It came twice at the same moment: the door answers as for any second send.
            raise IntegrityError("sent twice")
        return meeting

    def change(
        self, viewer: Viewer, record: Interaction, data: dict[str, Any], *, reason: str
    ) -> Interaction:
        stored = content_as_seen(viewer, record)
        content = replace(stored, **_content(data, stored))
        require_free(content.plan, record.pk)
        return correct_meeting(viewer, record.pk, content, version=None, reason=reason)

    def withdraw(self, viewer: Viewer, record: Interaction, *, reason: str) -> Interaction:
        return withdraw_meeting(viewer, record.pk, reason=reason)

    def restore(self, viewer: Viewer, record: Interaction, *, reason: str) -> Interaction:
        return restore_meeting(viewer, record.pk, reason=reason)

    def delete(self, viewer: Viewer, record: Interaction, *, reason: str) -> Interaction:
        return delete_meeting(viewer, record.pk, reason=reason)


def _content(data: Mapping[str, Any], stored: MeetingContent | None = None) -> dict[str, Any]:
    """The sent fields as parts of a meeting's content."""
    told = taken(data, AS_SENT)
    for name in ("channel", "highest_level"):
        if name in data:
            told[name] = data[name] or ""
    for name in ("levels", "topics"):
        if name in data:
            told[name] = tuple(data[name])
    if "place" in data:
        told["place"] = replace(stored.place if stored else Place(), **data["place"])
    if "next_step" in data:
        step = data["next_step"]
        told["next_step"] = step and NextStepContent(**step)
    return told | _rows(data)


def _rows(data: Mapping[str, Any]) -> dict[str, Any]:
    kinds: dict[str, Any] = {
        "participants": _participant,
        "readings": ReadingContent,
        "evidence": EvidenceContent,
        "practical_items": ItemContent,
    }
    return {
        name: tuple(make(**row) for row in data[name])
        for name, make in kinds.items()
        if name in data
    }


def _participant(*, mandate: str | None, **row: Any) -> ParticipantContent:
    return ParticipantContent(mandate=mandate or "", **row)
