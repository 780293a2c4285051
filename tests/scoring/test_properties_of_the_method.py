"""What holds for any facts at all: order, monotony, independence, ranges, finiteness."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.dates import PRECISIONS, PartialDate
from scorecards.scoring.conduciveness import conduciveness, posterior
from scorecards.scoring.digests import inputs_digest, inputs_digests
from scorecards.scoring.facts import (
    BlockerFact,
    ContactFact,
    DossierFacts,
    EvidenceFact,
    GroupStart,
    ItemFact,
    MeetingFact,
    PromiseFact,
    RatingFact,
    ReadingFact,
    ServiceFact,
    Source,
    StateFact,
)
from scorecards.scoring.integration import integration
from tests.scoring.cases import AS_OF, METHOD, piece, rating, reading

RULES = METHOD.conduciveness.computed
GRADES = st.sampled_from([None, "A1", "B2", "C3", "D4", "E5", "F6"])
LEVELS = st.integers(1, 4)
DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31)) | st.dates()
CRITERIA = [one.code for one in METHOD.integration.criteria]
JUDGED = [one.code for one in METHOD.conduciveness.factors if one.kind == "judged"]
RUNGS = st.sampled_from(["L1", "L2", "L3", "L4", "LP", "LX", "LI", "UNK"])
STATES = st.sampled_from(
    [("intensity", code) for code in (*RULES.intensity, "IX")]
    + [("peace_process", code) for code in RULES.peace_process]
    + [("restriction", code) for code in (*RULES.access, "UNK")]
)


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(DAYS)
    precision = draw(st.sampled_from(PRECISIONS))
    month = {"year": 1, "season": 3 * ((day.month - 1) // 3) + 1}.get(precision, day.month)
    return PartialDate(day if precision == "day" else date(day.year, month, 1), precision)


SOURCES = st.builds(Source, st.sampled_from(["interaction", "claim"]), st.uuids().map(str))
EVIDENCE = st.builds(EvidenceFact, st.sampled_from("abc"), GRADES, LEVELS, st.booleans())
PARTIAL = partial_dates()
MAYBE = st.none() | PARTIAL
RATINGS = st.builds(
    RatingFact,
    st.sampled_from([*CRITERIA, "X1"]),
    st.integers(0, 4) | st.just("na"),
    GRADES,
    MAYBE,
    DAYS,
    st.sampled_from(["2026-01-01", "2026-01-02"]),
    LEVELS,
    SOURCES,
    st.lists(EVIDENCE, max_size=3).map(tuple),
)
READINGS = st.builds(
    ReadingFact,
    st.sampled_from([*JUDGED, "EN1"]),
    st.integers(0, 4),
    GRADES,
    PARTIAL,
    LEVELS,
    SOURCES,
)
MEETINGS = st.builds(
    MeetingFact,
    PARTIAL,
    st.sampled_from(["norm", "diss", "pract", "msg", "cancel"]),
    st.booleans(),
    st.none() | RUNGS,
    st.frozensets(RUNGS, max_size=3),
    st.frozensets(st.sampled_from(["N01", "N14"]), max_size=2),
    st.none() | st.integers(-2, 5),
    GRADES,
    LEVELS,
    SOURCES,
)
FACTS = st.builds(
    DossierFacts,
    st.sampled_from(["GEN", "N14"]),
    st.none() | st.builds(GroupStart, PARTIAL, GRADES, SOURCES),
    st.lists(st.builds(ContactFact, PARTIAL, GRADES, LEVELS, SOURCES), max_size=3).map(tuple),
    st.lists(MEETINGS, max_size=8).map(tuple),
    st.lists(READINGS, max_size=12).map(tuple),
    st.lists(
        st.builds(
            ItemFact, st.sampled_from(["agreed", "delivered", "failed"]), PARTIAL, LEVELS, SOURCES
        ),
        max_size=3,
    ).map(tuple),
    st.lists(
        st.builds(
            PromiseFact,
            DAYS,
            st.sampled_from(["kept", "not_kept", "unclear"]),
            MAYBE,
            LEVELS,
            SOURCES,
        ),
        max_size=3,
    ).map(tuple),
    st.lists(
        st.builds(
            lambda pair, *rest: StateFact(*pair, *rest),
            STATES,
            MAYBE,
            MAYBE,
            GRADES,
            LEVELS,
            SOURCES,
        ),
        max_size=6,
    ).map(tuple),
    st.lists(st.builds(ServiceFact, PARTIAL, MAYBE, GRADES, LEVELS, SOURCES), max_size=3).map(
        tuple
    ),
    st.lists(
        st.builds(
            BlockerFact,
            st.sampled_from(["core_aim", "refused_by_l1", "unsafe", "unlawful"]),
            st.none() | DAYS,
            st.none() | DAYS,
            LEVELS,
            SOURCES,
        ),
        max_size=2,
    ).map(tuple),
    st.lists(RATINGS, max_size=20).map(tuple),
)
EASY = settings(max_examples=60, deadline=None, derandomize=True)


def scores(facts: DossierFacts, as_of: date = AS_OF):
    return conduciveness(facts, as_of, METHOD), integration(facts, as_of, METHOD)


def lists_of(facts: DossierFacts) -> dict[str, tuple[Any, ...]]:
    named = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return {name: value for name, value in named.items() if isinstance(value, tuple)}


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers_in(item)]
    if isinstance(value, list | tuple):
        return [number for item in value for number in numbers_in(item)]
    if hasattr(value, "__dataclass_fields__"):
        named = [name for name in value.__dataclass_fields__ if not name.startswith("_")]
        return [number for name in named for number in numbers_in(getattr(value, name))]
    return [value] if isinstance(value, int | float) else []


@EASY
@given(FACTS, DAYS)
def test_every_figure_is_finite_and_in_its_range(facts, as_of):
    success, card = scores(facts, as_of)
    figures = numbers_in((success, success.evidence, card))
    assert figures
    assert all(math.isfinite(figure) for figure in figures)
    assert 0 <= success.low <= success.score <= success.high <= 100
    for one in [*card.dimensions.values(), card.programme, *card.training_blocks.values()]:
        assert 0 <= one.low <= one.high <= 1
        assert 0 <= one.coverage <= 1 + 1e-12
        assert one.estimate is None or one.low - 1e-12 <= one.estimate <= one.high + 1e-12


@EASY
@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(facts, random):
    shuffled = replace(
        facts,
        **{name: tuple(random.sample(rows, len(rows))) for name, rows in lists_of(facts).items()},
    )
    assert scores(shuffled) == scores(facts)
    assert scores(shuffled)[0].evidence == scores(facts)[0].evidence
    assert inputs_digest(shuffled) == inputs_digest(facts)


@EASY
@given(FACTS, LEVELS)
def test_a_clearance_is_the_same_as_having_only_those_facts(facts, clearance):
    only = replace(
        facts,
        **{
            name: tuple(row for row in rows if row.level <= clearance)
            for name, rows in lists_of(facts).items()
        },
    )
    assert scores(facts.at_clearance(clearance)) == scores(only)
    assert inputs_digests(facts)[clearance] == inputs_digest(only)


@EASY
@given(FACTS)
def test_the_parts_sum_to_the_score(facts):
    success, _ = scores(facts)
    parts = math.fsum(one.contribution for one in success.factors)
    assert 50 + parts == pytest.approx(success.uncapped, abs=1e-9)
    assert success.uncapped + success.blocked == pytest.approx(success.score, abs=1e-9)
    assert math.fsum(one.weight for one in success.factors) == pytest.approx(1)


@EASY
@given(
    st.lists(st.integers(0, 4), min_size=41, max_size=41),
    st.lists(st.sampled_from(["A1", "A2", "B2"]), min_size=41, max_size=41),
)
def test_the_range_of_the_index_contains_the_index(values, grades):
    ratings = [rating(*one) for one in zip(CRITERIA, values, grades, strict=True)]
    _, card = scores(DossierFacts("GEN", ratings=tuple(ratings)))
    assert card.index is not None
    assert card.index_low - 1e-9 <= card.index <= card.index_high + 1e-9
    assert card.minimum <= card.arithmetic_mean + 1e-9


@EASY
@given(FACTS.filter(lambda facts: any(one.rating != "na" for one in facts.ratings)), st.data())
def test_a_better_rating_never_lowers_the_card(facts, data):
    chosen = data.draw(st.sampled_from([one for one in facts.ratings if one.rating != "na"]))
    better = replace(chosen, rating=min(4, chosen.rating + 1))
    swapped = tuple(better if one is chosen else one for one in facts.ratings)
    before, after = (
        integration(each, AS_OF, METHOD) for each in (facts, replace(facts, ratings=swapped))
    )
    assert after.index_low >= before.index_low - 1e-9
    assert after.index_high >= before.index_high - 1e-9
    for code, one in before.dimensions.items():
        assert (after.dimensions[code].estimate or 0) >= (one.estimate or 0) - 1e-12


@EASY
@given(FACTS.filter(lambda facts: facts.readings), st.data())
def test_a_better_reading_never_lowers_the_score(facts, data):
    chosen = data.draw(st.sampled_from(facts.readings))
    better = replace(chosen, rating=min(4, chosen.rating + 1))
    swapped = tuple(better if one is chosen else one for one in facts.readings)
    before, after = scores(facts)[0], scores(replace(facts, readings=swapped))[0]
    assert after.uncapped >= before.uncapped - 1e-9
    assert after.score >= before.score - 1e-9


@EASY
@given(GRADES, GRADES, st.integers(0, 4))
def test_a_copy_of_one_origin_counts_once(first, second, value):
    best = max(first, second, key=lambda grade: METHOD.grades.reliability[grade])
    once = rating("D1", value, evidence=[piece("meeting", best)])
    copied = rating("D1", value, evidence=[piece("meeting", first), piece("meeting", second)])
    cards = [scores(DossierFacts("GEN", ratings=(one,)))[1] for one in (once, copied)]
    assert cards[0].dimensions == cards[1].dimensions


@EASY
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 4)), max_size=8), st.floats(0.001, 4))
def test_a_further_fact_at_the_current_mean_narrows_the_spread(observations, weight):
    before = posterior(observations, 2)
    after = posterior([*observations, (before.mean, weight)], 2)
    assert after.mean == pytest.approx(before.mean)
    assert after.sd < before.sd


@EASY
@given(st.integers(0, 4), st.integers(0, 2000), st.integers(1, 400))
def test_ageing_never_takes_a_reading_past_the_middle(value, age, more):
    def mean(days: int) -> float:
        success, _ = scores(DossierFacts("GEN", readings=(reading("GR4", value, age=days),)))
        return next(one.mean for one in success.factors if one.factor == "GR4")

    younger, older = mean(age), mean(age + more)
    assert abs(older - 0.5) <= abs(younger - 0.5)
    assert (older - 0.5) * (younger - 0.5) >= 0


@EASY
@given(FACTS)
def test_what_is_dated_after_the_as_of_date_moves_nothing(facts):
    day = date(2014, 1, 1)
    later = replace(
        facts,
        readings=(*facts.readings, reading("QI1", 4)),
        ratings=(*facts.ratings, rating("D1", 4)),
    )
    assert scores(later, day) == scores(facts, day)
