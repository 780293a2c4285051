"""The rows of a meeting: its own columns, and the children that hang on it."""

from __future__ import annotations

from engagements.details import split_words
from engagements.models import (
    EvidenceNote,
    Interaction,
    InteractionTopic,
    Participant,
    PracticalItem,
    Reading,
)
from engagements.services.content import MeetingContent


def write_columns(meeting: Interaction, content: MeetingContent) -> None:
    """The meeting's own columns."""
    meeting.engagement = content.engagement
    meeting.plan = content.plan
    meeting.joint = content.joint
    meeting.held_on = content.held_on
    meeting.held = content.held
    meeting.type = content.type
    meeting.channel = content.channel
    meeting.place_country = content.place.country
    meeting.place_admin1 = content.place.admin1
    meeting.place_detail = content.place.detail
    meeting.highest_level = content.highest_level
    meeting.levels = list(content.levels)
    meeting.outcome = content.outcome
    meeting.trust = content.trust
    meeting.summary = content.summary
    meeting.grade = content.grade
    meeting.details, meeting.details_words = split_words(content.details)


def write_children(meeting: Interaction, content: MeetingContent) -> None:
    """The rows that hang on the meeting, in the order they were sent. Expects none there."""
    InteractionTopic.objects.bulk_create(
        InteractionTopic(interaction=meeting, norm=norm) for norm in content.topics
    )
    Participant.objects.bulk_create(
        Participant(
            interaction=meeting,
            position=position,
            counterpart=row.counterpart,
            mandate=row.mandate,
            same_as_last=row.same_as_last,
        )
        for position, row in enumerate(content.participants)
    )
    Reading.objects.bulk_create(
        Reading(
            interaction=meeting,
            position=position,
            factor=row.factor,
            rating=row.rating,
            note=row.note,
        )
        for position, row in enumerate(content.readings)
    )
    EvidenceNote.objects.bulk_create(
        EvidenceNote(
            interaction=meeting,
            position=position,
            criterion=row.criterion,
            rating=row.rating,
            seen=row.seen,
        )
        for position, row in enumerate(content.evidence)
    )
    PracticalItem.objects.bulk_create(
        PracticalItem(
            interaction=meeting,
            position=position,
            item=row.item,
            progress=row.state,
            side=row.side,
        )
        for position, row in enumerate(content.practical_items)
    )


def clear_children(meeting: Interaction) -> None:
    for rows in (
        meeting.topic_rows,
        meeting.participants,
        meeting.readings,
        meeting.evidence,
        meeting.practical_items,
    ):
        rows.all().delete()
