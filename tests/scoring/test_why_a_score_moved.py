"""The split of a move into its parts (section 3.4): worked example B, and that it adds up."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.facts import BlockerFact, DossierFacts, Source
from scorecards.scoring.movement import Movement, Standpoint, contributions_of, movement, standpoint
from tests.scoring.cases import AS_OF, METHOD, altered, facts, reading, state
from tests.scoring.test_properties_of_the_method import EASY, FACTS
from tests.scoring.test_worked_example_b import AFTER, BEFORE, FIXED, T0, T1

PARTS = {"corrections", "ageing", "new_facts", "method", "blocked"}


def example_b() -> Movement:
    published = standpoint(conduciveness(BEFORE, T0, FIXED))
    return movement(BEFORE, AFTER, (T0, T1), (FIXED, FIXED), published)


def of_factor(moved: Movement, code: str):
    return next(one for one in moved.factors if one.factor == code)


@pytest.mark.parametrize(
    ("factor", "ageing", "new"),
    [("EN1", 0, 4.000), ("NG1", -0.290, 0), ("GR4", 0.661, 5.075), ("QI1", -1.218, -0.152)],
)
def test_each_factor_of_example_b_as_printed(factor, ageing, new):
    part = of_factor(example_b(), factor)
    assert (round(part.ageing, 3), round(part.new_facts, 3)) == (ageing, new)
    assert (part.corrections, part.method) == (0, 0)


def test_example_b_moves_by_ageing_and_new_facts():
    moved = example_b()
    assert round(moved.end.score - moved.start.score, 2) == 8.08
    assert (round(moved.ageing, 2), round(moved.new_facts, 2)) == (-0.85, 8.92)
    assert (moved.corrections, moved.method, moved.blocked) == (0, 0, 0)
    assert abs(moved.remainder) < 1e-9


def test_a_new_reading_owns_its_share_of_its_factor():
    """GR4: 100 x .35 x 1 x (1 - .4686) / (2 + 1.665) = 5.075."""
    moved = example_b()
    (new,) = of_factor(moved, "GR4").new
    assert (new.u, new.w, round(new.mean, 4), round(new.total, 3)) == (1.0, 1.0, 0.4686, 3.665)
    assert new.points == pytest.approx(100 * 0.35 * 1.0 * (1 - new.mean) / new.total)
    assert round(new.points, 3) == 5.075
    assert of_factor(moved, "NG1").new == ()


def test_the_new_part_of_a_computed_factor_names_its_record():
    moved = of_factor(example_b(), "EN1")
    assert [one.id for one in moved.arrived] == ["I1"]
    assert moved.new == ()


def test_two_new_readings_share_what_their_factor_gained():
    since = [reading("QI1", 4, name="a"), reading("QI1", 0, "C3", age=30, name="b")]
    old = [reading("QI1", 3, age=200, name="c")]
    earlier = AS_OF - timedelta(days=100)
    dates, methods = (earlier, AS_OF), (METHOD, METHOD)
    moved = movement(facts(readings=old), facts(readings=old + since), dates, methods)
    part = of_factor(moved, "QI1")
    assert {one.source.id: one.points > 0 for one in part.new} == {"a": True, "b": False}
    assert math.fsum(one.points for one in part.new) == pytest.approx(part.new_facts, abs=1e-12)


def test_what_was_published_and_is_no_longer_so_is_a_correction():
    """A reading of 4 was corrected to 2: the published score keeps what it said."""
    said = facts(readings=[reading("QI1", 4)])
    now = facts(readings=[reading("QI1", 2)])
    published = standpoint(conduciveness(said, AS_OF, METHOD))
    moved = movement(now, now, (AS_OF, AS_OF), (METHOD, METHOD), published)
    # m was (1 + 1)/(2 + 1) = 2/3, is 1/2; omega = .25/6.
    assert moved.corrections == pytest.approx(-100 * 0.25 / 6 * (2 / 3 - 1 / 2))
    assert of_factor(moved, "QI1").corrections == pytest.approx(moved.corrections)
    assert (moved.ageing, moved.new_facts) == (0, 0)


def test_another_weight_set_is_a_part_of_its_own():
    other = altered(conduciveness={"kappa": 4})
    told = facts(readings=[reading("QI1", 4)])
    moved = movement(told, told, (AS_OF, AS_OF), (METHOD, other))
    # m goes from 2/3 to (2 + 1)/(4 + 1) = .6.
    assert moved.method == pytest.approx(100 * 0.25 / 6 * (0.6 - 2 / 3))
    assert moved.ageing == moved.new_facts == moved.corrections == 0
    assert abs(moved.remainder) < 1e-9


def test_a_blocker_is_a_line_of_its_own_beside_the_uncapped_parts():
    """The score falls from above 50 to the cap; the facts themselves did not get worse."""
    told = facts(readings=[reading(code, 4) for code in ("QI1", "GR4", "GR8")])
    raised = BlockerFact("unsafe", AS_OF, None, 2, Source("blocker", "b"))
    blocked = replace(told, blockers=(raised,))
    moved = movement(told, blocked, (AS_OF, AS_OF), (METHOD, METHOD))
    assert moved.end.score == 40.0
    assert moved.blocked == pytest.approx(40.0 - moved.start.uncapped)
    assert moved.new_facts == 0
    back = movement(blocked, told, (AS_OF, AS_OF), (METHOD, METHOD))
    assert back.blocked == pytest.approx(-moved.blocked)


def test_what_leaves_its_window_is_ageing():
    """An intensity record counts for 36 months; nothing new is entered."""
    told = facts(states=[state("intensity", "I0", age=1090)])
    moved = movement(told, told, (AS_OF, AS_OF + timedelta(days=30)), (METHOD, METHOD))
    part = of_factor(moved, "EN1")
    assert part.ageing == pytest.approx(moved.ageing)
    assert [one.id for one in part.left] == ["fact"]
    assert part.ageing < 0


@st.composite
def weight_sets(draw: st.DrawFn):
    part = METHOD.to_dict()["conduciveness"]
    changed = [
        one | {"weight": draw(st.sampled_from([0.0, 0.5, 1.0, 3.0])) if one["weight"] else 0.0}
        for one in part["factors"]
    ]
    for bundle in part["bundles"]:
        first = next(one for one in changed if one["bundle"] == bundle["code"] and one["half_life"])
        first["weight"] = 1.0  # a bundle needs one factor that counts
    kappa = draw(st.sampled_from([1.0, 2.0, 4.0]))
    cap = draw(st.sampled_from([30.0, 40.0, 55.0]))
    return altered(conduciveness={"factors": changed, "kappa": kappa, "cap": cap})


DATES = st.tuples(st.dates(date(2019, 1, 1), date(2027, 1, 1)), st.integers(0, 1500))


@EASY
@given(before=FACTS, then=FACTS, now=FACTS, when=DATES, old=weight_sets(), new=weight_sets())
def test_the_parts_always_add_up(
    before: DossierFacts, then: DossierFacts, now: DossierFacts, when, old, new
) -> None:
    first, later = when[0], when[0] + timedelta(days=when[1])
    said = conduciveness(before, first, old)
    published = Standpoint(first, said.score, contributions_of(said))
    moved = movement(then, now, (first, later), (old, new), published)
    assert moved.start.score == said.score
    assert moved.end.score == conduciveness(now, later, new).score
    assert moved.parts.keys() == PARTS
    assert abs(moved.remainder) < 1e-9
    move = moved.end.score - moved.start.score
    assert math.fsum(moved.parts.values()) == pytest.approx(move, abs=1e-9)
    for name in PARTS - {"blocked"}:
        over_factors = math.fsum(getattr(one, name) for one in moved.factors)
        assert over_factors == pytest.approx(getattr(moved, name), abs=1e-9)


@EASY
@given(then=FACTS, more=FACTS, when=DATES)
def test_new_readings_own_the_new_part_of_every_judged_factor(then, more, when) -> None:
    known = {(one.factor, one.source) for one in then.readings}
    added = tuple(one for one in more.readings if (one.factor, one.source) not in known)
    now = replace(then, readings=then.readings + added)
    first, later = when[0], when[0] + timedelta(days=when[1])
    moved = movement(then, now, (first, later), (METHOD, METHOD))
    for part in moved.factors:
        if part.kind == "judged":
            owned = math.fsum(one.points for one in part.new)
            assert owned == pytest.approx(part.new_facts, abs=1e-9)
