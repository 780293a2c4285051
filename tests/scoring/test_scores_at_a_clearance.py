"""Section 0: a score does not move because of a record that its reader may not see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.digests import inputs_digest, inputs_digests
from scorecards.scoring.integration import integration
from tests.scoring.cases import (
    AS_OF,
    METHOD,
    contact,
    facts,
    group_start,
    meeting,
    piece,
    rating,
    reading,
    state,
)

OPEN: dict[str, Any] = {
    "group_start": group_start(900),
    "contacts": [contact(300, level=2)],
    "meetings": [meeting(20, level=3)],
    "readings": [reading("QI1", 3, level=3)],
    "states": [state("intensity", "I2", level=1)],
    "ratings": [rating("D1", 2, level=3)],
}
STRICT: dict[str, list[Any]] = {
    "contacts": [contact(800, level=4)],
    "meetings": [meeting(10, level=4, highest="L1", outcome=-2)],
    "readings": [reading("QI1", 0, level=4, name="strict")],
    "states": [state("restriction", "criminalised", level=4)],
    "ratings": [rating("D1", 4, level=4, name="strict", finalised="2026-11-22T10:00:00Z")],
}
BOTH = facts(
    **{name: value + STRICT[name] if name in STRICT else value for name, value in OPEN.items()}
)


def both_scores(given):
    return conduciveness(given, AS_OF, METHOD), integration(given, AS_OF, METHOD)


def test_level_four_evidence_moves_nothing_at_three():
    seen, alone = both_scores(BOTH.at_clearance(3)), both_scores(facts(**OPEN))
    assert seen == alone
    assert seen[0].evidence == alone[0].evidence


def test_level_four_evidence_counts_at_four():
    strict, _ = both_scores(BOTH.at_clearance(4))
    assert {one.reason for one in strict.blockers} == {"refused_by_l1", "unlawful"}


@pytest.mark.parametrize(("clearance", "value"), [(4, 4), (3, 2), (2, None)])
def test_below_a_ratings_level_the_newest_earlier_one_within_clearance_counts(clearance, value):
    row = integration(BOTH.at_clearance(clearance), AS_OF, METHOD).evidence[0]
    assert row["rating"] == value
    assert (row["state"] == "not_assessed") == (value is None)


def test_a_rating_resting_on_strict_evidence_is_not_seen_in_part():
    mixed = rating("D1", 4, level=4, evidence=[piece("open", level=2), piece("strict", level=4)])
    seen = integration(facts(ratings=[mixed]).at_clearance(3), AS_OF, METHOD)
    assert {row["state"] for row in seen.evidence} == {"not_assessed"}


def test_the_digest_of_a_lower_clearance_does_not_feel_a_strict_record():
    assert inputs_digests(BOTH)[3] == inputs_digest(facts(**OPEN))
    assert inputs_digests(BOTH)[4] != inputs_digests(BOTH)[3]


def test_two_levels_with_the_same_facts_have_one_digest():
    digests = inputs_digests(facts(**OPEN))
    assert digests[3] == digests[4]
    assert digests[1] != digests[3]


def test_a_record_moved_between_lower_levels_leaves_the_higher_digests_alone():
    before, after = (facts(readings=[reading("QI1", 3, level=level)]) for level in (1, 2))
    assert inputs_digests(before)[1] != inputs_digests(after)[1]
    assert inputs_digests(before)[2] == inputs_digests(after)[2]


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"readings": [reading("QI1", 2, level=3)]}, (False, True)),
        ({"group_start": group_start(901)}, (False, True)),
        ({"ratings": [rating("D1", 3, level=3)]}, (True, False)),
        ({"ratings": [rating("D1", 2, level=3, as_of=date(2026, 1, 1))]}, (True, False)),
        ({"ratings": [rating("D1", 2, level=3, evidence=[piece("a")])]}, (True, False)),
    ],
)
def test_each_digest_feels_its_own_facts(change, moved):
    before, after = inputs_digest(facts(**OPEN)), inputs_digest(facts(**OPEN | change))
    assert (before.integration != after.integration) == moved[0]
    assert (before.conduciveness != after.conduciveness) == moved[1]


def test_the_topic_is_part_of_what_counts():
    assert inputs_digest(facts("GEN")).conduciveness != inputs_digest(facts("N14")).conduciveness


def test_a_digest_names_its_kind():
    for digest in inputs_digest(BOTH):
        kind, _, figures = digest.partition(":")
        assert kind == "sha256"
        assert len(figures) == 64
