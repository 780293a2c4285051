"""Close what was to be looked at again: a setback's neighbours, or two raters far apart."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts.access import Viewer, may
from engagements.access import review_tasks_visible_to
from engagements.selectors.assessment_page import own_open
from engagements.services.assessment_links import assessment_content
from engagements.services.assessments import change_assessment, record_assessment
from records.versions import require_version
from scorecards.models import Assessment, ReviewTask
from scorecards.services.assessments import AssessmentContent, RatingContent
from scorecards.services.reviews import close_task


@transaction.atomic
def close_review(
    viewer: Viewer, pk: UUID, *, progress: str, note: str, version: int | None = None
) -> ReviewTask:
    """Note what was found ("done"), or why nobody needs to look ("dropped"). Raises Http404,
    Conflict, ValidationError (by field), PermissionDenied.
    """
    task = ReviewTask.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if task is None or not review_tasks_visible_to(viewer).filter(pk=pk).exists():
        raise Http404
    if not may(viewer, "u", task):
        raise PermissionDenied
    require_version(task, version)
    close_task(task, viewer.user, progress=progress, note=note, on=timezone.localdate())
    return task


@transaction.atomic
def agree_on(viewer: Viewer, task: ReviewTask, rating: RatingContent) -> Assessment:
    """Take what two raters agreed on into the viewer's open assessment, or into a new one.

    It is handed in and made final like any other; then the task closes. Raises ValidationError,
    PermissionDenied.
    """
    mine = own_open(viewer, task.dossier)
    if mine is None:
        content = AssessmentContent(as_of=timezone.localdate(), ratings=(rating,))
        return record_assessment(viewer, task.dossier, content)
    stored = assessment_content(viewer, mine)
    others = (one for one in stored.ratings if one.criterion != rating.criterion)
    content = replace(stored, ratings=(*others, rating))
    return change_assessment(viewer, mine.pk, content, version=mine.version)
