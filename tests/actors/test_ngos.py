"""NGOs: typed by the four-category matrix, with their record of service."""

from __future__ import annotations

from uuid import uuid4

import pytest

from actors.models import Ngo, NgoService
from records.models import Job, RecordVersion
from tests.cast import an_ngo


def open_road(cast, **more):
    return {
        "name": "Open Road",
        "acronym": "OR",
        "types": [{"type": "OPS", "primary": True}, {"type": "POL"}],
        "context": str(cast.valdoria.pk),
        **more,
    }


def service(cast, **more):
    row = {"context": str(cast.valdoria.pk), "from": "2019", "kind": "health", "grade": "B2"}
    return row | more


def test_a_delegate_adds_an_ngo_in_their_context_and_reads_it_back(cast):
    api, pk = cast.amina.api(), str(uuid4())
    ids = [{"scheme": "wikidata", "value": "Q1", "release": "", "checked_on": "2026-11-01"}]
    sent = open_road(cast, id=pk, service=[service(cast)], external_ids=ids)
    answer = api.post("ngos/", sent)
    assert answer.status_code == 201, answer.content
    told = api.get(f"ngos/{pk}/").json()
    assert (told["contact"], told["horizon"]) == ("indirect", "acute")
    assert told["types"] == [
        {"type": "OPS", "primary": True},
        {"type": "POL", "primary": False},
    ]
    assert (told["service"][0]["from"], told["service"][0]["to"]) == ("2019", None)
    assert told["external_ids"] == ids
    assert {row["name"] for row in told["names"]} == {"Open Road", "OR"}
    assert told["context"] == str(cast.valdoria.pk)
    assert cast.oskar.api().get(f"ngos/{pk}/").status_code == 404


def test_the_reference_list_is_open_to_all_who_work_and_to_nobody_else(cast):
    path = f"ngos/{cast.ngo.pk}/"
    for person in (cast.amina, cast.rosa, cast.ann, cast.oskar):
        assert person.api().get(path).status_code == 200
    for person in (cast.ada, cast.aude):
        assert person.api().get(path).status_code == 404
        assert person.api().ids("ngos/") == []


def test_a_delegate_puts_nothing_on_the_reference_list(cast):
    sent = open_road(cast)
    del sent["context"]
    answer = cast.amina.api().post("ngos/", sent)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "context"
    assert cast.rosa.api().post("ngos/", sent).status_code == 201


def test_a_head_lifts_an_ngo_to_the_reference_list(cast):
    ngo = an_ngo("Open Road", context=cast.valdoria)
    path, lifted = f"ngos/{ngo.pk}/", {"context": None, "level": 1}
    refused = cast.amina.api().patch(path, lifted)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "context"
    assert cast.rosa.api().patch(path, lifted).status_code == 200
    assert cast.oskar.api().get(path).status_code == 200
    assert cast.rosa.api().patch(path, {"context": str(cast.valdoria.pk)}).status_code == 400


def test_a_hidden_context_and_an_absent_one_are_refused_alike(cast):
    told = [
        cast.oskar.api().post("ngos/", open_road(cast, context=pk)).json() | {"request_id": 0}
        for pk in (str(cast.valdoria.pk), str(uuid4()), "nonsense")
    ]
    assert told[0] == told[1] == told[2]
    assert told[0]["errors"][0]["field"] == "context"


def test_an_analyst_and_an_administrator_add_nothing(cast):
    for person in (cast.ann, cast.ada, cast.aude):
        assert person.api().post("ngos/", open_road(cast)).status_code == 403
    assert Ngo.objects.count() == 1


@pytest.mark.parametrize(
    ("types", "field"),
    [
        ([], "types"),
        ([{"type": "OPS"}, {"type": "DIF"}], "types"),
        ([{"type": "OPS", "primary": True}, {"type": "DIF", "primary": True}], "types"),
        ([{"type": "OPS", "primary": True}, {"type": "OPS"}], "types"),
        ([{"type": "NGO"}], "types.0.type"),
        ("OPS", "types"),
        (None, "types"),
        ([["OPS"]], "types.0"),
    ],
)
def test_types_are_of_the_matrix_and_one_is_primary(cast, types, field):
    answer = cast.amina.api().post("ngos/", open_road(cast, types=types))
    assert answer.status_code == 400, answer.content
    assert {row["field"] for row in answer.json()["errors"]} == {field}


def test_a_single_type_is_primary_by_itself(cast):
    answer = cast.amina.api().post("ngos/", open_road(cast, types=[{"type": "RES"}]))
    told = answer.json()
    assert told["types"] == [{"type": "RES", "primary": True}]
    assert (told["contact"], told["horizon"]) == ("direct", "acute")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": 5}, "name"),
        ({"name": None}, "name"),
        ({"names": {}}, "names"),
        ({"level": "2"}, "level"),
        ({"level": 5}, "level"),
        ({"level": 2.5}, "level"),
        ({"level": True}, "level"),
        ({"level": 4}, "level"),
        ({"external_ids": [{"scheme": "isbn", "value": "1"}]}, "external_ids.0.scheme"),
        (
            {"external_ids": [{"scheme": "ucdp", "value": "1", "checked_on": "x"}]},
            "external_ids.0.checked_on",
        ),
        ({"context": 5}, "context"),
    ],
)
def test_a_wrong_answer_is_named(cast, wrong, field):
    answer = cast.amina.api().post("ngos/", open_road(cast, **wrong))
    assert answer.status_code == 400, answer.content
    assert {row["field"] for row in answer.json()["errors"]} == {field}
    assert Ngo.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from": None}, "service.0.from"),
        ({"from": "2020", "to": "2019"}, "service.0.to"),
        ({"from": "2020-13"}, "service.0.from"),
        ({"kind": "tea"}, "service.0.kind"),
        ({"grade": "Z9"}, "service.0.grade"),
        ({"context": None}, "service.0.context"),
        ({"level": 4}, "service"),
        ({"id": str(uuid4())}, "service"),
        ({"colour": "red"}, "service.0.colour"),
    ],
)
def test_a_wrong_service_is_named(cast, wrong, field):
    sent = open_road(cast, service=[service(cast, **wrong)])
    answer = cast.amina.api().post("ngos/", sent)
    assert answer.status_code == 400, answer.content
    assert {row["field"] for row in answer.json()["errors"]} == {field}
    assert not NgoService.objects.exists()


