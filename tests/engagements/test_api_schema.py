"""The OpenAPI file describes what is really answered, with examples."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import call_command

from accounts.api.schema import schema
from tests.engagements import sent

ADDRESSES = {
    **dict.fromkeys(
        (
            "dossiers", "engagements", "plans", "interactions", "claims", "follow-ups",
            "commitments", "incidents", "observations", "assessments", "blockers",
        ),
        ("", "{id}/", "{id}/withdraw/", "{id}/restore/"),
    ),
    **dict.fromkeys(
        ("scorecards", "success-factors"),
        ("", "{id}/", "{id}/history/", "{id}/evidence/", "{id}/sensitivity/"),
    ),
}  # fmt: skip


def test_the_schema_is_valid_and_nothing_in_it_is_guessed(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())
    assert capsys.readouterr().err == ""


def test_every_address_of_the_engagements_is_described():
    paths = schema()["paths"]
    for noun, rests in ADDRESSES.items():
        for rest in rests:
            assert f"/api/v1/{noun}/{rest}" in paths
    for step in ("submit", "return", "finalise"):
        assert "post" in paths[f"/api/v1/assessments/{{id}}/{step}/"]
    assert set(paths["/api/v1/success-factors/{id}/what-if/"]) >= {"post"}
    assert "get" in paths["/api/v1/success-factors/{id}/movement/"]


def test_every_operation_has_a_name_of_its_own_and_says_how_it_refuses():
    told = [one for path in schema()["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in told if "operationId" in one]
    assert len(names) == len(set(names))
    for one in told:
        if one.get("operationId", "").endswith(("interactions", "assessments", "scorecards")):
            assert "default" in one["responses"]


def test_what_can_be_sent_comes_with_an_example():
    told = schema()["paths"]
    for noun in ADDRESSES:
        if "post" not in told[f"/api/v1/{noun}/"]:
            answer = told[f"/api/v1/{noun}/{{id}}/"]["get"]["responses"]["200"]
            assert answer["content"]["application/json"]["examples"]
            continue
        body = told[f"/api/v1/{noun}/"]["post"]["requestBody"]["content"]["application/json"]
        assert body["examples"], noun


def test_answers_have_the_fields_that_are_described(cast, subtests):
    told, rows = schema(), sent.every_noun(cast)
    sent.recompute()
    api = cast.amina.api()
    for noun in ("scorecards", "success-factors"):
        rows[noun] = api.get(f"{noun}/{cast.dossier.pk}/").json()
    for noun, row in rows.items():
        with subtests.test(noun):
            operation = told["paths"][f"/api/v1/{noun}/{{id}}/"]["get"]
            assert set(row) == set(_readable(told, operation)), noun


def _readable(told: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    body = operation["responses"]["200"]["content"]["application/json"]["schema"]
    properties = told["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]]["properties"]
    return [name for name, one in properties.items() if not one.get("writeOnly")]
