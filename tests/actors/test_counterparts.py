"""Counterparts: people of an armed group by code and rank band, never by name."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.models import Membership
from actors.models import Counterpart, Identity
from tests.cast import a_group


def uncle(cast, **more):
    return {
        "armed_group": str(cast.group.pk),
        "code": "UNCLE-7",
        "role": "sector commander",
        "level": "L2",
        "active_from": "2021-03-04",
        "context": str(cast.valdoria.pk),
        **more,
    }


def test_level_is_the_rank_and_sensitivity_the_level_of_the_record(cast):
    api = cast.amina.api()
    answer = api.post("counterparts/", uncle(cast))
    told = answer.json()
    assert answer.status_code == 201, answer.content
    assert (told["level"], told["sensitivity"]) == ("L2", 3)
    row = Counterpart.objects.get(pk=told["id"])
    assert (row.rank, row.level) == ("L2", 3)
    changed = api.patch(f"counterparts/{row.pk}/", {"level": "L1"}).json()
    assert (changed["level"], changed["sensitivity"]) == ("L1", 3)


def test_the_identity_never_travels(cast):
    pk = cast.rosa.api().post("counterparts/", uncle(cast)).json()["id"]
    person = Counterpart.objects.get(pk=pk)
    Identity.objects.create(
        counterpart=person, context=cast.valdoria, level=4, name="Canary Person"
    )
    for path in (f"counterparts/{pk}/", "counterparts/", "counterparts/?fields=id,role"):
        answer = cast.rosa.api().get(path).content.decode()
        assert "Canary" not in answer
        assert "identity" not in answer
    assert cast.rosa.api().post("counterparts/", uncle(cast, identity="x")).status_code == 400


def test_an_outsider_sees_no_counterpart(cast):
    pk = cast.amina.api().post("counterparts/", uncle(cast)).json()["id"]
    assert cast.oskar.api().get(f"counterparts/{pk}/").status_code == 404
    assert cast.oskar.api().ids("counterparts/") == []
    assert cast.oskar.api().post("counterparts/", uncle(cast)).status_code == 400


def test_an_analyst_reads_neither_role_nor_day(cast):
    pk = cast.amina.api().post("counterparts/", uncle(cast)).json()["id"]
    told = cast.ann.api().get(f"counterparts/{pk}/").json()
    assert "role" not in told
    assert told["active_from"] == "2021-03"
    assert told["code"] == "UNCLE-7"
    assert cast.ann.api().post("counterparts/", uncle(cast)).status_code == 403


def test_a_counterpart_of_a_hidden_group_is_hidden_too(cast):
    hidden = a_group("Secret Front", context=cast.valdoria, level=4)
    person = Counterpart.objects.create(
        context=cast.valdoria, level=2, armed_group=hidden, code="X", rank="L1"
    )
    assert cast.amina.api().get(f"counterparts/{person.pk}/").status_code == 404
    assert cast.amina.api().ids("counterparts/") == []


def test_the_only_context_of_the_sender_need_not_be_said(cast):
    sent = uncle(cast)
    del sent["context"]
    assert cast.amina.api().post("counterparts/", sent).json()["context"] == str(cast.valdoria.pk)
    Membership.objects.create(user=cast.amina.user, context=cast.kestria, role="delegate")
    answer = cast.amina.api().post("counterparts/", sent)
    assert answer.json()["errors"][0]["field"] == "context"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"armed_group": str(uuid4())}, "armed_group"),
        ({"armed_group": None}, "armed_group"),
        ({"code": ""}, "code"),
        ({"code": "x" * 31}, "code"),
        ({"level": 3}, "level"),
        ({"level": "L9"}, "level"),
        ({"sensitivity": 4}, "sensitivity"),
        ({"sensitivity": "high"}, "sensitivity"),
        ({"active_from": "2021", "active_to": "2020"}, "active_to"),
        ({"name": "Somebody"}, "name"),
    ],
)
def test_a_wrong_answer_is_named(cast, wrong, field):
    answer = cast.amina.api().post("counterparts/", uncle(cast, **wrong))
    assert answer.status_code == 400, answer.content
    assert {row["field"] for row in answer.json()["errors"]} == {field}


def test_filters_find_what_they_say(cast):
    api = cast.rosa.api()
    api.post("counterparts/", uncle(cast, sensitivity=2))
    api.post("counterparts/", uncle(cast, code="ZED", level="L4"))
    other = a_group("Hill Band")
    for query, found in [
        (f"armed_group={cast.group.pk}", ["UNCLE-7", "ZED"]),
        (f"armed_group={other.pk}", []),
        (f"armed_group__not={cast.group.pk}", []),
        ("level=L1,L2", ["UNCLE-7"]),
        ("level__not=L4", ["UNCLE-7"]),
        ("sensitivity=3..", ["ZED"]),
        ("ordering=-code", ["ZED", "UNCLE-7"]),
        (f"context={cast.kestria.pk}", []),
    ]:
        told = api.get(f"counterparts/?{query}").json()["results"]
        assert [row["code"] for row in told] == found, query
