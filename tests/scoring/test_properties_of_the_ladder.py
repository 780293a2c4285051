"""What holds on the stage ladder whatever is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.scoring.digests import inputs_digest
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.gates import Known
from scorecards.scoring.moves import as_fact, due_moves
from scorecards.scoring.stages import standing
from tests.scoring.cases import AS_OF, METHOD, facts, gate, incident, meeting, move, rating, state

CRITERIA = [rule.code for rule in METHOD.integration.criteria]
GATES = [
    *("safety_assured", "contact_ended", "norm_restated", "norm_accepted"),
    *("acceptance_retracted", "contrary_order", "repudiated_by_l1", "reaffirmed"),
]
LEVELS = st.integers(1, 4)
ratings = st.builds(rating, st.sampled_from(CRITERIA), st.integers(0, 4), level=LEVELS)
answers = st.builds(gate, st.sampled_from(GATES), st.booleans(), level=LEVELS)
meetings = st.builds(
    meeting, st.integers(0, 800), highest=st.sampled_from(["L1", "L2", "L3"]), level=LEVELS
)
incidents = st.builds(
    incident, attribution=st.sampled_from(["ordered", "unknown"]), age=st.integers(0, 800)
)
leaders = st.builds(state, st.just("leader_change"), st.just(""), st.integers(0, 800))


@st.composite
def dossiers(draw: Any) -> DossierFacts:
    stage = draw(st.integers(0, 6))
    age = draw(st.integers(1, 1500))
    return facts(
        ratings=draw(st.lists(ratings, max_size=45)),
        gates=draw(st.lists(answers, max_size=8)),
        meetings=draw(st.lists(meetings, max_size=6)),
        incidents=draw(st.lists(incidents, max_size=4)),
        states=draw(st.lists(leaders, max_size=2)),
        moves=[move(row, age, name=str(row)) for row in range(1, stage + 1)],
    )


def moved(of: DossierFacts) -> list[Any]:
    return due_moves(Known(of, AS_OF, METHOD))


def stored(of: DossierFacts) -> DossierFacts:
    """The facts with the moves that are due made."""
    made = [as_fact(due, AS_OF, number) for number, due in enumerate(moved(of))]
    return replace(of, moves=(*of.moves, *made))


@settings(deadline=None)
@given(dossiers())
def test_one_assessment_lifts_at_most_one_step(of):
    assert sum(due.after > due.before for due in moved(of)) <= 1
    assert all(due.after - due.before <= 1 for due in moved(of))


@settings(deadline=None)
@given(dossiers())
def test_the_same_facts_move_no_second_time(of):
    assert moved(stored(of)) == []


@settings(deadline=None)
@given(dossiers())
def test_stages_4_to_6_are_never_entered_from_below_without_a_second_person(of):
    assert all(due.proposed for due in moved(of) if due.after > max(due.before, 3))


@settings(deadline=None)
@given(dossiers(), st.randoms())
def test_the_order_of_facts_changes_nothing(of, luck):
    shuffled = replace(
        of,
        **{name: tuple(luck.sample(getattr(of, name), len(getattr(of, name))))
           for name in ("meetings", "incidents", "states", "moves")},
    )  # fmt: skip
    assert [(due.before, due.after, due.reason) for due in moved(shuffled)] == [
        (due.before, due.after, due.reason) for due in moved(of)
    ]


@settings(deadline=None)
@given(dossiers(), LEVELS)
def test_what_lies_above_a_clearance_moves_nothing_there(of, clearance):
    seen = of.at_clearance(clearance)
    without = replace(
        of, ratings=seen.ratings, gates=seen.gates, meetings=seen.meetings,
        incidents=seen.incidents, states=seen.states,
    )  # fmt: skip
    assert moved(seen) == moved(without.at_clearance(clearance))


@settings(deadline=None)
@given(dossiers())
def test_without_an_assessment_nothing_rises(of):
    bare = replace(of, ratings=(), gates=())
    assert all(due.after < due.before for due in moved(bare))
    assert 0 <= standing(stored(bare).moves, AS_OF).level <= 6


@given(st.permutations([("two_meetings", "interaction", str(number)) for number in range(4)]))
def test_the_order_of_what_stands_behind_a_move_is_no_input(behind):
    one = move(1, 30, name="first")
    before = inputs_digest(facts(moves=[replace(one, behind=tuple(sorted(behind)))]))
    assert inputs_digest(facts(moves=[replace(one, behind=tuple(behind))])) == before
