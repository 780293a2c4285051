"""`/contexts/`"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from accounts.access import Viewer, may_in, visible_contexts, within
from accounts.api.guarded import GuardedResource
from accounts.models import Context
from actors.filters import CONTEXT_FILTERS
from actors.models import ContextFact
from actors.selectors.contexts import context_rows, facts_shown
from actors.serializers.contexts import ContextInput
from engagements.services import actors
from records.rest.shapes import Shape


class Contexts(GuardedResource):
    """Contexts are made by the administrator; here they are read, and their facts kept."""

    name = "contexts"
    kind = "context"
    model = Context
    title = "Contexts"
    serializer = ContextInput
    fields = ("id", "code", "name", "countries", "floor", "facts", "version", "updated_at")
    brief = ("id", "code", "name")
    filters = CONTEXT_FILTERS
    orderings = {"name": "name", "updated_at": "updated_at"}
    ordering = "name"
    renamed = {"begun": "from", "ended": "to"}

    def scope(self, viewer: Viewer) -> QuerySet[Context]:
        return visible_contexts(viewer, Context.objects.all())

    def may(self, viewer: Viewer, verb: str, record: Any = None) -> bool:
        """A delegate changes the facts of a context; the service keeps the rest for heads."""
        facts = record is not None and may_in(viewer, verb, ContextFact.kind, record.pk)
        return facts or super().may(viewer, verb, record)

    def was_visible(self, viewer: Viewer) -> Q:
        return Q(pk__in=[])

    def present(
        self, rows: Sequence[Context], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return context_rows(rows, viewer, shape.wants)

    def stamps(self, rows: Sequence[Context], viewer: Viewer) -> Iterable[object]:
        shown = facts_shown(rows, viewer)
        return [(row.pk, row.version) for facts in shown.values() for row in facts]

    def changed_at(self, viewer: Viewer) -> Combinable:
        facts = ContextFact.objects.filter(within(viewer, ContextFact.kind), context=OuterRef("pk"))
        newest = facts.order_by().values("context").annotate(newest=Max("updated_at"))
        return Greatest(
            F("updated_at"), Coalesce(Subquery(newest.values("newest")), F("updated_at"))
        )

    def change(
        self, viewer: Viewer, record: Context, data: dict[str, Any], *, reason: str
    ) -> Context:
        return actors.correct_context(viewer, record, data, reason=reason)
