"""The stage ladder of section 2.6: each condition and each rule by its own example."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from scorecards.scoring.facts import DossierFacts, InheritedFact, Source
from scorecards.scoring.gates import Gate, Known, entry_gates
from scorecards.scoring.moves import DueMove, due_moves
from scorecards.scoring.stages import ladder, standing
from tests.scoring.cases import (
    AS_OF,
    METHOD,
    commitment,
    days_ago,
    facts,
    gate,
    incident,
    mandate,
    meeting,
    move,
    piece,
    rating,
    state,
)

D = [f"D{number}" for number in range(1, 12)]
T = ["Te1", "Te2", "Te3", "Te4", *(f"Tt{number}" for number in range(1, 8))]
E = [f"E{number}" for number in range(1, 8)]
S = [f"S{number}" for number in range(1, 8)]
P = [f"P{number}" for number in range(1, 6)]
CONTACT = meeting(10, kind="pract", highest="L3", name="lately")


def known(of: DossierFacts) -> Known:
    return Known(of, AS_OF, METHOD)


def rated(codes: list[str], value: int, **more: object) -> list[object]:
    return [rating(code, value, **more) for code in codes]  # type: ignore[arg-type]


def everywhere(value: int, **more: object) -> list[object]:
    return rated([*D, *T, *E, *S, *P], value, **more)


def gates_of(stage: int, of: DossierFacts, months: float = 0) -> dict[str, Gate]:
    return {one.code: one for one in entry_gates(stage, known(of), months)}


def due(of: DossierFacts) -> list[tuple[int, int, str]]:
    return [(one.before, one.after, one.reason) for one in due_moves(known(of))]


# --- Conditions of entry --------------------------------------------------------------------------
TWO = [meeting(300, highest="L1", name="a"), meeting(20, kind="pract", highest="L2", name="b")]


@pytest.mark.parametrize(
    ("meetings", "mandates", "counted"),
    [
        (TWO, [], 2),
        ([*TWO[:1], meeting(366, highest="L1", name="c")], [], 1),
        ([*TWO[:1], meeting(365, highest="LP", name="c")], [], 2),
        ([*TWO[:1], meeting(5, kind="courtesy", highest="L1", name="c")], [], 1),
        ([*TWO[:1], meeting(5, kind="msg", highest="L1", name="c")], [], 1),
        ([*TWO[:1], meeting(5, highest="L1", held=False, name="c")], [], 1),
        ([*TWO[:1], meeting(5, highest="L3", name="c")], [], 1),
        ([*TWO[:1], meeting(5, highest="L3", name="c")], [mandate("c", "yes")], 2),
        (TWO, [mandate("b", "unsure")], 1),
        (TWO, [mandate("b", "no"), mandate("b", "yes")], 2),
    ],
)
def test_stage_1_counts_substantive_meetings_with_someone_entitled(meetings, mandates, counted):
    found = gates_of(1, facts(meetings=meetings, mandates=mandates))["two_meetings"]
    assert (found.have, found.met) == (counted, counted >= 2)


@pytest.mark.parametrize(
    ("given", "met"),
    [
        ([], None),
        ([gate("safety_assured")], True),
        ([gate("safety_assured", evidence=[])], None),
        ([gate("safety_assured", False)], False),
        ([gate("safety_assured", evidence=[piece("x", withdrawn=True)])], None),
        ([gate("safety_assured"), gate("safety_assured", False, finalised="2026-11-22T10")], False),
        ([gate("safety_assured", as_of=AS_OF + timedelta(days=1))], None),
    ],
)
def test_a_condition_in_words_is_a_yes_with_linked_evidence(given, met):
    assert gates_of(1, facts(gates=given))["safety_assured"].met is met


def test_stage_2_counts_levels_met_in_norm_sessions_of_any_date():
    old = meeting(4000, kind="diss", highest="L3", levels=["L3", "L4"], name="old")
    assert gates_of(2, facts(meetings=[old]))["two_levels"].met
    political = meeting(9, kind="norm", highest="LP", levels=["LP", "L1"], name="wing")
    assert gates_of(2, facts(meetings=[political]))["two_levels"].have == 1
    other_topic = meeting(9, kind="norm", levels=["L3", "L4"], topics=["N14"])
    assert gates_of(2, facts("N11", meetings=[other_topic]))["two_levels"].have == 0
    assert gates_of(2, facts("N14", meetings=[other_topic]))["two_levels"].met


@pytest.mark.parametrize(
    ("grade", "evidence", "met"),
    [
        ("B2", [piece("x", "C3")], True),
        ("C2", [piece("x", "A1")], False),
        (None, [piece("x", "B2")], True),
        (None, [piece("x", "C2")], False),
        (None, [piece("x", "C2"), piece("y", "C2")], True),  # 1 - .52 x .52 = .7296
    ],
)
def test_stage_3_asks_for_an_acceptance_graded_b2_or_better(grade, evidence, met):
    given = facts(gates=[gate("norm_accepted", grade=grade, evidence=evidence)])
    assert gates_of(3, given)["norm_accepted"].met is met


@pytest.mark.parametrize(("value", "met"), [(None, None), (1, False), (2, True), (4, True)])
def test_a_criterion_takes_the_rating_in_force_at_any_age_and_null_fails(value, met):
    rows = [] if value is None else [rating("D11", value, age=5000)]
    assert gates_of(3, facts(ratings=rows))["D11"].met is met


def test_na_fails_a_criterion():
    loose = replace(rating("D6", "na"), criterion="D11")
    assert gates_of(3, facts(ratings=[loose]))["D11"].met is not True


def test_stage_4_asks_for_programme_doctrine_and_one_of_training_and_sanctions():
    base = [*rated(P, 2), *rated(D, 2)]
    assert all(one.met for one in gates_of(4, facts(ratings=[*base, *rated(S, 1)])).values())
    assert gates_of(4, facts(ratings=base))["training_or_sanctions"].met is None
    assert gates_of(4, facts(ratings=[*base, *rated(T, 0)]))["training_or_sanctions"].met is None
    low = facts(ratings=[*base, *rated(T, 0), *rated(S, 0)])
    assert gates_of(4, low)["training_or_sanctions"].met is False
    # D* is held down by the limit .35 + max(T, S) = .35: the starred value decides.
    assert gates_of(4, low)["doctrine"].have == pytest.approx(0.35)


def test_a_value_known_too_little_neither_lifts_nor_lowers():
    some = facts(ratings=[*rated(P, 4), *rated(D[:4], 4), *rated(S, 4)])  # Q_D = 4/11 = .36
    assert gates_of(4, some)["doctrine"].met is None
    low = facts(ratings=rated(D[:4], 0), moves=[move(4, 700)], meetings=[CONTACT])
    assert due(low) == []


def test_stage_5_asks_for_all_four_and_no_pattern():
    good = facts(ratings=everywhere(2))
    assert all(one.met for one in gates_of(5, good).values())
    three = [incident(name=str(number)) for number in range(3)]
    assert gates_of(5, replace(good, incidents=tuple(three)))["no_pattern"].met is False


def test_stage_6_asks_for_three_quarters_two_years_and_a_third_party():
    good = facts(ratings=everywhere(3), commitments=[commitment()])
    assert all(one.met for one in gates_of(6, good, months=24).values())
    assert not gates_of(6, good, months=23.9)["months_applied"].met
    claimed = replace(good, commitments=(commitment(verification="V1"),))
    assert not gates_of(6, claimed, months=24)["verified"].met
    proposed = replace(good, commitments=(commitment("negotiating", "V5"),))
    assert not gates_of(6, proposed, months=24)["verified"].met


# --- Rising ---------------------------------------------------------------------------------------
def reached(stage: int, age: int = 800) -> list[object]:
    return [move(one, age, name=str(one)) for one in range(1, stage + 1)]


ALL_YES = [gate(code) for code in ("safety_assured", "norm_restated", "norm_accepted")]
SESSIONS = [meeting(30, highest="L1", name="a"), meeting(20, highest="L2", name="b")]
FULL = facts(ratings=everywhere(4), gates=ALL_YES, meetings=SESSIONS, commitments=[commitment()])


def test_a_dossier_begins_at_0_and_one_assessment_lifts_it_one_step():
    assert standing((), AS_OF).level == 0
    assert due(FULL) == [(0, 1, "risen")]


@pytest.mark.parametrize("stage", [1, 2])
def test_stages_up_to_3_are_made_at_once(stage):
    (one,) = due_moves(known(replace(FULL, moves=tuple(reached(stage)))))
    assert (one.after, one.proposed) == (stage + 1, False)
    assert one.assessment == "assessment"
    assert one.behind


@pytest.mark.parametrize("stage", [3, 4, 5])
def test_stages_4_to_6_are_proposed_to_a_second_person(stage):
    (one,) = due_moves(known(replace(FULL, moves=tuple(reached(stage)))))
    assert (one.after, one.proposed) == (stage + 1, True)
    waiting = move(stage + 1, 0, proposed=True, name="waiting")
    assert due(replace(FULL, moves=(*reached(stage), waiting))) == []


def test_an_assessment_that_has_moved_it_moves_it_no_second_time():
    moved = move(1, 0, name="today")  # made at noon, after the assessment of nine o'clock
    assert due(replace(FULL, moves=(moved,))) == []


def test_meetings_that_come_later_let_an_assessment_lift_after_all():
    few = replace(FULL, meetings=(SESSIONS[0],))
    assert due(few) == []
    assert due(FULL) == [(0, 1, "risen")]


def test_what_is_retracted_does_not_rise():
    back = gate("acceptance_retracted")
    held = replace(FULL, moves=tuple(reached(2)), gates=(*ALL_YES, back))
    assert due(held) == []
    again = gate("acceptance_retracted", False, finalised="2026-11-22T10:00:00Z")
    assert due(replace(held, gates=(*held.gates, again))) == [(2, 3, "risen")]


# --- Falling --------------------------------------------------------------------------------------
def assessed(age: int, **more: object) -> dict[str, object]:
    day = days_ago(age).first
    return {"as_of": day, "finalised": f"{day}T09:00:00Z", "name": f"of {age}", **more}


def low_doctrine(*ages: int) -> DossierFacts:
    rows = [one for age in ages for one in rated(D, 1, age=age, **assessed(age))]
    return facts(ratings=rows, meetings=[CONTACT], moves=reached(4))


def test_a_fall_needs_its_condition_at_two_final_assessments_in_a_row():
    assert due(low_doctrine(40)) == []
    assert due(low_doctrine(40, 10)) == [(4, 3, "doctrine_fell")]


def test_a_better_assessment_between_breaks_the_row():
    rows = [*low_doctrine(90, 10).ratings, *rated(D, 4, age=50, **assessed(50))]
    assert due(facts(ratings=rows, meetings=[CONTACT], moves=reached(4))) == []


@pytest.mark.parametrize(("age", "expected"), [(179, []), (180, [(4, 3, "doctrine_fell")])])
def test_or_for_180_days(age, expected):
    assert due(low_doctrine(age)) == expected


def test_a_fall_is_one_step():
    fallen = move(3, 0, before=4, reason="doctrine_fell", name="fell")
    given = low_doctrine(40, 10)
    assert due(replace(given, moves=(*given.moves, fallen))) == []


def test_180_days_are_counted_anew_after_each_step():
    given = replace(low_doctrine(700), moves=(*reached(4), move(5, 179, name="risen")))
    assert due(given) == []
    given = replace(given, moves=(*reached(4), move(5, 180, name="risen")))
    assert due(given) == [(5, 4, "application_fell")]


@pytest.mark.parametrize("stage", [3, 4, 5, 6])
@pytest.mark.parametrize("code", ["acceptance_retracted", "contrary_order"])
def test_what_undoes_stage_3_holds_at_the_stages_above(stage, code):
    said = [gate(code, **assessed(age)) for age in (60, 20)]
    given = facts(gates=said, meetings=[CONTACT], moves=reached(stage))
    assert due(given) == [(stage, stage - 1, "acceptance_lost")]


def test_ended_contact_pulls_from_stage_1_and_stage_2_is_never_unlearnt():
    said = [gate("contact_ended", **assessed(age)) for age in (60, 20)]
    assert due(facts(gates=said, meetings=[CONTACT], moves=reached(1))) == [(1, 0, "contact_ended")]
    assert due(facts(gates=said, meetings=[CONTACT], moves=reached(2))) == []
    assert due(facts(gates=said, meetings=[CONTACT], moves=reached(3))) == []


def test_a_pattern_pulls_from_5_and_from_6():
    three = [incident(age=200 + number, name=str(number)) for number in range(3)]
    given = facts(incidents=three, meetings=[CONTACT], moves=reached(5))
    assert due(given) == [(5, 4, "application_fell")]
    assert due(replace(given, moves=tuple(reached(6)))) == [(6, 5, "application_fell")]
    assert due(replace(given, moves=tuple(reached(4)))) == []
    broken = replace(given, incidents=(*three[1:], incident(age=100, name="new")))
    assert due(broken) == []  # not for 180 days: the third came 100 days ago


def test_stage_6_falls_below_60():
    rows = [one for age in (40, 10) for one in everywhere(2, age=age, **assessed(age))]
    given = facts(ratings=rows, meetings=[CONTACT], moves=reached(6))
    assert due(given) == [(6, 5, "ownership_fell")]
    assert due(replace(given, moves=tuple(reached(5)))) == []


# --- At once --------------------------------------------------------------------------------------
@pytest.mark.parametrize("stage", [3, 4, 5, 6])
def test_repudiation_by_the_top_holds_at_2_at_once(stage):
    given = facts(gates=[gate("repudiated_by_l1")], meetings=[CONTACT], moves=reached(stage))
    assert due(given) == [(stage, 2, "repudiated")]


@pytest.mark.parametrize("stage", [4, 5, 6])
def test_an_ordered_breach_holds_at_3_at_once(stage):
    ordered = incident(age=365, attribution="ordered", standard="credible")
    given = facts(incidents=[ordered], meetings=[CONTACT], moves=reached(stage))
    assert due(given) == [(stage, 3, "ordered_breach")]


@pytest.mark.parametrize(
    "harmless",
    [
        incident(age=366, attribution="ordered"),
        incident(attribution="ordered", standard="alleged"),
        incident(attribution="ordered", standard="refuted"),
        incident(attribution="tolerated", standard="verified"),
    ],
)
def test_no_other_breach_holds_it(harmless):
    assert due(facts(incidents=[harmless], meetings=[CONTACT], moves=reached(5))) == []


def test_while_an_ordered_breach_stands_nothing_rises_above_3():
    ordered = incident(attribution="ordered")
    assert due(replace(FULL, moves=tuple(reached(3)), incidents=(ordered,))) == []


def leader(age: int, name: str = "new leader") -> object:
    return state("leader_change", "", age, level=2, name=name)


@pytest.mark.parametrize("stage", [1, 3, 4, 5, 6])
def test_a_new_leader_flags_and_costs_one_step_after_180_days(stage):
    given = facts(states=[leader(179)], meetings=[CONTACT], moves=reached(stage))
    assert due(given) == []
    assert "leader_change" in ladder(known(given)).flags
    later = replace(given, states=(leader(180),))
    assert due(later) == [(stage, stage - 1, "leader_change")]
    (one,) = due_moves(known(later))
    stored = move(stage - 1, 0, before=stage, reason="leader_change", behind=one.behind)
    assert due(replace(later, moves=(*later.moves, stored))) == []


def test_reaffirmation_or_a_change_before_the_first_step_costs_nothing():
    given = facts(states=[leader(200)], meetings=[CONTACT], moves=reached(3))
    said = gate("reaffirmed", **assessed(100))
    assert due(replace(given, gates=(said,))) == []
    assert ladder(known(replace(given, gates=(said,)))).flags == ()
    too_early = gate("reaffirmed", **assessed(201))
    assert due(replace(given, gates=(too_early,))) == [(3, 2, "leader_change")]
    assert due(replace(given, states=(leader(900),))) == []


def test_what_was_learnt_outlives_a_leader():
    assert due(facts(states=[leader(200)], meetings=[CONTACT], moves=reached(2))) == []


@pytest.mark.parametrize(("parent", "expected"), [(0, []), (1, [1]), (2, [2]), (5, [2])])
def test_a_group_that_split_off_starts_at_the_lower_of_its_parent_and_2(parent, expected):
    row = InheritedFact(parent, days_ago(300).first, 3, Source("dossier", "parent"))
    given = facts(inherited=[row], meetings=[CONTACT])
    assert [after for _, after, _ in due(given)] == expected
    assert due(replace(given, moves=(move(1, 100),))) == []


def test_twelve_silent_months_freeze_and_do_not_lower():
    silent = low_doctrine(40, 10)
    silent = replace(silent, meetings=(meeting(366),))
    assert due(silent) == []
    assert ladder(known(silent)).flags == ("frozen",)
    assert ladder(known(replace(silent, meetings=(meeting(365),)))).flags == ()
    ordered = incident(attribution="ordered")
    assert due(replace(silent, incidents=(ordered,))) == [(4, 3, "ordered_breach")]


def test_stage_2_is_stale_at_36_months():
    def flags(age: int) -> tuple[str, ...]:
        return ladder(known(facts(meetings=[CONTACT], moves=[move(2, age)]))).flags

    assert flags(1095) == ()
    assert flags(1096) == ("stale",)  # 36 x 30.4375 = 1095.75


# --- Withdrawn evidence ---------------------------------------------------------------------------
def test_a_move_that_lost_its_evidence_leaves_and_the_one_before_stands():
    moves = [move(1, 900, name="1"), move(2, 800, name="2", void=True)]
    assert standing(moves, AS_OF).level == 1
    assert standing(moves, AS_OF).since == days_ago(900).first


def test_a_rise_from_a_step_that_no_longer_stands_falls_with_it():
    moves = [move(1, 900, name="1"), move(2, 800, name="2", void=True), move(3, 700, name="3")]
    (one,) = due_moves(known(facts(moves=moves, meetings=[CONTACT])))
    assert (one.before, one.after, one.reason) == (3, 1, "evidence_withdrawn")
    assert one.behind == (("withdrawn", "stage_move", "2"),)
    stored = move(1, 0, before=3, reason="evidence_withdrawn", name="w", void=True)
    assert due(facts(moves=[*moves, stored], meetings=[CONTACT])) == []
    restored = [replace(row, void=False) for row in (*moves, stored)]
    assert standing(restored, AS_OF).level == 3


def test_the_newest_move_within_a_clearance_counts():
    given = facts(
        moves=[move(3, 400, level=2), move(2, 300, before=3, level=4, reason="repudiated")]
    )
    assert standing(given.at_clearance(3).moves, AS_OF).level == 3
    assert standing(given.at_clearance(4).moves, AS_OF).level == 2
    assert standing(given.moves, days_ago(350).first).level == 3


def test_worked_example_a_stands_at_3_if_acceptance_is_on_file():
    """Section 2.8: D* .28 is below .50, so not 4; 3 with an acceptance and no contrary rule."""
    ratings = [rating("D1", 2, "B2", age=36), *rated(["D2", "D11"], 2)]
    given = facts(ratings=ratings, gates=ALL_YES, meetings=SESSIONS, moves=reached(2))
    (one,) = due_moves(known(given))
    assert isinstance(one, DueMove)
    assert one.after == 3
    assert gates_of(4, given)["doctrine"].met is not True
