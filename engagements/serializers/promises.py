"""The shapes of claims, follow-ups and plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.access import Viewer
from engagements.access import (
    claims_visible_to,
    engagements_visible_to,
    interactions_visible_to,
)
from engagements.details import CODES
from engagements.models import Claim, FollowUp, Plan
from engagements.serializers.engagements import colleagues_of
from engagements.serializers.parts import (
    Day,
    OpenRow,
    Wants,
    coarse,
    ids_shown,
    only,
    own_part,
    pseudonymised,
    shown_day,
    state_part,
    told,
    words,
)
from records.models.records import WITHDRAWN
from records.rest.inputs import CodeInput, CodesInput, LevelInput, RecordInput, Text


class StateInput(CodeInput):
    """A state of one's own. "withdrawn" is read, and passed over when it is sent back."""

    def to_internal_value(self, data: Any) -> Any:
        return data if data == WITHDRAWN else super().to_internal_value(data)


PLAN_EXAMPLE = {
    "engagement": "9f0c3c1e-7f0a-4c57-9a53-0d6a1f2b3c4d",
    "planned_on": "2026-12-03",
    "place": "The mill north of the ford",
    "objective": "Hear how the order was received.",
    "objections": ["no_means"],
    "speaker": "Amina",
}


@extend_schema_serializer(
    examples=[OpenApiExample("A planned meeting", value=PLAN_EXAMPLE, request_only=True)]
)
class PlanInput(OpenRow):
    engagement = RecordInput(engagements_visible_to)
    planned_on = Day()
    place = words(4000)
    objective = words(4000)
    offer = words(4000)
    bottom_line = words(4000)
    red_lines = words(4000)
    objections = CodesInput(CODES["objections"], default=list)
    stakeholders = serializers.ListField(child=Text(max_length=4000), max_length=20, default=list)
    speaker = words(4000)
    state = StateInput(CODES["plan_states"], default="planned")
    interaction = serializers.UUIDField(read_only=True, allow_null=True)
    compared = CodeInput(CODES["plan_compared"], allow_null=True, default=None)
    level = LevelInput(allow_null=True, default=None)


def plan_rows(rows: Sequence[Plan], viewer: Viewer, wants: Wants) -> list[dict[str, Any]]:
    meetings = interactions_of(rows, viewer) if wants("interaction") else {}
    return [
        {
            **own_part(row),
            "engagement": row.engagement_id,
            "planned_on": row.planned_on,
            "place": row.place,
            "objective": row.objective,
            "offer": row.offer,
            "bottom_line": row.bottom_line,
            "red_lines": row.red_lines,
            "objections": row.objections,
            "stakeholders": row.stakeholders.get("sway", []),
            "speaker": row.speaker,
            "state": state_part(row, "progress"),
            "interaction": meetings.get(row.pk),
            "compared": row.compared or None,
        }
        for row in rows
    ]


def interactions_of(plans: Sequence[Plan], viewer: Viewer) -> dict[Any, Any]:
    """The meeting logged from each plan, where the viewer sees it; read once per answer."""
    first: Any = plans[0]
    if not hasattr(first, "logged"):
        rows = interactions_visible_to(viewer).filter(plan__in=[plan.pk for plan in plans])
        first.logged = dict(rows.order_by().values_list("plan", "pk"))
    logged: dict[Any, Any] = first.logged
    return logged


CLAIM_EXAMPLE = {
    "interaction": "f5cf3e5f-3627-42ab-9cd6-073582ce270c",
    "kind": "promise",
    "side": "theirs",
    "text": "The order will be read to every unit.",
    "due_on": "2026-12-31",
}


