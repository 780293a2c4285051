"""Every refusal of the API is problem+json with a sentence, and says nothing of what is hidden."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from tests.cast import a_group

PROBLEM = "application/problem+json"


def test_a_refusal_is_problem_json_with_the_id_of_the_request(cast):
    answer = cast.amina.api().get(f"ngos/{uuid4()}/")
    told = answer.json()
    assert answer.status_code == 404
    assert answer["Content-Type"] == PROBLEM
    assert set(told) == {"type", "title", "status", "detail", "request_id", "errors"}
    assert told["status"] == 404
    assert told["title"] == "Not Found"
    assert told["request_id"] == answer["X-Request-ID"]


def test_every_answer_names_its_request(cast):
    api = cast.amina.api()
    names = {api.get(path)["X-Request-ID"] for path in ("me/", "ngos/", "nothing/", "codes/")}
    assert len(names) == 4


def test_a_hidden_and_an_absent_record_are_refused_alike(cast):
    hidden = a_group("Secret Front", context=cast.valdoria, level=3)
    oskar = cast.oskar.api()
    for act, path in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "withdraw/")]:
        told = []
        for pk in (hidden.pk, uuid4(), "no-id-at-all"):
            answer = oskar.call(act, f"armed-groups/{pk}/{path}", {"reason": "x"}, If_Match='"x"')
            body = answer.json() | {"request_id": ""}
            headers = {k: v for k, v in answer.headers.items() if k != "X-Request-ID"}
            told.append((answer.status_code, body, headers))
        assert told[0] == told[1] == told[2], act
        assert told[0][0] == 404


def test_without_a_token_everything_is_refused(cast, client):
    for path in ("me/", "ngos/", f"ngos/{cast.ngo.pk}/", "codes/", "schema/", "docs/", "nothing/"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 401, path
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == PROBLEM


def test_a_session_of_the_pages_does_not_open_the_api(cast):
    assert cast.amina.page.get("/api/v1/ngos/").status_code == 401


def test_an_unknown_address_under_the_api_answers_as_the_api_does(cast):
    for path in ("/api/v1/nothing/", "/api/v1/ngos", "/api/v2/ngos/"):
        answer = cast.amina.api().get(path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == PROBLEM


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "ngos/", "GET, POST"),
        ("POST", "contexts/", "GET"),
        ("OPTIONS", "ngos/", "GET, POST"),
    ],
)
def test_a_method_that_is_not_offered_is_405(cast, method, path, allowed):
    answer = cast.amina.api().call(method, path, {})
    assert answer.status_code == 405
    assert answer["Allow"] == allowed
    assert answer["Content-Type"] == PROBLEM


def test_only_json_is_answered_and_read(cast):
    api = cast.amina.api()
    assert api.get("ngos/", Accept="text/html").status_code == 406
    answer = api.client.post(
        "/api/v1/ngos/", {"name": "x"}, headers={"Authorization": f"Bearer {api.token}"}
    )
    assert answer.status_code == 415
    assert answer["Content-Type"] == PROBLEM


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"name": "a", "name": "b"}', "doubled"),
        ('{"name": {"a": 1, "a": 2}}', "doubled"),
        ('{"level": NaN}', "not_a_number"),
        ('{"level": Infinity}', "not_a_number"),
        ('{"level": 1e309}', "not_a_number"),
        ('{"name": "a\\u0000b"}', "broken_text"),
        ('{"name": "a\\ud800b"}', "broken_text"),
        ('{"names": [{"name": "\\udfff"}]}', "broken_text"),
        ('{"a\\u0000b": 1}', "broken_text"),
        ("[" * 100_000, "too_deep"),
        ('{"a":' + "[" * 40 + "]" * 40 + "}", "too_deep"),
        ("{nothing", "not_json"),
        ("[]", "not_an_object"),
        ('"text"', "not_an_object"),
        (b'{"name": "\xff"}', "not_json"),
        ("1" * 5000, "not_json"),
    ],
)
def test_a_body_that_can_be_read_in_two_ways_is_refused(cast, body, code):
    answer = cast.amina.api().post("ngos/", body)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["code"] == code


def test_broken_text_is_named_by_its_place(cast):
    answer = cast.amina.api().post("ngos/", '{"names": [{}, {"name": "\\u0000"}]}')
    assert answer.json()["errors"][0]["field"] == "names.1.name"


def test_a_body_over_a_mebibyte_is_413(cast):
    answer = cast.amina.api().post("ngos/", json.dumps({"name": "x" * 1_100_000}))
    assert answer.status_code == 413
    assert answer["Content-Type"] == PROBLEM


def test_an_unknown_field_is_refused_by_its_name(cast):
    sent = {"name": "x", "types": [{"type": "OPS"}], "created_by": str(uuid4())}
    answer = cast.amina.api().post("ngos/", sent)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "created_by"


def test_errors_inside_lists_name_row_and_field(cast):
    sent = {
        "name": "Open Road",
        "context": str(cast.valdoria.pk),
        "types": [{"type": "OPS"}],
        "names": [{"name": "ok", "kind": "alias"}, {"kind": "nickname", "from": "yesterday"}],
    }
    answer = cast.amina.api().post("ngos/", sent)
    told = {row["field"]: row["message"] for row in answer.json()["errors"]}
    assert set(told) == {"names.1.name", "names.1.kind", "names.1.from"}
    assert told["names.1.from"].startswith("Write a date as 2024-05-17")


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "type=XXX",
        "type__contains=OPS",
        "types__ngo__name=x",
        "updated_at=soon",
        "context=not-an-id",
        "limit=0",
        "limit=201",
        "limit=ten",
        "limit=1.5",
        "cursor=rubbish",
        "ordering=note",
        "ordering=context__name",
        "count=perhaps",
        "brief=perhaps",
        "fields=id,password",
        "omit=everything",
        "updated_since=yesterday",
        "updated_since=2026-01-01T00:00:00",
        "page=2",
        "level=1..x",
        "level=..",
        "type__empty=true",
        "context__empty=perhaps",
        "type=",
        "type=OPS&type=DIF",
        "q=lantern",
        "external_id=ucdp:%00",
        "updated_since=0001-01-01T00:00:00%2B14:00",
        "updated_since=9999-12-31T23:59:59-14:00",
        "updated_since=2026-02-30T00:00:00Z",
        "updated_since=2026-01-01T00:00:60Z",
        "updated_at=0000",
        "cursor=%C3%A9",
        "fields=",
        "level=99999999999999999999",
    ],
)
def test_a_parameter_that_is_unknown_or_malformed_is_named(cast, query):
    answer = cast.amina.api().get(f"ngos/?{query}")
    assert answer.status_code == 400, query
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]
    assert answer.json()["detail"]


def test_too_many_requests_are_429_with_a_time_to_wait(cast, settings):
    settings.PARLEY_API_LIMIT = 3
    api = cast.amina.api()
    answers = [api.get("me/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 61


def test_a_key_that_is_not_at_hand_is_503_and_saves_nothing(cast, monkeypatch):
    from records.sealing import KeysUnusable

    def lost(*_: object, **__: object) -> None:
        raise KeysUnusable("gone")

    monkeypatch.setattr("engagements.services.actors.ngos.create_ngo", lost)
    sent = {"name": "x", "types": [{"type": "OPS"}], "context": str(cast.valdoria.pk)}
    answer = cast.amina.api().post("ngos/", sent)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "gone" not in answer.content.decode()


@pytest.mark.parametrize("text", ["", "Bearer", "Basic YTpi", "Bearer parley_wrong", "Bearer a b"])
def test_every_bad_token_reads_the_same(cast, client, text):
    answer = client.get("/api/v1/me/", headers={"Authorization": text})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_rule_of_the_database_is_told_in_words():
    from records.constraints import rule_in_words

    assert rule_in_words("ngoservice_grade_is_a_grade")[0] == "grade"
    assert rule_in_words("armedgroup_active_from_is_partial_date")[0] == "active_from"
    assert rule_in_words("listing_ends_after_it_begins")[0] == "to"
    assert "promised" not in rule_in_words("clause_once_per_position")[1]
    assert rule_in_words("actors_ngo_pkey")[1].startswith("There is already")


@pytest.mark.parametrize(
    "query", ["country=%00", "country=%25", "country=_", "level=999999999", "updated_at=9999"]
)
def test_an_odd_value_is_no_error_of_ours(cast, query):
    answer = cast.amina.api().get(f"armed-groups/?{query}")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.json()["results"] == []


@pytest.mark.parametrize(
    "path", ["ngos/%00/", "ngos/%2e%2e/", "codes/%00/", "ngos/{0}x/", "ngos/%7B/"]
)
def test_an_odd_address_is_not_found(cast, path):
    assert cast.amina.api().get(path).status_code == 404
