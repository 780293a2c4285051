"""`/assessments/`, with the steps of the review: submit, return, finalise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Viewer
from engagements.access import assessments_visible_to, reviews
from engagements.api.register import RegisterResource, require_same
from engagements.filters.nouns import ASSESSMENT_FILTERS
from engagements.models import Dossier
from engagements.selectors.places import shown_day
from engagements.serializers.assessments import AssessmentInput, Note, assessment_rows
from engagements.services import assessments as service
from engagements.services.assessment_links import assessment_content, evidence_of
from records.problems import refusal
from records.rest.doors import ResourceDoor
from records.rest.inputs import NO_SUCH
from records.rest.routing import routes
from records.rest.schema import PROBLEM
from records.rest.shapes import Shape
from scorecards.models import Assessment
from scorecards.services.assessments import (
    FINAL,
    SUBMITTED,
    AssessmentContent,
    Evidence,
    GateContent,
    RatingContent,
)

NOTES_ONLY = "Send a note as text, return_notes as text by dimension, and nothing else."


class Assessments(RegisterResource):
    name = "assessments"
    kind = "assessment"
    model = Assessment
    noun = service.ASSESSMENTS
    title = "Assessments"
    serializer = AssessmentInput
    fields = (
        "id", "dossier", "as_of", "state", "ratings", "gates", "author", "reviewer", "return_note",
        "return_notes", "level", "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "dossier", "as_of", "state", "author", "reviewer")
    filters = ASSESSMENT_FILTERS
    orderings = {"as_of": "as_of", "updated_at": "updated_at"}
    ordering = "-as_of"
    renamed = {"stage": "state"}

    def scope(self, viewer: Viewer) -> QuerySet[Assessment]:
        return assessments_visible_to(viewer)

    def was_visible(self, viewer: Viewer) -> Q:
        """A draft is its author's alone, also after it is gone; a submitted one its reviewers'."""
        reviewing = [one.context_id for one in viewer.grants if reviews(one)]
        waited = Q(body__stage=SUBMITTED, context_id__in=reviewing)
        shared = Q(body__stage=FINAL) | waited | Q(written_by=viewer.user)
        return super().was_visible(viewer) & shared

    def orders(self, viewer: Viewer) -> Mapping[str, str | Combinable]:
        return {"as_of": shown_day(viewer, "as_of", self.kind), "updated_at": "updated_at"}

    def present(
        self, rows: Sequence[Assessment], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return assessment_rows(rows, viewer, shape.wants)

    def create(self, viewer: Viewer, data: dict[str, Any], *, id: UUID, digest: str) -> Assessment:
        dossier = data["dossier"]
        content = _content(viewer, dossier, data, AssessmentContent(as_of=data["as_of"]))
        return service.record_assessment(
            viewer, dossier, content, level=data["level"], pk=id, digest=digest
        )

    def change(
        self, viewer: Viewer, record: Assessment, data: dict[str, Any], *, reason: str
    ) -> Assessment:
        require_same(record, data, "dossier")
        stored = assessment_content(viewer, record)
        content = _content(viewer, record.dossier, data, stored)
        return service.change_assessment(
            viewer, record.pk, content, version=None, level=data.get("level"), reason=reason
        )

    def withdraw(self, viewer: Viewer, record: Assessment, *, reason: str) -> Assessment:
        return service.withdraw_assessment(viewer, record.pk, reason=reason)

    def restore(self, viewer: Viewer, record: Assessment, *, reason: str) -> Assessment:
        return service.restore_assessment(viewer, record.pk, reason=reason)

    def delete(self, viewer: Viewer, record: Assessment, *, reason: str) -> Assessment:
        return service.delete_assessment(viewer, record.pk, reason=reason)

    # --- The steps of the review ------------------------------------------------------------------
    def submit(self, viewer: Viewer, record: Assessment, told: Mapping[str, Any]) -> Assessment:
        return service.submit_assessment(viewer, record.pk)

    def give_back(self, viewer: Viewer, record: Assessment, told: Mapping[str, Any]) -> Assessment:
        note, notes = told.get("note", ""), told.get("return_notes", {})
        return service.return_assessment(viewer, record.pk, note=note, notes=notes)

    def finalise(self, viewer: Viewer, record: Assessment, told: Mapping[str, Any]) -> Assessment:
        return service.finalise_assessment(viewer, record.pk)


def _content(
    viewer: Viewer, dossier: Dossier, data: Mapping[str, Any], stored: AssessmentContent
) -> AssessmentContent:
    """What was sent, over what is stored; ids of evidence become records of this dossier."""
    parts = [*data.get("ratings", ()), *data.get("gates", ())]
    ids = {pk for part in parts for pk in part["evidence"]}
    known = evidence_of(viewer, dossier, ids) if ids else {}
    ratings = (
        RatingContent(**{**row, "evidence": _evidence(f"ratings.{n}", row["evidence"], known)})
        for n, row in enumerate(data.get("ratings", ()))
    )
    gates = (
        GateContent(**{**row, "evidence": _evidence(f"gates.{n}", row["evidence"], known)})
        for n, row in enumerate(data.get("gates", ()))
    )
    return AssessmentContent(
        as_of=data.get("as_of", stored.as_of),
        ratings=tuple(ratings) if "ratings" in data else stored.ratings,
        gates=tuple(gates) if "gates" in data else stored.gates,
    )


def _evidence(
    where: str, ids: Iterable[UUID], known: Mapping[UUID, Evidence]
) -> tuple[Evidence, ...]:
    wanted = list(ids)
    if any(pk not in known for pk in wanted):
        raise ValidationError({f"{where}.evidence": NO_SUCH})
    return tuple(known[pk] for pk in wanted)


class StepDoor(ResourceDoor):
    """`/assessments/{id}/submit/`, `/return/` and `/finalise/`: POST."""

    resource: ClassVar[Assessments]
    step: ClassVar[str]
    verb: ClassVar[str]

    def post(self, request: Request, id: str) -> Response:
        with transaction.atomic():
            record = self.locked(id)
            self.resource.require(self.viewer, self.verb, record)
            if request.headers.get("If-Match"):
                self.require_seen(record)
            told = _notes(self.body())
            record = getattr(self.resource, self.step)(self.viewer, record, told)
        return self.answer(record)


def _notes(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The note and the notes by dimension, if they are text and nothing else was sent."""
    for field, value in body.items():
        by_dimension = field == "return_notes" and isinstance(value, dict)
        texts = value.values() if by_dimension else [value]
        if not (by_dimension or field == "note") or not all(isinstance(t, str) for t in texts):
            raise refusal(field[:60], NOTES_ONLY)
    return body


STEPS = {
    "submit": ("submit", "u", "Hand it to a reviewer"),
    "return": ("give_back", "a", "Give it back to its author, with a note"),
    "finalise": ("finalise", "a", "Let it count; somebody else than the author"),
}


def assessment_routes(resource: Assessments) -> list[URLPattern]:
    """The usual addresses, and the steps of the review."""
    found = routes(resource)
    for word, (step, verb, summary) in STEPS.items():
        view: Any = type(
            f"{step.title()}AssessmentDoor",
            (StepDoor,),
            {
                "resource": resource,
                "http_method_names": ["post"],
                "step": step,
                "verb": verb,
                "post": _described(word, summary),
            },
        )
        found.append(
            path(f"assessments/<str:id>/{word}/", view.as_view(), name=f"assessments-{word}")
        )
    return found


def _described(word: str, summary: str) -> Any:
    def post(self: StepDoor, request: Request, **kwargs: Any) -> Response:
        return StepDoor.post(self, request, **kwargs)

    return extend_schema(
        tags=[Assessments.title],
        operation_id=f"{word}_assessments",
        summary=summary,
        description="",
        request=Note if word == "return" else None,
        responses={200: AssessmentInput, "default": PROBLEM},
    )(post)
