"""Section 3.3: what blocks a dossier, what lifts it, and the cap that stands as its own line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.facts import BlockerFact
from tests.scoring.cases import AS_OF, METHOD, facts, meeting, reading, source, state


def result(**lists):
    return conduciveness(facts(**lists), AS_OF, METHOD)


def reasons(**lists) -> list[str]:
    return [one.reason for one in result(**lists).blockers]


def by_hand(reason: str, raised: int | None = None, lifted: int | None = None, level: int = 1):
    def day(ago: int | None) -> date | None:
        return None if ago is None else AS_OF - timedelta(days=ago)

    return BlockerFact(reason, day(raised), day(lifted), level, source("blocker"))


@pytest.mark.parametrize(
    ("value", "grade", "blocks"),
    [
        (0, "B2", True),
        (0, "A1", True),
        (0, None, True),
        (0, "A3", False),
        (0, "C1", False),
        (1, "A1", False),
    ],
)
def test_a_norm_denied_as_a_core_aim_blocks_at_b2_or_better(value, grade, blocks):
    assert reasons(readings=[reading("GR2", value, grade)]) == (["core_aim"] if blocks else [])


def test_the_grade_counts_before_ageing():
    assert reasons(readings=[reading("GR2", 0, "B2", age=3000)]) == ["core_aim"]


def test_only_the_newest_reading_of_the_aim_decides():
    denied, better = reading("GR2", 0, age=10), reading("GR2", 2, age=5)
    assert reasons(readings=[denied, better]) == []
    assert reasons(readings=[reading("GR2", 2, age=15), denied]) == ["core_aim"]
    assert reasons(readings=[denied, reading("GR2", 0, "C3", age=5)]) == []


@pytest.mark.parametrize(
    ("outcome", "held", "blocks"),
    [(-2, True, True), (-2, False, True), (-1, False, True), (-1, True, False), (0, True, False)],
)
def test_contact_refused_by_the_top_command_blocks(outcome, held, blocks):
    found = reasons(meetings=[meeting(outcome=outcome, held=held, highest="L1")])
    assert found == (["refused_by_l1"] if blocks else [])


def test_only_the_newest_interaction_with_the_top_command_decides():
    refused = meeting(10, outcome=-2, highest="L1")
    assert reasons(meetings=[refused, meeting(5, outcome=-2, highest="L2")]) == ["refused_by_l1"]
    assert reasons(meetings=[refused, meeting(5, outcome=1, highest="L1")]) == []
    assert reasons(meetings=[refused, meeting(-5, outcome=1, highest="L1")]) == ["refused_by_l1"]


def test_contact_that_is_a_crime_blocks_while_the_law_is_in_force():
    assert reasons(states=[state("restriction", "criminalised", 100)]) == ["unlawful"]
    assert reasons(states=[state("restriction", "criminalised", 100, ended=1)]) == []
    assert reasons(states=[state("restriction", "criminalised", -1)]) == []
    assert result(states=[state("listing", "criminalised", None)]).blockers[0].since is None


def test_a_newer_law_goes_before_an_older_one_and_raises_the_blocker_again():
    laws = [state("listing", "criminalised", days, name=str(days)) for days in (300, 20, 90)]
    (blocker,) = result(states=laws).blockers
    assert (blocker.since, blocker.source.id) == (AS_OF - timedelta(days=20), "20")
    assert reasons(states=laws, blockers=[by_hand("unlawful", lifted=30)]) == ["unlawful"]
    assert reasons(states=laws[::2], blockers=[by_hand("unlawful", lifted=30)]) == []


def test_unsafe_meetings_are_set_by_hand():
    (blocker,) = result(blockers=[by_hand("unsafe", raised=3)]).blockers
    assert (blocker.reason, blocker.by_hand) == ("unsafe", True)
    assert blocker.since == AS_OF - timedelta(days=3)


@pytest.mark.parametrize(
    ("raised", "lifted", "stands"),
    [(0, None, True), (-1, None, False), (9, 0, False), (9, -1, True)],
)
def test_a_blocker_set_by_hand_stands_from_its_day_until_it_is_lifted(raised, lifted, stands):
    assert bool(reasons(blockers=[by_hand("unsafe", raised, lifted)])) is stands


@pytest.mark.parametrize(("lifted", "stands"), [(11, True), (10, False), (9, False), (-1, True)])
def test_a_lifting_counts_from_the_day_of_the_fact_that_raises_it(lifted, stands):
    readings = [reading("GR2", 0, age=10)]
    lifting = by_hand("core_aim", lifted=lifted)
    assert bool(reasons(readings=readings, blockers=[lifting])) is stands


def test_a_newer_fact_raises_a_lifted_blocker_again():
    old, new = meeting(10, outcome=-2, highest="L1"), meeting(2, outcome=-2, highest="L1")
    lifting = by_hand("refused_by_l1", lifted=5)
    assert reasons(meetings=[old], blockers=[lifting]) == []
    assert reasons(meetings=[old, new], blockers=[lifting]) == ["refused_by_l1"]


def test_a_lifting_lifts_its_own_reason_only():
    lifting = by_hand("unlawful", lifted=0)
    assert reasons(readings=[reading("GR2", 0)], blockers=[lifting]) == ["core_aim"]


def test_while_a_blocker_stands_score_and_range_are_capped_and_no_word_is_printed():
    readings = [
        reading(one.code, 4, name=str(n))
        for one in METHOD.conduciveness.factors
        if one.kind == "judged"
        for n in range(5)
    ]
    free = result(readings=readings)
    blocked = result(readings=readings, blockers=[by_hand("unsafe", raised=0)])
    assert free.direction == "favourable"
    assert (blocked.score, blocked.low, blocked.high) == (40, 40, 40)
    assert blocked.direction is None
    assert blocked.uncapped == free.score
    assert blocked.blocked == pytest.approx(40 - free.score)
    assert blocked.sd == free.sd
    assert [one.contribution for one in blocked.factors] == [
        one.contribution for one in free.factors
    ]


def test_a_score_under_the_cap_keeps_its_value():
    readings = [
        reading(one.code, 0, name=str(n))
        for one in METHOD.conduciveness.factors
        if one.kind == "judged"
        for n in range(5)
    ]
    blocked = result(readings=readings)
    assert "core_aim" in [one.reason for one in blocked.blockers]
    assert blocked.score == blocked.uncapped < 40
    assert blocked.blocked == 0
    assert blocked.direction is None


def test_a_lifting_above_ones_clearance_lifts_nothing_for_the_reader():
    given = facts(
        readings=[reading("GR2", 0, level=2)], blockers=[by_hand("core_aim", lifted=0, level=4)]
    )
    assert conduciveness(given.at_clearance(4), AS_OF, METHOD).blockers == ()
    assert len(conduciveness(given.at_clearance(3), AS_OF, METHOD).blockers) == 1
