"""The same send twice is one record, one version and one recompute, also all at once."""

from __future__ import annotations

import threading
from uuid import uuid4

from django.db import connection

from engagements.models import FollowUp, Interaction
from records.models import Job, RecordVersion
from tests.engagements import sent


def test_the_same_meeting_again_is_answered_with_the_stored_one(cast):
    api, body = cast.amina.api(), sent.meeting(cast, id=str(uuid4()), next_step={"what": "Call"})
    first = api.post("interactions/", body)
    jobs = Job.objects.count()
    again = api.post("interactions/", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Interaction.objects.count() == FollowUp.objects.count() == 1
    assert Job.objects.count() == jobs


def test_it_is_recognised_after_a_later_edit_too(cast):
    api, body = cast.amina.api(), sent.meeting(cast, id=str(uuid4()))
    api.post("interactions/", body)
    api.patch(f"interactions/{body['id']}/", {"outcome": 4})
    again = api.post("interactions/", body)
    assert (again.status_code, again.json()["outcome"]) == (200, 4)
    assert RecordVersion.objects.count() == 1


def test_the_same_id_with_other_content_is_refused(cast):
    api, body = cast.amina.api(), sent.meeting(cast, id=str(uuid4()))
    api.post("interactions/", body)
    assert api.post("interactions/", body | {"outcome": 5}).status_code == 409
    assert cast.oskar.api().post("interactions/", body).status_code == 409
    assert Interaction.objects.get().outcome == 2


def test_every_noun_takes_an_id_of_the_clients(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    bodies = {
        "dossiers": sent.dossier(cast),
        "plans": sent.plan(cast),
        "claims": sent.claim(held),
        "follow-ups": sent.follow_up(held),
        "commitments": sent.commitment(cast),
        "incidents": sent.incident(cast),
        "observations": sent.observation(cast),
        "assessments": sent.assessment(cast),
        "blockers": sent.blocker(cast),
    }
    for noun, body in bodies.items():
        body["id"] = str(uuid4())
        answers = [api.post(f"{noun}/", body) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 200], answers[0].content
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["id"] == body["id"]


def test_twenty_at_once_make_one_meeting(transactional_db, cast):
    api, body = cast.amina.api(), sent.meeting(cast, id=str(uuid4()))
    ready, answers = threading.Barrier(20), []

    def send() -> None:
        ready.wait()
        answers.append(api.post("interactions/", body))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in answers) == [200] * 19 + [201]
    assert len({one.content for one in answers}) == 1
    assert Interaction.objects.count() == 1
