"""Section 2.7: three credible incidents of one category in 12 months, or one ordered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from records.dates import PartialDate
from scorecards.scoring.violations import is_pattern
from tests.scoring.cases import AS_OF, incident

# 12 months = 365.25 days: an incident 365 days old is in the window, one of 366 is not.
LAST_DAY_IN = 365


def test_three_credible_of_one_category_are_a_pattern():
    rows = [incident(age=10), incident("verified", age=90), incident(age=LAST_DAY_IN)]
    assert is_pattern(rows, AS_OF)
    assert not is_pattern(rows[:2], AS_OF)


def test_three_of_three_categories_are_none():
    rows = [incident(category=name) for name in ("murder", "torture", "pillage")]
    assert not is_pattern(rows, AS_OF)


def test_the_window_ends_after_twelve_months():
    rows = [incident(), incident(), incident(age=LAST_DAY_IN + 1)]
    assert not is_pattern(rows, AS_OF)


@pytest.mark.parametrize("standard", ["alleged", "refuted"])
def test_what_is_not_credible_does_not_count(standard):
    assert not is_pattern([incident(), incident(), incident(standard)], AS_OF)
    assert not is_pattern([incident(standard, attribution="ordered")], AS_OF)


@pytest.mark.parametrize("standard", ["credible", "verified"])
def test_one_ordered_is_a_pattern(standard):
    assert is_pattern([incident(standard, attribution="ordered", age=LAST_DAY_IN)], AS_OF)
    assert not is_pattern([incident(standard, attribution="ordered", age=366)], AS_OF)


@pytest.mark.parametrize("attribution", ["tolerated", "individual", "unknown", "disputed"])
def test_one_of_another_attribution_is_none(attribution):
    assert not is_pattern([incident("verified", attribution=attribution)], AS_OF)


def test_an_incident_after_the_date_is_left_out():
    rows = [incident(age=-1, attribution="ordered")]
    assert not is_pattern(rows, AS_OF)
    assert is_pattern(rows, AS_OF + timedelta(days=1))


def test_a_partial_date_stands_for_the_middle_of_its_period():
    last_year = PartialDate(date(2025, 1, 1), "year")  # stands for 1 July 2025
    assert is_pattern([incident(on=last_year, attribution="ordered")], date(2026, 7, 1))
    assert not is_pattern([incident(on=last_year, attribution="ordered")], date(2026, 7, 2))


def test_nothing_reported_is_no_pattern():
    assert not is_pattern([], AS_OF)
