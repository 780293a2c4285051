"""Sections 0 and 1.7: grades, independent evidence, months, windows, which rating counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from records.dates import PartialDate
from scorecards.scoring.evidence import (
    combined,
    fade,
    months_between,
    rating_reliability,
    standing_ratings,
    window_start,
    within,
)
from tests.scoring.cases import AS_OF, METHOD, meeting, piece, rating

GRADES = METHOD.grades


@pytest.mark.parametrize(
    ("grade", "r"),
    [("A1", 1.0), ("B2", 0.64), ("C3", 0.33), ("D4", 0.0875), ("E5", 0.005), ("F6", 0.16)],
)
def test_reliability_is_source_times_content(grade, r):
    assert GRADES.reliability[grade] == pytest.approx(r, abs=1e-12)


@pytest.mark.parametrize(
    ("source", "weight"), [("A", 1), ("B", 0.8), ("C", 0.6), ("D", 0.35), ("E", 0.1), ("F", 0.4)]
)
def test_the_weight_of_each_source(source, weight):
    assert GRADES.reliability[f"{source}1"] == weight


@pytest.mark.parametrize(
    ("content", "weight"),
    [("1", 1), ("2", 0.8), ("3", 0.55), ("4", 0.25), ("5", 0.05), ("6", 0.4)],
)
def test_the_weight_of_each_content(content, weight):
    assert GRADES.reliability[f"A{content}"] == weight


def test_no_grade_recorded_reads_as_b2():
    assert GRADES.reliability[None] == GRADES.reliability["B2"]


def test_independent_sources_strengthen_each_other():
    evidence = [piece("meeting", "B2"), piece("report", "C3")]
    assert combined(evidence, GRADES) == pytest.approx(1 - 0.36 * 0.67)


def test_copies_of_one_origin_count_once_with_the_best_grade():
    copies = [piece("meeting", "C3"), piece("meeting", "B2"), piece("meeting", "D4")]
    assert combined(copies, GRADES) == pytest.approx(0.64)


def test_a_withdrawn_piece_of_evidence_does_not_count():
    evidence = [piece("meeting", "B2"), piece("report", "A1", withdrawn=True)]
    assert combined(evidence, GRADES) == pytest.approx(0.64)


def test_linked_evidence_goes_before_the_ratings_own_grade():
    alone, linked = rating("D1", 2, "A1"), rating("D1", 2, "A1", evidence=[piece("meeting", "C3")])
    assert rating_reliability(alone, GRADES) == 1.0
    assert rating_reliability(linked, GRADES) == pytest.approx(0.33)


def test_a_month_is_30_4375_days():
    assert months_between(date(2026, 1, 1), date(2026, 1, 31)) == pytest.approx(30 / 30.4375)


def test_weight_halves_with_each_half_life():
    assert fade(0.64, age=0, half_life=36) == 0.64
    assert fade(0.64, age=72, half_life=36) == pytest.approx(0.16)


@pytest.mark.parametrize(("months", "days"), [(12, 365), (24, 730), (36, 1095), (48, 1461)])
def test_a_window_holds_its_last_whole_day_and_not_the_next(months, days):
    assert window_start(AS_OF, months) == AS_OF - timedelta(days=days)
    inside, outside = meeting(days), meeting(days + 1)
    assert list(within([inside, outside], AS_OF, months)) == [inside]


def test_a_window_starts_no_earlier_than_the_calendar():
    assert window_start(date(1, 2, 1), 1200) == date.min


def test_what_is_dated_after_the_as_of_date_is_left_out():
    assert list(within([meeting(-1), meeting(0)], AS_OF, 12)) == [meeting(0)]


def in_force(*ratings, criterion="D1"):
    return standing_ratings(ratings, AS_OF, METHOD)[criterion].in_force


def test_the_latest_assessment_counts_whatever_it_says():
    old = rating("D1", 4, as_of=date(2025, 1, 1), name="old")
    new = rating("D1", 1, as_of=date(2026, 1, 1), name="new")
    assert in_force(old, new) == in_force(new, old) == new


def test_of_one_date_the_one_finalised_last_counts():
    first = rating("D1", 4, finalised="2026-11-22T09:00:00Z")
    second = rating("D1", 1, finalised="2026-11-22T10:00:00Z")
    assert in_force(second, first) == second


def test_a_rating_goes_when_all_its_evidence_is_withdrawn_and_the_earlier_one_counts_again():
    old = rating("D1", 2, as_of=date(2025, 1, 1), name="old")
    gone = rating("D1", 4, evidence=[piece("meeting", withdrawn=True)], name="gone")
    standing = standing_ratings([old, gone], AS_OF, METHOD)["D1"]
    assert standing.in_force == old
    assert standing.withdrawn == (gone,)


def test_a_rating_stays_while_one_piece_of_its_evidence_stands():
    held = rating("D1", 4, evidence=[piece("meeting", withdrawn=True), piece("report", "C3")])
    assert in_force(held) == held
    assert rating_reliability(held, GRADES) == pytest.approx(0.33)


def test_an_assessment_dated_later_does_not_count_yet():
    assert standing_ratings([rating("D1", 2, as_of=date(2027, 1, 1))], AS_OF, METHOD) == {}


def test_an_observation_dated_later_does_not_count_yet():
    assert standing_ratings([rating("D1", 2, age=-1)], AS_OF, METHOD) == {}


@pytest.mark.parametrize(
    ("text", "precision", "stands_for"),
    [
        ("2024", None, date(2024, 7, 1)),
        ("2024-04", "season", date(2024, 5, 15)),
        ("2024-05", None, date(2024, 5, 15)),
        ("2026", None, date(2026, 7, 1)),
        ("2026-10", "season", date(2026, 11, 15)),
        ("2027", None, None),
    ],
)
def test_a_partial_date_stands_for_the_middle_of_its_period(text, precision, stands_for):
    assert PartialDate.parse(text, precision).stands_for(AS_OF) == stands_for


def test_a_period_begun_whose_middle_has_not_come_stands_for_the_as_of_date():
    assert PartialDate.parse("2026").stands_for(date(2026, 3, 1)) == date(2026, 3, 1)
