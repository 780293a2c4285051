"""`/armed-groups/`"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.access import Viewer
from accounts.api.guarded import ReferenceResource
from actors.filters import GROUP_FILTERS
from actors.models import ArmedGroup, GroupName
from actors.selectors.groups import group_rows
from actors.selectors.search import found_by_name, why_found
from actors.serializers.groups import GroupInput
from engagements.services import actors
from records.models.records import CURRENT, DELETED, WITHDRAWN
from records.rest.shapes import Shape


class ArmedGroups(ReferenceResource):
    name = "armed-groups"
    kind = "armed_group"
    model = ArmedGroup
    title = "Armed groups"
    serializer = GroupInput
    fields = (
        "id",
        "name",
        "names",
        "countries",
        "structure",
        "motive",
        "active_from",
        "active_from_grade",
        "active_to",
        "lineage",
        "listings",
        "external_ids",
        "default_level",
        "note",
        "context",
        "level",
        "state",
        "version",
        "updated_at",
    )
    brief = ("id", "name", "countries", "structure")
    filters = GROUP_FILTERS
    orderings = {"name": "name", "updated_at": "updated_at"}
    ordering = "name"
    renamed = {"begun": "from", "ended": "to"}

    def present(
        self, rows: Sequence[ArmedGroup], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return group_rows(rows, viewer, shape.wants)

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> ArmedGroup:
        return actors.add_group(viewer, data, pk=id, digest=digest)

    def change(
        self, viewer: Viewer, record: ArmedGroup, data: dict[str, Any], *, reason: str
    ) -> ArmedGroup:
        return actors.correct_group(viewer, record, data, reason=reason)

    def withdraw(self, viewer: Viewer, record: ArmedGroup, *, reason: str) -> ArmedGroup:
        return actors.set_group_state(viewer, record, WITHDRAWN, reason=reason)

    def restore(self, viewer: Viewer, record: ArmedGroup, *, reason: str) -> ArmedGroup:
        return actors.set_group_state(viewer, record, CURRENT, reason=reason)

    def delete(self, viewer: Viewer, record: ArmedGroup, *, reason: str) -> ArmedGroup:
        return actors.set_group_state(viewer, record, DELETED, reason=reason)

    def search(
        self, rows: QuerySet[ArmedGroup], words: str, viewer: Viewer
    ) -> QuerySet[ArmedGroup]:
        return found_by_name(rows, GroupName, words)

    def matched(
        self, rows: Sequence[ArmedGroup], words: str, viewer: Viewer
    ) -> list[dict[str, Any]]:
        return why_found(rows, GroupName, words)
