"""The same work by hand-written SQL, as a careful person would do it without the product.

Tests hold these to the product's own answers: the same evidence, the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from engagements.models import Engagement
from engagements.services.content import MeetingContent
from records.sealing import seal

Rows = list[tuple[Any, ...]]

_MEETINGS = """
SELECT id, held_on_first, held_on_precision, type, held, highest_level, levels, outcome, grade,
    level
FROM engagements_interaction WHERE engagement_id = %s AND state = 'current'
"""
_TOPICS = """
SELECT t.interaction_id, t.norm FROM engagements_interactiontopic t
JOIN engagements_interaction i ON i.id = t.interaction_id
WHERE i.engagement_id = %s AND i.state = 'current'
"""
_READINGS = """
SELECT r.factor, r.rating, i.grade, i.held_on_first, i.held_on_precision, i.level, i.id
FROM engagements_reading r JOIN engagements_interaction i ON i.id = r.interaction_id
WHERE i.engagement_id = %s AND i.state = 'current'
"""


def key(pk: UUID) -> Any:
    """An id as the engine stores it."""
    return pk if connection.features.has_native_uuid_field else pk.hex


def evidence(engagement: UUID) -> tuple[Rows, Rows, Rows]:
    """Meetings, topics and readings that the general dossier of an engagement rests on."""
    with connection.cursor() as cursor:
        found = []
        for statement in (_MEETINGS, _TOPICS, _READINGS):
            cursor.execute(statement, [key(engagement)])
            found.append(cursor.fetchall())
    return found[0], found[1], found[2]


def save_meeting(content: MeetingContent, author: UUID, dossiers: Sequence[UUID]) -> UUID:
    """Insert a meeting, its children, its next step and the jobs it asks for. Its id."""
    pk, now, engagement = uuid4(), timezone.now(), content.engagement
    with transaction.atomic(), connection.cursor() as cursor:
        _insert(cursor, "engagements_interaction", [_meeting(pk, content, author, now)])
        _insert(
            cursor,
            "engagements_interactiontopic",
            [{"interaction_id": key(pk), "norm": norm} for norm in content.topics],
        )
        _insert(cursor, "engagements_participant", _participants(pk, content))
        _insert(cursor, "engagements_reading", _readings(pk, content, engagement))
        _insert(cursor, "engagements_followup", [_next_step(pk, content, author, now)])
        _ask(cursor, dossiers, content.level or 1, pk, now)
    return pk


def _insert(cursor: Any, table: str, rows: list[dict[str, Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in rows[0])
    places = ", ".join(["%s"] * len(rows[0]))
    values = ", ".join([f"({places})"] * len(rows))
    cursor.execute(
        f"INSERT INTO {table} ({names}) VALUES {values}",
        [value for row in rows for value in row.values()],
    )


def _sealed(text: str, place: str, pk: UUID, engagement: Engagement) -> bytes:
    if not text:
        return b""
    return seal(text, place=f"engagements.{place}:{pk}", compartment=engagement.context_id)


def _meeting(pk: UUID, content: MeetingContent, author: UUID, now: Any) -> dict[str, Any]:
    engagement = content.engagement
    return {
        "id": key(pk),
        "version": 1,
        "first_digest": "raw",
        "created_at": now,
        "updated_at": now,
        "created_by_id": key(author),
        "context_id": key(engagement.context_id),
        "level": content.level,
        "state": "current",
        "engagement_id": key(engagement.pk),
        "held_on_first": content.held_on.first,
        "held_on_precision": content.held_on.precision,
        "held": content.held,
        "type": content.type,
        "channel": content.channel,
        "place_country": "",
        "place_admin1": "",
        "place_detail": b"",
        "highest_level": content.highest_level,
        "levels": "",
        "outcome": content.outcome,
        "trust": content.trust,
        "summary": _sealed(content.summary, "interaction.summary", pk, engagement),
        "grade": content.grade,
        "details": "{}",
        "details_words": b"",
    }


def _participants(pk: UUID, content: MeetingContent) -> list[dict[str, Any]]:
    return [
        {
            "id": key(uuid4()),
            "interaction_id": key(pk),
            "counterpart_id": key(row.counterpart.pk),
            "mandate": row.mandate,
            "same_as_last": row.same_as_last,
            "position": position,
        }
        for position, row in enumerate(content.participants)
    ]


def _readings(pk: UUID, content: MeetingContent, engagement: Engagement) -> list[dict[str, Any]]:
    return [
        {
            "id": key(uuid4()),
            "interaction_id": key(pk),
            "factor": row.factor,
            "rating": row.rating,
            "note": b"",
            "position": position,
        }
        for position, row in enumerate(content.readings)
    ]


def _next_step(pk: UUID, content: MeetingContent, author: UUID, now: Any) -> dict[str, Any]:
    step, step_pk, engagement = content.next_step, uuid4(), content.engagement
    assert step is not None, "the measured meeting has a next step"
    return {
        "id": key(step_pk),
        "version": 1,
        "first_digest": "",
        "created_at": now,
        "updated_at": now,
        "created_by_id": key(author),
        "context_id": key(engagement.context_id),
        "level": content.level,
        "state": "current",
        "interaction_id": key(pk),
        "is_next_step": True,
        "what": _sealed(step.what, "followup.what", step_pk, engagement),
        "who": b"",
        "side": step.side,
        "owner_id": key(author),
        "due_on": step.due_on,
        "progress": "open",
        "done_note": b"",
    }


def _ask(cursor: Any, dossiers: Iterable[UUID], level: int, pk: UUID, now: Any) -> None:
    """The scores are behind from this level up, and a job is due."""
    for dossier in dossiers:
        cursor.execute(
            "UPDATE scorecards_standing SET asked = asked + 1, asked_by_kind = 'interaction',"
            " asked_by_record = %s WHERE dossier_id = %s AND clearance >= %s",
            [key(pk), key(dossier), level],
        )
        cursor.execute(
            "INSERT INTO records_job"
            " (topic, key, slot, state, asked_at, due_at, tries, fence, error)"
            " VALUES ('score', %s, %s, 'waiting', %s, %s, 0, 0, '')"
            " ON CONFLICT (slot) DO UPDATE SET due_at = excluded.due_at",
            [str(dossier), f"score:{dossier}", now, now],
        )
