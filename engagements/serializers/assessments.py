"""The shapes of assessments and blockers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.access import Viewer
from engagements.access import dossiers_visible_to
from engagements.details import CODES
from engagements.models import Blocker
from engagements.selectors.score_evidence import sources_shown
from engagements.serializers.parts import (
    Day,
    Flag,
    KnownRow,
    OpenRow,
    Wants,
    children,
    coarse,
    own_part,
    pseudonymised,
    read_ids,
    shown_day,
    state_part,
    words,
)
from records.codes import load
from records.rest.inputs import (
    CodeInput,
    GradeInput,
    LevelInput,
    PartialDateInput,
    RecordInput,
    Row,
    Rows,
    Text,
)
from scorecards.models import (
    Assessment,
    CriterionRating,
    GateAnswer,
    RatingEvidence,
    ReturnNote,
)

CRITERIA = load("scorecards", "criteria.toml")["criteria"]
GATES = load("scorecards")["gates"]


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}})
class IdsInput(serializers.Field):
    """Ids of meetings, incidents and commitments; looked up with the dossier at hand."""

    def to_internal_value(self, data: Any) -> Any:
        return read_ids(data)

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]})
class RatingInput(serializers.Field):
    """0 to 4, "na", or null for not assessed."""

    def to_internal_value(self, data: Any) -> Any:
        if data == "na" or (type(data) is int and 0 <= data <= 4):
            return data
        raise serializers.ValidationError("A rating is a whole number from 0 to 4, “na” or null.")

    def to_representation(self, value: Any) -> Any:
        return value


class RatingRow(Row):
    criterion = CodeInput(CRITERIA)
    rating = RatingInput(allow_null=True)
    grade = GradeInput(default="")
    observed_on = PartialDateInput(allow_null=True, default=None)
    evidence = IdsInput(default=list)
    note = words(4000)


class GateRow(Row):
    gate = CodeInput(GATES)
    met = Flag(allow_null=True)
    evidence = IdsInput(default=list)
    grade = GradeInput(default="")
    note = words(4000)


def assessed_dossiers(viewer: Viewer) -> Any:
    return dossiers_visible_to(viewer).select_related("engagement", "context")


EXAMPLE = {
    "dossier": "6f1d0f52-34c1-4c3a-8b0e-1c7f2e0b9a11",
    "as_of": "2026-11-22",
    "ratings": [
        {
            "criterion": "D1",
            "rating": 2,
            "grade": "B2",
            "observed_on": "2026-11",
            "evidence": ["f5cf3e5f-3627-42ab-9cd6-073582ce270c"],
        }
    ],
    "gates": [{"gate": "norm_accepted", "met": None}],
}


@extend_schema_serializer(
    examples=[OpenApiExample("An assessment", value=EXAMPLE, request_only=True)]
)
class AssessmentInput(OpenRow):
    dossier = RecordInput(assessed_dossiers)
    as_of = Day()
    state = serializers.CharField(
        read_only=True, help_text="draft, submitted, returned, final, or withdrawn."
    )
    ratings = Rows(RatingRow, default=list)
    gates = Rows(GateRow, default=list)
    author = serializers.UUIDField(read_only=True, allow_null=True)
    reviewer = serializers.UUIDField(read_only=True, allow_null=True)
    return_note = serializers.CharField(read_only=True)
    return_notes = serializers.DictField(
        child=serializers.CharField(),
        read_only=True,
        help_text="What the reviewer missed, by dimension (doctrine, training, ...).",
    )
    level = LevelInput(allow_null=True, default=None)


class Note(Row):
    """Why it is given back: in general, by dimension, or both."""

    note = words(4000)
    return_notes = serializers.DictField(child=Text(max_length=4000), required=False)


def assessment_rows(
    rows: Sequence[Assessment], viewer: Viewer, wants: Wants
) -> list[dict[str, Any]]:
    hidden = pseudonymised(viewer, Assessment.kind)
    parts = _Parts(rows, viewer, wants)
    return [parts.row(row, hidden=hidden(row)) for row in rows]


class _Parts:
    """Ratings, gates and the records that they rest on, as far as the viewer sees them."""

    def __init__(self, rows: Sequence[Assessment], viewer: Viewer, wants: Wants) -> None:
        ratings, gates = CriterionRating.objects.all(), GateAnswer.objects.all()
        self.ratings = children(wants("ratings"), ratings, "assessment", rows)
        self.gates = children(wants("gates"), gates, "assessment", rows)
        notes = ReturnNote.objects.all()
        self.notes = children(wants("return_notes"), notes, "assessment", rows)
        self.links: dict[Any, list[RatingEvidence]] = {}
        found = [rating for group in self.ratings.values() for rating in group]
        if found:
            for link in RatingEvidence.objects.filter(rating__in=[one.pk for one in found]):
                self.links.setdefault(link.rating_id, []).append(link)
        keys = {(one.kind, str(one.record)) for group in self.links.values() for one in group}
        keys |= {
            (one["kind"], one["record"])
            for group in self.gates.values()
            for gate in group
            for one in gate.evidence
        }
        self.shown = sources_shown(viewer, keys)

    def row(self, row: Assessment, *, hidden: bool) -> dict[str, Any]:
        by_month = coarse(row, hidden)
        by_dimension = {one.dimension: one.note for one in self.notes.get(row.pk, ())}
        notes = {"return_note": row.return_note, "return_notes": by_dimension}
        return {
            **own_part(row, by_month=by_month),
            **({} if hidden else notes),
            "dossier": row.dossier_id,
            "as_of": shown_day(row.as_of, by_month=by_month),
            "state": state_part(row, "stage"),
            "ratings": [
                self._rating(one, hidden, by_month)
                for one in sorted(self.ratings.get(row.pk, ()), key=_in_the_card)
            ],
            "gates": [
                self._gate(one, hidden)
                for one in sorted(self.gates.get(row.pk, ()), key=_on_the_ladder)
            ],
            "author": row.author_id,
            "reviewer": row.reviewer_id,
        }

    def _rating(self, one: CriterionRating, hidden: bool, by_month: bool) -> dict[str, Any]:
        note = {} if hidden else {"note": one.note}
        links = ((link.kind, str(link.record)) for link in self.links.get(one.pk, ()))
        return {
            "criterion": one.criterion,
            "rating": "na" if one.not_applicable else one.rating,
            "grade": one.grade,
            "observed_on": shown_day(one.observed_on, by_month=by_month),
            "evidence": [pk for kind, pk in links if (kind, pk) in self.shown],
            **note,
        }

    def _gate(self, one: GateAnswer, hidden: bool) -> dict[str, Any]:
        note = {} if hidden else {"note": one.note}
        links = ((link["kind"], link["record"]) for link in one.evidence)
        return {
            "gate": one.gate,
            "met": one.met,
            "evidence": [pk for kind, pk in links if (kind, pk) in self.shown],
            "grade": one.grade,
            **note,
        }


def _in_the_card(row: CriterionRating) -> int:
    return CRITERIA.values().index(row.criterion)


def _on_the_ladder(row: GateAnswer) -> int:
    return GATES.values().index(row.gate)


BLOCKER_EXAMPLE = {
    "dossier": "6f1d0f52-34c1-4c3a-8b0e-1c7f2e0b9a11",
    "reason": "unsafe",
    "raised_on": "2026-11-20",
    "note": "The road is shelled and no guarantee is to be had.",
}


@extend_schema_serializer(
    examples=[OpenApiExample("A blocker", value=BLOCKER_EXAMPLE, request_only=True)]
)
class BlockerInput(KnownRow):
    dossier = RecordInput(assessed_dossiers)
    reason = CodeInput(CODES["blocker_reasons"])
    raised_on = Day(allow_null=True, default=None)
    raised_by = serializers.UUIDField(read_only=True, allow_null=True)
    lifted_on = Day(allow_null=True, default=None)
    lifted_by = serializers.UUIDField(read_only=True, allow_null=True)
    note = words(4000)
    level = LevelInput(allow_null=True, default=None)


def blocker_rows(rows: Sequence[Blocker], viewer: Viewer, wants: Wants) -> list[dict[str, Any]]:
    hidden = pseudonymised(viewer, Blocker.kind)
    return [_blocker(row, hidden(row)) for row in rows]


def _blocker(row: Blocker, hidden: bool) -> dict[str, Any]:
    by_month = coarse(row, hidden)
    return {
        **own_part(row, by_month=by_month),
        **({} if hidden else {"note": row.note}),
        "dossier": row.dossier_id,
        "reason": row.reason,
        "raised_on": shown_day(row.raised_on, by_month=by_month),
        "raised_by": row.raised_by_id,
        "lifted_on": shown_day(row.lifted_on, by_month=by_month),
        "lifted_by": row.lifted_by_id,
        "state": row.state,
    }
