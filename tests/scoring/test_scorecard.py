"""Sections 2.1-2.5: three states, coverage cut-offs, caps, index, blocks, evidence rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scorecards.scoring.integration import geometric_index, integration
from tests.scoring.cases import AS_OF, METHOD, altered, facts, piece, rating

CRITERIA = METHOD.integration.criteria
KEYS = {
    "criterion",
    "dimension",
    "rating",
    "grade",
    "observed_on",
    "age_months",
    "reliability",
    "half_life",
    "q",
    "weight",
    "state",
    "source",
}


def codes(dimension: str) -> list[str]:
    return [one.code for one in CRITERIA if one.dimension == dimension]


def card(*ratings, method=METHOD):
    return integration(facts(ratings=list(ratings)), AS_OF, method)


def rated(dimension: str, value: int, *, share: float = 1.0):
    """The first `share` of a dimension's criteria, fresh and confirmed."""
    listed = codes(dimension)
    return [rating(code, value) for code in listed[: round(share * len(listed))]]


def all_four(**values):
    return [one for dimension, value in values.items() for one in rated(dimension, value)]


def test_there_are_41_criteria_in_five_parts():
    counts = {one.code: len(codes(one.code)) for one in METHOD.integration.dimensions}
    assert counts == {
        "doctrine": 11,
        "training": 11,
        "equipment": 7,
        "sanctions": 7,
        "programme": 5,
    }


@pytest.mark.parametrize(
    ("dimension", "months"),
    [("doctrine", 36), ("training", 18), ("equipment", 24), ("sanctions", 18), ("programme", 12)],
)
def test_the_half_life_of_each_dimension(dimension, months):
    assert METHOD.integration.dimension[dimension].half_life == months


def test_nothing_assessed_is_not_zero():
    empty = card()
    for one in [*empty.dimensions.values(), empty.programme]:
        assert (one.value, one.coverage, one.low, one.high) == (None, 0, 0, 1)
        assert one.standing == "not_enough"
    assert (empty.index, empty.arithmetic_mean, empty.minimum, empty.balance_penalty) == (None,) * 4
    assert (empty.index_low, empty.index_high) == pytest.approx((5, 100))


def test_a_rating_of_zero_is_an_answer():
    found = card(*rated("equipment", 0)).dimensions["equipment"]
    assert (found.value, found.coverage, found.low, found.high) == (0, 1, 0, 0)


def test_a_criterion_that_does_not_apply_leaves_the_denominator():
    doctrine = [one for one in rated("doctrine", 2) if one.criterion not in ("D6", "D7", "D8")]
    without = card(*doctrine).dimensions["doctrine"]
    policing = [rating(code, "na") for code in ("D6", "D7", "D8")]
    assert without.coverage == pytest.approx(8 / 11)
    assert card(*doctrine, *policing).dimensions["doctrine"].coverage == 1


def test_only_the_policing_criteria_may_not_apply():
    assert [one.code for one in CRITERIA if one.na_allowed] == ["D6", "D7", "D8"]
    row = next(one for one in card(rating("E1", "na")).evidence if one["criterion"] == "E1")
    assert row["state"] == "not_assessed"


def test_na_replaces_the_rating_before_it():
    earlier = rating("D6", 3, finalised="2026-11-22T08:00:00Z")
    row = next(
        one for one in card(earlier, rating("D6", "na")).evidence if one["criterion"] == "D6"
    )
    assert (row["state"], row["weight"], row["q"]) == ("not_applicable", 0, 0)


def test_a_dimension_of_which_nothing_applies_has_no_coverage():
    criteria = [one for one in METHOD.to_dict()["integration"]["criteria"] if one["code"] == "D6"]
    found = card(rating("D6", "na"), method=altered(integration={"criteria": criteria}))
    doctrine = found.dimensions["doctrine"]
    assert (doctrine.coverage, doctrine.value, doctrine.low, doctrine.high) == (0, None, 0, 1)


