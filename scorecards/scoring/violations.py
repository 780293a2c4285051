"""The violations panel (section 2.7): what happened, shown beside the index and never netted.

Counts, rates and trends over the incidents of one dossier and the effort spent on watching its
armed group. More watching finds more: without effort there are counts and no rate. Give every
function the facts of one clearance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from scorecards.scoring.evidence import day_of, window_start, within
from scorecards.scoring.facts import IncidentFact, ObservationFact
from scorecards.scoring.method import TOLERANCE

Trend = Literal["falling", "rising", "no_clear_trend"]
Reading = Literal[
    "high_falling", "high_rising", "low_falling", "low_rising",
    "no_clear_trend", "index_not_available", "no_effort",
]  # fmt: skip

COUNTED = frozenset({"credible", "verified"})
# By top or senior command (L1, L2): a lower commander's own order is coded as an individual act.
ORDERED = "ordered"
PATTERN_MONTHS = 12
PATTERN_INCIDENTS = 3
PERIOD_MONTHS = 12
PRIOR = 0.5  # Jeffreys' half incident, so that a period without any has a rate all the same
SURE = 0.8
HIGH_INDEX = 50


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def has(self, day: date | None) -> bool:
        """Whether the day lies in the period."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Periods:
    """What is compared: an older period and a newer one."""

    older: Period
    newer: Period

    @classmethod
    def usual(cls, as_of: date) -> Periods:
        """The 12 months before the last 12, and the last 12 (section 2.7).

        >>> usual = Periods.usual(date(2026, 11, 22))
        >>> usual.newer.first.isoformat(), usual.older.first.isoformat()
        ('2025-11-22', '2024-11-22')
        """
        start = window_start(as_of, PERIOD_MONTHS)
        before = window_start(as_of, 2 * PERIOD_MONTHS)
        return cls(Period(before, start - timedelta(days=1)), Period(start, as_of))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Incidents that count in two periods, per location-month watched (section 2.7).

    Rates are None where nobody watched. `probability_lower` is the probability that the newer
    rate is the lower one; it and `trend` are None unless both periods were watched.
    """

    incidents_older: int
    incidents_newer: int
    rate_older: float | None
    rate_newer: float | None
    probability_lower: float | None
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Incidents in numbers: by standard of proof, by attribution, by the group's response."""

    standards: Mapping[str, int]
    attributions: Mapping[str, int]
    responses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of violation: counted in all, by quarter (its first day), and compared."""

    category: str
    counts: Counts
    quarters: Mapping[date, Counts]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Sign:
    """What makes a category a pattern: how many in the last 12 months, and how many ordered."""

    category: str
    incidents: int
    ordered: int


@dataclass(frozen=True, slots=True)
class Effort:
    """Location-months watched, in each period and by quarter (its first day)."""

    older: float
    newer: float
    quarters: Mapping[date, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything of the panel at a date and, for the trends, in two periods."""

    periods: Periods
    pattern: tuple[Sign, ...]
    categories: tuple[Category, ...]
    overall: Comparison
    effort: Effort


def violations_panel(
    incidents: Iterable[IncidentFact],
    observations: Iterable[ObservationFact],
    as_of: date,
    periods: Periods | None = None,
) -> Panel:
    """The panel at a date; what had not happened by then is left out.

    A partial date stands for the middle of its period (section 3.2), a quarter of watching too.
    """
    periods = periods or Periods.usual(as_of)
    known = [row for row in incidents if day_of(row.date, as_of) is not None]
    effort = _effort(observations, periods, as_of)
    by_category: dict[str, list[IncidentFact]] = {}
    for row in known:
        by_category.setdefault(row.category, []).append(row)
    return Panel(
        periods=periods,
        pattern=signs_of_pattern(known, as_of),
        categories=tuple(
            Category(
                name,
                _counts(rows),
                _by_quarter(rows, as_of),
                _compared(rows, effort, periods, as_of),
            )
            for name, rows in sorted(by_category.items())
        ),
        overall=_compared(known, effort, periods, as_of),
        effort=effort,
    )


def is_pattern(incidents: Iterable[IncidentFact], as_of: date) -> bool:
    """Whether the last 12 months show a pattern (section 2.7).

    Three credible or verified incidents of one category, or one of them ordered. The window
    includes both ends; a partial date stands for the middle of its period (section 3.2).
    """
    return bool(signs_of_pattern(incidents, as_of))


def signs_of_pattern(incidents: Iterable[IncidentFact], as_of: date) -> tuple[Sign, ...]:
    """The categories that make the last 12 months a pattern, by their code."""
    counted = [row for row in incidents if row.standard in COUNTED]
    recent = list(within(counted, as_of, PATTERN_MONTHS))
    number = Counter(row.category for row in recent)
    ordered = Counter(row.category for row in recent if row.attribution == ORDERED)
    return tuple(
        Sign(name, number[name], ordered[name])
        for name in sorted(number)
        if number[name] >= PATTERN_INCIDENTS or ordered[name]
    )


