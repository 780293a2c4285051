"""Section 2.7: rates by effort, the probability that the newer one is lower, and its words."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.dates import PartialDate
from scorecards.scoring.violations import (
    Period,
    Periods,
    by_month,
    probability_lower,
    rate,
    reading_of,
    trend_of,
    violations_panel,
)
from tests.scoring.cases import AS_OF, incident, watched

# As of 22 November 2026 the last 12 months begin on 22 November 2025 and those before on
# 22 November 2024: the quarters from 2025 Q1 to 2025 Q4 stand in the older period (the last one
# for 15 November), those from 2026 Q1 on in the newer.
SIX_IN_24 = [incident(age=400 + 10 * n) for n in range(6)]
TWO_IN_20 = [incident(age=10), incident("verified", age=100)]
EFFORT = [
    watched("2025-01", 12),
    watched("2025-07", 12),
    watched("2026-01", 15),
    watched("2026-07", 5),
]


def integrated(x: float, a: float, b: float, steps: int = 200_000) -> float:
    """The same function by the midpoint rule, from its definition alone. With t = sin(u)^2 the
    ends of the integrand are finite.
    """
    end = math.asin(math.sqrt(x))

    def area(to: float) -> float:
        width = to / steps
        middles = (width * (step + 0.5) for step in range(steps))
        return width * math.fsum(
            2 * math.sin(u) ** (2 * a - 1) * math.cos(u) ** (2 * b - 1) for u in middles
        )

    return area(end) / area(math.pi / 2)


def test_six_in_24_then_two_in_20_is_falling():
    panel = violations_panel(SIX_IN_24 + TWO_IN_20, EFFORT, AS_OF)
    [murder] = panel.categories
    found = murder.comparison
    assert (panel.effort.older, panel.effort.newer) == (24, 20)
    assert (found.incidents_older, found.incidents_newer) == (6, 2)
    assert found.rate_older == pytest.approx(0.2708, abs=5e-5)
    assert found.rate_newer == pytest.approx(0.125)
    assert found.probability_lower == pytest.approx(0.879, abs=5e-4)
    assert found.trend == "falling"
    assert panel.overall == found


@pytest.mark.parametrize(
    ("older", "effort_older", "newer", "effort_newer"),
    [(6, 24, 2, 20), (0, 3, 0, 1), (0, 12, 9, 12), (40, 36.5, 31, 30.25)],
)
def test_the_probability_agrees_with_integration_by_hand(older, effort_older, newer, effort_newer):
    x = effort_newer / (effort_older + effort_newer)
    by_hand = integrated(x, newer + 0.5, older + 0.5, steps=20_000)
    assert probability_lower(older, effort_older, newer, effort_newer) == pytest.approx(
        by_hand, abs=1e-7
    )


COUNTS, EFFORTS = st.integers(0, 60), st.floats(0.25, 500)


@given(COUNTS, EFFORTS, COUNTS, EFFORTS)
def test_lower_one_way_is_higher_the_other(older, effort_older, newer, effort_newer):
    there = probability_lower(older, effort_older, newer, effort_newer)
    back = probability_lower(newer, effort_newer, older, effort_older)
    assert 0 <= there <= 1
    assert there + back == pytest.approx(1, abs=1e-9)


@given(COUNTS, EFFORTS, COUNTS, EFFORTS)
def test_one_more_incident_never_makes_the_newer_rate_look_lower(
    older, effort_older, newer, effort_newer
):
    before = probability_lower(older, effort_older, newer, effort_newer)
    after = probability_lower(older, effort_older, newer + 1, effort_newer)
    assert after <= before + 1e-12


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1, "falling"),
        (0.8, "falling"),
        (0.7999, "no_clear_trend"),
        (0.2001, "no_clear_trend"),
        (0.2, "rising"),
        (0, "rising"),
    ],
)
def test_the_words_begin_at_80_and_20(probability, word):
    assert trend_of(probability) == word


def test_without_effort_in_a_period_there_is_no_trend():
    newer_only = violations_panel(SIX_IN_24 + TWO_IN_20, EFFORT[2:], AS_OF).overall
    assert newer_only.rate_older is None
    assert newer_only.rate_newer == pytest.approx(0.125)
    assert (newer_only.probability_lower, newer_only.trend) == (None, None)
    nothing = violations_panel(SIX_IN_24, [], AS_OF).overall
    assert (nothing.rate_older, nothing.rate_newer, nothing.trend) == (None, None, None)
    assert nothing.incidents_older == 6


def test_a_period_watched_without_an_incident_has_a_rate():
    assert rate(0, 10) == pytest.approx(0.05)
    overall = violations_panel(SIX_IN_24, EFFORT, AS_OF).overall
    assert overall.rate_newer == pytest.approx(0.025)
    assert overall.trend == "falling"


@pytest.mark.parametrize("standard", ["alleged", "refuted"])
def test_what_is_not_credible_is_counted_and_enters_no_rate(standard):
    panel = violations_panel([incident(standard)], EFFORT, AS_OF)
    assert panel.categories[0].counts.standards == {standard: 1}
    assert panel.overall.incidents_newer == 0


def test_the_usual_periods_meet_without_a_gap_and_include_their_ends():
    usual = Periods.usual(AS_OF)
    assert usual.newer == Period(date(2025, 11, 22), AS_OF)
    assert usual.older == Period(date(2024, 11, 22), date(2025, 11, 21))
    ages = {0: (0, 1), 365: (0, 1), 366: (1, 0), 730: (1, 0), 731: (0, 0)}
    for age, expected in ages.items():
        overall = violations_panel([incident(age=age)], [], AS_OF).overall
        assert (overall.incidents_older, overall.incidents_newer) == expected, age


def test_a_quarter_of_watching_stands_for_its_middle():
    last = watched("2025-10", 4)  # stands for 15 November 2025
    assert violations_panel([], [last], date(2026, 11, 15)).effort.newer == 4
    panel = violations_panel([], [last], date(2026, 11, 16))
    assert (panel.effort.older, panel.effort.newer) == (4, 0)


def test_a_reader_may_pick_other_periods():
    picked = Periods(
        Period(date(2025, 1, 1), date(2025, 6, 30)), Period(date(2025, 7, 1), date(2025, 12, 31))
    )
    panel = violations_panel(SIX_IN_24, EFFORT, AS_OF, picked)
    assert panel.effort.older == 12
    assert panel.effort.newer == 12
    days = [row.date.first for row in SIX_IN_24]
    assert panel.overall.incidents_older == sum(day < date(2025, 7, 1) for day in days)
    assert panel.overall.incidents_newer == sum(day >= date(2025, 7, 1) for day in days)


def test_each_category_is_counted_by_quarter_standard_attribution_and_response():
    rows = [
        incident("verified", attribution="tolerated", response="denial", age=10),
        incident("alleged", attribution="tolerated", response="inquiry", age=12),
        incident("credible", age=120),
        incident("refuted", category="torture", age=10),
        incident("credible", age=-5),
    ]
    murder, torture = violations_panel(rows, [], AS_OF).categories
    assert murder.counts.standards == {"alleged": 1, "credible": 1, "verified": 1}
    assert murder.counts.attributions == {"tolerated": 2, "unknown": 1}
    assert list(murder.quarters) == [date(2026, 7, 1), date(2026, 10, 1)]
    assert murder.quarters[date(2026, 10, 1)].standards == {"alleged": 1, "verified": 1}
    assert murder.quarters[date(2026, 10, 1)].responses == {"denial": 1, "inquiry": 1}
    assert (torture.category, torture.counts.standards) == ("torture", {"refuted": 1})


def test_the_pattern_names_its_categories():
    ordered = incident(category="torture", attribution="ordered")
    panel = violations_panel([*[incident()] * 3, ordered, incident(category="pillage")], [], AS_OF)
    assert [(one.category, one.incidents, one.ordered) for one in panel.pattern] == [
        ("murder", 3, 0),
        ("torture", 1, 1),
    ]


@pytest.mark.parametrize(
    ("index", "trend", "reading"),
    [
        (50, "falling", "high_falling"),
        (49.99, "falling", "low_falling"),
        (100, "rising", "high_rising"),
        (0, "rising", "low_rising"),
        (80, "no_clear_trend", "no_clear_trend"),
        (None, "no_clear_trend", "no_clear_trend"),
        (None, "falling", "index_not_available"),
        (80, None, "no_effort"),
        (None, None, "no_effort"),
    ],
)
def test_the_reading_beside_the_index(index, trend, reading):
    assert reading_of(index, trend) == reading


@given(st.permutations(SIX_IN_24 + TWO_IN_20), st.permutations(EFFORT))
def test_the_order_of_the_facts_changes_nothing(incidents, effort):
    shuffled = violations_panel(incidents, effort, AS_OF)
    assert shuffled == violations_panel(SIX_IN_24 + TWO_IN_20, EFFORT, AS_OF)


@given(st.integers(1, 28))
def test_a_reader_of_months_sees_the_same_whatever_the_day(day):
    def seen(of: int):
        rows = [replace(row, date=PartialDate(date(2025, 11, of))) for row in TWO_IN_20]
        return violations_panel(by_month(rows, 3), EFFORT, AS_OF)

    assert seen(day) == seen(1)


def test_below_the_level_a_reader_of_months_keeps_the_day():
    low = incident(age=10, level=2)
    assert by_month([low], 3) == (low,)
