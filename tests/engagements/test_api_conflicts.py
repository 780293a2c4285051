"""Nobody overwrites what they have not read: 428 without the ETag, 412 with an older one."""

from __future__ import annotations

import pytest

from tests.engagements import sent


def test_a_change_without_the_etag_is_refused(cast):
    api = cast.amina.api()
    path = f"interactions/{sent.saved(api, 'interactions/', sent.meeting(cast))['id']}/"
    for method in ("PATCH", "PUT", "DELETE"):
        assert api.call(method, path, {"outcome": 3}).status_code == 428
    assert api.get(path).json()["outcome"] == 2


def test_the_slower_writer_is_told_what_stands_there_now(cast):
    amina, rosa = cast.amina.api(), cast.rosa.api()
    path = f"interactions/{sent.saved(amina, 'interactions/', sent.meeting(cast))['id']}/"
    seen = rosa.etag(path)
    assert amina.patch(path, {"outcome": 4, "trust": 3}).status_code == 200
    late = rosa.patch(path, {"outcome": 1, "channel": "letter"}, If_Match=seen)
    assert late.status_code == 412
    told = {row["field"]: row["theirs"] for row in late.json()["errors"]}
    assert told == {"outcome": 4, "channel": "voice"}
    assert late.json()["current"]["trust"] == 3
    assert rosa.patch(path, {"outcome": 1}).status_code == 200
    assert amina.get(path).json()["trust"] == 3


def test_any_shape_of_the_answer_gives_a_good_etag(cast):
    api = cast.amina.api()
    path = f"interactions/{sent.saved(api, 'interactions/', sent.meeting(cast))['id']}/"
    brief = api.get(f"{path}?brief=true")
    assert brief.headers["ETag"] != api.get(path).headers["ETag"]
    assert api.patch(path, {"outcome": 3}, If_Match=brief.headers["ETag"]).status_code == 200


def test_an_unchanged_record_is_not_sent_again(cast):
    api = cast.amina.api()
    row = sent.saved(api, "interactions/", sent.meeting(cast, next_step={"what": "Call"}))
    path = f"interactions/{row['id']}/"
    tag = api.etag(path)
    assert api.get(path, If_None_Match=tag).status_code == 304
    step = api.ids("follow-ups/")[0]
    api.patch(f"follow-ups/{step}/", {"what": "Write"})
    changed = api.get(path, If_None_Match=tag)
    assert changed.status_code == 200
    assert changed.json()["next_step"]["what"] == "Write"


def test_a_hidden_record_answers_404_before_any_conflict(cast):
    api, oskar = cast.amina.api(), cast.oskar.api()
    path = f"interactions/{sent.saved(api, 'interactions/', sent.meeting(cast))['id']}/"
    for headers in ({}, {"If_Match": '"x"'}, {"If_Match": api.etag(path)}):
        assert oskar.call("PATCH", path, {"outcome": 3}, **headers).status_code == 404


@pytest.mark.parametrize("broken", [b'{"note": NaN}', b'{"note": "\xff"}', b'""', b"{", b""])
@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_broken_body_on_an_older_version_is_a_conflict_all_the_same(cast, method, broken):
    api = cast.rosa.api()
    path = f"blockers/{sent.saved(api, 'blockers/', sent.blocker(cast))['id']}/"
    answer = api.call(method, path, broken, If_Match='"old"')
    assert answer.status_code == 412, answer.content
    assert answer.json()["errors"] == []
    assert api.get(path).json()["version"] == 1
