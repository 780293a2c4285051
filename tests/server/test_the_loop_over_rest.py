"""The loop in server mode: a meeting posted over REST moves the score that REST answers."""

from __future__ import annotations

import pytest

from tests.server.client import agrees_with_its_evidence, meeting_with

pytestmark = pytest.mark.server


def test_a_meeting_posted_over_rest_is_scored_by_the_worker_as_its_evidence_says(parley):
    mine = parley.take()
    before = parley.client.score(mine["dossier"])
    assert parley.client.save(meeting_with(mine["id"])).status == 201
    after = parley.client.wait_for_score(mine["dossier"], facts=1, seconds=5)
    assert after["score"] != before["score"]
    assert agrees_with_its_evidence(parley.client, mine["dossier"], after)


def test_every_further_meeting_moves_the_score_to_what_its_evidence_says(parley):
    mine = parley.take()
    for number, trust in enumerate((4, 0, 1), start=1):
        assert parley.client.save(meeting_with(mine["id"], trust=trust)).status == 201
        score = parley.client.wait_for_score(mine["dossier"], facts=number, seconds=10)
        assert agrees_with_its_evidence(parley.client, mine["dossier"], score)


def test_a_topic_without_a_dossier_moves_the_general_one_alone(parley):
    mine, other = parley.take(), parley.take()
    published = parley.client.published(other["dossier"])
    assert parley.client.save(meeting_with(mine["id"], topics=["N02"])).status == 201
    parley.client.wait_for_score(mine["dossier"], facts=1, seconds=5)
    assert parley.client.published(other["dossier"]) == published
