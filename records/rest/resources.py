"""What a resource of the API has to say about itself; `records.rest.doors` does the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from rest_framework import serializers

from records.models import Record
from records.rest.filters import Filter
from records.rest.shapes import Shape

REFUSED = {
    "c": "Your role does not let you add this here.",
    "u": "Your role does not let you change this.",
    "d": "Your role does not let you withdraw or delete this. Ask a head of delegation.",
    "a": "Your role does not let you review this. Ask a head of delegation.",
}


class Resource:
    """One noun of the API: which rows, which fields, and the service behind each act.

    An act that a resource does not define is not offered (405). `viewer` is the asker of
    `accounts.access`; nothing here looks inside it.
    """

    name: ClassVar[str]  # its place in the address: "armed-groups"
    kind: ClassVar[str]  # its row in the rights matrix
    model: ClassVar[type[Record]]
    title: ClassVar[str]  # for the reference: "Armed groups"
    fields: ClassVar[tuple[str, ...]]
    brief: ClassVar[tuple[str, ...]]
    serializer: ClassVar[type[serializers.Serializer]]  # type: ignore[type-arg]
    filters: ClassVar[Mapping[str, Filter]] = {}
    # Name in `ordering` -> column, or an expression where the column can be null or is too exact
    # for some viewers. Every order ends with the id.
    orderings: ClassVar[Mapping[str, str | Combinable]] = {"updated_at": "updated_at"}
    ordering: ClassVar[str] = "updated_at"
    # Names of model fields that the API calls otherwise, for errors.
    renamed: ClassVar[Mapping[str, str]] = {}
    most: ClassVar[int] = 200  # the largest `limit`

    # --- Rights ----------------------------------------------------------------------------------
    def scope(self, viewer: Any) -> QuerySet[Any]:
        """The rows that the viewer may read, in no order."""
        raise NotImplementedError

    def may(self, viewer: Any, verb: str, record: Any = None) -> bool:
        """May the viewer create at all ("c"), or change ("u") or withdraw ("d") this record?"""
        raise NotImplementedError

    def was_visible(self, viewer: Any) -> Q:
        """Condition on RecordVersion: the viewer, as now cleared, could read that version."""
        return Q(pk__in=[])

    def require(self, viewer: Any, verb: str, record: Any = None) -> None:
        if not viewer.may_write:
            raise PermissionDenied("This token can only read. Make one for writing.")
        if not self.may(viewer, verb, record):
            raise PermissionDenied(REFUSED[verb])

    # --- Reading ---------------------------------------------------------------------------------
    def present(self, rows: Sequence[Any], viewer: Any, shape: Shape) -> list[dict[str, Any]]:
        """The rows as dicts of JSON values, in order, with at least the fields of the shape.

        Fetch children for all rows at once; leave out what the viewer may not see.
        """
        raise NotImplementedError

    def stamps(self, rows: Sequence[Any], viewer: Any) -> Iterable[object]:
        """Id and version of every other guarded record that the answer shows (for the ETag)."""
        return ()

    def changed_at(self, viewer: Any) -> Combinable:
        """When something that this viewer sees of a row last changed (for `updated_since`)."""
        return F("updated_at")

    def orders(self, viewer: Any) -> Mapping[str, str | Combinable]:
        return self.orderings

    # --- Writing: each is one call of a service --------------------------------------------------
    def create(self, viewer: Any, data: dict[str, Any], *, id: UUID, digest: str) -> Any:
        raise NotImplementedError

    def change(self, viewer: Any, record: Any, data: dict[str, Any], *, reason: str) -> Any:
        """Apply the sent fields; the row is locked and is the version that the sender saw."""
        raise NotImplementedError

    def withdraw(self, viewer: Any, record: Any, *, reason: str) -> Any:
        raise NotImplementedError

    def restore(self, viewer: Any, record: Any, *, reason: str) -> Any:
        raise NotImplementedError

    def delete(self, viewer: Any, record: Any, *, reason: str) -> Any:
        """Ask for deletion. The record comes back with state "deleted" if that ended it."""
        raise NotImplementedError

    # --- Searching -------------------------------------------------------------------------------
    def search(self, rows: QuerySet[Any], words: str, viewer: Any) -> QuerySet[Any]:
        """Those of `rows` that the words find."""
        raise NotImplementedError

    def matched(self, rows: Sequence[Any], words: str, viewer: Any) -> list[dict[str, Any]]:
        """Per row why it was found: {name, kind, from, to}."""
        raise NotImplementedError

    def offers(self, act: str) -> bool:
        return getattr(type(self), act) is not getattr(Resource, act)
