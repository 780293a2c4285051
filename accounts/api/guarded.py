"""Resources whose rows are guarded records: their rights are those of accounts.access."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import Viewer, grants_for, may, visible, visible_reference, within
from records.rest.resources import Resource


class GuardedResource(Resource):
    """Rows of a context with a level (records.models.GuardedRecord)."""

    def scope(self, viewer: Viewer) -> QuerySet[Any]:
        return visible(viewer, self.model._default_manager.all())

    def may(self, viewer: Viewer, verb: str, record: Any = None) -> bool:
        if record is None:
            return bool(grants_for(viewer, verb, self.kind))
        return may(viewer, verb, record)

    def was_visible(self, viewer: Viewer) -> Q:
        return within(viewer, self.kind, context="context", level="body__level")


class ReferenceResource(GuardedResource):
    """Armed groups and NGOs: the reference list, and what is known in one's own contexts."""

    def scope(self, viewer: Viewer) -> QuerySet[Any]:
        return visible_reference(viewer, self.model._default_manager.all())

    def may(self, viewer: Viewer, verb: str, record: Any = None) -> bool:
        if record is None:
            return bool(
                grants_for(viewer, verb, self.kind) or grants_for(viewer, verb, "reference")
            )
        return super().may(viewer, verb, record)

    def was_visible(self, viewer: Viewer) -> Q:
        condition = super().was_visible(viewer)
        return condition | Q(context=None) if grants_for(viewer, "r", "reference") else condition
