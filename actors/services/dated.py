"""Dated facts of contexts and services of NGOs: guarded rows inside another record.

A list that is sent replaces the rows that its sender may see; the others stay. Each row keeps
its own versions. What is told back says which scores are behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.access import Viewer, grants_for, may, may_in, visible
from accounts.services.levels import level_after, level_of_new
from actors.models import ContextFact, NgoService
from actors.selectors.parts import told as date_told
from actors.services.parts import keep
from records.models.records import DELETED

DEFAULT_LEVEL = 2
Dated = type[ContextFact] | type[NgoService]


@dataclass(frozen=True, slots=True)
class Touched:
    """One fact that was added, changed or removed: where, about which group, from which level."""

    kind: str
    id: UUID
    context_id: UUID
    armed_group_id: UUID | None
    level: int


def set_dated(
    viewer: Viewer,
    model: Dated,
    parent: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    *,
    columns: Mapping[str, str],
    field: str,
) -> list[Touched]:
    """Make the rows of `parent` that the viewer sees be these; `columns` renames API fields.

    A row with an `id` is that row; one without is matched to a stored row that says the same,
    else it is new. Call in a transaction that holds the parent's lock. What is refused is
    refused by the name of the list, `field`.
    """
    try:
        return _set(viewer, model, parent, rows, columns)
    except ValidationError as refused:
        raise ValidationError({field: refused.messages}) from None


def _set(
    viewer: Viewer,
    model: Dated,
    parent: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
) -> list[Touched]:
    stored = {row.pk: row for row in visible(viewer, model._default_manager.filter(**parent))}
    touched: list[Touched] = []
    for told in rows:
        words = {columns.get(name, name): value for name, value in told.items() if name != "id"}
        row = _known(stored, told.get("id"), {**parent, **words})
        if row is None:
            touched += _add(viewer, model, {**parent, **words})
        else:
            del stored[row.pk]
            touched += _change(viewer, row, words)
    for left in stored.values():
        touched += _remove(viewer, left)
    return touched


def _known(stored: dict[UUID, Any], id: UUID | None, words: Mapping[str, Any]) -> Any:
    if id is not None:
        if id not in stored:
            raise ValidationError("There is no such row here, or it is not yours to see.")
        return stored[id]
    return next((row for row in stored.values() if not _differences(row, words)), None)


def _differences(row: Any, words: Mapping[str, Any]) -> list[str]:
    return [name for name, value in words.items() if getattr(row, name) != value]


def _add(viewer: Viewer, model: Dated, words: dict[str, Any]) -> list[Touched]:
    context = words["context"]
    wanted = words.pop("level", None)
    level = level_of_new(viewer, wanted, default=DEFAULT_LEVEL, context=context)
    if not may_in(viewer, "c", model.kind, context.pk, level=level):
        raise ValidationError("Your role does not let you add facts in that context.")
    row = model(**words, level=level, created_by=viewer.user)
    row.save(force_insert=True)
    return [_touched(row, level)]


def _change(viewer: Viewer, row: Any, words: Mapping[str, Any]) -> list[Touched]:
    if not _differences(row, words):
        return []
    if not may(viewer, "u", row):
        raise ValidationError("Your role does not let you change facts in that context.")
    if words.get("context", row.context) != row.context:
        raise ValidationError("A fact stays in its context. Remove it and add it to the other.")
    level = level_after(viewer, row, words.get("level"), reason="")
    before = _touched(row, min(row.level, level))
    keep(row, _content(row), viewer=viewer, reason="")
    for name, value in {**words, "level": level}.items():
        setattr(row, name, value)
    row.save()
    after = _touched(row, before.level)
    return [before] if before == after else [before, after]


def _remove(viewer: Viewer, row: Any) -> list[Touched]:
    if not any(grant.context_id == row.context_id for grant in grants_for(viewer, "d", row.kind)):
        raise ValidationError(
            "Only a head of delegation removes a fact. Send it along unchanged, or correct it."
        )
    keep(row, _content(row), viewer=viewer, reason="")
    row.state = DELETED
    row.updated_at = timezone.now()
    row.save()
    return [_touched(row, row.level)]


def _touched(row: Any, level: int) -> Touched:
    group = getattr(row, "armed_group_id", None)
    return Touched(row.kind, row.pk, row.context_id, group, level)


def _content(row: Any) -> dict[str, Any]:
    group = getattr(row, "armed_group_id", None)
    what = {"kind": row.fact, "value": row.value} if isinstance(row, ContextFact) else {}
    return {
        **(what or {"kind": row.service}),
        "armed_group": group,
        "from": date_told(row.begun),
        "to": date_told(row.ended),
        "source": row.source,
        "grade": row.grade,
        "state": row.state,
    }
