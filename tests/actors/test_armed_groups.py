"""Armed groups: dated names, lineage, listings and outside ids."""

from __future__ import annotations

from uuid import uuid4

import pytest

from actors.models import ArmedGroup, Lineage
from records.models import Job
from tests.cast import a_group


def river_band(cast, **more):
    return {"name": "River Band", "context": str(cast.valdoria.pk), **more}


def test_all_fields_are_read_back_as_they_were_sent(cast):
    api = cast.amina.api()
    told = {
        "name": "River Band",
        "names": [
            {"name": "River Band", "kind": "official", "language": "", "source": "",
             "from": None, "to": None},
            {"name": "فرقة النهر", "kind": "other_script", "language": "ar", "source": "leaflet",
             "from": "1993", "to": None},
        ],
        "countries": ["XV", "XK"],
        "structure": "DEC",
        "motive": ["autonomy", "self_defence"],
        "active_from": "1993-05",
        "active_to": None,
        "active_from_grade": "C3",
        "lineage": [
            {"relation": "split_from", "group": str(cast.group.pk), "from": "1993-05",
             "to": None, "source": "a communiqué"},
        ],
        "listings": [
            {"list": "regional", "from": "2001-09-20", "to": "2011", "source": "gazette",
             "grade": "A1"},
        ],
        "external_ids": [
            {"scheme": "acled", "value": "River Band (XV)", "release": "2026-10",
             "checked_on": "2026-11-02"},
        ],
        "default_level": 4,
        "note": "",
        "context": str(cast.valdoria.pk),
        "level": 2,
    }  # fmt: skip
    answer = api.post("armed-groups/", told)
    assert answer.status_code == 201, answer.content
    read = api.get(f"armed-groups/{answer.json()['id']}/").json()
    assert {name: read[name] for name in told} == told


def test_a_new_group_is_the_contexts_own_until_a_head_lifts_it(cast):
    pk = cast.amina.api().post("armed-groups/", river_band(cast)).json()["id"]
    path = f"armed-groups/{pk}/"
    assert cast.oskar.api().get(path).status_code == 404
    assert cast.ann.api().get(path).status_code == 200
    assert cast.rosa.api().patch(path, {"context": None, "level": 1}).status_code == 200
    assert cast.oskar.api().get(path).json()["level"] == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"structure": "cen"}, "structure"),
        ({"structure": ["CEN"]}, "structure"),
        ({"motive": ["greed"]}, "motive.0"),
        ({"motive": "autonomy"}, "motive"),
        ({"countries": ["Valdoria"]}, "countries"),
        ({"countries": [5]}, "countries.0"),
        ({"active_from": "May 1993"}, "active_from"),
        ({"active_from": "1993-02-30"}, "active_from"),
        ({"active_from": 1993}, "active_from"),
        ({"active_from": "2001", "active_to": "1999"}, "active_to"),
        ({"active_from_grade": "B"}, "active_from_grade"),
        ({"lineage": [{"relation": "cousin", "group": "x"}]}, "lineage.0.relation"),
        ({"listings": [{"list": "blacklist"}]}, "listings.0.list"),
        ({"names": [{"name": " ", "kind": "alias"}]}, "names.0.name"),
        ({"default_level": 0}, "default_level"),
    ],
)
def test_a_wrong_answer_is_named(cast, wrong, field):
    answer = cast.amina.api().post("armed-groups/", river_band(cast, **wrong))
    assert answer.status_code == 400, answer.content
    assert field in {row["field"] for row in answer.json()["errors"]}
    assert not ArmedGroup.objects.filter(name="River Band").exists()


def test_lineage_to_a_hidden_group_is_refused_as_to_an_absent_one(cast):
    hidden = a_group("Secret Front", context=cast.kestria, level=1)
    told = []
    for pk in (hidden.pk, uuid4()):
        rows = [{"relation": "wing", "group": str(pk)}]
        answer = cast.amina.api().post("armed-groups/", river_band(cast, lineage=rows))
        told.append((answer.status_code, answer.json() | {"request_id": 0}))
    assert told[0] == told[1]
    assert told[0][0] == 400


