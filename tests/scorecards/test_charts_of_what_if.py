"""Spread, tornado and band: every draw and every effect stands where its number says."""

from __future__ import annotations

from scorecards import charts
from tests.scorecards.gallery import spread
from tests.scorecards.test_charts import draw, near, share

ROWS = [
    {"key": "GR4", "effect": -2.0, "outcome": 41.5, "word": None},
    {"key": "QI1", "effect": 1.0, "outcome": 44.5, "word": "favourable"},
    {"key": "NG1", "effect": None, "outcome": None, "word": None},
]


def test_a_bar_is_as_tall_as_its_draws_and_the_tallest_fills_the_box():
    after, before = spread(66.0), spread(58.0)
    chart = charts.spread_chart(after, before)
    most = max(*after["histogram"], *before["histogram"])
    for bar, drawn, was in zip(chart.bars, after["histogram"], before["histogram"], strict=True):
        assert bar.height == round(chart.height * drawn / most)
        assert bar.height_before == round(chart.height * was / most)
        assert bar.top + bar.height == bar.top_before + bar.height_before == chart.height
    assert share(chart.median_at) == near(0.66)
    assert share(chart.bars[3].at) == near(0.15)


def test_the_spread_says_its_figures_in_words_and_draws_what_it_was_only_when_moved():
    plain = draw("spread_chart spread spread", spread=spread(58.0))
    moved = draw("spread_chart after spread True", after=spread(66.0), spread=spread(58.0))
    assert "between 50.0 and 66.0, half above 58.0" in plain
    assert "before-bar" not in plain
    assert "before-bar" in moved
    assert "as it is" in moved


def test_effects_start_in_the_middle_and_the_largest_reaches_the_edge():
    first, second, third = charts.tornado(ROWS, None, {"GR4": "Top command"}, "/evidence/?factor")
    assert (share(first.start), share(first.width)) == (near(0), near(0.5))
    assert (share(second.start), share(second.width)) == (near(0.5), near(0.25))
    assert (third.effect, share(third.width), third.outcome) == ("no index", near(0), "")
    assert first.name == "Top command"
    assert (first.changes, second.changes) == (False, True)
    assert first.href == "/evidence/?factor=GR4"
    assert first.words == "Without Top command: −2.0."


def test_a_band_without_a_value_has_no_point():
    assert charts.band(20, 60, None).at is None
    assert share(charts.band(20, 60, 45).width) == near(0.4)
