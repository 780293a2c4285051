"""Partial dates keep what is known and claim no more."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.dates import PRECISIONS, NotADate, PartialDate

dates = st.builds(
    lambda day, precision: PartialDate.parse(day.isoformat(), precision),
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.sampled_from(PRECISIONS),
)


@pytest.mark.parametrize(
    ("text", "precision", "first", "middle", "last"),
    [
        ("1993", "year", "1993-01-01", "1993-07-01", "1993-12-31"),
        ("1993-05", "month", "1993-05-01", "1993-05-15", "1993-05-31"),
        ("1993-04", "season", "1993-04-01", "1993-05-15", "1993-06-30"),
        ("2024-02-29", "day", "2024-02-29", "2024-02-29", "2024-02-29"),
        ("1993-10", "season", "1993-10-01", "1993-11-15", "1993-12-31"),
    ],
)
def test_a_period_has_a_first_day_a_middle_and_a_last_day(text, precision, first, middle, last):
    when = PartialDate.parse(text, precision)
    found = [day.isoformat() for day in (when.first, when.middle, when.last)]
    assert found == [first, middle, last]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "93",
        "1993-13",
        "2023-02-29",
        "0000",
        "1993-5",
        "17.5.1993",
        "１９９３",
        "1993-05-17T10:00",
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(text):
    with pytest.raises(NotADate, match=r"\.$"):
        PartialDate.parse(text)


def test_a_date_claims_no_more_than_was_told():
    with pytest.raises(NotADate):
        PartialDate.parse("1993", "month")
    with pytest.raises(NotADate, match="01, 04, 07 or 10"):
        PartialDate.parse("1993-05", "season")


def test_a_period_that_has_begun_stands_for_today_until_its_middle():
    year = PartialDate.parse("2026")
    assert year.stands_for(date(2026, 3, 1)) == date(2026, 3, 1)
    assert year.stands_for(date(2026, 11, 22)) == date(2026, 7, 1)
    assert year.stands_for(date(2025, 12, 31)) is None


@given(dates)
def test_text_and_precision_tell_the_whole_date(when):
    assert PartialDate.parse(str(when), when.precision) == when


@given(dates)
def test_the_middle_lies_inside_the_period(when):
    assert when.first <= when.middle <= when.last