def test_lineage_that_the_sender_cannot_see_stays(cast):
    hidden = a_group("Secret Front", context=cast.kestria)
    Lineage.objects.create(group=cast.group, other=hidden, relation="alliance")
    other = a_group("Hill Band")
    rosa, path = cast.rosa.api(), f"armed-groups/{cast.group.pk}/"
    assert rosa.get(path).json()["lineage"] == []
    rows = [{"relation": "split_from", "group": str(other.pk)}]
    assert rosa.patch(path, {"lineage": rows}).status_code == 200
    assert [row["group"] for row in rosa.get(path).json()["lineage"]] == [str(other.pk)]
    assert {row["group"] for row in cast.oskar.api().get(path).json()["lineage"]} == {
        str(other.pk),
        str(hidden.pk),
    }


def test_only_a_head_who_did_not_make_it_lowers_a_level_and_says_why(cast):
    amina, rosa = cast.amina.api(), cast.rosa.api()
    path = f"armed-groups/{amina.post('armed-groups/', river_band(cast, level=3)).json()['id']}/"
    assert amina.patch(path, {"level": 2}).json()["errors"][0]["field"] == "level"
    assert rosa.patch(path, {"level": 2}).json()["errors"][0]["field"] == "reason"
    assert rosa.patch(path, {"level": 2, "reason": "all public"}).json()["level"] == 2
    own = f"armed-groups/{rosa.post('armed-groups/', river_band(cast, level=3)).json()['id']}/"
    assert rosa.patch(own, {"level": 2, "reason": "all public"}).status_code == 400


def test_nothing_lies_below_the_floor_of_its_context(cast):
    cast.valdoria.floor = 3
    cast.valdoria.save()
    answer = cast.amina.api().post("armed-groups/", river_band(cast, level=1))
    assert answer.json()["level"] == 3


def test_listings_and_the_start_ask_for_new_scores_and_the_motive_does_not(cast):
    rosa, path = cast.rosa.api(), f"armed-groups/{cast.group.pk}/"
    for change, asks in [
        ({"listings": [{"list": "un_sanctions", "from": "2020", "grade": "A1"}]}, True),
        ({"active_from": "1993"}, True),
        ({"motive": ["autonomy"]}, False),
    ]:
        Job.objects.all().delete()
        assert rosa.patch(path, change).status_code == 200
        assert Job.objects.filter(key=str(cast.dossier.pk)).exists() is asks, change


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country=XV", ["River Band"]),
        ("country__empty=true", ["Valdorian River Front"]),
        ("structure=DEC", ["River Band"]),
        ("motive=autonomy,mixed", ["River Band"]),
        ("active_from=1993", ["River Band"]),
        ("active_from=1990..1992", []),
        ("active_from=..1993-05", ["River Band"]),
        ("active_from__empty=true", ["Valdorian River Front"]),
        ("listing=regional", ["River Band"]),
        ("listing__not=regional", ["Valdorian River Front"]),
        ("external_id=acled", []),
    ],
)
def test_filters_find_what_they_say(cast, query, found):
    api = cast.amina.api()
    more = {
        "countries": ["XV"],
        "structure": "DEC",
        "motive": ["autonomy"],
        "active_from": "1993-05",
        "listings": [{"list": "regional", "from": "2001"}],
    }
    assert api.post("armed-groups/", river_band(cast, **more)).status_code == 201
    told = api.get(f"armed-groups/?{query}").json()["results"]
    assert [row["name"] for row in told] == found


def test_an_analyst_reads_months_where_the_group_is_confidential(cast):
    sent = river_band(cast, level=3, active_from="1993-05-17")
    path = f"armed-groups/{cast.amina.api().post('armed-groups/', sent).json()['id']}/"
    assert cast.amina.api().get(path).json()["active_from"] == "1993-05-17"
    assert cast.ann.api().get(path).json()["active_from"] == "1993-05"
