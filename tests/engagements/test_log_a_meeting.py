"""A delegate logs a meeting through the page: six answers, one Save."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from engagements.models import Draft, Interaction

pytestmark = pytest.mark.django_db(transaction=True)

SIX = {"type": "norm", "channel": "their_area", "highest_level": "L2", "outcome": "2"}


def opened(client, cast):
    """A new draft's address, as the button of the group gives it."""
    answer = client.post("/log/start/", {"engagement": str(cast.engagement.pk)})
    assert answer.status_code == 302
    return answer.headers["Location"]


def answers(**changed):
    day = timezone.localdate().isoformat()
    return {"held_on": day, "date_precision": "day", "level": "3"} | SIX | changed


def the_meeting():
    return Interaction.objects.get()


def test_six_answers_make_a_meeting_and_the_draft_goes(cast):
    client = cast.amina.page
    url = opened(client, cast)
    saved = client.post(url, answers())
    assert saved.status_code == 302
    meeting = the_meeting()
    assert saved.headers["Location"] == f"/meetings/{meeting.pk}/saved/"
    assert (meeting.type, meeting.channel, meeting.highest_level) == ("norm", "their_area", "L2")
    assert (meeting.outcome, meeting.grade, meeting.level) == (2, "B2", 3)
    assert not Draft.objects.exists()
    assert client.get(saved.headers["Location"]).status_code == 200
    assert client.get(f"/meetings/{meeting.pk}/").status_code == 200
