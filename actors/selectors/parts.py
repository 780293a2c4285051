"""What the rows of actors have in common when they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from accounts.access import COARSE_FROM, Viewer, coarse_contexts
from actors.models import ExternalId
from records.dates import PartialDate

Wants = Callable[[str], bool]


def everything(field: str) -> bool:
    return True


def by_parent(rows: Iterable[Any], key: str) -> dict[UUID, list[Any]]:
    """Child rows by the id of the record that they belong to."""
    grouped: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return grouped


def children(
    wanted: bool, rows: QuerySet[Any], key: str, parents: Sequence[Model]
) -> dict[UUID, list[Any]]:
    """The children of all parents in one statement; none if the answer does not show them."""
    if not wanted or not parents:
        return {}
    return by_parent(rows.filter(**{f"{key}__in": [parent.pk for parent in parents]}), key)


def told(date: PartialDate | None) -> str | None:
    return None if date is None else str(date)


def coarse(date: PartialDate | None) -> PartialDate | None:
    """The date as a reader without names and days sees it: the month at most."""
    if date is None or date.precision != "day":
        return date
    return PartialDate(date.first.replace(day=1), "month")


def interval(row: Any) -> dict[str, str | None]:
    return {"from": told(row.begun), "to": told(row.ended)}


def external_id_row(row: ExternalId) -> dict[str, Any]:
    checked_on = row.checked_on.isoformat() if row.checked_on else None
    return {
        "scheme": row.scheme,
        "value": row.value,
        "release": row.release,
        "checked_on": checked_on,
    }


def name_row(row: Any) -> dict[str, Any]:
    words = {"name": row.name, "kind": row.kind, "language": row.language, "source": row.source}
    return words | interval(row)


def pseudonymised(viewer: Viewer | None, kind: str) -> Callable[[Any], bool]:
    """Is this record read without its free text (role p)? None as viewer: nothing is withheld."""
    contexts = set(coarse_contexts(viewer, kind)) if viewer else set()
    return lambda record: record.context_id in contexts


def days_hidden(record: Any) -> bool:
    """For a pseudonymised record: are its dates shown as months?"""
    return bool(record.level >= COARSE_FROM)
