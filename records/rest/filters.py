"""Filters that a list declares by name; pages and API read them with the same words.

`type=norm,work` any of these · `type__not=norm` none of these · `held_on=2024-01-01..2024-06`
a range, either end open · `next_step__empty=true` has none. A name that is not declared, and a
value that cannot be read, is refused by name: a typing error must not widen a result.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from records.dates import NotADate, PartialDate
from records.fields import has_code
from records.problems import refusal

MOST_VALUES = 200


class Unreadable(ValueError):
    """The value of a filter cannot be read; the message says what to write."""


class Filter(Protocol):
    """`any_of` turns the text into a condition; `empty` is None where nothing can be empty."""

    @property
    def hint(self) -> str: ...

    def any_of(self, text: str, viewer: Any) -> Q: ...

    def empty(self) -> Q | None: ...


@dataclass(frozen=True)
class OneOf:
    """A column that holds one of a list of codes (or numbers)."""

    column: str
    codes: Collection[Any]
    may_be_empty: bool = False

    @property
    def hint(self) -> str:
        return f"Any of: {', '.join(map(str, self.codes))}."

    def any_of(self, text: str, viewer: Any) -> Q:
        return Q(**{f"{self.column}__in": _codes(text, self.codes)})

    def empty(self) -> Q | None:
        return _nothing(self.column) if self.may_be_empty else None


@dataclass(frozen=True)
class Has:
    """A column that holds a list of codes (records.fields.CodesField)."""

    column: str
    codes: Collection[Any] = ()
    hint: str = "Any of the codes in the list."

    def any_of(self, text: str, viewer: Any) -> Q:
        condition = Q(pk__in=[])
        for code in _codes(text, self.codes) if self.codes else _words(text):
            condition |= has_code(self.column, code)
        return condition

    def empty(self) -> Q | None:
        return Q(**{self.column: ""})


@dataclass(frozen=True)
class Ids:
    """A foreign key, one's own or through a join; `may_be_empty` where the key can be null."""

    column: str
    may_be_empty: bool = False
    hint: str = "Any of these ids."

    def any_of(self, text: str, viewer: Any) -> Q:
        return Q(**{f"{self.column}__in": [_uuid(word) for word in _words(text)]})

    def empty(self) -> Q | None:
        return Q(**{f"{self.column}__isnull": True}) if self.may_be_empty else None


@dataclass(frozen=True)
class Days:
    """A date column or a partial date's `<name>_first`; a year or month is a period."""

    column: str
    may_be_empty: bool = False
    hint: str = "A day, month or year, or a range such as 2024-01-01..2024-06-30."

    def any_of(self, text: str, viewer: Any) -> Q:
        first, last = _ends(text, _period)
        return _between(self.column, first and first.first, last and last.last)

    def empty(self) -> Q | None:
        return Q(**{f"{self.column}__isnull": True}) if self.may_be_empty else None


@dataclass(frozen=True)
class Whole:
    """A column of whole numbers: `2`, `0,2`, `1..3`."""

    column: str
    may_be_empty: bool = False
    hint: str = "Whole numbers, or a range such as 1..3."

    def any_of(self, text: str, viewer: Any) -> Q:
        if ".." not in text:
            return Q(**{f"{self.column}__in": [_whole(word) for word in _words(text)]})
        return _between(self.column, *_ends(text, _whole))

    def empty(self) -> Q | None:
        return Q(**{f"{self.column}__isnull": True}) if self.may_be_empty else None


@dataclass(frozen=True)
class YesNo:
    """A yes-no column."""

    column: str
    hint: str = "true or false."

    def any_of(self, text: str, viewer: Any) -> Q:
        return Q(**{self.column: read_flag(text)})

    def empty(self) -> Q | None:
        return None


