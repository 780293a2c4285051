"""Worked example B of section 3.5.

Twelve months are no whole number of days, 48 are: all half-lives and the time between the two
dates are four times the example's, which leaves every ratio and so every figure as printed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from records.dates import PartialDate
from scorecards.scoring.conduciveness import Conduciveness, certainty, conduciveness
from scorecards.scoring.facts import DossierFacts, ReadingFact, StateFact
from tests.scoring.cases import AS_OF, facts, source, with_only

T0, T1 = AS_OF, AS_OF + timedelta(days=1461)
METHOD = with_only({"EN1": None, "NG1": 4 * 24, "GR4": 4 * 12, "QI1": 4 * 6})


def with_state_weight_two():
    plain = METHOD.to_dict()
    computed = plain["conduciveness"]["computed"]
    computed["state_strength"], computed["record_months"] = 2, 60
    return METHOD.from_dict(plain)


FIXED = with_state_weight_two()


def told(factor: str, value: int, grade: str, day) -> ReadingFact:
    return ReadingFact(factor, value, grade, PartialDate(day), 3, source(f"{factor}{grade}{day}"))


def intensity(value: str, day) -> StateFact:
    return StateFact("intensity", value, PartialDate(day), None, "A1", 1, source(value))


AT_T0 = [
    told("NG1", 3, "B2", T0),
    told("GR4", 1, "A1", T0),
    told("GR4", 3, "C3", T0),
    told("QI1", 3, "A2", T0),
]
SINCE = [told("GR4", 4, "A1", T1), told("QI1", 2, "A2", T1)]
BEFORE = facts(readings=AT_T0, states=[intensity("I2", T0)])
AFTER = facts(readings=AT_T0 + SINCE, states=[intensity("I2", T0), intensity("I1", T1)])


def scored(which: DossierFacts, day) -> Conduciveness:
    return conduciveness(which, day, FIXED)


def part(result: Conduciveness, factor: str):
    return next(one for one in result.factors if one.factor == factor)


def test_the_four_factors_weigh_what_the_example_says():
    weights = {one.factor: one.weight for one in scored(BEFORE, T0).factors if one.weight}
    assert weights == pytest.approx({"EN1": 0.20, "NG1": 0.20, "GR4": 0.35, "QI1": 0.25})


@pytest.mark.parametrize(
    ("factor", "mean0", "sd0", "aged", "mean1", "sd1", "contribution"),
    [
        ("EN1", 0.4500, 0.2225, 0.4500, 0.6500, 0.2133, 3.000),
        ("NG1", 0.5606, 0.2601, 0.5461, 0.5461, 0.2679, 0.923),
        ("GR4", 0.4497, 0.2391, 0.4686, 0.6136, 0.2254, 3.975),
        ("QI1", 0.5714, 0.2539, 0.5227, 0.5167, 0.2499, 0.417),
    ],
)
def test_each_factor_as_printed(factor, mean0, sd0, aged, mean1, sd1, contribution):
    before, after = part(scored(BEFORE, T0), factor), part(scored(AFTER, T1), factor)
    assert (round(before.mean, 4), round(before.sd, 4)) == (mean0, sd0)
    assert round(part(scored(BEFORE, T1), factor).mean, 4) == aged
    assert (round(after.mean, 4), round(after.sd, 4)) == (mean1, sd1)
    assert round(after.contribution, 3) == contribution


def test_the_score_before():
    result = scored(BEFORE, T0)
    assert (round(result.score, 2), round(result.sd, 2)) == (50.24, 16.97)
    assert (round(result.low, 1), round(result.high, 1)) == (22.3, 78.2)


def test_the_score_aged_without_new_facts():
    assert round(scored(BEFORE, T1).score, 2) == 49.39


def test_the_score_after_to_four_decimals():
    result = scored(AFTER, T1)
    assert (round(result.score, 4), round(result.sd, 4)) == (58.3144, 16.5266)
    assert (round(result.low, 4), round(result.high, 4)) == (31.1280, 85.5007)
    assert round(part(result, "GR4").contribution, 4) == 3.9751


def test_the_move_is_ageing_and_new_facts():
    before, aged, after = scored(BEFORE, T0), scored(BEFORE, T1), scored(AFTER, T1)
    assert round(after.score - before.score, 2) == 8.08
    assert round(aged.score - before.score, 2) == -0.85
    assert round(after.score - aged.score, 2) == 8.92


def test_seven_facts_carry_no_direction_word_yet():
    result = scored(AFTER, T1)
    assert round(certainty(result.score, result.sd), 2) == 0.69
    assert result.direction is None
