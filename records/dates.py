"""Partial dates: what is known of a day, no more.

Plain Python, so that the method (`scorecards.scoring`) can use it without Django.
A text form follows the precision: "1993", "1993-05", "1993-05-17"; a season is a calendar
quarter, written as its first month ("1993-04") with the precision "season".
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Precision = Literal["day", "month", "season", "year"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

_TEXT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_FIRST_MONTHS_OF_QUARTERS = (1, 4, 7, 10)


class NotADate(ValueError):
    """The text is no date; the message says what to write instead."""


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """The first day of the period that is known, and how long the period is.

    Ordering is by first day, then by precision name: stable, and enough for lists.
    """

    first: date
    precision: Precision = "day"

    @classmethod
    def parse(cls, text: str, precision: Precision | None = None) -> PartialDate:
        """Read "1993", "1993-05" or "1993-05-17"; raise NotADate with a sentence.

        Without `precision` it follows from the text (never "season": say so to get it).
        """
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise NotADate("Write a date as 2024-05-17, or 2024-05 or 2024 if less is known.")
        year, month, day = (int(part) if part else None for part in match.groups())
        told = "year" if month is None else "month" if day is None else "day"
        try:
            first = date(year or 0, month or 1, day or 1)
        except ValueError:
            raise NotADate(
                "There is no such day in the calendar. Check day, month and year."
            ) from None
        return cls(first, told)._narrowed_to(precision or told)  # type: ignore[arg-type]

    def _narrowed_to(self, precision: Precision) -> PartialDate:
        """The same date at the precision asked for; NotADate if that claims more than was told."""
        if PRECISIONS.index(precision) < PRECISIONS.index(self.precision) and not (
            precision == "season" and self.precision == "month"
        ):
            raise NotADate(
                f"This date names a {self.precision}: write it in full or choose that precision."
            )
        first = self.first
        if precision == "year":
            first = first.replace(month=1, day=1)
        elif precision == "season":
            if self.precision == "month" and first.month not in _FIRST_MONTHS_OF_QUARTERS:
                raise NotADate("A season is written as its first month: 01, 04, 07 or 10.")
            first = first.replace(month=3 * ((first.month - 1) // 3) + 1, day=1)
        elif precision == "month":
            first = first.replace(day=1)
        return PartialDate(first, precision)

    def to_month(self) -> PartialDate:
        """The month, where the day is known; else the same."""
        if self.precision == "day":
            return PartialDate(self.first.replace(day=1), "month")
        return self

    @property
    def last(self) -> date:
        """Last day of the period."""
        months = {"day": 0, "month": 1, "season": 3, "year": 12}[self.precision]
        if not months:
            return self.first
        end = self.first.month + months - 1
        return self.first.replace(month=end, day=calendar.monthrange(self.first.year, end)[1])

    @property
    def middle(self) -> date:
        """The day that stands for the period: 1 July, the 15th, or mid-quarter (see 3.2)."""
        if self.precision == "year":
            return self.first.replace(month=7, day=1)
        if self.precision == "season":
            return self.first.replace(month=self.first.month + 1, day=15)
        return self.first.replace(day=15) if self.precision == "month" else self.first

    def stands_for(self, as_of: date) -> date | None:
        """The day that counts at `as_of`: the middle, cut to `as_of`; None if it has not begun.

        Method, section 3.2: a partial date stands for the middle of its period, for the
        as-of date if the period has begun but its middle has not come.
        """
        return None if self.first > as_of else min(self.middle, as_of)

    def __str__(self) -> str:
        text = self.first.isoformat()
        return {"day": text, "month": text[:7], "season": text[:7], "year": text[:4]}[
            self.precision
        ]
