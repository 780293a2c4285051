"""The score line over time is drawn inside one weight set only."""

from __future__ import annotations

from datetime import date

from scorecards.charts import timeline


def point(month, value, version="1.0.0", **more):
    low, high = (None, None) if value is None else (value - 10, value + 10)
    day = date(2026, month, 1)
    return {"date": day, "value": value, "low": low, "high": high, "set": version, **more}


def line(*points):
    return timeline([], points, as_of=date(2026, 12, 1))


def test_inside_one_set_each_step_is_joined_to_the_one_before():
    chart = line(point(1, 40.0), point(2, 50.0), point(3, 45.0))
    assert [step.from_y for step in chart.score] == [None, chart.score[0].y, chart.score[1].y]
    assert [step.new_set for step in chart.score] == ["", "", ""]
    assert "weight set" not in chart.words


def test_where_the_set_changes_the_line_breaks_and_says_so():
    chart = line(point(1, 40.0), point(2, 50.0, "1.1.0"), point(3, 45.0, "1.1.0"))
    assert [step.new_set for step in chart.score] == ["", "1.1.0", ""]
    assert [step.from_y is None for step in chart.score] == [True, True, False]
    assert "From 2026-02-01 on by weight set 1.1.0." in chart.words
    assert "by set 1.0.0" in chart.score[0].words


def test_a_break_on_a_day_without_a_value_is_a_gap_and_no_join():
    chart = line(point(1, 40.0), point(2, None, "1.1.0"), point(3, 45.0, "1.1.0"))
    assert [step.from_y for step in chart.score] == [None, None]


def test_days_computed_again_are_joined_but_drawn_apart():
    chart = line(point(1, 40.0, "1.1.0", restated=True), point(2, 50.0, "1.1.0"))
    assert [step.restated for step in chart.score] == [True, False]
    assert chart.score[1].from_y == chart.score[0].y
    assert "computed again by set 1.1.0" in chart.score[0].words
    assert "1 day was computed again by set 1.1.0." in chart.words
