"""How much was watched: recorded by quarter beside the incidents, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import may, reads_in_full
from engagements.access import observations_visible_to
from engagements.forms.observations import ObservationCorrection, ObservationForm, said_of
from engagements.models import Observation
from engagements.selectors.places import quarter_words
from engagements.services.observations import (
    OBSERVATIONS,
    change_observation,
    record_observation,
)
from engagements.views.doors import SignedIn, page, seen_by, signed_in
from engagements.views.entries import entered, entry, once, put_beside, require
from records.versions import Conflict, versions_of

CHANGED = (
    "Somebody changed this entry while you did. Their numbers stand below the form; look and save."
)


def _observation(request: SignedIn, pk: UUID, *, verb: str = "r") -> Observation:
    rows = observations_visible_to(request.viewer, verb=verb)
    return get_object_or_404(rows.select_related("armed_group", "context"), pk=pk)


@entry
def new_observation(request: SignedIn) -> HttpResponse:
    require(request, "observation")

    def save(viewer: Any, form: ObservationForm, pk: UUID) -> str:
        known = once(viewer, "observation", pk)
        found = known or record_observation(viewer, form.content(), pk=pk).pk
        return reverse("observation", args=[found])

    note = "More watching finds more: without this there are counts of incidents, and no trend."
    crumbs = [("Incidents", reverse("incidents")), ("Watching", reverse("observations"))]
    return entered(request, ObservationForm, save, note=note, crumbs=crumbs)


@page
def observation(request: SignedIn, pk: UUID) -> HttpResponse:
    found = _observation(request, pk)
    in_full = reads_in_full(request.viewer, found)
    shown = {
        "observation": found,
        "quarter": quarter_words(found.quarter),
        "in_full": in_full,
        "reason": _last_reason(found) if in_full else "",
        "may_change": may(request.viewer, "u", found) and found.state == "current",
        "may_withdraw": may(request.viewer, "d", found),
        "crumbs": _crumbs(found),
        **seen_by(request.viewer, found),
    }
    return render(request, "engagements/observation_page.html", shown)


def _last_reason(found: Observation) -> str:
    kept = versions_of(found)
    return str(kept[0].reason) if kept else ""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def observation_change(request: SignedIn, pk: UUID) -> HttpResponse:
    found = _observation(request, pk, verb="u")
    if request.method != "POST":
        return _form(request, ObservationCorrection(initial=said_of(found), of=found))
    form = ObservationCorrection(request.POST, of=found)
    if form.is_valid():
        try:
            _change(request, form, found)
            return redirect("observation", pk)
        except ValidationError as wrong:
            put_beside(form, wrong)
        except Conflict as newer:
            messages.warning(request, CHANGED)
            return _form(request, form, theirs=newer.current)
    return _form(request, form)


def _change(request: SignedIn, form: ObservationCorrection, found: Observation) -> None:
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
    reason = form.cleaned_data["reason"]
    change_observation(request.viewer, found.pk, form.content(), version=version, reason=reason)


def _form(request: SignedIn, form: ObservationCorrection, theirs: Any = None) -> HttpResponse:
    sent = request.POST.get("version", "") if form.is_bound and not theirs else ""
    shown = {
        "form": form,
        "observation": form.of,
        "version": sent or (theirs or form.of).version,
        "theirs": theirs,
        "their_quarter": theirs and quarter_words(theirs.quarter),
        "crumbs": [*_crumbs(form.of)[:-1], ("Correct", None)],
    }
    status = 409 if theirs else 422 if form.is_bound and form.errors else 200
    return render(request, "engagements/observation_form.html", shown, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def observation_withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    return _turn(request, pk, OBSERVATIONS.withdraw, "withdraw")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def observation_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    return _turn(request, pk, OBSERVATIONS.restore, "restore")


def _turn(request: SignedIn, pk: UUID, act: Callable[..., Any], name: str) -> HttpResponse:
    found = _observation(request, pk, verb="d")
    wrong, reason = "", request.POST.get("reason", "")[:500].replace("\0", "")
    if request.method == "POST":
        try:
            act(request.viewer, pk, reason=reason)
            return redirect("observation", pk)
        except ValidationError as refusal:
            wrong = " ".join(refusal.messages)
    shown = {
        "observation": found,
        "quarter": quarter_words(found.quarter),
        "act": name,
        "wrong": wrong,
        "reason": reason,
        "crumbs": _crumbs(found),
    }
    status = 422 if wrong else 200
    return render(request, "engagements/observation_state.html", shown, status=status)


def _crumbs(found: Observation) -> list[tuple[str, str | None]]:
    listed = f"{reverse('observations')}?armed_group={found.armed_group_id}"
    return [
        (found.armed_group.name, reverse("group", args=[found.armed_group_id])),
        ("Watching", f"{listed}&context={found.context_id}"),
        (quarter_words(found.quarter), None),
    ]
