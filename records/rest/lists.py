"""One page of a list: parameters, keyset, tombstones, count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from records.models import RecordVersion
from records.problems import refusal
from records.rest.cursors import Place, read_cursor, write_cursor
from records.rest.filters import Unreadable, condition_of, read_flag, read_moment
from records.rest.resources import Resource
from records.rest.shapes import Shape, shape_of

DEFAULT_LIMIT = 50
SHAPE = ("fields", "omit", "brief")
OWN = (*SHAPE, "limit", "cursor", "ordering", "count", "updated_since")


@dataclass(frozen=True, slots=True)
class Gone:
    """What is left of a record that the viewer could see and no longer can, for any reason."""

    pk: UUID
    sort_key: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a list, read and checked."""

    condition: Q
    shape: Shape
    limit: int
    order: str
    place: Place | None
    count: bool
    since: datetime | None

    @property
    def descending(self) -> bool:
        return self.order.startswith("-")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows (records or Gone) and the places before and after them, as cursors."""

    rows: list[Any]
    previous: str | None
    next: str | None
    count: int | None

    @property
    def records(self) -> list[Any]:
        return [row for row in self.rows if not isinstance(row, Gone)]


def asked(resource: Resource, told: Mapping[str, str], viewer: Any) -> Asked:
    """Read the parameters; Problem (400) naming the first that is unknown or malformed."""
    filters = {name: text for name, text in told.items() if name not in OWN}
    since = _read("updated_since", told, read_moment)
    order = _order(resource, told, since, viewer)
    cursor = told.get("cursor")
    return Asked(
        condition=condition_of(resource.filters, filters, viewer),
        shape=shape_of(told, fields=resource.fields, brief=resource.brief),
        limit=_limit(told.get("limit"), resource.most),
        order=order,
        place=read_cursor(cursor, bound_to=_bound(resource, order)) if cursor else None,
        count=bool(_read("count", told, read_flag)),
        since=since,
    )


def page_of(resource: Resource, viewer: Any, ask: Asked, words: str | None = None) -> Page:
    """The page that was asked for: two or three statements, whatever the size of the history."""
    rows = resource.scope(viewer).filter(ask.condition)
    if words is not None:
        rows = resource.search(rows, words, viewer)
    rows = rows.annotate(sort_key=_key(resource, viewer, ask))
    if ask.since is not None:
        rows = rows.filter(sort_key__gte=ask.since)
    found = _slice(rows, ask, "pk")
    if ask.since is not None:
        gone = _slice(_gone(resource, viewer, ask.since), ask, "record")
        found = _merged(found, [Gone(row["record"], row["sort_key"]) for row in gone], ask)
    return _page(resource, ask, found, rows.count() if ask.count else None)


def _key(resource: Resource, viewer: Any, ask: Asked) -> Any:
    if ask.since is not None:
        return resource.changed_at(viewer)
    key = resource.orders(viewer)[ask.order.removeprefix("-")]
    return F(key) if isinstance(key, str) else key


def _slice(rows: QuerySet[Any], ask: Asked, id_column: str) -> list[Any]:
    """One row more than asked for, from the place on, in walking direction."""
    down = ask.descending != _backward(ask)
    if ask.place is not None:
        way = "lt" if down else "gt"
        value, row = ask.place.value, ask.place.id
        # The first half alone would do, but it is what lets the index find the place.
        rows = rows.filter(
            Q(**{f"sort_key__{way}e": value})
            & (Q(**{f"sort_key__{way}": value}) | Q(**{f"{id_column}__{way}": row}))
        )
    sign = "-" if down else ""
    return list(rows.order_by(f"{sign}sort_key", f"{sign}{id_column}")[: ask.limit + 1])


def _gone(resource: Resource, viewer: Any, since: datetime) -> QuerySet[Any]:
    """Records that the viewer could read in a version replaced since, and cannot read now.

    The moment is that of the replacement: later changes, out of the viewer's sight, say nothing.
    """
    return (
        RecordVersion.objects.filter(
            resource.was_visible(viewer), kind=resource.kind, replaced_at__gte=since
        )
        .exclude(record__in=resource.scope(viewer).values("pk"))
        .values("record")
        .annotate(sort_key=Max("replaced_at"))
    )


def _merged(found: list[Any], gone: list[Gone], ask: Asked) -> list[Any]:
    rows = [*found, *gone]
    rows.sort(key=lambda row: (row.sort_key, row.pk), reverse=ask.descending != _backward(ask))
    return rows[: ask.limit + 1]


def _page(resource: Resource, ask: Asked, found: list[Any], count: int | None) -> Page:
    more, rows = len(found) > ask.limit, found[: ask.limit]
    if _backward(ask):
        rows.reverse()
    before = (more if _backward(ask) else ask.place is not None) and bool(rows)
    after = (_backward(ask) or more) and bool(rows)
    bound = _bound(resource, ask.order)
    return Page(
        rows,
        write_cursor(Place(rows[0].sort_key, rows[0].pk, True), bound_to=bound) if before else None,
        write_cursor(Place(rows[-1].sort_key, rows[-1].pk), bound_to=bound) if after else None,
        count,
    )


def _backward(ask: Asked) -> bool:
    return ask.place is not None and ask.place.backward


def _bound(resource: Resource, order: str) -> str:
    return f"{resource.name} {order}"


def _order(resource: Resource, told: Mapping[str, str], since: datetime | None, viewer: Any) -> str:
    order = told.get("ordering", "updated_at" if since is not None else resource.ordering)
    known = ["updated_at"] if since is not None else list(resource.orders(viewer))
    if order.removeprefix("-") not in known:
        sentence = f"This list is ordered by {', '.join(known)}, each also with a minus in front."
        raise refusal("ordering", sentence, "bad_parameter")
    return order


def _limit(text: str | None, most: int) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= most):
        raise refusal("limit", f"Write a whole number from 1 to {most}.", "bad_parameter")
    return int(text)


def _read(parameter: str, told: Mapping[str, str], read: Any) -> Any:
    if parameter not in told:
        return None
    try:
        return read(told[parameter])
    except Unreadable as unreadable:
        raise refusal(parameter, str(unreadable), "bad_parameter") from None
