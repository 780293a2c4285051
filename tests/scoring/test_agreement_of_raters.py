"""How far two raters agree: which sheets are a pair, and weighted kappa by its numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scorecards.scoring.agreement import Sheet, agreement, pairs_of, weighted_kappa

# Answers of 91 married couples on a scale of four (Hout, Duncan and Sobel 1987; data set
# SexualFun of R's vcd). By Fleiss-Cohen, that is quadratic, weights kappa is .3320.
COUPLES = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
RATED = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


def test_a_published_table_gives_its_published_kappa():
    pairs = [
        (husband, wife)
        for husband, row in enumerate(COUPLES)
        for wife, count in enumerate(row)
        for _ in range(count)
    ]
    assert weighted_kappa(pairs) == pytest.approx(0.3320, abs=5e-5)


def test_by_hand():
    """d^2 observed: 0 + 1 + 4 = 5; of 0, 2, 4 each against 0, 3, 2: 39, by chance 39 / 3 = 13."""
    assert weighted_kappa([(0, 0), (2, 3), (4, 2)]) == pytest.approx(1 - 5 / 13)


def test_full_disagreement_of_two_steps_at_the_ends_is_minus_one():
    assert weighted_kappa([(0, 4), (4, 0)]) == pytest.approx(-1)


def test_without_any_variation_kappa_says_nothing():
    assert weighted_kappa([]) is None
    assert weighted_kappa([(2, 2)] * 30) is None
    assert agreement([(2, 2)] * 30) is None


@given(st.lists(st.integers(0, 4), min_size=2, max_size=60))
def test_identical_ratings_give_one(ratings):
    assume(len(set(ratings)) > 1)
    assert weighted_kappa([(n, n) for n in ratings]) == pytest.approx(1)


@given(RATED)
def test_it_is_symmetric_and_lies_between_minus_one_and_one(pairs):
    kappa = weighted_kappa(pairs)
    assert kappa == pytest.approx(weighted_kappa([(b, a) for a, b in pairs]))
    if kappa is not None:
        assert -1 - 1e-9 <= kappa <= 1 + 1e-9


@given(RATED, st.lists(st.booleans(), min_size=60, max_size=60))
def test_which_of_two_raters_is_called_the_first_moves_nothing(pairs, turned):
    swapped = [(b, a) if turn else (a, b) for (a, b), turn in zip(pairs, turned, strict=False)]
    assert agreement(pairs) == pytest.approx(agreement(swapped))


# --- Pairs ----------------------------------------------------------------------------------------

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sheet(author, *, day=0, begun=0, handed_in=1, final=None, ratings=None, name=None):
    """A sheet as of so many days after the first of March; begun and handed in by the hour."""
    said = {"D1": 2} if ratings is None else ratings
    return Sheet(
        id=name or f"{author}{day}{begun}",
        author=author,
        as_of=DAY + timedelta(days=day),
        begun=NOON + timedelta(hours=begun),
        handed_in=NOON + timedelta(hours=handed_in),
        final=None if final is None else NOON + timedelta(hours=final),
        ratings=said,
        first=said,
    )


def names(sheets):
    return [(pair.one.author, pair.other.author) for pair in pairs_of(sheets)]


@pytest.mark.parametrize(("days", "found"), [(0, 1), (31, 1), (32, 0), (-31, 1)])
def test_two_authors_within_31_days_are_a_pair(days, found):
    assert len(names([sheet("a"), sheet("b", day=days, handed_in=2)])) == found


def test_one_author_is_no_pair():
    assert names([sheet("a"), sheet("a", begun=2, handed_in=3)]) == []


def test_who_begins_after_both_were_handed_in_is_no_third_opinion():
    both = [sheet("a"), sheet("b", handed_in=2)]
    assert names([*both, sheet("a", begun=3, handed_in=4)]) == [("a", "b")]
    assert names([*both, sheet("c", begun=3, handed_in=4)]) == [("a", "b")]
    assert sorted(names([*both, sheet("c", begun=0, handed_in=4)])) == [
        ("a", "b"), ("a", "c"), ("b", "c"),
    ]  # fmt: skip


def test_a_pair_is_blind_unless_one_was_final_before_the_other_was_handed_in():
    known = next(pairs_of([sheet("a", final=2), sheet("b", handed_in=3)]))
    blind = next(pairs_of([sheet("a", final=4), sheet("b", handed_in=3)]))
    assert (known.is_blind, blind.is_blind) == (False, True)


def test_two_steps_are_far_apart_and_what_one_did_not_rate_is_not():
    one = sheet("a", ratings={"D1": 0, "D2": 1, "D3": 4})
    other = sheet("b", handed_in=2, ratings={"D1": 2, "D2": 2, "S1": 0})
    (pair,) = pairs_of([one, other])
    assert pair.far_apart() == ["D1"]
    assert pair.first_ratings() == [(0, 2), (1, 2)]
