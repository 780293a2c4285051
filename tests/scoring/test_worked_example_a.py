"""Worked example A of section 2.8, on the reduced fixture it describes.

A month is 30.4375 days, so of all round ages only multiples of 48 months are whole days. Where the
example has a rating exactly one half-life old, both are 48 months here.
"""

from __future__ import annotations

import pytest

from scorecards.scoring.integration import Integration, integration
from scorecards.scoring.method import Method
from tests.scoring.cases import AS_OF, METHOD, altered, facts, rating

ONE_HALF_LIFE = 1461
RATINGS = [
    rating("D1", 2, "B2", age=ONE_HALF_LIFE),
    rating("D2", 1, "A1"),
    rating("D3", 1, "A1"),
    rating("Te1", 3, "B1"),
    rating("Te2", 4, "A1", age=ONE_HALF_LIFE),
    rating("Tt1", 2, "B2"),
    rating("E1", 4, "A1"),
    rating("E2", 2, "B2", age=ONE_HALF_LIFE),
    rating("S1", 1, "A1"),
    rating("S2", 0, "B2"),
]
ASKED = ("D1", "D2", "D3", "D4", "Te1", "Te2", "Tt1", "E1", "E2", "S1", "S2", "S3")


def fixture_method(**rules: object) -> Method:
    card = METHOD.to_dict()["integration"]
    criteria = [one for one in card["criteria"] if one["code"] in ASKED]
    dimensions = [{**one, "half_life": 48} for one in card["dimensions"]]
    return altered(integration={"criteria": criteria, "dimensions": dimensions, **rules})


@pytest.fixture
def example() -> Integration:
    return integration(facts(ratings=RATINGS), AS_OF, fixture_method())


@pytest.mark.parametrize(
    ("dimension", "value", "coverage", "low", "high", "standing"),
    [
        ("doctrine", 0.66 / 2.32, 0.58, 0.165, 0.585, "indicative"),
        ("training", 1.42 / 1.94, 1.94 / 3, 1.42 / 3, 1.42 / 3 + 1.06 / 3, "supported"),
        ("equipment", 1.16 / 1.32, 0.66, 0.58, 0.92, "supported"),
        ("sanctions", 0.25 / 1.64, 1.64 / 3, 0.25 / 3, 0.25 / 3 + 1.36 / 3, "indicative"),
    ],
)
def test_each_dimension_has_its_value_coverage_and_range(
    example, dimension, value, coverage, low, high, standing
):
    found = example.dimensions[dimension]
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found.coverage == pytest.approx(coverage, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    assert found.standing == standing


def test_the_values_read_as_printed(example):
    values = [round(example.dimensions[code].value, 4) for code in example.dimensions]
    assert values == [0.2845, 0.7320, 0.8788, 0.1524]


def test_only_training_is_capped_by_doctrine(example):
    bound = {code: one.bound_by for code, one in example.dimensions.items()}
    assert bound == {"doctrine": None, "training": "doctrine", "equipment": None, "sanctions": None}
    assert round(example.dimensions["training"].capped, 4) == 0.6345


def test_the_index_and_its_company(example):
    assert round(example.index, 4) == 39.4334
    assert round(example.index_low, 4) == 24.7870
    assert round(example.index_high, 4) == 69.9028
    assert round(example.arithmetic_mean, 4) == 48.7548
    assert round(example.minimum, 4) == 15.2439
    assert round(example.balance_penalty, 4) == 9.3214


def test_without_caps_the_index_is_40_87():
    free = integration(facts(ratings=RATINGS), AS_OF, fixture_method(slack=1))
    assert round(free.index, 2) == 40.87
    assert all(one.bound_by is None for one in free.dimensions.values())


def test_the_figures_come_back_from_the_evidence_rows_and_nothing_else(example):
    for code, dimension in example.dimensions.items():
        rows = [row for row in example.evidence if row["dimension"] == code]
        known = sum(row["weight"] * row["q"] for row in rows)
        said = sum(row["weight"] * row["q"] * row["rating"] / 4 for row in rows if row["q"])
        assert said / known == pytest.approx(dimension.value, abs=1e-9)
        assert known / sum(row["weight"] for row in rows) == pytest.approx(dimension.coverage)
