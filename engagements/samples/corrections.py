"""What people changed afterwards, by the services that people use: versions and rights hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from accounts.access import Viewer, viewer_for
from accounts.models import User
from engagements.models import Draft, Engagement, Interaction
from engagements.samples.meetings import meeting_id
from engagements.samples.seed import chance, fixed_id, months_before, noon
from engagements.samples.story import Sketch
from engagements.services.content import content_of
from engagements.services.drafts import start_draft
from engagements.services.meetings import correct_meeting, withdraw_meeting
from records.models import RecordVersion

CORRECTED = 6
_REASONS = (
    "The interpreter told us later what was really said.",
    "Wrong meeting ticked; mended from the notebook.",
    "The second delegate remembers it differently and is right.",
)


def viewer_of(username: str) -> Viewer:
    """The rights that this person of the cast has now."""
    return viewer_for(User.objects.get(pk=fixed_id("user", username)))


def take_back(key: str, sketches: Sequence[Sketch], today: date) -> None:
    """Withdraw the meetings whose story says so; they stay to be seen as withdrawn."""
    for sketch in sketches:
        if sketch.withdrawn:
            pk = meeting_id(key, sketch.number)
            withdraw_meeting(viewer_of(sketch.author), pk, reason=sketch.withdrawn)
            _date_back(pk, months_before(today, 2.8))


def correct_some(told: Mapping[str, Sequence[Sketch]], today: date) -> None:
    """A few notes are corrected by their author: how it ended was set down wrongly."""
    luck = chance("corrections")
    may_be = [
        (key, sketch)
        for key, sketches in told.items()
        for sketch in sketches
        if sketch.author == "amina" and sketch.outcome in (0, 1, 2) and not sketch.withdrawn
    ]
    for key, sketch in luck.sample(may_be, CORRECTED):
        pk = meeting_id(key, sketch.number)
        correct(pk, sketch.author, outcome=(sketch.outcome or 0) - 1, reason=luck.choice(_REASONS))
        _date_back(pk, min(today, months_before(sketch.day, -0.3)))


def correct(pk: UUID, username: str, *, outcome: int, reason: str) -> None:
    """Correct how one meeting ended."""
    before = content_of(Interaction.objects.select_related("engagement__armed_group").get(pk=pk))
    after = replace(before, outcome=outcome)
    correct_meeting(viewer_of(username), pk, after, version=None, reason=reason)


def _date_back(pk: UUID, day: date) -> None:
    Interaction.objects.filter(pk=pk).update(updated_at=noon(day))
    RecordVersion.objects.filter(record=pk).update(replaced_at=noon(day))


def add_drafts(engagements: dict[str, Engagement], today: date) -> None:
    """Two notes that Amina has begun and not yet saved."""
    amina = viewer_of("amina")
    begun = {
        "threshold_kharis": {
            "type": ["norm"],
            "channel": ["neutral_place"],
            "summary": ["Four of five would sign. The eastern brigade wants to see"],
        },
        "lantern_river": {"type": ["visit"], "topics": ["N04"], "summary": ["Second well:"]},
    }
    for key, answers in begun.items():
        answers |= {"held_on": [today.isoformat()], "date_precision": ["day"], "level": ["3"]}
        answers |= {"grade_source": ["B"], "grade_content": ["2"]}
        draft = start_draft(amina, engagements[key], answers, pk=fixed_id("draft", key))
        Draft.objects.filter(pk=draft.pk).update(saved_at=noon(months_before(today, 0.07)))
