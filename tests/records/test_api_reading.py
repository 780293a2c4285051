"""Lists, pages, shapes, ETags and what changed since: the same for every resource."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors.models import ArmedGroup, Ngo
from tests.cast import a_group, an_ngo


def walked(api, path, way="next"):
    """The ids of all pages from here on, in the order in which the pages came."""
    pages = []
    while path:
        answer = api.get(path)
        assert answer.status_code == 200, answer.content
        told = answer.json()
        pages.append([row["id"] for row in told["results"]])
        path = told[way]
    return pages


@pytest.fixture
def groups(cast):
    """Twelve groups, three of each name, so that the id has to break ties."""
    return [a_group(f"River Band {number % 4}") for number in range(12)]


@pytest.mark.parametrize("ordering", ["name", "-name", "updated_at", "-updated_at"])
def test_pages_follow_each_other_without_gap_or_double(cast, groups, ordering):
    api = cast.amina.api()
    pages = walked(api, f"armed-groups/?limit=5&ordering={ordering}")
    ids = [pk for page in pages for pk in page]
    assert [len(page) for page in pages] == [5, 5, 3]
    assert len(set(ids)) == 13
    assert ids == api.ids(f"armed-groups/?limit=200&ordering={ordering}")


def test_one_walks_back_the_way_one_came(cast, groups):
    api = cast.amina.api()
    forth = walked(api, "armed-groups/?limit=5")
    last = api.get(api.get(api.get("armed-groups/?limit=5").json()["next"]).json()["next"])
    assert last.json()["next"] is None
    back = walked(api, last.json()["previous"], "previous")
    assert back == forth[1::-1]


def test_a_page_stays_where_it_is_while_rows_are_added_before_it(cast, groups):
    api = cast.amina.api()
    second = api.get("armed-groups/?limit=5").json()["next"]
    before = api.ids(second)
    a_group("Aardvark Band")
    assert api.ids(second) == before


def test_a_cursor_shows_nothing_and_fits_one_list_and_order(cast, groups):
    api = cast.amina.api()
    cursor = api.get("armed-groups/?limit=5").json()["next"].split("cursor=")[1]
    assert "River" not in cursor
    for path in ("ngos/?", "armed-groups/?ordering=-name&"):
        answer = api.get(f"{path}cursor={cursor}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "cursor"


def test_count_is_exact_and_only_on_demand(cast, groups):
    api = cast.amina.api()
    assert api.get("armed-groups/?limit=2&count=true").json()["count"] == 13
    assert "count" not in api.get("armed-groups/?limit=2").json()
    assert api.get("armed-groups/?count=true&structure=CEN").json()["count"] == 0


def test_the_shape_is_what_was_asked_for(cast):
    api, path = cast.amina.api(), f"ngos/{cast.ngo.pk}/"
    assert list(api.get(f"{path}?fields=name,id").json()) == ["id", "name"]
    assert "names" not in api.get(f"{path}?omit=names,types").json()
    assert list(api.get(f"{path}?brief=true").json()) == ["id", "name", "acronym", "types"]
    assert list(api.get("ngos/?fields=acronym").json()["results"][0]) == ["acronym"]


def test_content_is_never_kept_in_a_cache(cast):
    for path in ("ngos/", f"ngos/{cast.ngo.pk}/", "me/"):
        assert cast.amina.api().get(path)["Cache-Control"] == "private, no-store"


def test_an_unchanged_answer_is_304_and_a_changed_one_is_not(cast):
    api = cast.amina.api()
    for path in ("ngos/", f"ngos/{cast.ngo.pk}/", "codes/", "schema/", "contexts/?brief=true"):
        tag = api.get(path)["ETag"]
        assert not tag.startswith("W/")
        again = api.get(path, If_None_Match=f'"other", {tag}')
        assert again.status_code == 304, path
        assert again["ETag"] == tag
        assert again.content == b""
    tags = [api.get(path)["ETag"] for path in ("ngos/", f"ngos/{cast.ngo.pk}/")]
    assert api.patch(f"ngos/{cast.ngo.pk}/", {"name": "x"}).status_code == 403
    rosa = cast.rosa.api()
    assert rosa.patch(f"ngos/{cast.ngo.pk}/", {"name": "Lantern"}).status_code == 200
    for path, tag in zip(("ngos/", f"ngos/{cast.ngo.pk}/"), tags, strict=True):
        assert api.get(path, If_None_Match=tag).status_code == 200, path


def test_an_etag_depends_on_shape_and_on_rights(cast):
    path = f"ngos/{cast.ngo.pk}/"
    amina, oskar = cast.amina.api(), cast.oskar.api()
    tags = {amina.etag(path), oskar.etag(path), amina.get(f"{path}?brief=true")["ETag"]}
    assert len(tags) == 3


def test_a_hidden_record_moves_no_etag_and_no_page(cast):
    api = cast.oskar.api()
    paths = ["armed-groups/?count=true&limit=1", "ngos/", f"armed-groups/{cast.group.pk}/"]
    before = [(api.get(path).content, api.get(path)["ETag"]) for path in paths]
    a_group("Aaa Hidden", context=cast.valdoria, level=2)
    an_ngo("Aaa Hidden", context=cast.valdoria)
    assert before == [(api.get(path).content, api.get(path)["ETag"]) for path in paths]


def since(moment):
    return f"updated_since={quote(moment.isoformat())}"


def test_what_changed_since_comes_oldest_first(cast):
    api, rosa = cast.amina.api(), cast.rosa.api()
    moment = timezone.now()
    first, second = a_group("Alpha"), a_group("Beta")
    rosa.patch(f"armed-groups/{first.pk}/", {"structure": "CEN"})
    assert api.ids(f"armed-groups/?{since(moment)}") == [str(second.pk), str(first.pk)]
    later = since(timezone.now())
    assert api.ids(f"armed-groups/?{later}") == []
    assert api.get(f"armed-groups/?{later}&ordering=name").status_code == 400


def test_deleted_and_hidden_leave_the_same_tombstone(cast):
    amina, rosa = cast.amina.api(), cast.rosa.api()
    gone, raised = [a_group(name, context=cast.valdoria, level=2) for name in ("A", "B")]
    always_hidden = a_group("C", context=cast.valdoria, level=4)
    moment = timezone.now()
    assert rosa.delete(f"armed-groups/{gone.pk}/", {"reason": "twice"}).status_code == 204
    ArmedGroup.objects.filter(pk=raised.pk).update(level=3)
    api4 = cast.rosa
    from engagements.services.actors import correct_group

    for group in (raised, always_hidden):
        row = ArmedGroup.objects.get(pk=group.pk)
        correct_group(api4.viewer, row, {"level": 4, "structure": "DEC"}, reason="names inside")
    told = amina.get(f"armed-groups/?{since(moment)}").json()["results"]
    assert told == [
        {"id": str(gone.pk), "deleted": True},
        {"id": str(raised.pk), "deleted": True},
    ]
    assert amina.get(f"armed-groups/{gone.pk}/").status_code == 404
    assert cast.oskar.api().ids(f"armed-groups/?{since(moment)}") == []


def test_a_change_out_of_sight_does_not_repeat_a_tombstone(cast):
    raised = a_group("B", context=cast.valdoria, level=3)
    from engagements.services.actors import correct_group

    correct_group(cast.rosa.viewer, raised, {"level": 4}, reason="names inside")
    moment = timezone.now()
    raised.refresh_from_db()
    correct_group(cast.rosa.viewer, raised, {"structure": "CEN"}, reason="")
    assert cast.amina.api().ids(f"armed-groups/?{since(moment)}") == []


def test_tombstones_are_paged_with_the_rest(cast):
    amina, rosa = cast.amina.api(), cast.rosa.api()
    moment = timezone.now()
    rows = [a_group(f"G{number}", context=cast.valdoria, level=2) for number in range(6)]
    for row in rows[::2]:
        rosa.delete(f"armed-groups/{row.pk}/", {"reason": "twice"})
    pages = walked(amina, f"armed-groups/?limit=2&{since(moment)}")
    assert [len(page) for page in pages] == [2, 2, 2]
    assert {pk for page in pages for pk in page} == {str(row.pk) for row in rows}


@pytest.mark.parametrize("path", ["ngos/", "armed-groups/", "counterparts/", "contexts/"])
def test_a_list_costs_the_same_for_2_rows_and_20(cast, path):
    api, spent = cast.rosa.api(), []
    api.get(path)  # the day of last use is written once
    for rows in (2, 18):
        for number in range(rows):
            add_one(cast, path, f"{rows}-{number}")
        with CaptureQueriesContext(connection) as asked:
            assert len(api.ids(f"{path}?limit=200")) >= 2
        spent.append(len(asked))
    assert spent[0] == spent[1]
    assert spent[0] <= 8


def add_one(cast, path, name):
    """One more row with one of each child."""
    from accounts.models import Membership
    from accounts.services.contexts import create_context
    from actors.models import Counterpart

    if path == "contexts/":
        context = create_context(code=f"c-{name}", name=name)
        Membership.objects.create(user=cast.rosa.user, context=context, role="head", clearance=4)
        return
    if path == "counterparts/":
        Counterpart.objects.create(
            context=cast.valdoria, armed_group=cast.group, code=name, rank="L2"
        )
        return
    grade = {"source": "a report", "grade": "B2"}
    service = {"context": str(cast.valdoria.pk), "from": "2020", "kind": "health", **grade}
    ids = {"external_ids": [{"scheme": "ucdp", "value": name}]}
    bodies = {
        "ngos/": {"types": [{"type": "OPS"}], "service": [service]},
        "armed-groups/": {
            "listings": [{"list": "regional", "from": "2019", **grade}],
            "lineage": [{"relation": "alliance", "group": str(cast.group.pk)}],
        },
    }
    answer = cast.rosa.api().post(path, {"name": name, **ids, **bodies[path]})
    assert answer.status_code == 201, answer.content


def test_a_time_with_a_plus_sign_may_stand_in_an_address(cast):
    moment = (timezone.now() - timedelta(days=1)).isoformat()
    answer = cast.amina.api().get(f"ngos/?updated_since={moment}")
    assert answer.status_code == 200
    assert Ngo.objects.count() == len(answer.json()["results"])
