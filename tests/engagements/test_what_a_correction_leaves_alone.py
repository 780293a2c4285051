"""A meeting may hold people, steps and links above its reader's clearance: they are not shown to
whoever corrects the meeting, and the correction does not lose them.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.urls import reverse

from actors.models import Counterpart
from engagements.models import FollowUp, Incident, Interaction
from tests.cast import Cast
from tests.engagements import sent

STEP = "Ask the third brigade for the list"


def a_meeting_with_more_than_amina_sees(cast: Cast) -> Interaction:
    api = cast.amina.api()
    man = Counterpart.objects.create(
        armed_group=cast.group, context=cast.valdoria, code="ASH-7", rank="L2", level=3
    )
    incident = sent.saved(api, "incidents/", sent.incident(cast))["id"]
    body = sent.meeting(
        cast,
        participants=[{"counterpart": str(man.pk), "mandate": "yes"}],
        next_step={"what": STEP, "due_on": sent.day(-5)},
        details={"violation_talk": {"incident": incident}},
        joint=str(uuid4()),
    )
    row = sent.saved(api, "interactions/", body)
    assert api.patch(f"interactions/{row['id']}/", {"trust": 1}).status_code == 200
    for rows in (
        Counterpart.objects.filter(pk=man.pk),
        Incident.objects.filter(pk=incident),
        FollowUp.objects.filter(interaction=row["id"]),
    ):
        rows.update(level=4)
    return Interaction.objects.get(pk=row["id"])


def hidden_parts(meeting: Interaction) -> Any:
    meeting.refresh_from_db()
    return (
        [row.counterpart.code for row in meeting.participants.all()],
        [row.what for row in meeting.follow_ups.filter(level=4)],
        meeting.details["violation_talk"],
    )


def test_sending_back_over_the_api_what_was_read_loses_nothing_hidden(cast: Cast) -> None:
    meeting = a_meeting_with_more_than_amina_sees(cast)
    before, api, path = hidden_parts(meeting), cast.amina.api(), f"interactions/{meeting.pk}/"
    read = api.get(path).json()
    assert STEP not in str(read)
    told = {**read, "outcome": 3}
    assert api.put(path, told, If_Match=api.etag(path)).status_code == 200
    assert hidden_parts(meeting) == before
    assert api.patch(path, {"trust": 2}).status_code == 200
    assert hidden_parts(meeting) == before
    own = {"next_step": {"what": "Call again"}}
    assert api.patch(path, own).json()["next_step"]["what"] == "Call again"
    assert hidden_parts(meeting) == before


def test_the_form_of_a_correction_shows_nothing_hidden_and_loses_none(cast: Cast) -> None:
    meeting = a_meeting_with_more_than_amina_sees(cast)
    before, browser = hidden_parts(meeting), cast.amina.page
    opened = browser.post(reverse("meeting_correct", args=[meeting.pk]))
    page = browser.get(opened["Location"])
    read = (
        page.content.decode() + browser.get(reverse("meeting", args=[meeting.pk])).content.decode()
    )
    assert STEP not in read
    assert "ASH-7" not in read
    draft = cast.amina.user.drafts.get()
    answers = {**draft.body["answers"], "outcome": ["4"], "reason": ["Heard again"]}
    saved = browser.post(opened["Location"], answers)
    assert saved.status_code == 302, saved.content.decode()[:3000]
    assert hidden_parts(meeting) == before
    assert meeting.outcome == 4
    assert meeting.joint is not None
