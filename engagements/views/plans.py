"""Meetings to come: the list, the card, and calling one off."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import because, grants_for, may
from engagements.access import engagements_visible_to, plans_visible_to
from engagements.details import CODES
from engagements.forms.plans import PlanForm, said_of
from engagements.models import Engagement, Plan
from engagements.services.plans import cancel_plan, change_plan, compare_plan, record_plan
from engagements.views.doors import SignedIn, page, signed_in
from records.versions import Conflict

CHANGED = (
    "Somebody changed this plan while you did. Their text stands below the form; look and save."
)


def _plans(request: SignedIn, verb: str = "r") -> QuerySet[Plan]:
    rows = plans_visible_to(request.viewer, verb=verb)
    return rows.select_related("engagement__armed_group", "engagement__ngo", "context")


@page
def plans(request: SignedIn) -> HttpResponse:
    """Coming: in the order of their days, overdue ones first."""
    rows = list(_plans(request).filter(progress="planned", state="current")[:200])
    rows.sort(key=lambda row: row.planned_on)
    today = timezone.localdate()
    shown = {
        "past": [row for row in rows if date.fromisoformat(row.planned_on) < today],
        "coming": [row for row in rows if date.fromisoformat(row.planned_on) >= today],
        "may_plan": bool(grants_for(request.viewer, "c", "plan")),
    }
    return render(request, "engagements/plan_page.html", shown)


@page
def plan(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(_plans(request), pk=pk)
    shown = {
        "plan": found,
        "said": said_of(found),
        "objections": [CODES["objections"].label(code) for code in found.objections],
        "because": because(request.viewer, found),
        "level": found.level,
        "may_change": may(request.viewer, "u", found),
    }
    return render(request, "engagements/plan_card.html", shown)


def _engagements(request: SignedIn) -> list[Engagement]:
    contexts = [grant.context_id for grant in grants_for(request.viewer, "c", "plan")]
    rows = engagements_visible_to(request.viewer).filter(context__in=contexts, state="current")
    return list(rows.select_related("armed_group", "ngo", "context").order_by("armed_group__name"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: SignedIn) -> HttpResponse:
    form = PlanForm(request.POST or None, engagements=_engagements(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("plan", record_plan(request.viewer, form.content()).pk)
        except ValidationError as refusal:
            form.add_refusal(refusal)
    return _show(request, form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan_change(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(_plans(request, verb="u"), pk=pk)
    if request.method != "POST":
        return _show(request, PlanForm(initial=said_of(found), engagements=[], plan=found))
    form = PlanForm(request.POST, engagements=[], plan=found)
    if form.is_valid():
        try:
            _change(request, form, found)
            return redirect("plan", pk)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        except Conflict:
            messages.warning(request, CHANGED)
            return _show(request, form, theirs=get_object_or_404(_plans(request), pk=pk))
    return _show(request, form)


def _change(request: SignedIn, form: PlanForm, found: Plan) -> None:
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
    reason = form.cleaned_data["reason"]
    change_plan(request.viewer, found.pk, form.content(), version=version, reason=reason)


def _show(request: SignedIn, form: PlanForm, theirs: Plan | None = None) -> HttpResponse:
    status = 409 if theirs else 422 if form.is_bound and form.errors else 200
    plan = theirs or form.plan
    sent = request.POST.get("version", "") if form.is_bound and not theirs else ""
    shown = {
        "form": form,
        "plan": plan,
        "version": sent or (plan and plan.version),
        "theirs": _told(form, theirs) if theirs else None,
    }
    return render(request, "engagements/plan_form.html", shown, status=status)


def _told(form: PlanForm, theirs: Plan) -> list[tuple[str, str]]:
    """What the stored plan says, under the form's own labels."""
    said = said_of(theirs)
    said["objections"] = ", ".join(CODES["objections"].label(one) for one in theirs.objections)
    return [(str(form.fields[name].label), str(words)) for name, words in said.items() if words]


@signed_in
@require_POST
def plan_cancel(request: SignedIn, pk: UUID) -> HttpResponse:
    cancel_plan(request.viewer, pk)
    return redirect("plan", pk)


@signed_in
@require_POST
def plan_compare(request: SignedIn, pk: UUID) -> HttpResponse:
    """Below, as or above the plan: one tap."""
    try:
        compare_plan(request.viewer, pk, request.POST.get("compared", ""))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("plan", pk)
