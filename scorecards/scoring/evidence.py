"""How far evidence counts: reliability, independence, age, and which rating is in force.

Sections 0, 1.7, 2.3 and 3.2 of the method.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from records.dates import PartialDate
from scorecards.scoring.facts import EvidenceFact, RatingFact
from scorecards.scoring.method import TOLERANCE, Grades, Method

DAYS_PER_MONTH = 30.4375


class Dated(Protocol):
    """A fact with a partial date."""

    @property
    def date(self) -> PartialDate: ...


Fact = TypeVar("Fact", bound=Dated)


def combined(evidence: Iterable[EvidenceFact], grades: Grades) -> float:
    """Reliability of several pieces of evidence: r = 1 - prod(1 - r_i) (section 1.7).

    Copies of one origin count once, with the best grade; withdrawn pieces do not count.

    >>> from scorecards.scoring.method import Method
    >>> two = [EvidenceFact("meeting", "B2", 2), EvidenceFact("report", "B2", 2)]
    >>> round(combined(two, Method.default().grades), 4)  # 1 - .36 x .36
    0.8704
    """
    best: dict[str, float] = {}
    for piece in evidence:
        if not piece.withdrawn:
            r = grades.reliability[piece.grade]
            best[piece.origin] = max(r, best.get(piece.origin, 0.0))
    # Sorted, so that the order in which facts are read never shows in the last digit.
    return 1 - math.prod(sorted(1 - r for r in best.values()))


def months_between(earlier: date, later: date) -> float:
    """Months = days / 30.4375 (section 0).

    >>> months_between(date(2022, 1, 1), date(2026, 1, 1))
    48.0
    """
    return (later - earlier).days / DAYS_PER_MONTH


def fade(reliability: float, *, age: float, half_life: float) -> float:
    """Weight left in a piece of evidence that is `age` months old: r * 0.5^(age/h) (2.3, 3.3).

    >>> fade(0.64, age=36, half_life=36)
    0.32
    """
    return reliability * math.pow(0.5, age / half_life)


def window_start(as_of: date, months: float) -> date:
    """First day of the window of the last `months` months, both ends included (section 0).

    >>> window_start(date(2026, 1, 1), 48)
    datetime.date(2022, 1, 1)
    """
    days = math.floor((months + TOLERANCE) * DAYS_PER_MONTH)
    return as_of - timedelta(days=min(days, (as_of - date.min).days))


def within(facts: Iterable[Fact], as_of: date, months: float) -> Iterator[Fact]:
    """Facts of the last `months` months; a partial date stands for its middle (section 3.2)."""
    start = window_start(as_of, months)
    for fact in facts:
        day = day_of(fact.date, as_of)
        if day is not None and day >= start:
            yield fact


def day_of(when: PartialDate, as_of: date) -> date | None:
    """`when.stands_for(as_of)`, with the common case first: a register's dates are mostly days."""
    if when.precision == "day":
        return when.first if when.first <= as_of else None
    return when.stands_for(as_of)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on file for one criterion: the rating in force, and withdrawn ones still shown."""

    in_force: RatingFact | None
    withdrawn: tuple[RatingFact, ...]


def standing_ratings(
    ratings: Iterable[RatingFact], as_of: date, method: Method
) -> dict[str, Standing]:
    """Per criterion the rating in force at `as_of` (section 0).

    The latest final rating counts, by the assessment's date, then by its finalisation; "na"
    replaces what stood before. A rating whose linked evidence is all withdrawn leaves the sum
    and the newest earlier one counts again. Left out: assessments and observations dated after
    `as_of`, criteria the method does not know, and "na" where a criterion does not allow it
    (it would raise the coverage of a criterion that nobody looked at).
    """
    found: dict[str, list[RatingFact]] = {}
    for rating in ratings:
        if _counts(rating, as_of, method):
            found.setdefault(rating.criterion, []).append(rating)
    return {criterion: _standing(rows) for criterion, rows in found.items()}


def observed(rating: RatingFact) -> PartialDate:
    """The day a rating ages from: when it was observed, else its assessment's date."""
    return rating.observed_on or PartialDate(rating.as_of)


def rating_reliability(rating: RatingFact, grades: Grades) -> float:
    """r of a rating: combined from the evidence linked to it, else from its own grade."""
    return (
        combined(rating.evidence, grades) if rating.evidence else grades.reliability[rating.grade]
    )


def _counts(rating: RatingFact, as_of: date, method: Method) -> bool:
    criterion = method.integration.criterion.get(rating.criterion)
    if criterion is None or (rating.rating == "na" and not criterion.na_allowed):
        return False
    first_day = rating.observed_on.first if rating.observed_on else rating.as_of
    return rating.as_of <= as_of and first_day <= as_of


def _standing(rows: Iterable[RatingFact]) -> Standing:
    withdrawn, in_force = [], None
    for row in sorted(rows, key=_order, reverse=True):
        if _is_withdrawn(row):
            withdrawn.append(row)
        elif in_force is None:
            in_force = row
    return Standing(in_force, tuple(withdrawn))


def _is_withdrawn(rating: RatingFact) -> bool:
    return bool(rating.evidence) and all(piece.withdrawn for piece in rating.evidence)


def _order(rating: RatingFact) -> tuple[date, str, str, str]:
    # Date and finalisation decide; the rest makes the order total, so that facts may come in any.
    return (rating.as_of, rating.finalised, rating.source.id, f"{rating.rating} {rating.grade}")
