"""Told meetings as rows: checked by the rules of the form, written in bulk, ids fixed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from actors.models import Counterpart
from engagements.details import checked_details, split_words
from engagements.models import (
    Claim,
    Engagement,
    EvidenceNote,
    FollowUp,
    Interaction,
    InteractionTopic,
    Participant,
    PracticalItem,
    Reading,
)
from engagements.samples.seed import chance, entered_on, fixed_id, noon
from engagements.samples.story import Sketch
from engagements.services.content import (
    EvidenceContent,
    ItemContent,
    MeetingContent,
    ParticipantContent,
    Place,
    ReadingContent,
    as_json,
)
from engagements.services.meeting_rules import check_meeting
from records.versions import content_digest


def meeting_id(engagement: str, number: int) -> UUID:
    return fixed_id("meeting", engagement, number)


def add_meetings(
    key: str,
    engagement: Engagement,
    sketches: Sequence[Sketch],
    people: dict[str, Counterpart],
    *,
    country: str,
    today: date,
) -> None:
    """Write the meetings of one engagement with all that hangs on them."""
    rows: list[Model] = []
    for sketch in sketches:
        content = _content(engagement, sketch, people, country)
        check_meeting(content, today=today)
        meeting = _meeting(key, sketch, content, today)
        rows += [meeting, *_parts(meeting, content)]
        rows += _steps(key, meeting, sketch)
    store(rows)
    store(_claims(key, engagement, sketches))


def store(rows: Iterable[Model]) -> None:
    """Insert the rows kind by kind, in the order in which the kinds first appear."""
    kinds: dict[Any, list[Model]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row)
    for kind, of_kind in kinds.items():
        kind.objects.bulk_create(of_kind, batch_size=200)


def _content(
    engagement: Engagement, sketch: Sketch, people: dict[str, Counterpart], country: str
) -> MeetingContent:
    luck = chance("people", engagement.pk, sketch.number)
    return MeetingContent(
        engagement=engagement,
        held_on=sketch.held_on,
        type=sketch.type,
        held=sketch.held,
        channel=sketch.channel,
        highest_level=sketch.highest,
        levels=tuple(sketch.levels),
        outcome=sketch.outcome,
        place=Place(country=country, admin1=sketch.area, detail=sketch.town),
        participants=tuple(
            ParticipantContent(
                counterpart=people[code],
                mandate=luck.choice(["yes", "unsure", ""]),
                same_as_last=luck.choice([True, False, None]),
            )
            for code in sketch.people
        ),
        topics=tuple(sketch.topics),
        trust=sketch.trust,
        summary=sketch.summary,
        readings=tuple(
            ReadingContent(factor=factor, rating=rating)
            for factor, rating in sketch.readings.items()
        ),
        evidence=tuple(
            EvidenceContent(criterion=criterion, rating=rating, seen=seen)
            for criterion, rating, seen in sketch.evidence
        ),
        practical_items=tuple(
            ItemContent(item=item, state=state, side=side) for item, state, side in sketch.items
        ),
        grade=sketch.grade,
        level=max(sketch.level, engagement.level),
        details=checked_details(sketch.details),
    )


def _meeting(key: str, sketch: Sketch, content: MeetingContent, today: date) -> Interaction:
    hours = chance(key, "written", sketch.number).randint(0, 40)
    written = entered_on(sketch.day, today, hours=hours)
    coded, words = split_words(content.details)
    meeting = Interaction(
        pk=meeting_id(key, sketch.number),
        context_id=content.engagement.context_id,
        engagement=content.engagement,
        level=max(sketch.level, content.engagement.level),
        first_digest=content_digest(as_json(content)),
        created_by_id=fixed_id("user", sketch.author),
        created_at=written,
        updated_at=written,
        type=content.type,
        held=content.held,
        channel=content.channel,
        place_country=content.place.country,
        place_admin1=content.place.admin1,
        place_detail=content.place.detail,
        highest_level=content.highest_level,
        levels=list(content.levels),  # type: ignore[misc]
        outcome=content.outcome,
        trust=content.trust,
        summary=content.summary,
        grade=content.grade,
        details=coded,
        details_words=words,
    )
    meeting.held_on = content.held_on
    return meeting


def _parts(meeting: Interaction, content: MeetingContent) -> list[Model]:
    def part(kind: str, position: int) -> dict[str, Any]:
        return {
            "pk": fixed_id(kind, meeting.pk, position),
            "interaction": meeting,
            "position": position,
        }

    return [
        *(InteractionTopic(interaction=meeting, norm=norm) for norm in content.topics),
        *(
            Participant(
                **part("participant", place),
                counterpart=row.counterpart,
                mandate=row.mandate,
                same_as_last=row.same_as_last,
            )
            for place, row in enumerate(content.participants)
        ),
        *(
            Reading(**part("reading", place), factor=row.factor, rating=row.rating)
            for place, row in enumerate(content.readings)
        ),
        *(
            EvidenceNote(
                **part("evidence", place), criterion=row.criterion, rating=row.rating, seen=row.seen
            )
            for place, row in enumerate(content.evidence)
        ),
        *(
            PracticalItem(**part("item", place), item=row.item, progress=row.state, side=row.side)
            for place, row in enumerate(content.practical_items)
        ),
    ]


def _steps(key: str, meeting: Interaction, sketch: Sketch) -> list[Model]:
    if sketch.step is None:
        return []
    step, ours = sketch.step, sketch.step.side == "ours"
    return [
        FollowUp(
            pk=fixed_id("step", key, sketch.number),
            **_belongs(meeting),
            interaction=meeting,
            is_next_step=True,
            what=step.what,
            who=step.who,
            side=step.side,
            owner_id=meeting.created_by_id if ours else None,
            due_on=step.due_on,
            progress=step.progress,
            done_on=step.done_on,
            updated_at=noon(step.done_on) if step.done_on else meeting.updated_at,
        )
    ]


def _belongs(meeting: Interaction) -> dict[str, Any]:
    return {
        "context_id": meeting.context_id,
        "level": meeting.level,
        "created_by_id": meeting.created_by_id,
        "created_at": meeting.created_at,
    }


def _claims(key: str, engagement: Engagement, sketches: Sequence[Sketch]) -> list[Model]:
    """The claims of all the meetings; a settled one quotes the meeting that settled it."""
    meetings = Interaction.objects.filter(engagement=engagement).in_bulk()
    found: list[Model] = []
    for sketch in sketches:
        meeting = meetings[meeting_id(key, sketch.number)]
        for place, told in enumerate(sketch.claims):
            by = meetings.get(meeting_id(key, told.settled_by)) if told.settled_by else None
            claim = Claim(
                pk=fixed_id("claim", meeting.pk, place),
                **_belongs(meeting) | {"level": max(meeting.level, by.level if by else 1)},
                interaction=meeting,
                claim=told.claim,
                side=told.side,
                text=told.text,
                basis=told.basis,
                due_on=told.due_on,
                settlement=told.settlement,
                settled_by=by,
                updated_at=by.created_at if by else meeting.updated_at,
            )
            found += [claim, *_reminder(claim, told.side, sketch)]
    return found


def _reminder(claim: Claim, side: str, sketch: Sketch) -> list[Model]:
    """A promise of ours with a due date is followed up by its author."""
    if side != "ours" or claim.due_on is None or claim.settlement != "open":
        return []
    return [
        FollowUp(
            pk=fixed_id("reminder", claim.pk),
            context_id=claim.context_id,
            level=claim.level,
            created_by_id=claim.created_by_id,
            created_at=claim.created_at,
            updated_at=claim.updated_at,
            claim=claim,
            what="Remind the office of what we promised",
            who=sketch.author.capitalize(),
            owner_id=claim.created_by_id,
            due_on=claim.due_on - timedelta(days=3),
        )
    ]
