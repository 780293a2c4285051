"""`/plans/`: meetings to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from accounts.access import Viewer
from engagements.api.register import RegisterResource
from engagements.filters.nouns import PLAN_FILTERS
from engagements.models import Plan
from engagements.serializers.parts import taken
from engagements.serializers.promises import PlanInput, interactions_of, plan_rows
from engagements.services.plans import (
    PLANS,
    PlanContent,
    change_plan,
    plan_content,
    record_plan,
)
from records.models.records import WITHDRAWN
from records.rest.shapes import Shape


class Plans(RegisterResource):
    name = "plans"
    kind = "plan"
    model = Plan
    noun = PLANS
    title = "Plans"
    serializer = PlanInput
    fields = (
        "id", "engagement", "planned_on", "place", "objective", "offer", "bottom_line", "red_lines",
        "objections", "stakeholders", "speaker", "state", "interaction", "compared", "level",
        "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "engagement", "planned_on", "state")
    filters = PLAN_FILTERS
    # The day is sealed: lists are ordered by month.
    orderings = {"planned_on": "planned_month", "updated_at": "updated_at"}
    ordering = "planned_on"
    renamed = {"progress": "state"}

    def present(self, rows: Sequence[Plan], viewer: Viewer, shape: Shape) -> list[dict[str, Any]]:
        return plan_rows(rows, viewer, shape.wants)

    def stamps(self, rows: Sequence[Plan], viewer: Viewer) -> Iterable[object]:
        return interactions_of(rows, viewer).items()

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Plan:
        return record_plan(viewer, PlanContent(**_content(data)), pk=id, digest=digest)

    def change(self, viewer: Viewer, record: Plan, data: dict[str, Any], *, reason: str) -> Plan:
        content = replace(plan_content(record), **_content(data))
        return change_plan(viewer, record.pk, content, version=None, reason=reason)


AS_SENT = (
    "engagement", "planned_on", "place", "objective", "offer", "bottom_line", "red_lines",
    "speaker", "level",
)  # fmt: skip


def _content(data: dict[str, Any]) -> dict[str, Any]:
    told = taken(data, AS_SENT)
    for name in ("objections", "stakeholders"):
        if name in data:
            told[name] = tuple(data[name])
    if "compared" in data:
        told["compared"] = data["compared"] or ""
    if data.get("state", WITHDRAWN) != WITHDRAWN:
        told["state"] = data["state"]
    return told
