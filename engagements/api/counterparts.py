"""`/counterparts/`"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.access import Viewer
from accounts.api.guarded import GuardedResource
from actors.access import counterparts_visible_to
from actors.filters import COUNTERPART_FILTERS
from actors.models import Counterpart
from actors.selectors.people import counterpart_rows
from actors.serializers.people import CounterpartInput
from actors.services import people
from records.models.records import CURRENT, DELETED, WITHDRAWN
from records.rest.shapes import Shape


class Counterparts(GuardedResource):
    name = "counterparts"
    kind = "counterpart"
    model = Counterpart
    title = "Counterparts"
    serializer = CounterpartInput
    fields = (
        "id",
        "armed_group",
        "code",
        "role",
        "level",
        "active_from",
        "active_to",
        "context",
        "sensitivity",
        "state",
        "version",
        "updated_at",
    )
    brief = ("id", "armed_group", "code", "level")
    filters = COUNTERPART_FILTERS
    orderings = {"code": "code", "updated_at": "updated_at"}
    ordering = "code"
    renamed = {"level": "sensitivity", "rank": "level"}

    def scope(self, viewer: Viewer) -> QuerySet[Counterpart]:
        return counterparts_visible_to(viewer)

    def present(
        self, rows: Sequence[Counterpart], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return counterpart_rows(rows, viewer)

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Counterpart:
        return people.create_counterpart(viewer, data, pk=id, digest=digest)

    def change(
        self, viewer: Viewer, record: Counterpart, data: dict[str, Any], *, reason: str
    ) -> Counterpart:
        return people.change_counterpart(viewer, record, data, reason=reason)

    def withdraw(self, viewer: Viewer, record: Counterpart, *, reason: str) -> Counterpart:
        return people.set_counterpart_state(viewer, record, WITHDRAWN, reason=reason)

    def restore(self, viewer: Viewer, record: Counterpart, *, reason: str) -> Counterpart:
        return people.set_counterpart_state(viewer, record, CURRENT, reason=reason)

    def delete(self, viewer: Viewer, record: Counterpart, *, reason: str) -> Counterpart:
        return people.set_counterpart_state(viewer, record, DELETED, reason=reason)
