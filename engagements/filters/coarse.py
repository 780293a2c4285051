"""Days of records that some viewers are shown by month.

What is shown coarser is filtered and sorted at the coarser value: a filter or an order finer than
the list would be a way to read the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.access import COARSE_FROM, coarse_contexts
from records.dates import PartialDate
from records.rest.filters import Days


@dataclass(frozen=True)
class CoarseDays(Days):
    """A date column: by day, and by month where this viewer reads the record pseudonymised."""

    kind: str = "interaction"

    def any_of(self, text: str, viewer: Any) -> Q:
        exact = super().any_of(text, viewer)
        contexts = coarse_contexts(viewer, self.kind)
        if not contexts:
            return exact
        coarse = Q(context__in=contexts, level__gte=COARSE_FROM)
        return (~coarse & exact) | (coarse & self._by_month(text))

    def _by_month(self, text: str) -> Q:
        """The same range, of the first days of months."""
        first, dots, last = text.partition("..")
        begin, end = _read(first), _read(last) if dots else _read(first)
        condition = Q()
        if begin is not None:
            condition &= Q(**{f"{self.column}__gte": _next_first(begin.first)})
        if end is not None:
            condition &= Q(**{f"{self.column}__lt": _month_after(end.last)})
        return condition


def _read(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _next_first(day: date) -> date:
    """The day itself if a month begins with it, else the next that does."""
    return day if day.day == 1 else _month_after(day)


def _month_after(day: date) -> date:
    if (day.year, day.month) == (date.max.year, 12):
        return date.max
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1, day=1)
