"""Sections 3.1 and 3.3: weights, formula, spread, direction words, hypotheses, evidence rows."""

from __future__ import annotations

import math

import pytest

from scorecards.scoring.conduciveness import conduciveness, direction_of, posterior, spread
from tests.scoring.cases import AS_OF, METHOD, altered, facts, meeting, reading, with_only

RULES = METHOD.conduciveness
JUDGED_KEYS = {
    "factor",
    "kind",
    "u",
    "reliability",
    "age_months",
    "half_life",
    "w",
    "grade",
    "observed_on",
    "source",
    "basis",
}


def scored(*readings, method=METHOD):
    return conduciveness(facts(readings=list(readings)), AS_OF, method)


def part(result, factor: str):
    return next(one for one in result.factors if one.factor == factor)


def test_there_are_31_factors_and_two_of_them_weigh_nothing():
    assert len(RULES.factors) == 31
    assert [one.code for one in RULES.factors if not one.weight] == ["EN0", "GR0"]


@pytest.mark.parametrize(
    ("bundle", "weight", "factors"),
    [
        ("environment", 0.20, 6),
        ("ngo", 0.20, 6),
        ("armed_group", 0.35, 11),
        ("interaction", 0.25, 6),
    ],
)
def test_bundles_share_their_weight_equally(bundle, weight, factors):
    inside = [one.weight for one in scored().factors if one.bundle == bundle and one.weight]
    assert len(inside) == factors
    assert inside == pytest.approx([weight / factors] * factors)


@pytest.mark.parametrize(
    ("months", "factors"),
    [
        (6, {"NG4", "NG5", "QI1", "QI3"}),
        (12, {"EN6", "EN0", "NG6", "GR3", "GR4", "GR7", "GR9", "GR11"}),
        (24, {"NG1", "NG2", "GR2", "GR6", "GR8", "GR0"}),
        (36, {"GR1"}),
    ],
)
def test_the_half_life_of_each_judged_factor(months, factors):
    assert {one.code for one in RULES.factors if one.half_life == months} == factors


@pytest.mark.parametrize(
    ("hypothesis", "factors"),
    [
        ("H1", {"EN1", "EN2", "EN3", "EN4", "EN6", "GR6", "GR7", "GR9", "GR10", "GR11"}),
        ("H2", {"GR1", "GR2", "GR3"}),
        ("H3", {"NG1", "NG2", "NG3", "GR8"}),
        ("H4", {"NG4", "NG5"}),
        ("H5", {"EN4", "NG1", "NG6", "QI3"}),
        ("H6", {"EN5", "QI4", "QI5"}),
    ],
)
def test_the_factors_behind_each_hypothesis(hypothesis, factors):
    assert {one.code for one in RULES.factors if hypothesis in one.hypotheses} == factors


def test_the_shipped_kappa_rho_confidence_and_cap():
    assert (RULES.kappa, RULES.rho, RULES.confidence) == (2, 0.3, 0.8)
    assert (RULES.z, RULES.cap, RULES.blocking_grade) == (1.645, 40, "B2")


def test_without_evidence_every_factor_stands_in_the_middle():
    result = scored()
    assert (result.score, result.direction, result.blocked) == (50, None, 0)
    assert all(one.mean == 0.5 and one.evidence_count == 0 for one in result.factors)
    assert round(part(result, "GR4").sd, 3) == 0.289
    assert set(result.hypotheses.values()) == {0.5}


@pytest.mark.parametrize(("value", "u"), [(0, 0), (1, 0.25), (2, 0.5), (3, 0.75), (4, 1)])
def test_a_judged_factor_reads_a_quarter_per_step(value, u):
    found = part(scored(reading("QI1", value)), "QI1")
    assert found.mean == pytest.approx((1 + u) / 3)
    assert found.contribution == pytest.approx(100 * 0.25 / 6 * (found.mean - 0.5))


def test_the_spread_of_one_factor_is_that_of_a_beta_distribution():
    found = posterior([(0.25, 1.0), (0.75, 0.33)], 2)
    a, b = 1 + 0.25 + 0.2475, 1 + 0.75 + 0.0825
    assert found.mean == pytest.approx(a / (a + b))
    assert found.sd == pytest.approx(math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))))


def test_the_spread_of_the_score_lets_factors_move_together():
    values = [0.05, 0.02, 0.07]
    independent, together = spread(values, 0), spread(values, 1)
    assert independent == pytest.approx(math.sqrt(0.0025 + 0.0004 + 0.0049))
    assert together == pytest.approx(0.14)
    assert spread(values, 0.3) == pytest.approx(math.sqrt(0.7 * independent**2 + 0.3 * together**2))


def test_the_range_is_1_645_sd_each_way_cut_to_the_scale():
    result = scored(reading("QI1", 4))
    assert result.low == pytest.approx(result.score - 1.645 * result.sd)
    assert result.high == pytest.approx(result.score + 1.645 * result.sd)
    wide = conduciveness(
        facts(readings=[reading("QI1", 4)]), AS_OF, altered(conduciveness={"z": 100})
    )
    assert (wide.low, wide.high) == (0, 100)