@extend_schema_serializer(
    examples=[OpenApiExample("A promise", value=CLAIM_EXAMPLE, request_only=True)]
)
class ClaimInput(OpenRow):
    interaction = RecordInput(interactions_visible_to)
    kind = CodeInput(CODES["claim_kinds"])
    side = CodeInput(CODES["sides"])
    text = Text(max_length=4000)
    basis = CodeInput(CODES["knowledge_bases"], allow_null=True, default=None)
    due_on = Day(allow_null=True, default=None)
    state = StateInput(CODES["claim_states"], default="open")
    settled_by = RecordInput(interactions_visible_to, allow_null=True, default=None)
    level = LevelInput(allow_null=True, default=None)


def claim_rows(rows: Sequence[Claim], viewer: Viewer, wants: Wants) -> list[dict[str, Any]]:
    shown = meetings_shown(rows, viewer)
    return [
        {
            **own_part(row),
            "interaction": only(row.interaction_id, shown),
            "kind": row.claim,
            "side": row.side,
            "text": row.text,
            "basis": row.basis or None,
            "due_on": told(row.due_on),
            "state": state_part(row, "settlement"),
            "settled_by": only(row.settled_by_id, shown),
        }
        for row in rows
    ]


def meetings_shown(rows: Sequence[Any], viewer: Viewer) -> frozenset[Any]:
    """The meetings that these claims or follow-ups name, where the viewer sees them."""
    first: Any = rows[0]
    if not hasattr(first, "meetings_shown"):
        named = {row.interaction_id for row in rows}
        named |= {getattr(row, "settled_by_id", None) for row in rows}
        first.meetings_shown = ids_shown(interactions_visible_to(viewer), named)
    shown: frozenset[Any] = first.meetings_shown
    return shown


FOLLOW_UP_EXAMPLE = {
    "interaction": "f5cf3e5f-3627-42ab-9cd6-073582ce270c",
    "what": "Send the draft order",
    "due_on": "2026-12-05",
}


@extend_schema_serializer(
    examples=[OpenApiExample("Something to do", value=FOLLOW_UP_EXAMPLE, request_only=True)]
)
class FollowUpInput(OpenRow):
    interaction = RecordInput(interactions_visible_to, allow_null=True, default=None)
    claim = RecordInput(claims_visible_to, allow_null=True, default=None)
    what = Text(max_length=4000)
    who = words(4000)
    side = CodeInput(CODES["sides"], default="ours")
    owner = RecordInput(colleagues_of, allow_null=True, default=None)
    due_on = Day(allow_null=True, default=None)
    state = StateInput(CODES["follow_up_states"], default="open")
    done_on = Day(allow_null=True, default=None)
    done_note = words(4000, help_text="Needed to close.")
    level = LevelInput(allow_null=True, default=None)


def follow_up_rows(rows: Sequence[FollowUp], viewer: Viewer, wants: Wants) -> list[dict[str, Any]]:
    hidden = pseudonymised(viewer, FollowUp.kind)
    return [
        _follow_up(row, meetings_shown(rows, viewer), claims_shown(rows, viewer), hidden(row))
        for row in rows
    ]


def claims_shown(rows: Sequence[FollowUp], viewer: Viewer) -> frozenset[Any]:
    first: Any = rows[0]
    if not hasattr(first, "claims_shown"):
        first.claims_shown = ids_shown(claims_visible_to(viewer), (row.claim_id for row in rows))
    shown: frozenset[Any] = first.claims_shown
    return shown


def _follow_up(
    row: FollowUp, meetings: frozenset[Any], claims: frozenset[Any], hidden: bool
) -> dict[str, Any]:
    by_month = coarse(row, hidden)
    texts = {} if hidden else {"what": row.what, "who": row.who, "done_note": row.done_note}
    return {
        **own_part(row, by_month=by_month),
        **texts,
        "interaction": only(row.interaction_id, meetings),
        "claim": only(row.claim_id, claims),
        "side": row.side,
        "owner": row.owner_id,
        "due_on": shown_day(row.due_on, by_month=by_month),
        "state": state_part(row, "progress"),
        "done_on": shown_day(row.done_on, by_month=by_month),
    }
