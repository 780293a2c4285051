"""Factors moved by hand, meetings supposed, and the spread that is drawn (sections 3.3 and 5)."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.draws import DRAWS, beta_sample, percentile, spread_of
from scorecards.scoring.facts import BlockerFact, ContactFact, ReadingFact, Source
from scorecards.scoring.what_if import (
    SUPPOSED,
    SupposedMeeting,
    moved,
    relative_likelihood,
    supposing,
)
from tests.scoring.cases import (
    AS_OF,
    METHOD,
    altered,
    contact,
    days_ago,
    facts,
    item,
    meeting,
    reading,
    with_only,
)
from tests.scoring.test_properties_of_the_method import EASY, FACTS

WEIGHTED = [one.code for one in METHOD.conduciveness.factors if one.weight]
MEANS = st.dictionaries(st.sampled_from(WEIGHTED), st.floats(0, 1), max_size=5)
KNOWN = facts(
    readings=[reading("GR4", 4, age=10), reading("GR4", 1, age=200), reading("QI1", 3, age=60)],
    meetings=[meeting(10), meeting(200)],
)


def scored(which=KNOWN, method=METHOD):
    return conduciveness(which, AS_OF, method)


def part(score, factor):
    return next(one for one in score.factors if one.factor == factor)


def supposed(**more) -> SupposedMeeting:
    held = replace(meeting(0, **more), source=SUPPOSED)
    told = ReadingFact("GR4", 4, held.grade, held.date, held.level, SUPPOSED)
    return SupposedMeeting(held, (told,), (replace(item("delivered"), source=SUPPOSED),))


# --- Factors moved by hand ------------------------------------------------------------------------


def test_a_factor_moved_keeps_its_strength_and_the_score_follows_its_weight():
    before = scored()
    known, after = part(before, "GR4"), moved(before, {"GR4": 0.9}, METHOD)
    a, b = 0.9 * known.strength, 0.1 * known.strength
    expected = math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    assert part(after, "GR4").sd == pytest.approx(expected)
    assert part(after, "GR4").strength == known.strength
    gained = 100 * known.weight * (0.9 - known.mean)
    assert after.score - before.score == pytest.approx(gained)
    assert part(after, "QI1") == part(before, "QI1")


def test_strength_is_kappa_and_the_weight_of_the_evidence():
    weight = sum(row["w"] for row in scored().evidence if row["factor"] == "GR4")
    assert part(scored(), "GR4").strength == pytest.approx(2 + weight)
    assert part(scored(), "EN1").strength == 2


@pytest.mark.parametrize("end", [0.0, 1.0])
def test_at_either_end_a_factor_has_no_spread(end):
    after = moved(scored(), {"GR4": end}, METHOD)
    assert part(after, "GR4").sd == 0
    assert spread_of(after, METHOD).p5 < spread_of(after, METHOD).p95
    still = moved(scored(), dict.fromkeys(WEIGHTED, end), METHOD)
    drawn = spread_of(still, METHOD)
    assert (drawn.p5, drawn.p50, drawn.p95) == pytest.approx((100 * end,) * 3)
    assert still.sd == 0


@EASY
@given(FACTS)
def test_the_present_means_give_the_present_score(which):
    before = scored(which)
    means = {one.factor: one.mean for one in before.factors}
    after = moved(before, means, METHOD)
    assert after.score == pytest.approx(before.score, abs=1e-9)
    assert after.sd == pytest.approx(before.sd, abs=1e-9)
    assert after.direction == before.direction
    assert after.hypotheses == before.hypotheses


@EASY
@given(FACTS, MEANS, st.sampled_from(WEIGHTED), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_mean_never_lowers_the_score(which, means, factor, one, other):
    before = scored(which)
    low, high = sorted((one, other))
    lower = moved(before, {**means, factor: low}, METHOD)
    higher = moved(before, {**means, factor: high}, METHOD)
    assert higher.uncapped >= lower.uncapped - 1e-9
    assert higher.score >= lower.score - 1e-9


@EASY
@given(FACTS, MEANS)
def test_every_point_keeps_its_owner(which, means):
    after = moved(scored(which), means, METHOD)
    owned = math.fsum(one.contribution for one in after.factors)
    assert 50 + owned + after.blocked == pytest.approx(after.score, abs=1e-9)
    bundles = math.fsum(one.contribution for one in after.bundles.values())
    assert bundles == pytest.approx(owned, abs=1e-9)


def test_no_factor_moved_by_hand_lifts_a_blocker_or_raises_one():
    unsafe = BlockerFact("unsafe", AS_OF, None, 1, Source("blocker", "b"))
    held = moved(scored(facts(blockers=[unsafe])), dict.fromkeys(WEIGHTED, 1.0), METHOD)
    assert (held.score, held.uncapped) == (40, 100)
    assert moved(scored(), {"GR2": 0.0}, METHOD).blockers == ()


# --- The spread -----------------------------------------------------------------------------------


def test_a_single_factor_is_drawn_from_its_beta():
    bundles = [
        {"code": one.code, "weight": float(one.code == "armed_group")}
        for one in METHOD.conduciveness.bundles
    ]
    method = with_only({"GR4": None}, bundles=bundles)
    drawn = spread_of(scored(facts(), method), method)  # Beta(1, 1): every value as likely
    assert drawn.p5 == pytest.approx(5, abs=1.5)
    assert drawn.p50 == pytest.approx(50, abs=3)
    assert drawn.p95 == pytest.approx(95, abs=1.5)
    assert drawn.above == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_the_drawn_spread_is_as_wide_as_the_printed_one(rho):
    method = altered(conduciveness={"rho": rho})
    score = scored(method=method)
    drawn = spread_of(score, method)
    assert drawn.p95 - drawn.p5 == pytest.approx(2 * 1.645 * score.sd, rel=0.06)
    assert drawn.p50 == pytest.approx(score.score, abs=0.05 * score.sd + 0.5)
    assert sum(drawn.histogram) == drawn.draws == DRAWS


def test_the_same_question_is_drawn_the_same_way_and_another_factor_stays():
    assert spread_of(scored(), METHOD) == spread_of(scored(), METHOD)
    nudged = moved(scored(), {"QI1": part(scored(), "QI1").mean + 0.001}, METHOD)
    assert spread_of(nudged, METHOD).p50 == pytest.approx(spread_of(scored(), METHOD).p50, abs=0.2)


def test_while_a_blocker_stands_every_draw_is_capped():
    unsafe = BlockerFact("unsafe", AS_OF, None, 1, Source("blocker", "b"))
    drawn = spread_of(scored(facts(blockers=[unsafe])), METHOD)
    assert (drawn.p95, drawn.above) == (40, 0)


def test_the_percentiles_of_a_hundred_and_one_values_are_those_values():
    values = [float(one) for one in range(101)]
    assert [percentile(values, share) for share in (0, 0.05, 0.5, 0.95, 1)] == [0, 5, 50, 95, 100]


def test_the_draws_have_the_moments_of_their_beta():
    values = beta_sample("GR4", 2.2488, 1.4162)  # GR4 of worked example B at t1
    assert fmean(values) == pytest.approx(0.6136, abs=0.015)
    assert pstdev(values) == pytest.approx(0.2254, abs=0.01)


@pytest.mark.parametrize(("score", "likelihood"), [(50, 0.150), (62, 0.211)])
def test_the_relative_likelihood_of_section_5(score, likelihood):
    assert round(relative_likelihood(score), 3) == likelihood


def test_twenty_points_double_the_odds():
    def odds(score):
        return relative_likelihood(score) / (1 - relative_likelihood(score))

    assert odds(50) == pytest.approx(0.15 / 0.85)
    assert odds(70) == pytest.approx(2 * odds(50))


@pytest.mark.parametrize("mean", [5e-324, 1e-300, 1e-12, 1 - 2**-53])
def test_a_mean_next_to_an_end_is_drawn_too(mean):
    assert 0 < spread_of(moved(scored(), {"GR4": mean}, METHOD), METHOD).p50 < 100


# --- A meeting supposed ---------------------------------------------------------------------------


def test_a_supposed_meeting_is_scored_as_a_fact():
    after = scored(supposing(KNOWN, supposed()))
    logged = replace(
        KNOWN,
        contacts=(ContactFact(days_ago(0), "B2", 3, SUPPOSED),),
        meetings=(*KNOWN.meetings, meeting(0)),
        readings=(*KNOWN.readings, reading("GR4", 4, "B2")),
        items=(item("delivered"),),
    )
    assert after.score == scored(logged).score
    assert after.score > scored().score


def test_on_a_topic_that_it_does_not_touch_it_is_a_first_contact_alone():
    mines = facts("N14")
    aside = supposing(mines, supposed(topics=["N01"]))
    assert (aside.meetings, aside.readings, aside.items) == ((), (), ())
    assert [one.date for one in aside.contacts] == [days_ago(0)]
    assert supposing(mines, supposed(topics=["N14"])).readings != ()


def test_after_the_closing_it_feeds_nothing():
    closed = supposing(facts(), supposed(), closed_on=days_ago(1).first)
    assert closed.meetings == ()
    assert supposing(facts(), supposed(), closed_on=AS_OF).meetings != ()


def test_an_earlier_contact_stays_the_first():
    first = contact(400, level=3)
    assert supposing(facts(contacts=[first]), supposed()).contacts == (first,)
    not_held = supposed(held=False, kind="cancel", outcome=None)
    assert supposing(facts(), not_held).contacts == ()
