"""What the resources of engagements share: withdrawing, restoring and asking for deletion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import DateField, Value

from accounts.access import Viewer
from accounts.api.guarded import GuardedResource
from engagements.services.changes import Noun
from records.rest.resources import Resource

# Stands for "no date" in an order: after every day.
NEVER = Value(date.max, output_field=DateField())


class RegisterResource(GuardedResource):
    """A guarded record whose changes of state are those of its noun."""

    noun: ClassVar[Noun[Any]]

    def may(self, viewer: Viewer, verb: str, record: Any = None) -> bool:
        return super().may(viewer, self.noun.verb if verb == "d" else verb, record)

    def withdraw(self, viewer: Viewer, record: Any, *, reason: str) -> Any:
        return self.noun.withdraw(viewer, record.pk, reason=reason)

    def restore(self, viewer: Viewer, record: Any, *, reason: str) -> Any:
        return self.noun.restore(viewer, record.pk, reason=reason)

    def delete(self, viewer: Viewer, record: Any, *, reason: str) -> Any:
        return self.noun.delete(viewer, record.pk, reason=reason)


class LastingResource(RegisterResource):
    """One that others stand in: it is withdrawn, never deleted."""

    delete = Resource.delete


def require_same(record: Any, data: Mapping[str, Any], *names: str) -> None:
    """What a record is about cannot be changed: ValidationError for the first that differs."""
    for name in names:
        if name in data and data[name] != getattr(record, name):
            raise ValidationError({name: "This stays as it is. Open a new record instead."})
