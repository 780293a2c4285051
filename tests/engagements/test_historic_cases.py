"""The historic cases as data: every statement has its source and grade, every code its list."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from records.codes import load
from records.dates import PartialDate

GRADE = re.compile(r"[A-F][1-6]")
DATE_KEYS = frozenset(
    {"date", "from", "to", "since", "on", "held_on", "started_on", "signed_on", "in_force_from",
     "ended_on", "active_from", "active_to"}
)  # fmt: skip
LISTS_BY_KEY = {
    "instrument": "instruments",
    "status": "commitment_statuses",
    "verification": "verification",
    "role": "party_roles",
    "obligation": "clause_obligations",
    "norm": "norms",
    "type": "interaction_types",
    "channel": "channels",
    "outcome": "outcomes",
    "standard": "incident_standards",
}


@pytest.fixture(scope="module")
def historic() -> dict[str, Any]:
    text = files("engagements").joinpath("samples/historic.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """Every table of the file, however deep."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from rows(part)


def test_the_eleven_cases_are_there_under_their_numbers(historic: dict[str, Any]) -> None:
    numbers = [case["number"] for case in historic["cases"]]
    assert numbers == ["1", "2", "3", "4", "5a", "5b", "5c", "6", "7", "8", "9"]
    assert [entry["number"] for entry in historic["corrections"]] == [1, 2, 3, 4, 5, 6]


def test_every_statement_names_a_source_that_exists(historic: dict[str, Any]) -> None:
    for row in rows(historic):
        named = [row["source"]] if "source" in row else row.get("sources", [])
        if isinstance(named, list):
            assert all(source in historic["sources"] for source in named), row
    kinds = load("engagements")["source_kinds"]
    assert all(source["kind"] in kinds for source in historic["sources"].values())


def test_every_statement_that_is_graded_has_a_grade_of_two_characters(
    historic: dict[str, Any],
) -> None:
    for row in rows(historic):
        assert "grade" not in row or GRADE.fullmatch(row["grade"]), row
    for case in historic["cases"]:
        for event in case["events"]:
            assert GRADE.fullmatch(event["grade"]), event
        assert GRADE.fullmatch(case["commitment"]["grade"])
        assert case["commitment"]["sources"]


def test_every_date_is_empty_or_a_partial_date(historic: dict[str, Any]) -> None:
    for row in rows(historic):
        for key in DATE_KEYS & row.keys():
            assert row[key] == "" or PartialDate.parse(row[key]), row


def test_every_code_of_a_case_is_on_its_list(historic: dict[str, Any]) -> None:
    lists = load("engagements")
    for case in historic["cases"]:
        for row in rows({**case, "engagement": {}}):
            for key in LISTS_BY_KEY.keys() & row.keys():
                assert row[key] == "" or row[key] in lists[LISTS_BY_KEY[key]], row
        assert case["engagement"]["status"] in lists["engagement_statuses"]
        assert set(case["commitment"]["norms"]) <= set(lists["norms"].values())
        for party in case["commitment"]["parties"]:
            assert party["kind"] in lists["party_kinds"], party
        for clause in case["commitment"]["clauses"]:
            assert clause["state"] in lists["clause_states"], clause
            assert clause["norm"] in case["commitment"]["norms"], clause


def test_cases_point_at_actors_and_contexts_of_the_file(historic: dict[str, Any]) -> None:
    keys = {
        name: {entry["key"] for entry in historic[name]}
        for name in ("contexts", "ngos", "armed_groups", "cases")
    }
    for case in historic["cases"]:
        assert case["context"] in keys["contexts"]
        assert case["ngo"] in keys["ngos"]
        assert case["armed_group"] in keys["armed_groups"]
        assert case["armed_group"] in [p["armed_group"] for p in case["commitment"]["parties"]]
    for row in rows(historic):
        assert row.get("armed_group", "") in {"", *keys["armed_groups"]}, row
        assert row.get("group", "cgsb") in keys["armed_groups"], row
    for correction in historic["corrections"]:
        assert set(correction["cases"]) <= keys["cases"]


def test_actors_of_the_cases_use_the_lists_of_actors(historic: dict[str, Any]) -> None:
    lists = load("actors")
    for ngo in historic["ngos"]:
        assert [entry["primary"] for entry in ngo["types"]].count(True) == 1
        assert all(entry["type"] in lists["ngo_types"] for entry in ngo["types"])
        assert ngo["is_ngo"] or ngo["note"], f"{ngo['name']} is no NGO: the note must say who it is"
    for group in historic["armed_groups"]:
        assert group["structure"] in lists["group_structures"]
        assert all(name["kind"] in lists["name_kinds"] for name in group["names"])
        assert all(line["relation"] in lists["lineage_relations"] for line in group["lineage"])
        assert all(entry["list"] in lists["listing_lists"] for entry in group["listings"])
    for context in historic["contexts"]:
        assert len(context["code"]) <= 20
        for fact in context["facts"]:
            values = lists["context_fact_kinds"][fact["kind"]].extra["values_from"]
            assert fact["value"] in lists[values], fact


def test_the_aceh_agreement_held_as_many_days_as_its_event_says(historic: dict[str, Any]) -> None:
    aceh = next(case for case in historic["cases"] if case["number"] == "4")
    signed = date.fromisoformat(aceh["commitment"]["signed_on"])
    ended = date.fromisoformat(aceh["commitment"]["ended_on"])
    assert (ended - signed).days == aceh["events"][0]["quantity"]


def test_the_status_of_a_commitment_is_the_last_of_its_history(historic: dict[str, Any]) -> None:
    for case in historic["cases"]:
        commitment = case["commitment"]
        assert commitment["statuses"][-1]["status"] == commitment["status"], case["key"]
