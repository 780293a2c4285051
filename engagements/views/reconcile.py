"""Two raters far apart: see both, agree, or close with a note. And how far raters agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import may, may_in
from engagements.access import review_tasks_visible_to, reviews
from engagements.forms.reconcile import AgreeForm, CloseForm
from engagements.models import Dossier
from engagements.selectors.dossier_page import CRITERIA
from engagements.selectors.raters import agreement_lines
from engagements.selectors.reconcile_page import Reconciling, reconciling
from engagements.services.assessment_links import evidence_of
from engagements.services.reviews import agree_on, close_review
from engagements.views.doors import SignedIn, page, seen_by
from records.versions import Conflict
from scorecards.models import ReviewTask
from scorecards.models.reviews import OPEN
from scorecards.scoring.agreement import ENOUGH_PAIRS, FAR_APART, PAIR_DAYS
from scorecards.services.assessments import RatingContent

CHANGED = "Somebody else has dealt with this meanwhile. Look at it again."
TAKEN_OVER = "Taken into your assessment. Hand it in: once it is final, this is settled."
CLOSED = "Closed, with your note."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reconcile(request: SignedIn, pk: UUID) -> HttpResponse:
    """The two sides; a POST with `agreed-rating` takes over what they agreed, else it closes."""
    found = reconciling(request.viewer, _task(request, pk))
    agreeing = _may_agree(request, found)
    sent = request.POST if request.method == "POST" else None
    is_agreed = sent is not None and "agree" in sent
    agree = _agree_form(sent if is_agreed else None, found) if agreeing else None
    close = CloseForm(None if is_agreed else sent)
    if is_agreed and agree is None:
        raise PermissionDenied
    if agree is not None and is_agreed and agree.is_valid():
        if (taken := _agreed(request, found, agree)) is not None:
            return redirect("assessment", taken)
    elif sent is not None and not is_agreed and close.is_valid() and _closed(request, found, close):
        messages.success(request, CLOSED)
        return redirect("assess", found.task.dossier_id)
    return _page(request, found, agree, close)


def _page(
    request: SignedIn, found: Reconciling, agree: AgreeForm | None, close: CloseForm
) -> HttpResponse:
    task = found.task
    is_open = task.progress == OPEN
    shown = {
        "found": found,
        "task": task,
        "is_open": is_open,
        "agree": agree if is_open and len(found.sides) > 1 else None,
        "close": close if is_open and may(request.viewer, "u", task) else None,
        "form": agree if agree is not None and agree.errors else close,
        **seen_by(request.viewer, task),
        "readers": "Those who may read both sides can read this.",
        "crumbs": _trail(task.dossier),
    }
    wrong = bool((agree is not None and agree.errors) or close.errors)
    return render(request, "scorecards/reconcile.html", shown, status=422 if wrong else 200)


def _may_agree(request: SignedIn, found: Reconciling) -> bool:
    """The two raters themselves, on a criterion; a reading is corrected where it was noted."""
    dossier = found.task.dossier
    allowed = may_in(request.viewer, "c", "assessment", dossier.context_id, level=dossier.level)
    return allowed and found.is_criterion and found.is_rater(request.viewer)


def _agree_form(sent: Any, found: Reconciling) -> AgreeForm:
    return AgreeForm(sent, criterion=CRITERIA[found.task.subject])


def _agreed(request: SignedIn, found: Reconciling, form: AgreeForm) -> UUID | None:
    told = form.cleaned_data
    links = [place for side in found.sides for place in side.records]
    known = evidence_of(request.viewer, found.task.dossier, links)
    rating = RatingContent(
        criterion=found.task.subject,
        rating=int(told["rating"]),
        grade=told["grade"],
        evidence=tuple(known.values()),
        note=told["note"],
    )
    try:
        taken = agree_on(request.viewer, found.task, rating)
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
        return None
    messages.success(request, TAKEN_OVER)
    return taken.pk


def _closed(request: SignedIn, found: Reconciling, form: CloseForm) -> bool:
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdecimal() else 0
    try:
        close_review(request.viewer, found.task.pk, version=seen, **form.cleaned_data)
    except ValidationError as wrong:
        for field, sentences in wrong.message_dict.items():
            form.add_error(field if field in form.fields else None, sentences)
        return False
    except Conflict:
        form.add_error(None, CHANGED)
        return False
    return True


def _task(request: SignedIn, pk: UUID) -> ReviewTask:
    rows = review_tasks_visible_to(request.viewer).filter(reason="reconcile")
    found = rows.select_related(
        "context", "closed_by", "dossier__context",
        "dossier__engagement__ngo", "dossier__engagement__armed_group",
    )  # fmt: skip
    task = found.filter(pk=pk).first()
    if task is None:
        raise Http404
    return task


def _trail(dossier: Dossier) -> list[tuple[str, str | None]]:
    group = dossier.engagement.armed_group
    return [
        ("Groups", reverse("groups")),
        (group.name, reverse("group", args=[group.pk])),
        (str(dossier.get_norm_display()), reverse("dossier", args=[dossier.pk])),
        ("Assessments", reverse("assess", args=[dossier.pk])),
        ("Two raters", None),
    ]


@page
def agreement(request: SignedIn) -> HttpResponse:
    """How far raters agree, for those who review."""
    if not any(reviews(grant) for grant in request.viewer.grants):
        raise Http404
    shown = {
        "lines": agreement_lines(request.viewer),
        "enough": ENOUGH_PAIRS,
        "far_apart": FAR_APART,
        "pair_days": PAIR_DAYS,
    }
    return render(request, "scorecards/agreement.html", shown)
