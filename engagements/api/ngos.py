"""`/ngos/`"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from accounts.access import Viewer, within
from accounts.api.guarded import ReferenceResource
from actors.filters import NGO_FILTERS
from actors.models import Ngo, NgoName, NgoService
from actors.selectors.ngos import ngo_rows, services_shown
from actors.selectors.search import found_by_name, why_found
from actors.serializers.ngos import NgoInput
from engagements.services import actors
from records.models.records import CURRENT, DELETED, WITHDRAWN
from records.rest.shapes import Shape


class Ngos(ReferenceResource):
    name = "ngos"
    kind = "ngo"
    model = Ngo
    title = "NGOs"
    serializer = NgoInput
    fields = (
        "id",
        "name",
        "acronym",
        "types",
        "contact",
        "horizon",
        "service",
        "names",
        "external_ids",
        "note",
        "context",
        "level",
        "state",
        "version",
        "updated_at",
    )
    brief = ("id", "name", "acronym", "types")
    filters = NGO_FILTERS
    orderings = {"name": "name", "updated_at": "updated_at"}
    ordering = "name"
    renamed = {"begun": "from", "ended": "to"}

    def present(self, rows: Sequence[Ngo], viewer: Viewer, shape: Shape) -> list[dict[str, Any]]:
        return ngo_rows(rows, viewer, shape.wants)

    def stamps(self, rows: Sequence[Ngo], viewer: Viewer) -> Iterable[object]:
        shown = services_shown(rows, viewer)
        return [(row.pk, row.version) for services in shown.values() for row in services]

    def changed_at(self, viewer: Viewer) -> Combinable:
        services = NgoService.objects.filter(within(viewer, NgoService.kind), ngo=OuterRef("pk"))
        newest = services.order_by().values("ngo").annotate(newest=Max("updated_at"))
        return Greatest(
            F("updated_at"), Coalesce(Subquery(newest.values("newest")), F("updated_at"))
        )

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Ngo:
        return actors.add_ngo(viewer, data, pk=id, digest=digest)

    def change(self, viewer: Viewer, record: Ngo, data: dict[str, Any], *, reason: str) -> Ngo:
        return actors.correct_ngo(viewer, record, data, reason=reason)

    def withdraw(self, viewer: Viewer, record: Ngo, *, reason: str) -> Ngo:
        return actors.set_ngo_state(viewer, record, WITHDRAWN, reason=reason)

    def restore(self, viewer: Viewer, record: Ngo, *, reason: str) -> Ngo:
        return actors.set_ngo_state(viewer, record, CURRENT, reason=reason)

    def delete(self, viewer: Viewer, record: Ngo, *, reason: str) -> Ngo:
        return actors.set_ngo_state(viewer, record, DELETED, reason=reason)

    def search(self, rows: QuerySet[Ngo], words: str, viewer: Viewer) -> QuerySet[Ngo]:
        return found_by_name(rows, NgoName, words)

    def matched(self, rows: Sequence[Ngo], words: str, viewer: Viewer) -> list[dict[str, Any]]:
        return why_found(rows, NgoName, words)
