"""Creating once, changing only what was read, withdrawing and deleting: for every resource."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection

from actors.models import ArmedGroup, Ngo
from records.models import RecordVersion
from tests.cast import a_group


def new_group(cast, **more):
    return {"name": "River Band", "context": str(cast.valdoria.pk), **more}


def test_the_same_send_twice_gives_one_record(cast):
    api, sent = cast.amina.api(), new_group(cast, id=str(uuid4()))
    first, again = api.post("armed-groups/", sent), api.post("armed-groups/", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first["Location"].endswith(f"/api/v1/armed-groups/{sent['id']}/")
    assert again.json() == first.json()
    assert again["ETag"] == first["ETag"]
    assert ArmedGroup.objects.filter(name="River Band").count() == 1


def test_the_order_of_keys_makes_no_other_content(cast):
    api, sent = cast.amina.api(), new_group(cast, id=str(uuid4()), structure="CEN")
    api.post("armed-groups/", sent)
    assert api.post("armed-groups/", dict(reversed(sent.items()))).status_code == 200


def test_a_late_repeat_is_recognised_after_an_edit(cast):
    api, sent = cast.amina.api(), new_group(cast, id=str(uuid4()))
    api.post("armed-groups/", sent)
    path = f"armed-groups/{sent['id']}/"
    assert api.patch(path, {"structure": "DEC"}).status_code == 200
    again = api.post("armed-groups/", sent)
    assert again.status_code == 200
    assert again.json()["structure"] == "DEC"


def test_an_id_that_is_taken_is_409_whoever_asks(cast):
    api, sent = cast.amina.api(), new_group(cast, id=str(uuid4()))
    api.post("armed-groups/", sent)
    other = api.post("armed-groups/", {**sent, "name": "Other"})
    hidden = cast.oskar.api().post("armed-groups/", sent | {"context": str(cast.kestria.pk)})
    assert other.status_code == hidden.status_code == 409
    assert other.json() | {"request_id": 0} == hidden.json() | {"request_id": 0}
    assert ArmedGroup.objects.get(pk=sent["id"]).name == "River Band"


def test_an_id_must_be_a_uuid(cast):
    for bad in ("x", 5, [], {"a": 1}, True):
        answer = cast.amina.api().post("armed-groups/", new_group(cast, id=bad))
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "id"


@pytest.mark.django_db(transaction=True)
def test_ten_identical_sends_at_once_make_one_record(cast):
    api, sent = cast.amina.api(), new_group(cast, id=str(uuid4()))
    api.get("me/")
    statuses = []

    def send():
        try:
            statuses.append(api.__class__(api.token).post("armed-groups/", sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 9 + [201]
    assert ArmedGroup.objects.filter(pk=sent["id"]).count() == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("header", [None, "*", ""])
def test_a_change_without_the_etag_that_was_read_is_428(cast, method, header):
    headers = {} if header is None else {"If_Match": header}
    answer = cast.rosa.api().call(method, f"armed-groups/{own(cast).pk}/", {}, **headers)
    assert answer.status_code == 428
    assert "If-Match" in answer.json()["detail"]


def own(cast):
    return a_group("River Band", context=cast.valdoria, level=2)


@pytest.mark.parametrize(
    "header", ['"nonsense"', 'W/"0-0"', '"' + "0" * 32 + "-" + "0" * 16 + '"', "0", '"a", "b"']
)
def test_a_change_of_an_older_state_is_412_and_tells_what_stands_there(cast, header):
    group = own(cast)
    answer = cast.amina.api().patch(
        f"armed-groups/{group.pk}/", {"name": "Mine", "structure": "UNK"}, If_Match=header
    )
    told = answer.json()
    assert answer.status_code == 412
    assert told["current"]["name"] == "River Band"
    assert [(row["field"], row["theirs"]) for row in told["errors"]] == [("name", "River Band")]
    assert ArmedGroup.objects.get(pk=group.pk).name == "River Band"


def test_of_two_who_read_the_same_the_second_is_told(cast):
    group, amina, rosa = own(cast), cast.amina.api(), cast.rosa.api()
    path = f"armed-groups/{group.pk}/"
    seen = {"amina": amina.etag(path), "rosa": rosa.etag(path)}
    assert rosa.patch(path, {"structure": "CEN"}, If_Match=seen["rosa"]).status_code == 200
    answer = amina.patch(path, {"structure": "DEC"}, If_Match=seen["amina"])
    assert answer.status_code == 412
    assert answer.json()["errors"][0]["theirs"] == "CEN"
    again = amina.patch(path, {"structure": "DEC"})
    assert again.status_code == 200
    assert again.json()["structure"] == "DEC"


@pytest.mark.django_db(transaction=True)
def test_of_ten_changes_of_one_state_at_once_one_is_stored(cast):
    api, path = cast.amina.api(), f"armed-groups/{own(cast).pk}/"
    tag, statuses = api.etag(path), []

    def send(number):
        try:
            sender = api.__class__(api.token)
            answer = sender.patch(path, {"note": f"note {number}"}, If_Match=tag)
            statuses.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 9


def test_the_etag_of_any_shape_and_of_the_last_write_will_do(cast):
    api, path = cast.amina.api(), f"armed-groups/{own(cast).pk}/"
    tag = api.get(f"{path}?brief=true")["ETag"]
    answer = api.patch(path, {"structure": "CEN"}, If_Match=tag)
    assert answer.status_code == 200
    assert answer["ETag"] == api.etag(path)
    assert api.patch(path, {"structure": "DEC"}, If_Match=answer["ETag"]).status_code == 200


def test_a_put_replaces_and_a_patch_changes_what_it_names(cast):
    api, path = cast.amina.api(), f"armed-groups/{own(cast).pk}/"
    api.patch(path, {"structure": "CEN", "countries": ["XV"], "motive": ["autonomy"]})
    patched = api.patch(path, {"motive": []}).json()
    assert (patched["structure"], patched["countries"], patched["motive"]) == ("CEN", ["XV"], [])
    put = api.put(path, {"name": "River Band"}, If_Match=api.etag(path)).json()
    assert (put["structure"], put["countries"]) == ("UNK", [])
    assert put["context"] == str(cast.valdoria.pk)


def test_what_was_read_can_be_put_back_as_it_is(cast):
    api, path = cast.rosa.api(), f"ngos/{cast.ngo.pk}/"
    before = api.get(path).json()
    answer = api.put(path, before, If_Match=api.etag(path))
    assert answer.status_code == 200, answer.content
    changing = {"version": 0, "updated_at": 0}
    assert answer.json() | changing == before | changing


def test_a_change_keeps_what_stood_there_before(cast):
    group = own(cast)
    cast.amina.api().patch(
        f"armed-groups/{group.pk}/", {"structure": "CEN", "reason": "two interviews"}
    )
    kept = RecordVersion.objects.get(record=group.pk)
    assert kept.number == 1
    assert kept.body["structure"] == "UNK"
    assert kept.body["level"] == 2
    assert kept.reason == "two interviews"
    assert kept.replaced_by == cast.amina.user
    assert ArmedGroup.objects.get(pk=group.pk).version == 2


def test_an_id_cannot_be_changed(cast):
    answer = cast.amina.api().patch(f"armed-groups/{own(cast).pk}/", {"id": str(uuid4())})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "id"


def test_a_refused_change_saves_nothing_of_itself(cast):
    group = own(cast)
    sent = {"structure": "CEN", "lineage": [{"relation": "wing", "group": str(group.pk)}]}
    answer = cast.amina.api().patch(f"armed-groups/{group.pk}/", sent)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "lineage"
    group.refresh_from_db()
    assert (group.structure, group.version) == ("UNK", 1)
    assert not RecordVersion.objects.exists()


def test_a_head_withdraws_and_restores_with_a_reason(cast):
    group, rosa, amina = own(cast), cast.rosa.api(), cast.amina.api()
    path = f"armed-groups/{group.pk}/"
    assert amina.post(f"{path}withdraw/", {"reason": "twice"}).status_code == 403
    for bad in ({}, {"reason": "  "}, {"reason": 5}, {"reason": "x" * 501}):
        answer = rosa.post(f"{path}withdraw/", bad)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "reason"
    assert rosa.post(f"{path}withdraw/", {"reason": "twice"}).json()["state"] == "withdrawn"
    assert amina.get(path).json()["state"] == "withdrawn"
    assert rosa.post(f"{path}withdraw/", {"reason": "twice"}).status_code == 400
    assert amina.ids("armed-groups/?state=withdrawn") == [str(group.pk)]
    assert rosa.post(f"{path}restore/", {"reason": "not twice"}).json()["state"] == "current"


def test_a_head_deletes_and_a_delegate_does_not(cast):
    group = own(cast)
    path = f"armed-groups/{group.pk}/"
    assert cast.amina.api().delete(path, {"reason": "twice"}).status_code == 403
    assert cast.rosa.api().delete(path, {"reason": "twice"}).status_code == 204
    assert cast.rosa.api().get(path).status_code == 404
    assert ArmedGroup.objects.get(pk=group.pk).state == "deleted"


def test_what_others_point_at_is_not_deleted(cast):
    from engagements.services.dossiers import open_engagement

    group = own(cast)
    open_engagement(cast.amina.viewer, ngo=cast.ngo, armed_group=group, context=cast.valdoria)
    answer = cast.rosa.api().delete(f"armed-groups/{group.pk}/", {"reason": "twice"})
    assert answer.status_code == 400
    assert "engagements" in answer.json()["detail"]


def test_a_read_only_token_writes_nothing(cast):
    api, path = cast.rosa.api(write=False), f"ngos/{cast.ngo.pk}/"
    tag = api.etag(path)
    for answer in (
        api.post("ngos/", {"name": "x", "types": [{"type": "OPS"}]}),
        api.patch(path, {"name": "x"}, If_Match=tag),
        api.delete(path, If_Match=tag),
        api.post(f"{path}withdraw/", {"reason": "x"}),
    ):
        assert answer.status_code == 403
        assert "only read" in answer.json()["detail"]
    assert Ngo.objects.count() == 1
