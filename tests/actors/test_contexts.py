"""Contexts and their dated facts."""

from __future__ import annotations

import pytest
from django.utils import timezone

from actors.models import ContextFact
from records.models import Job, RecordVersion
from tests.cast import a_group


@pytest.fixture
def path(cast):
    return f"contexts/{cast.valdoria.pk}/"


def war(**more):
    row = {"kind": "intensity", "value": "I3", "from": "2024", "to": "2024", "grade": "A1"}
    return row | {"source": "yearly count"} | more


def test_only_members_see_a_context(cast, path):
    for person in (cast.amina, cast.rosa, cast.ann):
        assert person.api().ids("contexts/") == [str(cast.valdoria.pk)]
    assert cast.oskar.api().ids("contexts/") == [str(cast.kestria.pk)]
    for person in (cast.oskar, cast.ada, cast.aude):
        assert person.api().get(path).status_code == 404


def test_a_delegate_adds_and_corrects_a_fact(cast, path):
    api = cast.amina.api()
    answer = api.patch(path, {"facts": [war()]})
    assert answer.status_code == 200, answer.content
    row = answer.json()["facts"][0]
    assert row == war() | {"id": row["id"], "armed_group": None, "level": 2}
    again = api.patch(path, {"facts": [{**row, "value": "I2"}]}).json()["facts"]
    assert again == [{**row, "value": "I2"}]
    assert RecordVersion.objects.get(record=row["id"]).body["value"] == "I3"


def test_only_a_head_removes_a_fact(cast, path):
    cast.amina.api().patch(path, {"facts": [war()]})
    refused = cast.amina.api().patch(path, {"facts": []})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "facts"
    assert cast.rosa.api().patch(path, {"facts": []}).json()["facts"] == []
    assert ContextFact.objects.get().state == "deleted"


def test_a_head_changes_the_name_and_a_delegate_does_not(cast, path):
    assert cast.rosa.api().patch(path, {"name": "Greater Valdoria"}).status_code == 200
    assert cast.amina.api().patch(path, {"name": "x"}).status_code == 403
    assert cast.ann.api().patch(path, {"facts": []}).status_code == 403
    cast.valdoria.refresh_from_db()
    assert cast.valdoria.name == "Greater Valdoria"


def test_a_floor_is_raised_and_never_lowered(cast, path):
    api = cast.rosa.api()
    assert api.patch(path, {"floor": 2}).json()["floor"] == 2
    answer = api.patch(path, {"floor": 1})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "floor"


def test_facts_above_the_readers_clearance_are_absent_and_stay(cast, path):
    hidden = ContextFact.objects.create(
        context=cast.valdoria, level=4, fact="leader_change", value="an illness"
    )
    amina, before = cast.amina.api(), cast.amina.api().etag(path)
    assert amina.get(path).json()["facts"] == []
    assert amina.patch(path, {"facts": [war()]}).status_code == 200
    hidden.refresh_from_db()
    assert hidden.state == "current"
    assert amina.etag(path) != before


def test_a_fact_about_a_hidden_group_is_hidden(cast, path):
    group = a_group("Secret Front", context=cast.valdoria, level=4)
    ContextFact.objects.create(
        context=cast.valdoria, level=2, fact="split", value="two wings", armed_group=group
    )
    assert cast.amina.api().get(path).json()["facts"] == []
    answer = cast.amina.api().patch(path, {"facts": [war(armed_group=str(group.pk))]})
    assert answer.json()["errors"][0]["field"] == "facts.0.armed_group"


def test_a_fact_asks_for_the_scores_that_it_can_move(cast, path):
    other = a_group("Hill Band")
    for fact, asks in [
        (war(), True),
        (war(armed_group=str(cast.group.pk), value="I2"), True),
        (war(armed_group=str(other.pk), value="I1"), False),
    ]:
        Job.objects.all().delete()
        ContextFact.objects.all().delete()
        assert cast.amina.api().patch(path, {"facts": [fact]}).status_code == 200
        assert Job.objects.filter(key=str(cast.dossier.pk)).exists() is asks, fact


def test_a_new_fact_brings_the_context_into_what_changed_since(cast):
    api, moment = cast.amina.api(), timezone.now().isoformat().replace("+", "%2B")
    assert api.ids(f"contexts/?updated_since={moment}") == []
    api.patch(f"contexts/{cast.valdoria.pk}/", {"facts": [war()]})
    assert api.ids(f"contexts/?updated_since={moment}") == [str(cast.valdoria.pk)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": "loud"}, "facts.0.value"),
        ({"kind": "weather"}, "facts.0.kind"),
        ({"from": "2024", "to": "2023"}, "facts.0.to"),
        ({"grade": "A"}, "facts.0.grade"),
        ({"level": 4}, "facts"),
        ({"level": "2"}, "facts.0.level"),
    ],
)
def test_a_wrong_fact_is_named(cast, path, wrong, field):
    answer = cast.amina.api().patch(path, {"facts": [war(**wrong)]})
    assert answer.status_code == 400, answer.content
    assert {row["field"] for row in answer.json()["errors"]} == {field}
    assert not ContextFact.objects.exists()


def test_contexts_are_not_made_here(cast):
    assert cast.rosa.api().post("contexts/", {"name": "x"}).status_code == 405


def test_filters_find_what_they_say(cast, path):
    api = cast.amina.api()
    api.patch(path, {"facts": [war()]})
    for query, found in [("country=XV", 1), ("country=XK", 0), ("fact=intensity", 1),
                         ("fact=split", 0), ("floor=1", 1), ("floor=2..4", 0)]:  # fmt: skip
        assert len(api.ids(f"contexts/?{query}")) == found, query
