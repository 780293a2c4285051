"""`/me/`, `/codes/`, `/schema/` and `/docs/`: what the API says of itself."""

from __future__ import annotations

import json

import pytest

from accounts.api.codes import all_lists
from accounts.api.schema import schema


def test_me_tells_the_owner_their_memberships_and_the_token(cast):
    told = cast.amina.api().get("me/").json()
    assert told["user"]["username"] == "amina"
    assert told["memberships"] == [
        {
            "context": str(cast.valdoria.pk),
            "code": "valdoria",
            "name": "Valdoria",
            "role": "delegate",
            "clearance": 3,
        }
    ]
    assert told["token"]["can_write"] is True
    assert told["token"]["contexts"] == []
    assert "digest" not in json.dumps(told)


def test_me_tells_the_clearance_in_force_not_the_one_on_paper(cast):
    assert cast.rosa.api().get("me/").json()["memberships"][0]["clearance"] == 3


def test_me_of_an_administrator_names_no_context(cast):
    told = cast.ada.api().get("me/").json()
    assert told["memberships"] == [{"context": None, "role": "administrator"}]


def test_every_code_list_has_labels(cast):
    rows = cast.ada.api().get("codes/").json()["results"]
    names = {row["name"] for row in rows}
    assert {"ngo_types", "outcomes", "norms", "instruments", "criteria", "factors"} <= names
    for row in rows:
        assert row["codes"]
        assert all(code["labels"]["en"] for code in row["codes"])


def test_two_apps_do_not_name_a_list_alike(cast):
    from records.codes import load

    lists = [("accounts", "codes.toml"), ("actors", "codes.toml"), ("engagements", "codes.toml"),
             ("scorecards", "codes.toml"), ("scorecards", "criteria.toml"),
             ("scorecards", "factors.toml")]  # fmt: skip
    assert sum(len(load(*one)) for one in lists) == len(all_lists())


def test_one_list_is_read_by_its_name(cast):
    told = cast.ann.api().get("codes/ngo_types/").json()
    assert [code["code"] for code in told["codes"]] == ["OPS", "POL", "RES", "DIF"]
    assert cast.ann.api().get("codes/nothing/").status_code == 404


def test_the_schema_is_openapi_3_1_and_names_every_resource(cast):
    told = cast.amina.api().get("schema/").json()
    assert told["openapi"].startswith("3.1")
    paths = set(told["paths"])
    for name in ("contexts", "ngos", "armed-groups", "counterparts"):
        assert {f"/api/v1/{name}/", f"/api/v1/{name}/{{id}}/"} <= paths
    assert {"/api/v1/me/", "/api/v1/codes/", "/api/v1/ngos/search/"} <= paths
    security = told["components"]["securitySchemes"]
    assert security == {"token": {"type": "http", "scheme": "bearer"}}


def test_the_schema_tells_filters_and_fields(cast):
    told = schema()
    listing = told["paths"]["/api/v1/armed-groups/"]["get"]
    names = {one["name"] for one in listing["parameters"]}
    assert {"country", "structure", "limit", "cursor", "updated_since", "fields"} <= names
    properties = told["components"]["schemas"]["GroupInput"]["properties"]
    assert {"id", "lineage", "listings", "active_from"} <= set(properties)


def test_what_is_answered_is_what_the_schema_tells(cast):
    told, api = schema()["components"]["schemas"], cast.amina.api()
    for path, body in [
        (f"ngos/{cast.ngo.pk}/", "NgoInput"),
        (f"armed-groups/{cast.group.pk}/", "GroupInput"),
        (f"contexts/{cast.valdoria.pk}/", "ContextInput"),
    ]:
        assert set(api.get(path).json()) == set(told[body]["properties"]), path


@pytest.mark.parametrize("path", ["/api/v1/schema/", "/api/v1/docs/"])
def test_schema_and_reference_open_to_a_signed_in_page_too(cast, client, path):
    assert cast.amina.page.get(path).status_code == 200
    assert cast.amina.api().get(path).status_code == 200
    assert client.get(path).status_code == 401
    assert cast.amina.page.post(path).status_code in (401, 405)


def test_the_reference_is_a_page_of_our_own(cast):
    answer = cast.amina.page.get("/api/v1/docs/", headers={"Accept": "text/html"})
    told = answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")
    assert "GET /api/v1/armed-groups/" in told
    assert "http://" not in told
    assert "https://" not in told


def test_the_schema_is_made_without_a_warning(cast, capfd):
    from drf_spectacular.drainage import GENERATOR_STATS

    schema.cache_clear()
    GENERATOR_STATS.reset()
    schema()
    assert capfd.readouterr().err == ""
    assert not GENERATOR_STATS
