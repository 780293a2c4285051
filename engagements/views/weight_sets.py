"""Weight sets: the list, one set, its drafts, what they would change, putting one into force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import grants_for
from engagements.forms.weight_sets import WeightSetForm, scaled
from engagements.selectors.method_parameters import parameters_of
from engagements.selectors.restated import past_of
from engagements.selectors.weight_preview import preview
from engagements.selectors.weight_sets import KIND, differences, set_for, sets_visible_to
from engagements.services.weights import (
    activate_set,
    change_set,
    copy_set,
    is_author,
    restate_all,
    retire_set,
)
from engagements.views.doors import SignedIn, crumbs, page, signed_in
from scorecards.services.weights import (
    DraftChanged,
    WeightContent,
    content_of,
    method_of,
    next_version,
    revised,
)

CHANGED = (
    "This draft was saved on another page. What stands below is yours: save it again to keep it."
)
IN_FORCE = (
    "The set is in force. Every dossier is being recomputed; what was published before stays."
)


@page
def weight_sets(request: SignedIn) -> HttpResponse:
    shown = {
        "sets": list(sets_visible_to(request.viewer)),
        "may_draft": _may(request, "c"),
        "crumbs": _trail(),
    }
    return render(request, "scorecards/weight_sets.html", shown)


@page
def weight_set(request: SignedIn, pk: UUID) -> HttpResponse:
    row = set_for(request.viewer, pk)
    shown = {
        "set": row,
        "parameters": parameters_of(method_of(row)),
        "differences": differences(row),
        "activations": row.activations.select_related("activated_by"),
        "may_draft": _may(request, "c"),
        "may_edit": _may(request, "u") and row.is_draft and is_author(request.viewer, row),
        "may_retire": _may(request, "u") and row.is_draft,
        "may_activate": _may(request, "a") and row.state != "active",
        "is_mine": is_author(request.viewer, row),
        **_past(request, row),
        "crumbs": [*_trail(), (row.version, None)],
    }
    return render(request, "scorecards/weight_set.html", shown)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def weight_set_copy(request: SignedIn, pk: UUID) -> HttpResponse:
    """A new draft, from the numbers of this set."""
    base = _for(request, pk, "c")
    content = content_of(base)
    if request.method != "POST":
        fresh = replace(content, version=next_version(), rationale="")
        return _form_page(request, base, WeightSetForm(content=fresh))
    return _answered(request, base, content, lambda told: copy_set(request.viewer, pk, told))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def weight_set_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    row = _for(request, pk, "u")
    if not row.is_draft or not is_author(request.viewer, row):
        return redirect("weight_set", pk)
    content = content_of(row)
    if request.method != "POST":
        return _form_page(request, row, WeightSetForm(content=content))
    edition = _edition(request)
    return _answered(
        request,
        row,
        content,
        lambda told: change_set(request.viewer, pk, told, edition=edition),
    )


def _answered(
    request: SignedIn, row: Any, content: WeightContent, save: Callable[[WeightContent], Any]
) -> HttpResponse:
    """Save what was sent, or show it again with what is asked of it: a sum, a preview, a fault."""
    if "scale" in request.POST:
        return _form_page(request, row, WeightSetForm(scaled(request.POST), content=content))
    form = WeightSetForm(request.POST, content=content)
    if not form.is_valid():
        return _form_page(request, row, form)
    if "preview" in request.POST:
        return _form_page(request, row, form, seen=_preview_of(request, row, form))
    try:
        return redirect("weight_set", save(form.content()).pk)
    except ValidationError as refusal:
        form.add_refusal(refusal)
    except DraftChanged as other:
        messages.warning(request, CHANGED)
        return _form_page(request, other.current, form, status=409)
    return _form_page(request, row, form)


def _form_page(
    request: SignedIn, row: Any, form: WeightSetForm, *, seen: Any = None, status: int = 0
) -> HttpResponse:
    sent = request.POST.get("edition", "") if status != 409 else ""
    shown = {
        "set": row,
        "form": form,
        "sections": form.sections(),
        "is_new": request.resolver_match.url_name == "weight_set_copy",  # type: ignore[union-attr]
        "edition": sent or row.edition,
        "preview": seen,
        "crumbs": [*_trail(), (row.version, reverse("weight_set", args=[row.pk]))],
    }
    status = status or (422 if form.is_bound and form.errors else 200)
    return render(request, "scorecards/weight_set_form.html", shown, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def weight_set_preview(request: SignedIn, pk: UUID) -> HttpResponse:
    """What the set would change; posted numbers stand in for its own, and nothing is saved."""
    row = _for(request, pk, "u")
    if request.method != "POST":
        seen = preview(request.viewer, method_of(row), first=_first(request.GET.get("from", "")))
        shown = {"set": row, "preview": seen, "crumbs": [*_trail(), (row.version, None)]}
        return render(request, "scorecards/weight_set_preview.html", shown)
    form = WeightSetForm(request.POST, content=content_of(row))
    told = _preview_of(request, row, form) if form.is_valid() else None
    shown = {"preview": told, "form": form}
    status = 200 if told else 422
    return render(request, "scorecards/weight_preview.html", shown, status=status)


def _preview_of(request: SignedIn, row: Any, form: WeightSetForm) -> Any:
    try:
        method = revised(row, form.content())
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return None
    return preview(request.viewer, method)


@page
def weight_set_past(request: SignedIn, pk: UUID) -> HttpResponse:
    """How far the past is computed again, for a page that asks while work waits."""
    row = set_for(request.viewer, pk)
    return render(request, "scorecards/weight_past.html", {"set": row, **_past(request, row)})


def _past(request: SignedIn, row: Any) -> dict[str, Any]:
    """Only of the set in force: the past is computed by no other."""
    if row.state != "active":
        return {"past": None}
    return {"past": past_of(request.viewer, row), "may_restate": _may(request, "a")}


@signed_in
@require_POST
def weight_set_restate(request: SignedIn, pk: UUID) -> HttpResponse:
    done = "The past is being computed by this set. What was published stays."
    return _stepped(request, pk, lambda: restate_all(request.viewer), done)


@signed_in
@require_POST
def weight_set_activate(request: SignedIn, pk: UUID) -> HttpResponse:
    edition = _edition(request)
    return _stepped(
        request, pk, lambda: activate_set(request.viewer, pk, edition=edition), IN_FORCE
    )


@signed_in
@require_POST
def weight_set_retire(request: SignedIn, pk: UUID) -> HttpResponse:
    return _stepped(request, pk, lambda: retire_set(request.viewer, pk), "The draft is put aside.")


def _stepped(request: SignedIn, pk: UUID, step: Callable[[], Any], done: str) -> HttpResponse:
    set_for(request.viewer, pk)
    try:
        step()
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("weight_set", pk)


def _for(request: SignedIn, pk: UUID, verb: str) -> Any:
    row = set_for(request.viewer, pk)
    if not _may(request, verb):
        raise PermissionDenied
    return row


def _may(request: SignedIn, verb: str) -> bool:
    return bool(grants_for(request.viewer, verb, KIND))


def _edition(request: SignedIn) -> int:
    sent = request.POST.get("edition", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0


def _first(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdigit() and 0 < len(sent) < 7 and int(sent) else 1


def _trail() -> list[tuple[str, str | None]]:
    return crumbs(("Method", reverse("method")), ("Weight sets", reverse("weight_sets")))