@pytest.mark.parametrize(
    ("score", "word"),
    [(50, None), (58.41, None), (58.42, "favourable"), (41.59, None), (41.58, "unfavourable")],
)
def test_a_direction_word_needs_a_certainty_of_80_hundredths(score, word):
    # Phi(.8416) = .80: at sd 10 the word begins 8.416 points from the middle.
    assert direction_of(score, 10, 0.8) == word


def test_much_agreeing_evidence_earns_the_word():
    readings = [
        reading(one.code, 4, name=str(n))
        for one in RULES.factors
        if one.kind == "judged"
        for n in range(5)
    ]
    assert scored(*readings).direction == "favourable"


def test_a_factor_of_weight_zero_is_recorded_and_moves_nothing():
    result = scored(reading("EN0", 4), reading("GR0", 0))
    assert part(result, "EN0").mean > 0.5 > part(result, "GR0").mean
    assert result.score == 50


def test_a_hypothesis_is_the_plain_mean_of_its_factors():
    result = scored(reading("NG4", 4))
    assert result.hypotheses["H4"] == pytest.approx((2 / 3 + 0.5) / 2)
    assert result.hypotheses["H1"] == 0.5


def test_newness_and_structure_stay_side_by_side():
    result = scored(reading("GR6", 0))
    assert result.tension.newness == 0.5
    assert result.tension.structure == pytest.approx(1 / 3)


def test_ageing_pulls_a_factor_back_to_the_middle_and_widens_it():
    fresh, old = (part(scored(reading("QI1", 4, age=days)), "QI1") for days in (0, 730))
    assert fresh.mean > old.mean > 0.5
    assert old.sd > fresh.sd
    assert (fresh.newest_age, round(old.newest_age, 2)) == (0, 23.98)


def test_the_age_of_a_factor_is_that_of_its_newest_evidence():
    found = part(scored(reading("QI1", 3, age=61), reading("QI1", 3, age=400)), "QI1")
    assert found.newest_age == pytest.approx(61 / 30.4375)
    assert found.evidence_count == 2


def test_the_parts_add_up_to_the_score():
    given = facts(
        readings=[reading("QI1", 4), reading("GR2", 1), reading("NG1", 0)],
        meetings=[meeting(day) for day in range(9)],
    )
    result = conduciveness(given, AS_OF, METHOD)
    contributions = [one.contribution for one in result.factors]
    assert 50 + math.fsum(contributions) + result.blocked == pytest.approx(result.score, abs=1e-12)
    bundles = [one.contribution for one in result.bundles.values()]
    assert math.fsum(bundles) == pytest.approx(math.fsum(contributions), abs=1e-12)


def test_judged_evidence_has_one_row_per_reading_newest_first():
    rows = scored(
        reading("QI1", 3, "B2", age=30, name="old"), reading("QI1", 1, None, name="new")
    ).evidence
    assert [row["source"]["id"] for row in rows] == ["new", "old"]
    assert all(set(row) == JUDGED_KEYS for row in rows)
    old = rows[1]
    assert (old["u"], old["half_life"], old["grade"]) == (0.75, 6, "B2")
    assert old["w"] == pytest.approx(0.64 * 0.5 ** (old["age_months"] / 6))
    assert old["observed_on"] == "2026-10-23"
    assert rows[0]["reliability"] == pytest.approx(0.64)


def test_readings_of_computed_or_unknown_factors_and_later_days_count_nowhere():
    result = scored(reading("EN1", 4), reading("XX9", 4), reading("QI1", 4, age=-1))
    assert result.score == 50
    assert result.evidence == ()


def test_the_score_comes_back_from_the_evidence_rows_and_nothing_else():
    given = facts(
        readings=[reading("QI1", 4, "B2", age=90), reading("QI1", 1, "C3"), reading("NG1", 0)],
        meetings=[meeting(day * 20) for day in range(9)],
    )
    result = conduciveness(given, AS_OF, METHOD)
    again = 50.0
    for one in result.factors:
        rows = [row for row in result.evidence if row["factor"] == one.factor]
        a = 1 + sum(row["w"] * row["u"] for row in rows)
        b = 1 + sum(row["w"] * (1 - row["u"]) for row in rows)
        again += 100 * one.weight * (a / (a + b) - 0.5)
    assert again == pytest.approx(result.score, abs=1e-9)


def test_weight_on_few_factors_is_shared_among_them():
    result = scored(
        method=with_only({"EN1": None, "EN2": None, "NG1": None, "GR4": None, "QI1": None})
    )
    weights = {one.factor: one.weight for one in result.factors if one.weight}
    assert weights == pytest.approx({"EN1": 0.1, "EN2": 0.1, "NG1": 0.2, "GR4": 0.35, "QI1": 0.25})
