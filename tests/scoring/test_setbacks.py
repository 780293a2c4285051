"""Section 2.4: a fall of .15 or more from one final assessment to the next, both known enough."""

from __future__ import annotations

from datetime import date

import pytest

from scorecards.scoring.integration import integration
from scorecards.scoring.setbacks import NEIGHBOURS, newest_setbacks, setbacks_at
from tests.scoring.cases import METHOD, facts, rating

FIRST, SECOND, THIRD = date(2025, 11, 22), date(2026, 5, 22), date(2026, 11, 22)
TRAINING = [one.code for one in METHOD.integration.criteria if one.dimension == "training"]


def assessed(on: date, name: str, values: dict[str, int], level: int = 3) -> list:
    """Ratings of one final assessment, each observed on its day and confirmed."""
    age = (date(2026, 11, 22) - on).days
    return [
        rating(code, value, as_of=on, age=age, finalised=f"{on}T09:00:00Z", name=name, level=level)
        for code, value in values.items()
    ]


def training(value: int, share: int = len(TRAINING)) -> dict[str, int]:
    return dict.fromkeys(TRAINING[:share], value)


def found(*assessments: list):
    return newest_setbacks(facts(ratings=[one for rows in assessments for one in rows]), METHOD)


def test_a_dimension_that_fell_is_named_with_both_values():
    [one] = found(assessed(FIRST, "a", training(3)), assessed(SECOND, "b", training(2)))
    assert (one.dimension, one.before, one.after) == ("training", 0.75, 0.5)
    assert (one.assessment.id, one.on) == ("b", SECOND)


def test_the_limit_is_15_hundredths_and_belongs_to_the_fall():
    # 20 of 44 quarters more or less: 11 criteria of weight 1, each step of one criterion 1/44.
    before = training(3)
    seven_lower = before | dict.fromkeys(TRAINING[:7], 2)  # 7/44 = .159
    six_lower = before | dict.fromkeys(TRAINING[:6], 2)  # 6/44 = .136
    assert len(found(assessed(FIRST, "a", before), assessed(SECOND, "b", seven_lower))) == 1
    assert found(assessed(FIRST, "a", before), assessed(SECOND, "b", six_lower)) == ()


def test_a_fall_of_exactly_15_hundredths_counts():
    """Sanctions has 7 criteria and equipment 7: with five rated, three steps are 3/20 = .15."""
    codes = [one.code for one in METHOD.integration.criteria if one.dimension == "sanctions"][:5]
    before = dict.fromkeys(codes, 3)
    after = before | dict.fromkeys(codes[:3], 2)
    [one] = found(assessed(FIRST, "a", before), assessed(FIRST, "b", after))
    assert one.before - one.after == pytest.approx(0.15)


def test_a_rise_or_a_single_assessment_is_none():
    assert found(assessed(FIRST, "a", training(2)), assessed(SECOND, "b", training(4))) == ()
    assert found(assessed(FIRST, "a", training(0))) == ()
    assert found() == ()


def test_what_is_too_little_known_before_or_after_is_no_setback():
    few = training(4, share=4)  # Q = 4/11 = .36
    assert found(assessed(FIRST, "a", few), assessed(SECOND, "b", training(0))) == ()


def test_ageing_alone_is_no_setback():
    """The older rating keeps its weight on the day it was made, whatever the day of reading."""
    values = dict.fromkeys(TRAINING, 4)
    doctrine = {one.code: 2 for one in METHOD.integration.criteria if one.dimension == "doctrine"}
    assert found(assessed(FIRST, "a", values), assessed(THIRD, "b", doctrine)) == ()


def test_only_the_newest_step_counts_and_each_can_be_read_by_its_assessment():
    rows = [
        *assessed(FIRST, "a", training(4)),
        *assessed(SECOND, "b", training(2)),
        *assessed(THIRD, "c", training(2)),
    ]
    assert newest_setbacks(facts(ratings=rows), METHOD) == ()
    [one] = setbacks_at(facts(ratings=rows), "b", METHOD)
    assert (one.before, one.after) == (1.0, 0.5)
    assert setbacks_at(facts(ratings=rows), "a", METHOD) == ()
    assert setbacks_at(facts(ratings=rows), "elsewhere", METHOD) == ()


def test_a_fall_that_rests_on_something_higher_shows_from_there_up():
    rows = [*assessed(FIRST, "a", training(4), level=2), *assessed(SECOND, "b", training(1), 4)]
    known = facts(ratings=rows)
    assert newest_setbacks(known.at_clearance(3), METHOD) == ()
    assert [one.dimension for one in newest_setbacks(known.at_clearance(4), METHOD)] == ["training"]


def test_no_number_changes():
    known = facts(ratings=assessed(FIRST, "a", training(4)) + assessed(SECOND, "b", training(1)))
    before = integration(known, THIRD, METHOD)
    newest_setbacks(known, METHOD)
    assert integration(known, THIRD, METHOD) == before


def test_the_neighbours_are_those_of_the_document():
    assert NEIGHBOURS == {
        "doctrine": ("training", "equipment", "sanctions"),
        "training": ("doctrine", "equipment"),
        "equipment": ("doctrine", "training"),
        "sanctions": ("doctrine", "training"),
    }