def rate(incidents: int, effort: float) -> float | None:
    """(n + .5) / effort: incidents per location-month watched; None if nobody watched (2.7).

    >>> rate(2, 20)
    0.125
    >>> rate(2, 0)
    """
    return (incidents + PRIOR) / effort if effort > 0 else None


@lru_cache(maxsize=4096)  # the same numbers come back at every clearance, and day after day
def probability_lower(older: int, effort_older: float, newer: int, effort_newer: float) -> float:
    """The probability that the newer rate is lower than the older one (section 2.7).

    BetaCDF(e2 / (e1 + e2); n2 + .5, n1 + .5). Both efforts are above 0.

    >>> round(probability_lower(6, 24, 2, 20), 3)
    0.879
    """
    from mpmath import betainc  # only a register with effort needs it, and every start would pay

    x = effort_newer / (effort_older + effort_newer)
    return float(betainc(newer + PRIOR, older + PRIOR, 0, x, regularized=True))


def trend_of(probability: float) -> Trend:
    """Falling from .80 on, rising up to .20, else no clear trend; limits included (2.7).

    >>> trend_of(0.8), trend_of(0.2), trend_of(0.5)
    ('falling', 'rising', 'no_clear_trend')
    """
    if probability >= SURE - TOLERANCE:
        return "falling"
    return "rising" if probability <= 1 - SURE + TOLERANCE else "no_clear_trend"


def reading_of(index: float | None, trend: Trend | None) -> Reading:
    """The four-cell reading: index high (50 or more) or low, and what the rate does (2.7).

    Without effort, without a clear trend or without an index there is no cell, and the word says
    which of these is missing.

    >>> reading_of(50, "rising"), reading_of(None, "rising")
    ('high_rising', 'index_not_available')
    """
    if trend is None:
        return "no_effort"
    if trend == "no_clear_trend":
        return "no_clear_trend"
    if index is None:
        return "index_not_available"
    high = index >= HIGH_INDEX - TOLERANCE
    if trend == "falling":
        return "high_falling" if high else "low_falling"
    return "high_rising" if high else "low_rising"


def by_month(incidents: Iterable[IncidentFact], from_level: int) -> tuple[IncidentFact, ...]:
    """The incidents as a reader of months knows them: no days from this level up.

    What is worked out from these moves at the middle of a month, never on the day of an incident.
    """
    return tuple(
        replace(row, date=row.date.to_month()) if row.level >= from_level else row
        for row in incidents
    )


def quarter_of(day: date) -> date:
    """First day of the calendar quarter.

    >>> quarter_of(date(2026, 11, 22)).isoformat()
    '2026-10-01'
    """
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _effort(rows: Iterable[ObservationFact], periods: Periods, as_of: date) -> Effort:
    dated = [(row, day_of(row.date, as_of)) for row in rows]
    begun = [(row, day) for row, day in dated if day is not None]
    quarters: dict[date, float] = {}
    for row, _ in sorted(begun, key=lambda pair: (pair[0].date, pair[0].location_months)):
        first = row.date.first
        quarters[first] = quarters.get(first, 0.0) + row.location_months

    def watched(period: Period) -> float:
        # Sorted, so that the order in which facts are read never shows in the last digit.
        return sum(sorted(row.location_months for row, day in begun if period.has(day)))

    return Effort(watched(periods.older), watched(periods.newer), quarters)


def _compared(
    rows: Iterable[IncidentFact], effort: Effort, periods: Periods, as_of: date
) -> Comparison:
    days = [day_of(row.date, as_of) for row in rows if row.standard in COUNTED]
    older = sum(periods.older.has(day) for day in days)
    newer = sum(periods.newer.has(day) for day in days)
    lower = None
    if effort.older > 0 and effort.newer > 0:
        lower = probability_lower(older, effort.older, newer, effort.newer)
    return Comparison(
        incidents_older=older,
        incidents_newer=newer,
        rate_older=rate(older, effort.older),
        rate_newer=rate(newer, effort.newer),
        probability_lower=lower,
        trend=None if lower is None else trend_of(lower),
    )


def _counts(rows: Sequence[IncidentFact]) -> Counts:
    def tally(of: Callable[[IncidentFact], str]) -> dict[str, int]:
        return dict(sorted(Counter(of(row) for row in rows).items()))

    return Counts(
        standards=tally(lambda row: row.standard),
        attributions=tally(lambda row: row.attribution),
        responses=tally(lambda row: row.response),
    )


def _by_quarter(rows: Iterable[IncidentFact], as_of: date) -> dict[date, Counts]:
    """A date of which only the year is known stands in the quarter of its middle."""
    found: dict[date, list[IncidentFact]] = {}
    for row in rows:
        day = day_of(row.date, as_of)
        if day is not None:
            found.setdefault(quarter_of(day), []).append(row)
    return {first: _counts(found[first]) for first in sorted(found)}
