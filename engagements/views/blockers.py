"""Raise by hand what holds a score down, and lift what stands, with a reason and a day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.access import may_in
from engagements.access import blockers_visible_to, dossier_for
from engagements.details import CODES
from engagements.forms.blockers import LiftForm, RaiseForm
from engagements.models import Dossier
from engagements.services.blockers import lift_blocker, lift_standing, raise_blocker
from engagements.views.doors import SignedIn
from engagements.views.entries import entered, entry, once

RAISED = (
    "The score is held at 40 or below, with your reason beside it, until a head of delegation "
    "lifts it."
)
LIFTED = "{}: the score is no longer held down by it. A newer fact raises it again."


@entry
def new_blocker(request: SignedIn, pk: UUID) -> HttpResponse:
    found = dossier_for(request.viewer, pk)
    if not may_in(request.viewer, "c", "blocker", found.context_id, level=found.level):
        raise PermissionDenied

    def save(viewer: Any, form: RaiseForm, pk: UUID) -> str:
        if not once(viewer, "blocker", pk):
            raise_blocker(viewer, found, **form.told(), pk=pk)
        return reverse("dossier", args=[found.pk])

    return entered(request, RaiseForm, save, note=RAISED, crumbs=_crumbs(found))


@entry
def lift_raised(request: SignedIn, pk: UUID) -> HttpResponse:
    """One that was raised by hand."""
    rows = blockers_visible_to(request.viewer, verb="a").select_related(
        "dossier__engagement__armed_group"
    )
    found = get_object_or_404(rows, pk=pk)
    if found.lifted_on is not None:
        return redirect("dossier", found.dossier_id)

    def save(viewer: Any, form: LiftForm, pk: UUID) -> str:
        lift_blocker(viewer, found.pk, **form.told())
        return reverse("dossier", args=[found.dossier_id])

    return entered(request, LiftForm, save, note=_lifted(found), crumbs=_crumbs(found.dossier))


@entry
def lift_by_itself(request: SignedIn, pk: UUID, reason: str) -> HttpResponse:
    """One that stands by itself, because of what a record says."""
    found = dossier_for(request.viewer, pk)
    if reason not in CODES["blocker_reasons"]:
        raise Http404
    if not may_in(request.viewer, "a", "blocker", found.context_id, level=found.level):
        raise Http404

    def save(viewer: Any, form: LiftForm, pk: UUID) -> str:
        if not once(viewer, "blocker", pk):
            lift_standing(viewer, found, reason, **form.told(), pk=pk)
        return reverse("dossier", args=[found.pk])

    note = LIFTED.format(CODES["blocker_reasons"].label(reason))
    return entered(request, LiftForm, save, note=note, crumbs=_crumbs(found))


def _lifted(found: Any) -> str:
    return LIFTED.format(CODES["blocker_reasons"].label(found.reason))


def _crumbs(found: Dossier) -> list[tuple[str, str | None]]:
    group = found.engagement.armed_group
    return [
        (group.name, reverse("group", args=[group.pk])),
        (str(found.get_norm_display()), reverse("dossier", args=[found.pk])),
    ]
