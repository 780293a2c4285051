"""The shapes of engagements and dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from accounts.access import Viewer, visible_contexts
from accounts.models import Context, Membership, User
from actors.access import groups_visible_to, ngos_visible_to
from engagements.access import engagements_visible_to
from engagements.details import CODES
from engagements.models import Dossier, Engagement
from engagements.serializers.parts import Day, KnownRow, Wants, own_part, told
from records.rest.inputs import CodeInput, LevelInput, PartialDateInput, RecordInput


def contexts_of(viewer: Viewer) -> Any:
    return visible_contexts(viewer, Context.objects.all())


def colleagues_of(viewer: Viewer) -> Any:
    """The people who work in the viewer's contexts."""
    contexts = [grant.context_id for grant in viewer.grants]
    members = Membership.objects.filter(context__in=contexts)
    return User.objects.filter(pk__in=members.values("user"), is_active=True)


ENGAGEMENT_EXAMPLE = {
    "ngo": "0b6a2f6e-8d13-4d9e-9f25-5d5b8a1f0c22",
    "armed_group": "c1e9d4aa-2b57-45a7-8a10-9e6c3f7d4b33",
    "context": "1d4c7c55-6f0e-4b8b-9a3e-2f5e8d9a7b66",
    "status": "active",
    "started_on": "2024-05",
}


@extend_schema_serializer(
    examples=[OpenApiExample("An engagement", value=ENGAGEMENT_EXAMPLE, request_only=True)]
)
class EngagementInput(KnownRow):
    ngo = RecordInput(ngos_visible_to)
    armed_group = RecordInput(groups_visible_to)
    context = RecordInput(contexts_of)  # type: ignore[assignment]
    status = CodeInput(CODES["engagement_statuses"], default="active")
    started_on = PartialDateInput(allow_null=True, default=None)
    lead = RecordInput(colleagues_of, allow_null=True, required=False)
    level = LevelInput(allow_null=True, default=None)


def engagement_rows(
    rows: Sequence[Engagement], viewer: Viewer, wants: Wants
) -> list[dict[str, Any]]:
    return [
        {
            **own_part(row),
            "ngo": row.ngo_id,
            "armed_group": row.armed_group_id,
            "context": row.context_id,
            "status": row.status,
            "started_on": told(row.started_on),
            "lead": row.lead_id,
            "state": row.state,
        }
        for row in rows
    ]


DOSSIER_EXAMPLE = {
    "engagement": "9f0c3c1e-7f0a-4c57-9a53-0d6a1f2b3c4d",
    "norm": "N11",
    "opened_on": "2026-11-22",
}


@extend_schema_serializer(
    examples=[OpenApiExample("A dossier", value=DOSSIER_EXAMPLE, request_only=True)]
)
class DossierInput(KnownRow):
    engagement = RecordInput(engagements_visible_to)
    norm = CodeInput(CODES["norms"])
    opened_on = Day(required=False)
    closed_on = Day(allow_null=True, default=None)
    level = LevelInput(allow_null=True, default=None)


def dossier_rows(rows: Sequence[Dossier], viewer: Viewer, wants: Wants) -> list[dict[str, Any]]:
    return [
        {
            **own_part(row),
            "engagement": row.engagement_id,
            "norm": row.norm,
            "opened_on": told(row.opened_on),
            "closed_on": told(row.closed_on),
            "state": row.state,
        }
        for row in rows
    ]
