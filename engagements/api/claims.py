"""`/claims/`: what was said, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.access import Viewer
from engagements.access import claims_visible_to
from engagements.api.register import NEVER, RegisterResource, require_same
from engagements.filters.nouns import CLAIM_FILTERS
from engagements.models import Claim
from engagements.serializers.parts import taken
from engagements.serializers.promises import ClaimInput, claim_rows, meetings_shown
from engagements.services.claims import (
    CLAIMS,
    SaidContent,
    change_claim,
    record_claim,
    said_content,
)
from records.models.records import WITHDRAWN
from records.rest.shapes import Shape


class Claims(RegisterResource):
    name = "claims"
    kind = "claim"
    model = Claim
    noun = CLAIMS
    title = "Claims"
    serializer = ClaimInput
    fields = (
        "id", "interaction", "kind", "side", "text", "basis", "due_on", "state", "settled_by",
        "level", "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "interaction", "kind", "side", "due_on", "state")
    filters = CLAIM_FILTERS
    orderings = {"due_on": "due_on", "updated_at": "updated_at"}
    ordering = "due_on"
    renamed = {"claim": "kind", "settlement": "state"}

    def scope(self, viewer: Viewer) -> QuerySet[Claim]:
        return claims_visible_to(viewer)

    def orders(self, viewer: Viewer) -> Mapping[str, str | Combinable]:
        return {"due_on": Coalesce("due_on", NEVER), "updated_at": "updated_at"}

    def present(self, rows: Sequence[Claim], viewer: Viewer, shape: Shape) -> list[dict[str, Any]]:
        return claim_rows(rows, viewer, shape.wants)

    def stamps(self, rows: Sequence[Claim], viewer: Viewer) -> Iterable[object]:
        return sorted(map(str, meetings_shown(rows, viewer)))

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Claim:
        content = SaidContent(**_content(data))
        return record_claim(viewer, data["interaction"], content, pk=id, digest=digest)

    def change(self, viewer: Viewer, record: Claim, data: dict[str, Any], *, reason: str) -> Claim:
        require_same(record, data, "interaction")
        content = replace(said_content(record), **_content(data))
        return change_claim(viewer, record.pk, content, version=None, reason=reason)


NAMES = {
    "kind": "claim",
    "side": "side",
    "text": "text",
    "due_on": "due_on",
    "settled_by": "settled_by",
    "level": "level",
}


def _content(data: dict[str, Any]) -> dict[str, Any]:
    told = taken(data, NAMES)
    if "basis" in data:
        told["basis"] = data["basis"] or ""
    if data.get("state", WITHDRAWN) != WITHDRAWN:
        told["state"] = data["state"]
    if told.get("state") == "open" and "settled_by" not in data:
        told["settled_by"] = None
    return told