def test_services_that_the_sender_cannot_see_stay_as_they_are(cast):
    rosa, amina = cast.rosa.api(), cast.amina.api()
    path = f"ngos/{cast.ngo.pk}/"
    hidden = NgoService.objects.create(
        ngo=cast.ngo, context=cast.valdoria, level=4, service="mediation", begun="2015"
    )
    other = NgoService.objects.create(
        ngo=cast.ngo, context=cast.kestria, level=1, service="water", begun="2016"
    )
    seen = NgoService.objects.create(
        ngo=cast.ngo, context=cast.valdoria, level=2, service="health", begun="2017"
    )
    assert [row["id"] for row in amina.get(path).json()["service"]] == [str(seen.pk)]
    answer = rosa.patch(path, {"service": [service(cast, kind="shelter")]})
    assert answer.status_code == 200, answer.content
    states = dict(NgoService.objects.values_list("pk", "state"))
    assert states[hidden.pk] == "current"
    assert states[other.pk] == "current"
    assert states[seen.pk] == "deleted"
    assert [row["kind"] for row in amina.get(path).json()["service"]] == ["shelter"]


def test_a_service_is_corrected_in_place_and_keeps_its_history(cast):
    api = cast.rosa.api()
    path = f"ngos/{cast.ngo.pk}/"
    row = api.patch(path, {"service": [service(cast)]}).json()["service"][0]
    again = api.patch(path, {"service": [{**row, "kind": "water"}]}).json()["service"][0]
    assert (again["id"], again["kind"]) == (row["id"], "water")
    assert RecordVersion.objects.get(record=row["id"]).body["kind"] == "health"
    same = api.patch(path, {"service": [service(cast, kind="water", level=2)]}).json()["service"]
    assert same == [again]
    assert RecordVersion.objects.filter(record=row["id"]).count() == 1


def test_a_service_out_of_sight_moves_no_etag(cast):
    oskar, rosa = cast.oskar.api(), cast.rosa.api()
    path = f"ngos/{cast.ngo.pk}/"
    before, amina = oskar.etag(path), cast.amina.api().etag(path)
    assert rosa.patch(path, {"service": [service(cast)]}).status_code == 200
    assert oskar.etag(path) == before
    assert oskar.get(path).json()["version"] == 1
    assert cast.amina.api().etag(path) != amina


def test_a_new_service_year_asks_for_new_scores(cast):
    Job.objects.all().delete()
    cast.rosa.api().patch(f"ngos/{cast.ngo.pk}/", {"service": [service(cast)]})
    assert Job.objects.filter(key=str(cast.dossier.pk)).exists()


def test_a_name_alone_asks_for_no_new_scores(cast):
    Job.objects.all().delete()
    cast.rosa.api().patch(f"ngos/{cast.ngo.pk}/", {"name": "Lantern"})
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=OPS", ["Open Road"]),
        ("type=OPS,DIF", ["Lantern Dialogue", "Open Road"]),
        ("type__not=OPS", ["Lantern Dialogue"]),
        ("contact=direct", ["Lantern Dialogue"]),
        ("horizon=acute&contact=indirect", ["Open Road"]),
        ("context__empty=true", ["Lantern Dialogue"]),
        ("service=health", ["Open Road"]),
        ("service__not=health", ["Lantern Dialogue"]),
        ("external_id=ucdp", ["Open Road"]),
        ("external_id=ucdp:1", ["Open Road"]),
        ("external_id=ucdp:2", []),
        ("level=2..3", []),
        ("state=withdrawn", []),
        ("updated_at=2020..2021", []),
        ("updated_at=2020..", ["Lantern Dialogue", "Open Road"]),
    ],
)
def test_filters_find_what_they_say(cast, query, found):
    api = cast.amina.api()
    ids = [{"scheme": "ucdp", "value": "1"}]
    sent = open_road(cast, service=[service(cast)], external_ids=ids)
    assert api.post("ngos/", sent).status_code == 201
    told = api.get(f"ngos/?{query}").json()["results"]
    assert [row["name"] for row in told] == found


def test_a_filter_by_a_hidden_service_finds_nothing(cast):
    cast.rosa.api().patch(f"ngos/{cast.ngo.pk}/", {"service": [service(cast)]})
    assert cast.amina.api().ids("ngos/?service=health") == [str(cast.ngo.pk)]
    assert cast.oskar.api().ids("ngos/?service=health") == []


def test_an_analyst_reads_an_ngo_of_a_context_without_its_note(cast):
    ngo = an_ngo("Open Road", context=cast.valdoria)
    Ngo.objects.filter(pk=ngo.pk).update(note="heard from the driver")
    path = f"ngos/{ngo.pk}/"
    assert cast.amina.api().get(path).json()["note"] == "heard from the driver"
    assert "note" not in cast.ann.api().get(path).json()