@pytest.mark.parametrize(
    ("share", "standing"),
    [(3 / 5, "supported"), (2 / 5, "indicative"), (1 / 5, "not_enough")],
)
def test_coverage_decides_what_may_be_said_and_limits_are_inclusive(share, standing):
    programme = card(*rated("programme", 2, share=share)).programme
    assert programme.coverage == pytest.approx(share)
    assert programme.standing == standing
    assert (programme.value is None) == (standing == "not_enough")


@pytest.mark.parametrize(
    ("cut", "moved", "standing"),
    [
        ("supported", 0.6 + 1e-10, "supported"),
        ("supported", 0.6 + 1e-6, "indicative"),
        ("indicative", 0.6 + 1e-10, "indicative"),
        ("indicative", 0.6 + 1e-6, "not_enough"),
    ],
)
def test_a_cut_off_forgives_a_billionth_and_no_more(cut, moved, standing):
    rules = {"supported": 0.9, "indicative": 0.1, cut: moved}
    found = card(*rated("programme", 2, share=3 / 5), method=altered(integration=rules))
    assert found.programme.standing == standing


def test_the_shipped_cut_offs_slack_and_floor():
    rules = METHOD.integration
    assert (rules.supported, rules.indicative, rules.slack, rules.floor) == (0.6, 0.4, 0.35, 0.05)
    weights = [rules.dimension[code].weight for code in rules.dimension]
    assert weights == [0.25, 0.25, 0.25, 0.25, 0]


def test_age_widens_the_range_and_never_lowers_the_value():
    fresh, old = (
        card(*rated("sanctions", 2)),
        card(*(rating(c, 2, age=400) for c in codes("sanctions"))),
    )
    assert fresh.dimensions["sanctions"].value == old.dimensions["sanctions"].value == 0.5
    assert old.dimensions["sanctions"].low < 0.5 < old.dimensions["sanctions"].high
    assert fresh.dimensions["sanctions"].low == fresh.dimensions["sanctions"].high == 0.5


@pytest.mark.parametrize(
    ("values", "dimension", "capped", "bound_by"),
    [
        ({"doctrine": 4, "training": 1, "sanctions": 0}, "doctrine", 0.60, "training"),
        ({"doctrine": 4, "training": 1, "sanctions": 2}, "doctrine", 0.85, "sanctions"),
        ({"training": 4, "doctrine": 1}, "training", 0.60, "doctrine"),
        ({"equipment": 4, "doctrine": 0, "training": 1}, "equipment", 0.60, "training"),
        ({"equipment": 4, "doctrine": 2, "training": 1}, "equipment", 0.85, "doctrine"),
        ({"sanctions": 3, "doctrine": 0}, "sanctions", 0.35, "doctrine"),
    ],
)
def test_each_cap_and_the_limit_that_binds(values, dimension, capped, bound_by):
    four = {"doctrine": 4, "training": 4, "equipment": 4, "sanctions": 4} | values
    found = card(*all_four(**four)).dimensions[dimension]
    assert found.capped == pytest.approx(capped)
    assert found.bound_by == bound_by


def test_caps_start_from_the_raw_values_in_one_pass():
    # Training is held at .35 by doctrine; equipment is still limited by the raw .75 of training.
    found = card(*all_four(doctrine=0, training=3, equipment=4, sanctions=4))
    assert found.dimensions["training"].capped == pytest.approx(0.35)
    assert found.dimensions["equipment"].capped == 1.0


def test_a_limit_that_is_just_met_binds_nothing():
    method = altered(integration={"slack": 0.5})
    found = card(*all_four(doctrine=1, training=3, equipment=3, sanctions=3), method=method)
    assert (found.dimensions["training"].capped, found.dimensions["training"].bound_by) == (
        0.75,
        None,
    )


def test_a_neighbour_with_too_little_evidence_sets_no_limit():
    little = [*rated("doctrine", 0, share=4 / 11), *rated("training", 4)]
    enough = [*rated("doctrine", 0, share=5 / 11), *rated("training", 4)]
    assert card(*little).dimensions["training"].capped == 1.0
    assert card(*enough).dimensions["training"].capped == pytest.approx(0.35)