@dataclass(frozen=True)
class By:
    """A condition of one's own: `condition(words, viewer)`; `nothing` for `__empty`.

    Raise Unreadable for a word that cannot be read. Use it wherever the rights of the viewer
    decide what the filter may see (a join to another guarded record, a coarse date).
    """

    condition: Callable[[list[str], Any], Q]
    nothing: Q | None = None
    hint: str = ""

    def any_of(self, text: str, viewer: Any) -> Q:
        return self.condition(_words(text), viewer)

    def empty(self) -> Q | None:
        return self.nothing


def condition_of(filters: Mapping[str, Filter], told: Mapping[str, str], viewer: Any = None) -> Q:
    """The condition that `told` ({parameter: text}) asks for; Problem (400) naming a bad one."""
    condition = Q()
    for parameter, text in told.items():
        try:
            condition &= _one(filters, parameter, text, viewer)
        except (Unreadable, NotADate) as unreadable:
            raise refusal(parameter, str(unreadable), "bad_parameter") from None
    return condition


def _one(filters: Mapping[str, Filter], parameter: str, text: str, viewer: Any) -> Q:
    name, _, way = parameter.partition("__")
    chosen = filters.get(name)
    if chosen is None or way not in ("", "not", "empty"):
        raise Unreadable(f"There is no filter “{parameter[:60]}” here.")
    if way == "empty":
        nothing = chosen.empty()
        if nothing is None:
            raise Unreadable(f"“{name}” is never empty.")
        return nothing if read_flag(text) else ~nothing
    found = chosen.any_of(text, viewer)
    return ~found if way == "not" else found


def read_flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise Unreadable("Write true or false.")
    return text.lower() == "true"


def read_moment(text: str) -> datetime:
    """A time with its offset ("2026-11-22T09:30:00Z"); Unreadable for anything else."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # a plus sign reads as a blank in a URL
        moment = moment and (None if is_naive(moment) else moment.astimezone(UTC))
    except (ValueError, OverflowError):  # no such day, or none in UTC
        moment = None
    if moment is None:
        raise Unreadable("Write a time with its offset, such as 2026-11-22T09:30:00Z.")
    return moment


def _words(text: str) -> list[str]:
    words = [word.strip() for word in text.split(",")]
    if not all(words) or len(words) > MOST_VALUES or "\x00" in text:
        raise Unreadable(f"Write one value or several with commas, at most {MOST_VALUES}.")
    return words


def _codes(text: str, codes: Collection[Any]) -> list[Any]:
    known = {str(code): code for code in codes}
    words = _words(text)
    if unknown := [word for word in words if word not in known]:
        raise Unreadable(f"“{unknown[0][:40]}” is not on the list. Any of: {', '.join(known)}.")
    return [known[word] for word in words]


def _uuid(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise Unreadable("An id looks like 3f2a90c4-0d6b-4f0e-9a51-7f3f0a3c1b2d.") from None


def _whole(word: str) -> int:
    if not word.removeprefix("-").isdecimal() or not word.isascii() or len(word) > 9:
        raise Unreadable("Write a whole number.")
    return int(word)


def _period(word: str) -> PartialDate:
    return PartialDate.parse(word)


def _ends(text: str, read: Callable[[str], Any]) -> tuple[Any, Any]:
    first, dots, last = text.partition("..")
    if not dots:
        return read(first), read(first)
    if not (first or last):
        raise Unreadable("A range needs one end, such as 2024-01-01.. or ..2024-06-30.")
    return read(first) if first else None, read(last) if last else None


def _between(column: str, first: Any, last: Any) -> Q:
    condition = Q()
    if first is not None:
        condition &= Q(**{f"{column}__gte": first})
    if last is not None:
        condition &= Q(**{f"{column}__lte": last})
    return condition


def _nothing(column: str) -> Q:
    return Q(**{f"{column}__isnull": True}) | Q(**{column: ""})


__all__ = [
    "By",
    "Days",
    "Filter",
    "Has",
    "Ids",
    "OneOf",
    "Unreadable",
    "Whole",
    "YesNo",
    "condition_of",
    "read_flag",
    "read_moment",
]
