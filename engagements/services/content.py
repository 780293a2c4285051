"""What a meeting says, as every door hands it in and every page and version gets it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from actors.models import Counterpart
from engagements.details import join_words, split_words
from engagements.models import Engagement, Interaction, Plan
from records.dates import PartialDate


@dataclass(frozen=True, kw_only=True)
class Place:
    country: str = ""
    admin1: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class ParticipantContent:
    counterpart: Counterpart
    mandate: str = ""
    same_as_last: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ReadingContent:
    factor: str
    rating: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EvidenceContent:
    criterion: str
    rating: int | None
    seen: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemContent:
    item: str
    state: str
    side: str


@dataclass(frozen=True, kw_only=True)
class NextStepContent:
    what: str
    who: str = ""
    due_on: date | None = None
    side: str = "ours"


@dataclass(frozen=True, kw_only=True)
class MeetingContent:
    """Field names as in the API. `level` None asks for the default (the group's, the floor's)."""

    engagement: Engagement
    held_on: PartialDate
    type: str
    held: bool = True
    channel: str = ""
    highest_level: str = ""
    outcome: int | None = None
    plan: Plan | None = None
    joint: UUID | None = None
    place: Place = field(default_factory=Place)
    levels: tuple[str, ...] = ()
    participants: tuple[ParticipantContent, ...] = ()
    topics: tuple[str, ...] = ()
    trust: int | None = None
    summary: str = ""
    next_step: NextStepContent | None = None
    readings: tuple[ReadingContent, ...] = ()
    evidence: tuple[EvidenceContent, ...] = ()
    practical_items: tuple[ItemContent, ...] = ()
    grade: str = "B2"
    level: int | None = None
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def content_of(meeting: Interaction) -> MeetingContent:
    """What the stored meeting says now. Reads its children."""
    return MeetingContent(
        engagement=meeting.engagement,
        held_on=meeting.held_on,
        type=meeting.type,
        held=meeting.held,
        channel=meeting.channel,
        highest_level=meeting.highest_level,
        outcome=meeting.outcome,
        plan=meeting.plan,
        joint=meeting.joint,
        place=Place(
            country=meeting.place_country,
            admin1=meeting.place_admin1,
            detail=meeting.place_detail,
        ),
        levels=tuple(meeting.levels),
        participants=tuple(
            ParticipantContent(
                counterpart=row.counterpart, mandate=row.mandate, same_as_last=row.same_as_last
            )
            for row in meeting.participants.select_related("counterpart")
        ),
        topics=tuple(row.norm for row in meeting.topic_rows.all()),
        trust=meeting.trust,
        summary=meeting.summary,
        next_step=_step_of(meeting),
        readings=tuple(
            ReadingContent(factor=row.factor, rating=row.rating, note=row.note)
            for row in meeting.readings.all()
        ),
        evidence=tuple(
            EvidenceContent(criterion=row.criterion, rating=row.rating, seen=row.seen)
            for row in meeting.evidence.all()
        ),
        practical_items=tuple(
            ItemContent(item=row.item, state=row.progress, side=row.side)
            for row in meeting.practical_items.all()
        ),
        grade=meeting.grade,
        level=meeting.level,
        details=join_words(meeting.details, meeting.details_words),
    )


def _step_of(meeting: Interaction) -> NextStepContent | None:
    row = next((row for row in meeting.follow_ups.all() if row.is_next_step), None)
    if row is None:
        return None
    return NextStepContent(what=row.what, who=row.who, due_on=row.due_on, side=row.side)


# Keys of the JSON form whose values are free text, wherever they stand.
TEXT_KEYS = frozenset({"detail", "summary", "what", "who", "note", "seen", "item"})


def as_json(content: MeetingContent) -> dict[str, Any]:
    """The content in the API's shape, complete and with its texts."""
    return {
        "engagement": str(content.engagement.pk),
        "plan": content.plan and str(content.plan.pk),
        "joint": content.joint and str(content.joint),
        "held_on": str(content.held_on),
        "date_precision": content.held_on.precision,
        "held": content.held,
        "type": content.type,
        "channel": content.channel or None,
        "place": {
            "country": content.place.country,
            "admin1": content.place.admin1,
            "detail": content.place.detail,
        },
        "highest_level": content.highest_level or None,
        "levels": list(content.levels),
        "participants": [
            {
                "counterpart": str(row.counterpart.pk),
                "mandate": row.mandate or None,
                "same_as_last": row.same_as_last,
            }
            for row in content.participants
        ],
        "topics": list(content.topics),
        "outcome": content.outcome,
        "trust": content.trust,
        "summary": content.summary,
        "next_step": content.next_step and _next_step(content.next_step),
        "readings": [
            {"factor": row.factor, "rating": row.rating, "note": row.note}
            for row in content.readings
        ],
        "evidence": [
            {"criterion": row.criterion, "rating": row.rating, "seen": row.seen}
            for row in content.evidence
        ],
        "practical_items": [
            {"item": row.item, "state": row.state, "side": row.side}
            for row in content.practical_items
        ],
        "grade": content.grade,
        "level": content.level,
        "details": {block: dict(answers) for block, answers in content.details.items()},
    }


def _next_step(step: NextStepContent) -> dict[str, Any]:
    due = step.due_on and step.due_on.isoformat()
    return {"what": step.what, "who": step.who, "due_on": due, "side": step.side}


def without_words(content: MeetingContent) -> dict[str, Any]:
    """The same, coded part only: what may stay readable in a stored version."""
    shape = as_json(content)
    shape["details"] = split_words(content.details)[0]
    return {key: _stripped(value) for key, value in shape.items() if key not in TEXT_KEYS}


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stripped(one) for key, one in value.items() if key not in TEXT_KEYS}
    return [_stripped(one) for one in value] if isinstance(value, list) else value
