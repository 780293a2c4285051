"""The code lists: complete against the method's own counts, each code once, each with words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from records import codes
from records.codes import BadCodeList, CodeList, load

FILES = [
    ("accounts", "codes.toml"),
    ("actors", "codes.toml"),
    ("engagements", "codes.toml"),
    ("scorecards", "codes.toml"),
    ("scorecards", "criteria.toml"),
    ("scorecards", "factors.toml"),
]
CHIP = 44  # characters that fit on a chip at 360 px


def all_lists() -> Iterator[CodeList]:
    for package, file in FILES:
        yield from load(package, file).values()


def test_every_list_has_as_many_codes_as_the_method_names() -> None:
    expected = {
        "actors": {
            "ngo_types": 4, "group_structures": 5, "organised_group_indicators": 5,
            "group_motives": 11, "wing_relations": 3, "lineage_relations": 6, "name_kinds": 5,
            "organisational_levels": 8, "third_party_roles": 12, "context_fact_kinds": 5,
            "intensity": 5, "peace_process": 10, "date_precisions": 4, "grade_sources": 6,
            "grade_contents": 6, "sensitivity_levels": 4,
        },
        "engagements": {
            "interaction_types": 18, "channels": 10, "outcomes": 8, "trust": 5, "norms": 21,
            "instruments": 12, "party_constellations": 6, "commitment_statuses": 12,
            "legal_effects": 3, "verification": 6, "breach_handling": 7, "clause_obligations": 2,
            "clause_states": 6, "violation_categories": 21, "attributions": 5,
            "incident_standards": 4, "group_responses": 5, "objections": 8, "motives": 5,
            "manner": 6, "interest_arguments": 7, "seen_as": 5, "position_states": 3,
            "context_changes": 5, "blocker_reasons": 4, "banned_weapons": 10,
            "limited_weapons": 9, "means_of_respect": 7, "equipment_states": 5,
        },
    }  # fmt: skip
    counted = {
        package: {name: len(load(package)[name]) for name in lists}
        for package, lists in expected.items()
    }
    assert counted == expected


def test_the_scorecard_has_forty_one_criteria_in_its_dimensions() -> None:
    criteria = load("scorecards", "criteria.toml")["criteria"]
    by_dimension = {
        dimension: len(criteria.having("dimension", dimension))
        for dimension in load("scorecards")["dimensions"].values()
    }
    assert by_dimension == {
        "doctrine": 11,
        "training": 11,
        "equipment": 7,
        "sanctions": 7,
        "programme": 5,
    }
    assert len(criteria) == 41
    assert criteria.having("na_allowed") == ("D6", "D7", "D8")


def test_every_criterion_asks_a_question_and_has_five_different_anchors() -> None:
    for criterion in load("scorecards", "criteria.toml")["criteria"]:
        assert criterion.extra["question"].endswith("?"), criterion.code
        assert len(set(criterion.extra["anchors"])) == 5, criterion.code


def test_twenty_nine_factors_count_and_two_are_only_recorded() -> None:
    factors = load("scorecards", "factors.toml")["factors"]
    assert len(factors.having("weighted")) == 29
    assert factors.having("weighted", False) == ("EN0", "GR0")
    assert len(factors.having("kind", "computed")) == 12


def test_every_judged_factor_has_five_rating_words_and_each_factor_a_question() -> None:
    for factor in load("scorecards", "factors.toml")["factors"]:
        assert factor.extra["question"].endswith("?"), factor.code
        words = factor.extra.get("ratings", ())
        assert len(set(words)) == (5 if factor.extra["kind"] == "judged" else 0), factor.code


def test_the_lists_and_the_method_speak_of_the_same_criteria_and_factors() -> None:
    method = _method()
    assert _told("criteria", "dimension", "block", "na_allowed") == _ruled(
        method["integration"]["criteria"], "dimension", "block", "na_allowed"
    )
    assert _told("factors", "bundle", "hypotheses", "kind", "weighted") == _ruled(
        [
            {**factor, "weighted": factor["weight"] > 0}
            for factor in method["conduciveness"]["factors"]
        ],
        "bundle",
        "hypotheses",
        "kind",
        "weighted",
    )


def test_the_method_values_every_code_that_it_needs_and_no_other() -> None:
    values = _method()["conduciveness"]["computed"]
    actors, engagements = load("actors"), load("engagements")
    assert set(values["intensity"]) == set(actors["intensity"].values()) - {"IX"}
    assert set(values["peace_process"]) == set(actors["peace_process"].values())
    assert set(values["access"]) == {
        *actors["listing_lists"].values(),
        *actors["restrictions"].values(),
    }
    assert set(values["levels"]) <= set(actors["organisational_levels"].values())
    assert set(values["session_types"]) == set(
        engagements["interaction_types"].having("norm_session")
    )


def test_the_six_grave_violations_against_children_are_marked() -> None:
    categories = load("engagements")["violation_categories"]
    assert len(categories.having("grave")) == 6
    norms = load("engagements")["norms"]
    for category in categories:
        assert category.extra["norms"], category.code
        assert all(norm in norms and norm != "GEN" for norm in category.extra["norms"])


@pytest.mark.parametrize(
    ("name", "answers", "proposed"),
    [
        ("objections", {"none": 4, "no_means": 3, "not_suited_here": 2, "religion_or_custom": 2,
                        "they_do_it_too": 1, "state_signed_it": 1, "not_our_law": 0,
                        "enemy_tool": 0}, "GR3"),
        ("motives", {"conviction": 4, "interest": 3, "image": 2, "pressure": 1, "tactical": 0},
         "GR9"),
        ("seen_as", {"neutral": 4, "useful": 3, "western": 1, "states_agent": 0, "partisan": 0},
         "NG1"),
        ("seen_as", {"states_agent": 0}, "NG2"),
        ("position_states", {"moved": 4, "mixed": 2, "frozen": 0}, "EN6"),
        ("instrumentalisation", {"yes": 0, "no": 3}, "NG6"),
        ("trust", {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}, "QI1"),
        ("politicised", {0: 4, 1: 3, 2: 2, 3: 1, 4: 0}, "QI3"),
        ("manner", {"law_stated_exactly": 2, "no_trade_offered": 2}, "NG4"),
        ("manner", {"practical_example": 1, "their_culture_named": 1, "listened_first": 1,
                    "interest_argument": 1}, "NG5"),
    ],
)  # fmt: skip
def test_an_answer_proposes_the_reading_that_the_method_names(
    name: str, answers: dict[str | int, int], proposed: str
) -> None:
    told = {
        entry.code: entry.extra["proposes"][proposed]
        for entry in load("engagements")[name]
        if proposed in entry.extra["proposes"]
    }
    assert told == answers
    assert proposed in [rule["factor"] for rule in load("engagements")[name].extra["proposals"]]


def test_no_label_is_only_a_code_and_each_fits_on_a_chip() -> None:
    for code_list in all_lists():
        for entry in code_list:
            label = entry.label()
            assert label != entry.code, f"{code_list.name}: {label}"
            assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|-?\d+|[a-z]+_[a-z_]+", label), label
            assert len(label) <= CHIP, label


def test_labels_of_one_list_differ() -> None:
    for code_list in all_lists():
        labels = [entry.label().casefold() for entry in code_list]
        assert len(set(labels)) == len(labels), code_list.name


def test_codes_are_of_one_type_in_a_list_and_stable_in_form() -> None:
    for code_list in all_lists():
        assert len({type(code) for code in code_list.values()}) == 1, code_list.name
        for code in code_list.values():
            assert isinstance(code, int) or re.fullmatch(r"[A-Za-z0-9_]{1,32}", code), code


def test_a_fact_of_the_context_takes_its_value_from_a_list_that_exists() -> None:
    lists = load("actors")
    for kind in lists["context_fact_kinds"]:
        assert kind.extra["values_from"] in {"", *lists}, kind.code
    for change in load("engagements")["context_changes"]:
        assert change.extra["fact_kind"] in lists["context_fact_kinds"], change.code


def test_a_type_opens_blocks_of_the_form_that_exist() -> None:
    blocks = load("engagements")["form_blocks"]
    for chooser in (load("engagements")["interaction_types"], load("actors")["ngo_types"]):
        for entry in chooser:
            assert all(block in blocks for block in entry.extra["opens"]), entry.code


def test_choices_follow_the_order_of_the_list() -> None:
    outcomes = load("engagements")["outcomes"]
    assert [code for code, _ in outcomes.choices()] == list(range(-2, 6))
    assert outcomes.choices()[2] == (0, "Heard, no movement")


def test_a_code_that_is_not_on_the_list_is_refused() -> None:
    outcomes = load("engagements")["outcomes"]
    assert 5 in outcomes
    assert 6 not in outcomes
    assert "5" not in outcomes
    assert True not in outcomes
    assert [5] not in outcomes
    with pytest.raises(KeyError):
        outcomes.label(6)


def test_a_language_without_a_label_falls_back_to_english() -> None:
    assert load("engagements")["sides"].label("ours", "ar") == "Ours"


def test_a_list_that_is_shared_cannot_be_changed() -> None:
    entry = load("engagements")["objections"]["none"]
    with pytest.raises(TypeError):
        entry.extra["proposes"]["GR3"] = 0


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"source": "design", "codes": [{"code": "a", "en": "A thing"}]}, "needs a title"),
        ({"title": "T", "source": "hearsay", "codes": [{"code": "a", "en": "A"}]}, "one of"),
        ({"title": "T", "source": "design", "codes": []}, "needs codes"),
        ({"title": "T", "source": "design", "codes": [{"code": "a", "en": "A"}] * 2}, "once"),
        ({"title": "T", "source": "design", "codes": [{"code": "a"}]}, "label `en`"),
        (
            {"title": "T", "source": "design", "codes": [{"code": True, "en": "Yes"}]},
            "whole number",
        ),
        (
            {"title": "T", "source": "design", "codes": [{"code": "a", "en": "A", "source": "x"}]},
            "names a source",
        ),
    ],
)
def test_a_list_that_cannot_be_used_says_why(table: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadCodeList, match=complaint):
        codes._code_list("trial", table)


def _method() -> Any:
    text = files("scorecards.scoring").joinpath("method/1.0.0.json").read_text(encoding="utf-8")
    return json.loads(text)


def _told(name: str, *fields: str) -> dict[Any, tuple[Any, ...]]:
    """What the list says of each code; a list of codes as a tuple, an absent flag as falsehood."""
    return {
        entry.code: tuple(entry.extra.get(field) or None for field in fields)
        for entry in load("scorecards", f"{name}.toml")[name]
    }


def _ruled(rules: list[dict[str, Any]], *fields: str) -> dict[Any, tuple[Any, ...]]:
    return {rule["code"]: tuple(_plain(rule[field]) for field in fields) for rule in rules}


def _plain(value: Any) -> Any:
    return (tuple(value) if isinstance(value, list) else value) or None
