"""Section 3.2: every computed factor, both sides of every limit, and what u and w come from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from records.dates import PartialDate
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.factors import COMPUTED
from tests.scoring.cases import (
    AS_OF,
    METHOD,
    contact,
    days_ago,
    facts,
    group_start,
    item,
    meeting,
    promise,
    reading,
    service,
    state,
)


def told(factor: str, given=None, **lists):
    return COMPUTED[factor](given or facts(**lists), AS_OF, METHOD)


def u(factor: str, **lists) -> float:
    return told(factor, **lists).u


@pytest.mark.parametrize("factor", COMPUTED)
def test_without_a_record_a_computed_factor_says_nothing(factor):
    assert told(factor, facts()) is None


def test_every_computed_factor_of_the_method_has_its_function():
    factors = METHOD.conduciveness.factors
    assert {one.code for one in factors if one.kind == "computed"} == set(COMPUTED)


@pytest.mark.parametrize(("code", "value"), [("I0", 1), ("I1", 0.8), ("I2", 0.4), ("I3", 0.1)])
def test_en1_reads_the_intensity(code, value):
    assert u("EN1", states=[state("intensity", code)]) == value


@pytest.mark.parametrize(("grade", "w"), [("A1", 4), ("B2", 2.56), (None, 2.56), ("C3", 1.32)])
def test_a_state_weighs_four_times_its_reliability(grade, w):
    found = told("EN1", states=[state("intensity", "I2", grade=grade)])
    assert found.w == pytest.approx(w)
    assert found.basis["strength"] * found.basis["reliability"] == found.w


def test_en1_uses_the_newest_record():
    states = [state("intensity", "I3", 400), state("intensity", "I1", 10)]
    assert u("EN1", states=states) == u("EN1", states=states[::-1]) == 0.8


@pytest.mark.parametrize(("days", "value"), [(1095, 0.4), (1096, None)])
@pytest.mark.parametrize(
    ("factor", "kind", "code"), [("EN1", "intensity", "I2"), ("EN2", "peace_process", "none")]
)
def test_a_record_begun_more_than_36_months_ago_is_left_out(factor, kind, code, days, value):
    found = told(factor, states=[state(kind, code, days)])
    assert (found is None) == (value is None)


def test_when_the_newest_record_says_unknown_nothing_is_known():
    states = [state("intensity", "I1", 100), state("intensity", "IX", 10)]
    assert told("EN1", states=states) is None


def test_of_one_day_a_known_record_then_the_better_grade_is_used():
    day = [state("intensity", "IX", name="a"), state("intensity", "I1", grade="C3", name="b")]
    assert u("EN1", states=day) == 0.8
    assert u("EN1", states=[*day, state("intensity", "I3", grade="B2", name="c")]) == 0.1


def test_a_record_ended_before_the_date_is_not_in_force_and_its_last_day_is():
    older = state("intensity", "I3", 300)
    assert u("EN1", states=[older, state("intensity", "I1", 100, ended=1)]) == 0.1
    assert u("EN1", states=[older, state("intensity", "I1", 100, ended=0)]) == 0.8


def test_a_yearly_figure_stays_in_force_until_the_next():
    year = PartialDate.parse("2025")
    figure = replace(state("intensity", "I2"), begun=year, ended=year)
    assert u("EN1", states=[figure]) == 0.4


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("none", 0.3),
        ("informal", 0.5),
        ("pre_negotiation", 0.65),
        ("ceasefire", 0.75),
        ("partial", 0.85),
        ("comprehensive", 0.95),
        ("implementation", 0.95),
        ("renewal", 0.75),
        ("other", 0.5),
        ("collapsed", 0.15),
    ],
)
def test_en2_reads_the_peace_process(code, value):
    assert u("EN2", states=[state("peace_process", code)]) == value


@pytest.mark.parametrize(("days", "value"), [(365, 0.15), (366, 0.3)])
def test_talks_that_collapsed_twelve_months_ago_read_as_none(days, value):
    assert u("EN2", states=[state("peace_process", "collapsed", days)]) == value


@pytest.mark.parametrize(
    ("days", "value"),
    [(0, 0.9), (365, 0.9), (366, 0.7), (1095, 0.7), (1096, 0.5), (2556, 0.5), (2557, 0.3)],
)
def test_en3_reads_the_months_from_the_groups_start_to_first_contact(days, value):
    found = told("EN3", group_start=group_start(3000), contacts=[contact(3000 - days)])
    assert found.u == value


def test_en3_takes_the_first_contact_and_the_weaker_of_two_grades():
    contacts = [contact(100, "A1"), contact(2900, "C3")]
    found = told("EN3", group_start=group_start(3000, "B2"), contacts=contacts)
    assert (found.u, found.w, found.grade) == (0.9, pytest.approx(4 * 0.33), "C3")
    weaker = told("EN3", group_start=group_start(3000, "D4"), contacts=contacts)
    assert (weaker.w, weaker.grade) == (pytest.approx(4 * 0.0875), "D4")
    assert len(weaker.records) == 2


@pytest.mark.parametrize("lists", [{"group_start": group_start(100)}, {"contacts": [contact(100)]}])
def test_en3_needs_both_dates(lists):
    assert told("EN3", **lists) is None


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("none", 1),
        ("other_state", 0.6),
        ("host_objects", 0.4),
        ("un_sanctions", 0.2),
        ("criminalised", 0),
        ("regional", 0.5),
        ("host_tolerates", 0.8),
        ("host_supports", 1),
        ("un_child_annex", 1),
    ],
)
def test_en4_reads_each_listing_and_stance(code, value):
    assert u("EN4", states=[state("restriction", code)]) == value


def test_en4_takes_the_lowest_item_in_force_and_its_grade():
    states = [
        state("listing", "un_sanctions", 900, grade="C3", name="a"),
        state("host_stance", "host_tolerates", 10, grade="A1", name="b"),
        state("listing", "criminalised", 900, ended=5, name="ended"),
        state("listing", "criminalised", -5, name="to come"),
    ]
    found = told("EN4", states=states)
    assert (found.u, found.w) == (0.2, pytest.approx(4 * 0.33))
    assert found.basis["in_force"] == ["host_tolerates", "un_sanctions"]


def test_en4_of_equally_low_items_uses_the_better_grade():
    states = [state("listing", "regional", 900, grade=grade, name=grade) for grade in ("C3", "A2")]
    assert told("EN4", states=states).w == pytest.approx(3.2)


def test_en4_has_no_window_and_an_unknown_beginning_is_no_limit():
    assert u("EN4", states=[state("listing", "un_sanctions", 5000)]) == 0.2
    assert u("EN4", states=[state("listing", "un_sanctions", None)]) == 0.2


def test_en4_knows_nothing_of_an_unknown_stance():
    assert told("EN4", states=[state("host_stance", "UNK")]) is None


@pytest.mark.parametrize(
    ("days", "value"),
    [(0, 1), (730, 1), (731, 0.7), (1826, 0.7), (1827, 0.4), (3652, 0.4), (3653, 0.2)],
)
def test_gr10_reads_the_age_of_the_group(days, value):
    found = told("GR10", group_start=group_start(days, "B2"))
    assert (found.u, found.w) == (value, pytest.approx(2.56))


def test_a_group_that_has_not_begun_has_no_age():
    assert told("GR10", group_start=group_start(-1)) is None


def test_en5_counts_held_and_cancelled_meetings_of_twelve_months():
    meetings = [meeting(day) for day in (0, 100, 365)]
    meetings += [meeting(10, kind="cancel", held=False), meeting(20, held=False)]
    left_out = [meeting(366), meeting(-1), meeting(5, kind="msg")]
    found = told("EN5", meetings=meetings + left_out)
    assert found.u == pytest.approx((3 + 1) / (5 + 2))
    assert found.w == 2.5
    assert {**found.basis} == {
        "held": 3,
        "planned": 5,
        "months": 12,
        "done_prior": 1,
        "planned_prior": 2,
        "facts": 5,
        "facts_per_weight": 2,
        "weight_limit": 4,
    }


@pytest.mark.parametrize(("count", "w"), [(1, 0.5), (7, 3.5), (8, 4), (9, 4)])
def test_a_count_weighs_half_its_facts_up_to_four(count, w):
    assert told("EN5", meetings=[meeting(day) for day in range(count)]).w == w


@pytest.mark.parametrize(
    ("services", "years", "value"),
    [
        ([("2026", None)], 1, 0.6),
        ([("2023-11", None)], 4, 0.9),
        ([("2010", None)], 17, 0.9),
        ([("2019-03", "2020-02")], 2, 0.7),
        ([("2019", "2020"), ("2020", "2021")], 3, 0.8),
    ],
)
def test_ng3_adds_a_tenth_per_calendar_year_of_service(services, years, value):
    found = told("NG3", services=[service(*one) for one in services])
    assert found.u == pytest.approx(value)
    assert found.w == min(4, years / 2)
    assert found.basis["years"] == years


def test_ng3_is_as_new_as_its_last_year_of_service():
    assert told("NG3", services=[service("2020-03", "2021-02")]).day == date(2021, 12, 31)
    assert told("NG3", services=[service("2020-03")]).day == AS_OF


def test_ng3_leaves_out_a_service_to_come():
    assert told("NG3", services=[service("2027")]) is None


def test_gr5_counts_the_levels_reached_in_24_months():
    meetings = [meeting(0, highest="L3", levels=["L4"]), meeting(730, highest="LP")]
    left_out = [meeting(731, highest="L2"), meeting(5, highest="L2", held=False)]
    found = told("GR5", meetings=meetings + left_out)
    assert (found.u, found.w) == (0.75, 1)
    assert found.basis["levels"] == ["L1", "L3", "L4"]


@pytest.mark.parametrize("level", ["LX", "LI", "UNK", None])
def test_gr5_learns_nothing_from_a_meeting_outside_the_ladder(level):
    assert told("GR5", meetings=[meeting(highest=level)]) is None


def test_qi2_counts_delivered_items_of_24_months_in_whatever_state():
    items = [item("delivered"), item("delivered", 730), item("agreed"), item("failed")]
    found = told("QI2", items=[*items, item("delivered", 731)])
    assert (found.u, found.w) == (pytest.approx(3 / 6), 2)
    assert (found.basis["delivered"], found.basis["items"]) == (2, 4)


def test_qi4_is_half_regularity_and_half_length():
    meetings = [meeting(day * 60) for day in range(7)]
    found = told("QI4", meetings=meetings, contacts=[contact(1461)])
    assert found.u == pytest.approx(0.5 * 7 / 12 + 0.5)
    assert found.w == 3.5
    assert found.basis["months_since_first_contact"] == 48


def test_qi4_grows_with_the_months_since_first_contact():
    found = told("QI4", meetings=[meeting(0)], contacts=[contact(400)])
    assert found.u == pytest.approx(0.5 / 12 + 0.5 * 400 / 30.4375 / 36)


def test_qi4_counts_the_meetings_of_twelve_months_for_regularity():
    found = told("QI4", meetings=[meeting(365), meeting(366)], contacts=[contact(1461)])
    assert (found.basis["meetings"], found.basis["facts"]) == (1, 2)


@pytest.mark.parametrize(("count", "share"), [(11, 11 / 12), (12, 1), (13, 1)])
def test_qi4_is_full_at_twelve_meetings_in_twelve_months(count, share):
    meetings = [meeting(day) for day in range(count)]
    found = told("QI4", meetings=meetings, contacts=[contact(0)])
    assert found.u == pytest.approx(0.5 * share)


def test_qi4_takes_as_facts_the_meetings_held_in_36_months():
    meetings = [meeting(1095), meeting(1096), meeting(3, held=False), meeting(3, kind="msg")]
    found = told("QI4", meetings=meetings, contacts=[contact(1461)])
    assert (found.w, found.basis["meetings"], found.u) == (0.5, 0, 0.5)


@pytest.mark.parametrize("kind", ["norm", "diss", "work", "tot", "drill"])
def test_qi5_counts_norm_sessions(kind):
    found = told("QI5", meetings=[meeting(730, kind=kind, highest="L2"), meeting(731)])
    assert found.u == pytest.approx(0.5 * 1 / 8 + 0.5 * 1 / 4)
    assert found.w == 0.5


def test_qi5_leaves_out_other_types_and_meetings_not_held():
    assert told("QI5", meetings=[meeting(kind="pract"), meeting(held=False)]) is None


def test_qi5_is_full_at_eight_sessions_and_four_levels():
    meetings = [meeting(day, levels=["L1", "L2", "L3", "L4"]) for day in range(8)]
    assert u("QI5", meetings=meetings) == 1
    assert u("QI5", meetings=meetings[:7]) == pytest.approx(0.5 * 7 / 8 + 0.5)


def test_qi5_takes_the_dossiers_topic_and_gen_any_or_none():
    meetings = [meeting(topics=["N14"]), meeting(topics=["N11"]), meeting()]
    assert told("QI5", facts("GEN", meetings=meetings)).basis["sessions"] == 3
    assert told("QI5", facts("N14", meetings=meetings)).basis["sessions"] == 1


def test_qi6_counts_what_was_kept_by_its_due_date():
    promises = [
        promise("kept", due=100, settled=100),
        promise("kept", due=100, settled=99),
        promise("kept", due=365, settled=400),
        promise("not_kept", due=0),
    ]
    left_out = [
        promise("unclear", due=5),
        promise("kept", due=5),
        promise("kept", due=366, settled=400),
        promise("kept", due=-1, settled=10),
    ]
    found = told("QI6", promises=promises + left_out)
    assert (found.u, found.w) == (pytest.approx(3 / 6), 2)
    assert (found.basis["kept"], found.basis["due"]) == (2, 4)


def test_qi6_does_not_know_yet_of_what_was_settled_later():
    assert u("QI6", promises=[promise("kept", due=0, settled=-3)]) == pytest.approx(1 / 3)


def test_records_dated_later_move_no_computed_factor():
    later = facts(
        group_start=group_start(-1),
        contacts=[contact(-1)],
        meetings=[meeting(-1)],
        items=[item("delivered", -1)],
        promises=[promise("kept", due=-1, settled=-1)],
        states=[state("intensity", "I1", -1), state("listing", "un_sanctions", -1)],
        services=[service("2027")],
    )
    assert [one for one in COMPUTED if told(one, later)] == []


def test_a_partial_date_in_its_period_counts_as_today():
    year = replace(meeting(), date=PartialDate.parse("2026"))
    assert told("EN5", meetings=[year]).day == days_ago(144).first
    february = PartialDate.parse("2026-02-01").first
    assert COMPUTED["EN5"](facts(meetings=[year]), february, METHOD).day == february


def test_computed_evidence_has_one_row_with_its_basis_and_records():
    given = facts(
        meetings=[meeting(1, name="b"), meeting(2, name="a")], readings=[reading("QI1", 3)]
    )
    rows = {row["factor"]: row for row in conduciveness(given, AS_OF, METHOD).evidence}
    row = rows["EN5"]
    assert row["u"] == (row["basis"]["held"] + 1) / (row["basis"]["planned"] + 2)
    assert row["records"] == [
        {"kind": "interaction", "id": "a"},
        {"kind": "interaction", "id": "b"},
    ]
    assert (row["half_life"], row["age_months"], row["grade"]) == (None, None, None)
