"""A dimension to look at again after its neighbour fell: why, where to look, and what was found."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import may, may_in
from engagements.access import review_tasks_visible_to
from engagements.forms.reviews import ReviewForm
from engagements.selectors.reviews import dimension_words, falls_behind, title_of, why
from engagements.services.reviews import close_review
from engagements.views.doors import Shown, SignedIn, seen_by, signed_in
from engagements.views.dossiers import topic_words
from engagements.views.entries import put_beside
from records.versions import Conflict
from scorecards.models import ReviewTask
from scorecards.services.setbacks import SETBACK

CLOSED = "Somebody closed this task while you wrote. What they found stands here."


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: SignedIn, pk: UUID) -> HttpResponse:
    task = _task(request, pk)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            close_review(request.viewer, pk, **form.cleaned_data)
            return redirect("dossier", task.dossier_id)
        except ValidationError as wrong:
            put_beside(form, wrong)
        except Conflict:
            messages.warning(request, CLOSED)
            return redirect("review", pk)
    status = 422 if form.is_bound else 200
    return render(request, "engagements/review.html", _shown(request, task, form), status=status)


def _task(request: SignedIn, pk: UUID) -> ReviewTask:
    rows = review_tasks_visible_to(request.viewer).filter(pk=pk, reason=SETBACK)
    task = rows.select_related("dossier__engagement__armed_group", "closed_by").first()
    if task is None:
        raise Http404
    return task


def _shown(request: SignedIn, task: ReviewTask, form: ReviewForm) -> Shown:
    dossier = task.dossier
    group = dossier.engagement.armed_group
    falls = falls_behind(task)
    assess = may_in(request.viewer, "c", "assessment", dossier.context_id, level=dossier.level)
    return {
        "task": task,
        "title": title_of(task),
        "why": why(falls),
        "fell_on": falls[0].on if falls else None,
        "dimension": dimension_words(task.subject),
        "form": form,
        "is_open": task.progress == "open",
        "may_close": may(request.viewer, "u", task),
        "may_assess": assess,
        "evidence": f"{reverse('evidence', args=[dossier.pk, 'scorecard'])}"
        f"?dimension={task.subject}",
        "crumbs": [
            (group.name, reverse("group", args=[group.pk])),
            (topic_words(dossier), reverse("dossier", args=[dossier.pk])),
            (title_of(task), None),
        ],
        **seen_by(request.viewer, task),
    }
