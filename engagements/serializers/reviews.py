"""The shape of review tasks: what a person has to look at again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from accounts.access import Viewer
from engagements.selectors.score_evidence import Key, sources_shown
from engagements.serializers.parts import OpenRow, own_part, state_part, told, words
from records.rest.inputs import CodeInput
from scorecards.models import ReviewTask
from scorecards.models.reviews import CODES


class Because(serializers.Serializer[Any]):
    kind = serializers.CharField()
    id = serializers.UUIDField()


class ReviewTaskInput(OpenRow):
    """Closed by PATCH with `state` done or dropped and a note; everything else stays."""

    dossier = serializers.UUIDField(read_only=True)
    reason = serializers.CharField(read_only=True, help_text="setback or reconcile.")
    subject = serializers.CharField(
        read_only=True, help_text="Code of the dimension, criterion or factor."
    )
    because = Because(read_only=True, allow_null=True)
    opened_on = serializers.DateField(read_only=True)
    state = CodeInput(CODES["review_progress"])
    closed_on = serializers.DateField(read_only=True, allow_null=True)
    closed_by = serializers.UUIDField(read_only=True, allow_null=True)
    note = words(4000)
    level = serializers.IntegerField(read_only=True)


def review_rows(rows: Sequence[ReviewTask], viewer: Viewer) -> list[dict[str, Any]]:
    shown = causes_shown(rows, viewer)
    return [_review(row, shown) for row in rows]


def causes_shown(rows: Sequence[ReviewTask], viewer: Viewer) -> set[Key]:
    """The records that asked, where the viewer may open them."""
    return sources_shown(viewer, map(_cause, rows))


def _cause(row: ReviewTask) -> Key:
    return row.because_kind, str(row.because_record)


def _review(row: ReviewTask, shown: set[Key]) -> dict[str, Any]:
    cause = _cause(row)
    return {
        **own_part(row),
        "dossier": row.dossier_id,
        "reason": row.reason,
        "subject": row.subject,
        "because": {"kind": cause[0], "id": cause[1]} if cause in shown else None,
        "opened_on": told(row.opened_on),
        "state": state_part(row, "progress"),
        "closed_on": told(row.closed_on),
        "closed_by": row.closed_by_id,
        "note": row.note,
    }
