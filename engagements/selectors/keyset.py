"""One page of a list by its place, not by its number: nothing is counted off, nothing jumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable

from records.problems import Problem
from records.rest.cursors import Place, read_cursor, write_cursor

PAGE = 50
COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """Rows, and the places before and after them as cursors (None at either end)."""

    rows: Sequence[Any]
    before: str | None
    after: str | None


def leaf_of(
    rows: QuerySet[Any],
    *,
    sort: Combinable,
    name: str,
    cursor: str = "",
    descending: bool = True,
) -> Leaf:
    """The rows from the cursor on, ordered by `sort` and id; a cursor that is none starts anew."""
    place = _place(cursor, name)
    backward = place is not None and place.backward
    down = descending != backward
    found = _found(rows.annotate(sort_key=sort), place, down)
    taken = list(found[: PAGE + 1])
    more, taken = len(taken) > PAGE, taken[:PAGE]
    if backward:
        taken.reverse()
    before = more if backward else place is not None
    after = backward or more
    return Leaf(
        taken,
        _cursor(taken[0], name, backward=True) if before and taken else None,
        _cursor(taken[-1], name, backward=False) if after and taken else None,
    )


def _found(rows: QuerySet[Any], place: Place | None, down: bool) -> QuerySet[Any]:
    if place is not None:
        way = "lt" if down else "gt"
        # The first half alone would do, but it is what lets an index find the place.
        rows = rows.filter(
            Q(**{f"sort_key__{way}e": place.value})
            & (Q(**{f"sort_key__{way}": place.value}) | Q(**{f"pk__{way}": place.id}))
        )
    sign = "-" if down else ""
    return rows.order_by(f"{sign}sort_key", f"{sign}pk")


def _place(cursor: str, name: str) -> Place | None:
    try:
        return read_cursor(cursor, bound_to=name) if cursor else None
    except Problem:
        return None


def _cursor(row: Any, name: str, *, backward: bool) -> str:
    return write_cursor(Place(row.sort_key, row.pk, backward), bound_to=name)


def count_words(rows: QuerySet[Any], noun: str) -> str:
    """ "412 meetings", exact up to 10,000 and "more than 10,000" above."""
    number = rows.order_by()[: COUNTED + 1].count()
    if number > COUNTED:
        return f"more than {COUNTED:,} {noun}s"
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
