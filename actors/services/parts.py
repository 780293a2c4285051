"""What creating and changing an actor have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from accounts.access import Viewer, grants_for, may_in
from accounts.models import Context
from accounts.services.levels import level_after, level_of_new
from records.models.records import CURRENT, DELETED, WITHDRAWN
from records.versions import keep_version

Told = Mapping[str, Any]
A = TypeVar("A", bound=Any)

CHOOSE_A_CONTEXT = (
    "Choose the context in which you know it. A head of delegation can lift it to the "
    "reference list later."
)
OPEN_TO_ALL = "What is on the reference list, outside any context, has level 1."


def place_of_new(
    viewer: Viewer, kind: str, told: Told, *, default: int
) -> tuple[Context | None, int]:
    """The context (None: the reference list) and the level that a new NGO or group gets."""
    context, wanted = told.get("context"), told.get("level")
    if context is None:
        if not grants_for(viewer, "c", "reference"):
            raise ValidationError({"context": CHOOSE_A_CONTEXT})
        if wanted not in (None, 1):
            raise ValidationError({"level": OPEN_TO_ALL})
        return None, 1
    level = level_of_new(viewer, wanted, default=default, context=context)
    if not may_in(viewer, "c", kind, context.pk, level=level):
        raise PermissionDenied("Your role does not let you add this in that context.")
    return context, level


def place_after(viewer: Viewer, record: Any, told: Told, *, reason: str) -> tuple[Any, int]:
    """The context and level after a change; a head may lift a record to the reference list."""
    context = told.get("context", record.context)
    wanted = told.get("level") or record.level
    if context == record.context:
        if context is not None:
            return context, level_after(viewer, record, wanted, reason=reason)
        if wanted != 1:
            raise ValidationError({"level": OPEN_TO_ALL})
        return None, 1
    if context is not None or record.context is None:
        raise ValidationError({"context": "A record stays in the context where it was made."})
    if not grants_for(viewer, "c", "reference") or viewer.role(record.context_id) != "head":
        raise ValidationError({"context": "Only a head of delegation lifts this to the list."})
    if told.get("level", 1) not in (None, 1):
        raise ValidationError({"level": OPEN_TO_ALL})
    return None, 1


def keep(record: Any, content: Mapping[str, Any], *, viewer: Viewer, reason: str) -> None:
    """Keep what the record says now; `content` is its own part, as the selectors tell it."""
    body = json.loads(json.dumps(dict(content), cls=DjangoJSONEncoder))
    keep_version(record, body=body, words={}, by=viewer.user, reason=reason)


def set_rows(parent: Any, related: str, rows: Sequence[Model]) -> None:
    """Put these rows in the place of all that the parent has."""
    manager = getattr(parent, related)
    manager.all().delete()
    manager.model._default_manager.bulk_create(rows)


def names_with(name: str, acronym: str, rows: Iterable[Told]) -> list[dict[str, Any]]:
    """The names to keep: those given, and present name and acronym, which a search must find."""
    kept = [dict(row) for row in rows]
    known = {row["name"] for row in kept}
    present = [("official", name), ("acronym", acronym)]
    return kept + [
        {"name": text, "kind": kind} for kind, text in present if text and text not in known
    ]


def renamed(rows: Iterable[Told], old: str, new: str) -> list[dict[str, Any]]:
    """The names after the record itself got another: the row of the old one follows."""
    present = ("official", "acronym")
    return [
        {**row, "name": new} if row["name"] == old and row["kind"] in present else {**row}
        for row in rows
    ]


def set_state(
    record: A, state: str, content: Mapping[str, Any], *, viewer: Viewer, reason: str
) -> A:
    """Withdraw, restore or delete: the record stays, with its history."""
    if record.state == state:
        words = {WITHDRAWN: "is withdrawn already", CURRENT: "is not withdrawn", DELETED: "is gone"}
        raise ValidationError(f"This record {words[state]}.")
    keep(record, content, viewer=viewer, reason=reason)
    record.state = state
    record.save()
    return record
