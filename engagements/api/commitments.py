"""`/commitments/`"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.access import Viewer
from engagements.api.register import NEVER, RegisterResource
from engagements.filters.nouns import COMMITMENT_FILTERS
from engagements.models import Commitment
from engagements.selectors.places import shown_day
from engagements.serializers.commitments import (
    CommitmentInput,
    bound_dossiers,
    commitment_rows,
)
from engagements.serializers.parts import taken
from engagements.services.commitments import (
    COMMITMENTS,
    ClauseContent,
    CommitmentContent,
    SourceContent,
    change_commitment,
    commitment_content,
    record_commitment,
)
from engagements.services.hidden import with_hidden_dossiers
from records.rest.shapes import Shape


class Commitments(RegisterResource):
    name = "commitments"
    kind = "commitment"
    model = Commitment
    noun = COMMITMENTS
    title = "Commitments"
    serializer = CommitmentInput
    fields = (
        "id", "dossiers", "instrument", "title", "signed_on", "in_force_from", "ended_on",
        "review_on", "parties", "norms", "clauses", "status", "statuses", "legal_effect",
        "verification", "conditions", "reservations", "note", "sources", "level", "state",
        "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "dossiers", "instrument", "title", "signed_on", "status", "verification")
    filters = COMMITMENT_FILTERS
    orderings = {"signed_on": "signed_on_first", "updated_at": "updated_at"}
    ordering = "-signed_on"

    def orders(self, viewer: Viewer) -> Mapping[str, str | Combinable]:
        signed_on = Coalesce(shown_day(viewer, "signed_on_first", self.kind), NEVER)
        return {"signed_on": signed_on, "updated_at": "updated_at"}

    def present(
        self, rows: Sequence[Commitment], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return commitment_rows(rows, viewer, shape.wants)

    def stamps(self, rows: Sequence[Commitment], viewer: Viewer) -> Iterable[object]:
        return bound_dossiers(rows, viewer).items()

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Commitment:
        content = CommitmentContent(**_content(data))
        return record_commitment(viewer, content, pk=id, digest=digest)

    def change(
        self, viewer: Viewer, record: Commitment, data: dict[str, Any], *, reason: str
    ) -> Commitment:
        stored = commitment_content(record)
        content = replace(stored, **_content(data))
        content = with_hidden_dossiers(viewer, stored, content)
        return change_commitment(viewer, record.pk, content, version=None, reason=reason)


NAMES = (
    "dossiers", "instrument", "title", "signed_on", "in_force_from", "ended_on", "review_on",
    "status", "status_since", "verification", "conditions", "reservations", "note", "level",
)  # fmt: skip


def _content(data: dict[str, Any]) -> dict[str, Any]:
    told = taken(data, NAMES)
    if "legal_effect" in data:
        told["legal_effect"] = data["legal_effect"] or ""
    if "norms" in data:
        told["norms"] = tuple(data["norms"])
    if "parties" in data:
        told["parties"] = tuple(dict(party) for party in data["parties"])
    if "clauses" in data:
        told["clauses"] = tuple(ClauseContent(**row) for row in data["clauses"])
    if "sources" in data:
        told["sources"] = tuple(SourceContent(**row) for row in data["sources"])
    return told
