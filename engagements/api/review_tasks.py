"""`/review-tasks/`: what a setback or two raters far apart ask to look at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.access import Viewer
from accounts.api.guarded import GuardedResource
from engagements.access import review_tasks_visible_to
from engagements.filters.nouns import REVIEW_TASK_FILTERS
from engagements.serializers.reviews import ReviewTaskInput, causes_shown, review_rows
from engagements.services.reviews import close_review
from records.rest.shapes import Shape
from scorecards.models import ReviewTask


class ReviewTasks(GuardedResource):
    """Opened by the register itself; a person closes them, with a note on what was found."""

    name = "review-tasks"
    kind = "review_task"
    model = ReviewTask
    title = "Review tasks"
    serializer = ReviewTaskInput
    fields = (
        "id", "dossier", "reason", "subject", "because", "opened_on", "state", "closed_on",
        "closed_by", "note", "level", "version", "updated_at",
    )  # fmt: skip
    brief = ("id", "dossier", "reason", "subject", "opened_on", "state")
    filters = REVIEW_TASK_FILTERS
    orderings = {"opened_on": "opened_on", "updated_at": "updated_at"}
    ordering = "opened_on"
    renamed = {"progress": "state"}

    def scope(self, viewer: Viewer) -> QuerySet[ReviewTask]:
        return review_tasks_visible_to(viewer)

    def present(
        self, rows: Sequence[ReviewTask], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        return review_rows(rows, viewer)

    def stamps(self, rows: Sequence[ReviewTask], viewer: Viewer) -> Iterable[object]:
        return sorted(causes_shown(rows, viewer))

    def change(
        self, viewer: Viewer, record: ReviewTask, data: dict[str, Any], *, reason: str
    ) -> ReviewTask:
        told = {"progress": data.get("state", record.progress), "note": data.get("note", reason)}
        try:
            return close_review(viewer, record.pk, **told)
        except ValidationError as wrong:
            named = wrong.message_dict.items()
            raise ValidationError(
                {self.renamed.get(name, name): said for name, said in named}
            ) from None
