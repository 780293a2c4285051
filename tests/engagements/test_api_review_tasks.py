"""`/review-tasks/`: read and closed over REST, within a clearance and against a version."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from scorecards.models import ReviewTask
from tests.cast import Cast
from tests.engagements import sent
from tests.engagements.test_setbacks import fallen


@pytest.fixture
def task(cast: Cast) -> str:
    fallen(cast)
    return str(ReviewTask.objects.get(subject="doctrine").pk)


def test_open_tasks_are_listed_and_filtered(cast: Cast, task: str) -> None:
    api = cast.amina.api()
    rows = api.get("review-tasks/?state=open&reason=setback").json()["results"]
    assert {row["subject"] for row in rows} == {"doctrine", "equipment"}
    assert {row["dossier"] for row in rows} == {str(cast.dossier.pk)}
    assert api.ids("review-tasks/?state=done") == []
    assert api.ids(f"review-tasks/?dossier={uuid4()}") == []
    made = api.get(f"review-tasks/{task}/").json()
    assert made["because"]["kind"] == "assessment"
    assert api.get(f"assessments/{made['because']['id']}/").status_code == 200


def test_a_task_is_closed_with_a_note_once(cast: Cast, task: str) -> None:
    api, path = cast.amina.api(), f"review-tasks/{task}/"
    old = api.etag(path)
    bare = api.patch(path, {"state": "done"})
    assert "note" in sent.refused(bare)
    assert "state" in sent.refused(api.patch(path, {"state": "open", "note": "Still"}))
    closed = api.patch(path, {"state": "done", "note": "The order stands"})
    assert closed.status_code == 200, closed.content
    body: Any = closed.json()
    assert (body["state"], body["note"]) == ("done", "The order stands")
    assert body["closed_by"] == str(cast.amina.user.pk)
    assert api.patch(path, {"state": "dropped", "note": "x"}, If_Match=old).status_code == 412
    assert "state" in sent.refused(api.patch(path, {"state": "dropped", "note": "x"}))
    assert ReviewTask.objects.get(pk=task).note == "The order stands"


def test_nobody_opens_or_removes_one_by_hand(cast: Cast, task: str) -> None:
    api = cast.rosa.api()
    assert api.post("review-tasks/", {"reason": "setback"}).status_code == 405
    assert api.delete(f"review-tasks/{task}/").status_code == 405
    assert cast.amina.api(write=False).patch(f"review-tasks/{task}/", {}).status_code == 403


def test_outsiders_and_analysts_find_none(cast: Cast, task: str) -> None:
    for person in (cast.oskar, cast.ann, cast.ada):
        assert person.api().get(f"review-tasks/{task}/").status_code == 404
    assert cast.oskar.api().ids("review-tasks/") == []
