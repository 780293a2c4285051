"""Each judgement of the method turned once (section 3.6 a-e), for both scores."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.scoring.card_sensitivity import card_sensitivity
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.draws import dirichlet
from scorecards.scoring.facts import BlockerFact, Source
from scorecards.scoring.integration import integration
from scorecards.scoring.sensitivity import sensitivity, without
from tests.scoring.cases import AS_OF, METHOD, altered, facts, rating, reading
from tests.scoring.test_properties_of_the_method import EASY, FACTS

RULES = METHOD.conduciveness
JUDGED = [one.code for one in RULES.factors if one.kind == "judged" and one.weight]
KNOWN = facts(readings=[reading("GR4", 4, age=300), reading("QI1", 1, age=60)])
SURE = facts(
    readings=[
        reading(code, 4, age=day, name=f"{code}{day}") for code in JUDGED for day in range(12)
    ]
)
# Doctrine at .25 holds the three others, all at .75, down.
RATED = facts(
    ratings=[
        rating(one.code, 1 if one.dimension == "doctrine" else 3, "A1", age=30)
        for one in METHOD.integration.criteria
    ]
)


def turned(which=KNOWN, method=METHOD):
    return sensitivity(which, AS_OF, method)


def parts_of(which=KNOWN):
    return [one for one in conduciveness(which, AS_OF, METHOD).factors if one.weight]


# --- (a) leave one factor out ---------------------------------------------------------------------


def test_without_a_factor_its_bundle_shares_its_weight():
    parts = parts_of()
    weights = without(parts, "GR4")
    assert "GR4" not in weights
    assert math.fsum(weights.values()) == pytest.approx(1)
    assert weights["GR1"] == pytest.approx(0.35 / 10)  # eleven share .35, then ten
    assert weights["QI1"] == pytest.approx(0.25 / 6)


def test_a_factor_alone_in_its_bundle_leaves_its_weight_to_the_other_bundles():
    parts = [one for one in parts_of() if one.factor in ("GR4", "QI1", "NG1")]
    weights = without(parts, "GR4")
    had = {one.factor: one.weight for one in parts}
    assert math.fsum(weights.values()) == pytest.approx(math.fsum(had.values()))
    assert weights["NG1"] / weights["QI1"] == pytest.approx(had["NG1"] / had["QI1"])


def test_the_effect_is_what_the_method_gives_with_the_factor_at_weight_nought():
    plain = METHOD.to_dict()["conduciveness"]["factors"]
    for one in plain:
        one["weight"] = 0.0 if one["code"] == "GR4" else one["weight"]
    without_it = altered(conduciveness={"factors": plain})
    expected = conduciveness(KNOWN, AS_OF, without_it)
    found = next(one for one in turned().left_out if one.factor == "GR4")
    assert found.outcome.score == pytest.approx(expected.score)
    assert found.outcome.sd == pytest.approx(expected.sd)
    assert found.effect == pytest.approx(expected.score - turned().base.score)


def test_a_factor_at_the_mean_of_its_bundle_moves_nothing_and_the_largest_effect_comes_first():
    effects = [one.effect for one in turned().left_out]
    assert effects == sorted(effects, key=abs, reverse=True)
    assert len(effects) == len(parts_of())
    unknown = {one.factor: one.effect for one in turned(facts()).left_out}
    assert all(effect == pytest.approx(0) for effect in unknown.values())  # all at one half


# --- (b) drawn weights ----------------------------------------------------------------------------


@EASY
@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=8))
def test_drawn_weights_sum_to_one_and_lie_around_their_own(raw):
    shares = {str(place): value / math.fsum(raw) for place, value in enumerate(raw)}
    drawn = list(dirichlet(shares, 50, 200))
    assert all(math.fsum(one.values()) == pytest.approx(1) for one in drawn)
    for code, share in shares.items():
        mean = math.fsum(one[code] for one in drawn) / len(drawn)
        # sd of a Dirichlet share: sqrt(share (1 - share) / (50 + 1)), over 200 draws
        assert mean == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / 51 / 200))


def test_the_band_lies_around_the_score_and_the_same_seed_gives_the_same_band():
    weights = turned().weights
    assert (weights.draws, weights.concentration) == (1000, 50)
    assert weights.p5 < turned().base.score < weights.p95
    assert turned() == turned()


def test_where_every_factor_stands_alike_no_weight_matters():
    weights = turned(facts()).weights
    assert (weights.p5, weights.p95, weights.changed) == pytest.approx((50, 50, 0))


# --- (c) kappa, half-lives, rho -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kappa", "half_lives", "rho"])
def test_the_value_in_force_gives_the_score_itself(name):
    variants = getattr(turned(), name)
    in_force = [one for one in variants if one.in_force]
    assert len(in_force) == 1
    assert in_force[0].outcome.score == pytest.approx(turned().base.score)
    assert in_force[0].outcome.sd == pytest.approx(turned().base.sd)


def test_each_value_is_what_the_method_gives_with_it():
    for one in turned().kappa:
        expected = conduciveness(KNOWN, AS_OF, altered(conduciveness={"kappa": one.value}))
        assert one.outcome.score == pytest.approx(expected.score)
        assert one.outcome.sd == pytest.approx(expected.sd)
    for one in turned().rho:
        expected = conduciveness(KNOWN, AS_OF, altered(conduciveness={"rho": one.value}))
        assert (one.outcome.score, one.outcome.sd) == pytest.approx((expected.score, expected.sd))
    assert [one.value for one in turned().kappa] == [1, 2, 4]
    assert [one.value for one in turned().rho] == [0, 0.3, 0.6]


def test_a_value_of_a_sets_own_stands_among_the_others():
    own = altered(conduciveness={"kappa": 3.0, "rho": 0.25}, integration={"slack": 0.5})
    found = turned(method=own)
    assert [(one.value, one.in_force) for one in found.kappa] == [
        (1, False), (2, False), (3, True), (4, False),
    ]  # fmt: skip
    assert [one.value for one in found.rho if one.in_force] == [0.25]
    assert [one.value for one in card(method=own).slack] == [0.2, 0.35, 0.5, 1]


def test_a_longer_half_life_leaves_old_evidence_more_weight():
    old = facts(readings=[reading("GR4", 4, age=365)])
    half, same, double = (one.outcome.score for one in turned(old).half_lives)
    assert half < same < double


# --- (d) the other form, and the conclusion -------------------------------------------------------


def test_multiplied_up_the_score_lies_at_or_below_the_sum():
    assert turned().geometric < turned().base.score
    assert turned(facts()).geometric == pytest.approx(50)


def test_a_conclusion_that_no_variant_changes_holds():
    sure = turned(SURE)
    assert sure.base.direction == "favourable"
    assert (sure.changes, sure.holds) == ([], True)


def test_a_conclusion_names_what_changes_it():
    shaken = turned(altered_to_the_edge())
    assert shaken.base.direction is not None
    assert shaken.holds is False
    assert ("rho", 0.6) in shaken.changes


def altered_to_the_edge():
    """Evidence that carries a word by a hair: with the factors tied closer it carries none."""
    for days in range(1, 40):
        which = facts(
            readings=[
                reading(code, 4, "B2", age=30 * day, name=f"{code}{day}")
                for code in JUDGED
                for day in range(days)
            ]
        )
        if turned(which).base.direction:
            return which
    raise AssertionError("no such evidence")


def test_a_blocked_dossier_is_turned_before_its_cap():
    unsafe = BlockerFact("unsafe", AS_OF, None, 1, Source("blocker", "b"))
    blocked = turned(replace(SURE, blockers=(unsafe,)))
    assert blocked.blocked
    assert blocked.base == turned(SURE).base


@settings(EASY, max_examples=12)
@given(FACTS)
def test_any_facts_can_be_turned(which):
    found = turned(which)
    card = card_sensitivity(which, AS_OF, METHOD)
    figures = [found.base.score, found.geometric, found.weights.p5, card.base.low, card.base.high]
    assert all(math.isfinite(figure) and 0 <= figure <= 100 for figure in figures)
    score = conduciveness(which, AS_OF, METHOD)
    assert found.base.score == pytest.approx(score.uncapped)
    assert found.base.sd == pytest.approx(score.sd)


# --- The scorecard --------------------------------------------------------------------------------


def card(which=RATED, method=METHOD):
    return card_sensitivity(which, AS_OF, method)


def test_the_card_itself_stands_among_its_variants():
    whole = integration(RATED, AS_OF, METHOD)
    assert card().base.index == whole.index
    for variants in (card().half_lives, card().slack):
        in_force = [one for one in variants if one.in_force]
        assert [one.outcome for one in in_force] == [card().base]
    assert card().arithmetic == whole.arithmetic_mean


def test_lambda_off_frees_what_the_caps_held():
    for one in card().slack:
        expected = integration(RATED, AS_OF, altered(integration={"slack": one.value}))
        assert one.outcome.index == pytest.approx(expected.index)
    strict, shipped, off = (one.outcome.index for one in card().slack)
    assert strict < shipped < off  # doctrine at .25 holds the others down
    assert [one.value for one in card().slack] == [0.2, 0.35, 1]


def test_without_a_criterion_the_others_of_its_dimension_stand_for_it():
    found = next(one for one in card().left_out if one.criterion == "D1")
    rest = tuple(one for one in RATED.ratings if one.criterion != "D1")
    plain = METHOD.to_dict()["integration"]["criteria"]
    fewer = altered(integration={"criteria": [one for one in plain if one["code"] != "D1"]})
    expected = integration(replace(RATED, ratings=rest), AS_OF, fewer)
    assert found.outcome.index == pytest.approx(expected.index)
    assert found.outcome.low == pytest.approx(expected.index_low)
    programme = {one.code for one in METHOD.integration.criteria if one.dimension == "programme"}
    assert not programme & {one.criterion for one in card().left_out}


def test_over_drawn_weights_the_index_lies_around_itself():
    weights = card().weights
    assert weights is not None
    assert weights.p5 < card().base.index < weights.p95


def test_where_little_is_known_there_is_no_index_to_draw():
    unknown = card(facts())
    assert unknown.base.reading == "not_available"
    assert (unknown.weights, unknown.arithmetic, unknown.left_out) == (None, None, ())
    assert unknown.holds


def test_halved_half_lives_may_take_the_index_away_and_that_is_said():
    old = facts(ratings=[rating(one.code, 3, "A1", age=600) for one in METHOD.integration.criteria])
    found = card(old)
    assert found.base.reading == "high"
    assert found.half_lives[0].outcome.reading == "not_available"
    assert ("half_lives", 0.5) in found.changes
    assert not found.holds
