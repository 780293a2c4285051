"""`/dossiers/`"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from accounts.access import Viewer
from engagements.api.register import LastingResource, require_same
from engagements.filters.nouns import DOSSIER_FILTERS
from engagements.models import Dossier
from engagements.serializers.engagements import DossierInput, dossier_rows
from engagements.services.changes import require_new
from engagements.services.dossiers import open_dossier
from engagements.services.engagements import DOSSIERS, change_dossier
from records.rest.shapes import Shape


class Dossiers(LastingResource):
    name = "dossiers"
    kind = "dossier"
    model = Dossier
    noun = DOSSIERS
    title = "Dossiers"
    serializer = DossierInput
    fields = (
        "id", "engagement", "norm", "opened_on", "closed_on", "level", "state", "version",
        "updated_at",
    )  # fmt: skip
    brief = ("id", "engagement", "norm")
    filters = DOSSIER_FILTERS
    orderings = {"opened_on": "opened_on", "updated_at": "updated_at"}
    ordering = "opened_on"

    def present(
        self, rows: Sequence[Dossier], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return dossier_rows(rows, viewer, shape.wants)

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Dossier:
        if data.pop("closed_on"):
            raise ValidationError({"closed_on": "Open the dossier first, close it afterwards."})
        if data.pop("level") not in (None, data["engagement"].level):
            raise ValidationError({"level": "A new dossier has the level of its engagement."})
        try:
            return open_dossier(viewer, **data, pk=id, digest=digest)
        except ValidationError:
            require_new(Dossier, id)
            raise

    def change(
        self, viewer: Viewer, record: Dossier, data: dict[str, Any], *, reason: str
    ) -> Dossier:
        require_same(record, data, "engagement", "norm")
        return change_dossier(
            viewer,
            record.pk,
            opened_on=data.get("opened_on", record.opened_on),
            closed_on=data.get("closed_on", record.closed_on),
            level=data.get("level"),
            reason=reason,
        )