def test_a_dimension_with_too_little_evidence_has_no_capped_value():
    found = card(*rated("training", 4, share=4 / 11)).dimensions["training"]
    assert (found.value, found.capped, found.bound_by) == (None, None, None)
    assert found.estimate == 1.0


def test_the_index_needs_all_four_at_forty_hundredths():
    three = all_four(doctrine=2, training=2, equipment=2)
    assert card(*three, *rated("sanctions", 2, share=2 / 7)).index is None
    assert card(*three, *rated("sanctions", 2, share=3 / 7)).index == pytest.approx(50)


def test_without_an_index_the_range_is_still_given():
    found = card(*all_four(doctrine=2, training=2, equipment=2))
    assert found.index is None
    assert 0 < found.index_low < found.index_high <= 100


def test_the_range_takes_caps_and_index_on_each_end():
    found = card(*all_four(doctrine=2, training=2, equipment=2))
    lowest = [0.5, 0.5, 0.5, 0.05]
    highest = [0.5, 0.5, 0.5, 0.85]
    quarters = [0.25] * 4
    assert found.index_low == pytest.approx(geometric_index(lowest, quarters, 0.05))
    assert found.index_high == pytest.approx(geometric_index(highest, quarters, 0.05))


def test_the_floor_keeps_one_zero_from_erasing_everything():
    found = card(*all_four(doctrine=4, training=4, equipment=4, sanctions=0))
    assert found.index == pytest.approx(100 * 0.05**0.25)
    assert found.minimum == 0
    assert found.balance_penalty == pytest.approx(75 - found.index)


def test_the_floor_never_makes_a_negative_penalty():
    found = card(*all_four(doctrine=0, training=0, equipment=0, sanctions=0))
    assert (round(found.index, 9), found.arithmetic_mean, found.balance_penalty) == (5, 0, 0)


def test_the_programme_is_in_neither_caps_nor_index():
    four = all_four(doctrine=2, training=2, equipment=2, sanctions=2)
    without, with_it = card(*four), card(*four, *rated("programme", 0))
    assert with_it.index == without.index
    assert with_it.programme.value == 0


def test_education_and_training_are_shown_apart():
    found = card(*(rating(f"Te{n}", 4) for n in range(1, 5)))
    assert found.training_blocks["education"].value == 1.0
    assert found.training_blocks["training"].value is None
    assert found.dimensions["training"].coverage == pytest.approx(4 / 11)


def test_evidence_has_one_row_per_criterion_with_the_agreed_keys():
    rows = card(rating("D1", 2, "B2", age=30)).evidence
    assert [row["criterion"] for row in rows] == [one.code for one in CRITERIA]
    assert all(set(row) == KEYS for row in rows)
    counted = rows[0]
    assert counted["state"] == "counted"
    assert counted["source"] == {"kind": "assessment", "id": "assessment"}
    assert counted["observed_on"] == "2026-10-23"
    assert counted["age_months"] == pytest.approx(30 / 30.4375)
    assert counted["q"] == pytest.approx(0.64 * 0.5 ** (30 / 30.4375 / 36))
    assert {row["state"] for row in rows[1:]} == {"not_assessed"}


def test_a_withdrawn_rating_stays_visible_and_weighs_nothing():
    gone = rating("D1", 4, evidence=[piece("meeting", withdrawn=True)])
    rows = [row for row in card(gone).evidence if row["criterion"] == "D1"]
    assert [row["state"] for row in rows] == ["not_assessed", "withdrawn"]
    assert rows[1]["rating"] == 4
    assert (rows[1]["weight"], rows[1]["q"]) == (0, 0)


def test_a_rating_without_a_day_ages_from_its_assessment():
    undated = replace(rating("D1", 2, as_of=date(2026, 1, 22)), observed_on=None)
    row = card(undated).evidence[0]
    assert row["observed_on"] == "2026-01-22"
    assert row["age_months"] == pytest.approx(304 / 30.4375)
