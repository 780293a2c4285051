"""The two worked examples of the method (2.8 and 3.5), as facts for the code that scores dossiers.

A month is 30.4375 days, so that of all round ages only multiples of 48 months are whole days. Where
an example has a fact exactly one half-life old, half-life and age are 48 months here, and the year
of example B is four with half-lives four times as long: every ratio, and so every figure, is as
printed. What an example does not fix (grades, lambda, kappa, rho, weights) is the method's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from records.dates import PartialDate
from scorecards.scoring.conduciveness import Conduciveness, conduciveness
from scorecards.scoring.facts import DossierFacts, RatingFact, ReadingFact, Source, StateFact
from scorecards.scoring.integration import Integration, integration
from scorecards.scoring.method import Method

DAY = date(2026, 1, 1)
FOUR_YEARS = timedelta(days=1461)
LONG = 48  # months: exactly FOUR_YEARS
TIMES = 4  # how much slower example B runs here

# 2.8: criterion, rating, grade, age. D4 and S3 are asked and not assessed.
_A = (
    ("D1", 2, "B2", FOUR_YEARS),
    ("D2", 1, "A1", timedelta()),
    ("D3", 1, "A1", timedelta()),
    ("Te1", 3, "B1", timedelta()),
    ("Te2", 4, "A1", FOUR_YEARS),
    ("Tt1", 2, "B2", timedelta()),
    ("E1", 4, "A1", timedelta()),
    ("E2", 2, "B2", FOUR_YEARS),
    ("S1", 1, "A1", timedelta()),
    ("S2", 0, "B2", timedelta()),
)
_A_ASKED = frozenset({"D4", "S3"} | {row[0] for row in _A})

# 3.5: factor, rating, grade; half-lives in months before they are slowed down.
B_BEFORE = (("NG1", 3, "B2"), ("GR4", 1, "A1"), ("GR4", 3, "C3"), ("QI1", 3, "A2"))
B_SINCE = (("GR4", 4, "A1"), ("QI1", 2, "A2"))
# Intensity then and a year later: code and u.
B_INTENSITY = {"I2": 0.4, "I1": 0.8}
B_HALF_LIVES = {"EN1": None, "NG1": 24, "GR4": 12, "QI1": 6}


def example_a(method: Method) -> Integration:
    """Ten ratings on twelve criteria, as section 2.8 has them."""
    ratings = tuple(
        RatingFact(
            criterion=criterion,
            rating=value,
            grade=grade,
            observed_on=PartialDate(DAY - age),
            as_of=DAY,
            finalised=DAY.isoformat(),
            level=1,
            source=Source("assessment", "example A"),
        )
        for criterion, value, grade, age in _A
    )
    return integration(DossierFacts("GEN", ratings=ratings), DAY, _reduced(method))


def _reduced(method: Method) -> Method:
    plain = method.to_dict()
    card = plain["integration"]
    card["criteria"] = [one for one in card["criteria"] if one["code"] in _A_ASKED]
    card["dimensions"] = [{**one, "half_life": LONG} for one in card["dimensions"]]
    return Method.from_dict(plain)


@dataclass(frozen=True, slots=True)
class ExampleB:
    """Before, the same facts aged, and after with the new facts (section 3.5)."""

    before: Conduciveness
    aged: Conduciveness
    after: Conduciveness


def example_b(method: Method) -> ExampleB:
    """Four factors, one year apart."""
    slowed, later = _four_factors(method), DAY + FOUR_YEARS
    old = tuple(_reading(*row, DAY) for row in B_BEFORE)
    new = tuple(_reading(*row, later) for row in B_SINCE)
    war, calm = (_intensity(code, day) for code, day in zip(B_INTENSITY, (DAY, later), strict=True))
    first = DossierFacts("GEN", readings=old, states=(war,))
    both = DossierFacts("GEN", readings=old + new, states=(war, calm))
    return ExampleB(
        before=conduciveness(first, DAY, slowed),
        aged=conduciveness(first, later, slowed),
        after=conduciveness(both, later, slowed),
    )


def _reading(factor: str, rating: int, grade: str, day: date) -> ReadingFact:
    source = Source("interaction", f"{factor} {grade} {day}")
    return ReadingFact(factor, rating, grade, PartialDate(day), 1, source)


def _intensity(value: str, day: date) -> StateFact:
    source = Source("context_fact", value)
    return StateFact("intensity", value, PartialDate(day), None, "A1", 1, source)


def _four_factors(method: Method) -> Method:
    """Weight on the example's factors alone, one in each bundle, and EN1 of strength 2."""
    plain = method.to_dict()
    success = plain["conduciveness"]
    success["factors"] = [_slowed(one) for one in success["factors"]]
    computed = success["computed"]
    computed["state_strength"], computed["record_months"] = 2, TIMES * 15
    computed["intensity"] = {**computed["intensity"], **B_INTENSITY}
    return Method.from_dict(plain)


def _slowed(rule: Mapping[str, Any]) -> dict[str, Any]:
    if rule["code"] not in B_HALF_LIVES:
        return {**rule, "weight": 0}
    half_life = B_HALF_LIVES[rule["code"]]
    return {**rule, "weight": 1, "half_life": half_life and TIMES * half_life}
