"""`/blockers/`: what holds a score down, raised by hand, and the lifting of any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.access import Viewer
from engagements.api.register import NEVER, RegisterResource, require_same
from engagements.filters.nouns import BLOCKER_FILTERS
from engagements.models import Blocker
from engagements.selectors.places import shown_day
from engagements.serializers.assessments import BlockerInput, blocker_rows
from engagements.services.blockers import BLOCKERS, lift_blocker, lift_standing, raise_blocker
from records.rest.shapes import Shape

ONLY_LIFTED = "A blocker is only lifted: send lifted_on and a note."


class Blockers(RegisterResource):
    """POST with `raised_on` raises one by hand; with `lifted_on` it lifts one that stands by
    itself. PATCH with `lifted_on` lifts one that was raised by hand.
    """

    name = "blockers"
    kind = "blocker"
    model = Blocker
    noun = BLOCKERS
    title = "Blockers"
    serializer = BlockerInput
    fields = (
        "id", "dossier", "reason", "raised_on", "raised_by", "lifted_on", "lifted_by", "note",
        "level", "state", "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "dossier", "reason", "raised_on", "lifted_on", "state")
    filters = BLOCKER_FILTERS
    orderings = {"raised_on": "raised_on", "updated_at": "updated_at"}
    ordering = "-raised_on"

    def orders(self, viewer: Viewer) -> Mapping[str, str | Combinable]:
        raised_on = Coalesce(shown_day(viewer, "raised_on", self.kind), NEVER)
        return {"raised_on": raised_on, "updated_at": "updated_at"}

    def present(
        self, rows: Sequence[Blocker], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return blocker_rows(rows, viewer, shape.wants)

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Blocker:
        dossier, reason, note = data["dossier"], data["reason"], data["note"]
        sent = {"note": note, "pk": id, "digest": digest}
        if data["lifted_on"] is None:
            told = {"raised_on": data["raised_on"], "level": data["level"]}
            return raise_blocker(viewer, dossier, reason=reason, **told, **sent)
        if data["raised_on"] is not None:
            raise ValidationError({"lifted_on": "Raise it first, lift it afterwards."})
        return lift_standing(viewer, dossier, reason, lifted_on=data["lifted_on"], **sent)

    def change(
        self, viewer: Viewer, record: Blocker, data: dict[str, Any], *, reason: str
    ) -> Blocker:
        require_same(record, data, "dossier", "reason", "raised_on")
        if data.get("lifted_on") is None:
            raise ValidationError({"lifted_on": ONLY_LIFTED})
        note = data.get("note", reason)
        return lift_blocker(viewer, record.pk, note=note, lifted_on=data["lifted_on"])
