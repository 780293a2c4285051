"""Where the sample's ids and chances come from: the same seed gives the same register for a day."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any
from uuid import UUID, uuid5

from records.dates import PartialDate

SEED = 1
DAYS_A_MONTH = 30.4375  # as the method counts months
REGISTER_AGE = 40  # months that the fictitious contexts have been in it
_SPACE = UUID("5f0c9a52-6d0e-4c0b-9a53-7f1f6c1d2b60")


def fixed_id(*key: object) -> UUID:
    """The id of the sample's record of this name: what is there already is found by it."""
    return uuid5(_SPACE, ":".join(map(str, (SEED, *key))))


def chance(*key: object) -> Random:
    """A stream of chances of its own for each name, so that one more draw shifts no other."""
    return Random(":".join(map(str, (SEED, *key))))


@cache
def data(name: str) -> dict[str, Any]:
    """One of the sample's data files."""
    text = files("engagements.samples").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def months_before(today: date, months: float) -> date:
    """The day this many months before `today`; after it where `months` is negative."""
    return today - timedelta(days=round(months * DAYS_A_MONTH))


def partial(text: str, precision: Any = None) -> PartialDate | None:
    """A partial date as the data files write it; "" is not known."""
    return PartialDate.parse(text, precision) if text else None


def entered_on(day: date, today: date, *, hours: int = 0) -> datetime:
    """When a record about that day was entered: not before the register began, and not after
    the last midnight, so that nothing in it lies ahead.
    """
    began, ended = noon(months_before(today, REGISTER_AGE)), noon(today, hours=-12)
    return min(max(noon(day, hours=hours), began), ended)


def noon(day: date, *, hours: int = 0) -> datetime:
    """A moment of that day: when a record of the past was written down."""
    return datetime.combine(day, time(12), UTC) + timedelta(hours=hours)
