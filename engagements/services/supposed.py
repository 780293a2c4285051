"""A meeting that somebody imagines, as the facts that it would be. Nothing is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError

from engagements.services.content import ItemContent, MeetingContent
from engagements.services.meeting_rules import check_meeting
from scorecards.scoring.facts import ItemFact, MeetingFact, ReadingFact
from scorecards.scoring.what_if import SUPPOSED, SupposedMeeting

OPEN = 1
"""Level of a supposed meeting that names none: it counts at every clearance."""

_NOT_ASKED = "voice"  # no factor reads the channel, nor what a practical item is called
_UNNAMED = "item"


def suppose(content: MeetingContent, *, as_of: date) -> SupposedMeeting:
    """The facts that this meeting would be, judged by the rules of logging one.

    Raises ValidationError by field.
    """
    if content.held_on.first > as_of:
        sentence = f"Suppose a meeting by {as_of.isoformat()}, the day that is looked at."
        raise ValidationError({"held_on": sentence})
    check_meeting(_as_if_whole(content), today=as_of)
    level, grade = content.level or OPEN, content.grade or None
    meeting = MeetingFact(
        date=content.held_on,
        type=content.type,
        held=content.held,
        highest_level=content.highest_level or None,
        levels=frozenset(filter(None, (*content.levels, content.highest_level))),
        topics=frozenset(content.topics),
        outcome=content.outcome,
        grade=grade,
        level=level,
        source=SUPPOSED,
    )
    return SupposedMeeting(
        meeting=meeting,
        readings=tuple(
            ReadingFact(row.factor, row.rating, grade, content.held_on, level, SUPPOSED)
            for row in content.readings
        ),
        items=tuple(
            ItemFact(row.state, content.held_on, level, SUPPOSED) for row in content.practical_items
        ),
    )


def _as_if_whole(content: MeetingContent) -> MeetingContent:
    """The meeting with what logging asks for and no score reads."""
    named = tuple(
        ItemContent(item=row.item or _UNNAMED, state=row.state, side=row.side)
        for row in content.practical_items
    )
    return replace(content, channel=content.channel or _NOT_ASKED, practical_items=named)
