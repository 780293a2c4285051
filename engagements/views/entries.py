"""Short forms by which a register is filled by hand: one form, one service, one new record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import grants_for, may_in
from engagements import access
from engagements.forms.commitments import CommitmentForm
from engagements.forms.dealings import DossierForm, EngagementForm
from engagements.forms.entry import Entry
from engagements.forms.incidents import IncidentForm
from engagements.forms.reference import GroupForm, NgoForm
from engagements.models import Engagement
from engagements.selectors.score_evidence import sources_shown
from engagements.services.actors import add_group, add_ngo
from engagements.services.commitments import record_commitment
from engagements.services.dossiers import open_dossier, open_engagement
from engagements.services.incidents import record_incident
from engagements.views.doors import SignedIn, View

GIVEN = ("ngo", "armed_group", "context")  # what the page before may name in the address
Save = Callable[[Any, Any, UUID], str]


def entry(view: View) -> View:
    return login_required(require_http_methods(["GET", "HEAD", "POST"])(view))


def entered(
    request: SignedIn, form_of: Callable[..., Entry], save: Save, **shown: Any
) -> HttpResponse:
    """Show the form, or save what was sent: a sentence beside each wrong field, nothing lost."""
    given = {name: request.GET[name] for name in GIVEN if name in request.GET}
    if request.method != "POST":
        form = form_of(viewer=request.viewer, given=given)
        return render(request, "engagements/entry.html", {"form": form, **shown})
    form = form_of(request.POST, viewer=request.viewer, given=given)
    if form.is_valid():
        try:
            return redirect(save(request.viewer, form, form.cleaned_data["pk"]))
        except ValidationError as wrong:
            form.add_refusal(wrong)
    return render(request, "engagements/entry.html", {"form": form, **shown}, status=422)


def put_beside(form: forms.Form, wrong: ValidationError) -> None:
    """The service's sentences, each beside its field; what has no field here stands on top."""
    found = wrong.message_dict if hasattr(wrong, "error_dict") else {"": wrong.messages}
    for name, sentences in found.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def require(request: SignedIn, kind: str) -> None:
    if not grants_for(request.viewer, "c", kind):
        raise PermissionDenied


@entry
def new_engagement(request: SignedIn) -> HttpResponse:
    require(request, "engagement")

    def save(viewer: Any, form: EngagementForm, pk: UUID) -> str:
        found = access.engagements_visible_to(viewer).filter(pk=pk).first()
        found = found or open_engagement(
            viewer,
            ngo=form.chosen("ngo"),
            armed_group=form.chosen("armed_group"),
            context=form.chosen("context"),
            started_on=form.cleaned_data["started_on"],
            pk=pk,
        )
        return reverse("dossier", args=[found.dossiers.get(norm="GEN").pk])

    note = "One for each NGO, group and context. Its first dossier, the law as a whole, opens too."
    return entered(request, EngagementForm, save, note=note)


@entry
def new_dossier(request: SignedIn, pk: UUID) -> HttpResponse:
    engagement = _engagement(request, pk)

    def form_of(*args: Any, **kwargs: Any) -> DossierForm:
        return DossierForm(*args, engagement=engagement, **kwargs)

    def save(viewer: Any, form: DossierForm, pk: UUID) -> str:
        found = access.dossiers_visible_to(viewer).filter(pk=pk).first()
        norm = form.cleaned_data["norm"]
        found = found or open_dossier(viewer, engagement=engagement, norm=norm, pk=pk)
        return reverse("dossier", args=[found.pk])

    note = "Meetings that touched the topic before count too."
    crumbs = [
        ("Groups", reverse("groups")),
        (engagement.armed_group.name, reverse("group", args=[engagement.armed_group_id])),
        (engagement.ngo.name, None),
    ]
    return entered(request, form_of, save, note=note, crumbs=crumbs)


def _engagement(request: SignedIn, pk: UUID) -> Engagement:
    rows = access.engagements_visible_to(request.viewer).select_related(
        "ngo", "armed_group", "context"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    if not may_in(request.viewer, "c", "dossier", found.context_id, level=found.level):
        raise PermissionDenied
    return found


@entry
def new_group(request: SignedIn) -> HttpResponse:
    require(request, "armed_group")

    def save(viewer: Any, form: GroupForm, pk: UUID) -> str:
        return reverse(
            "group",
            args=[once(viewer, "armed_group", pk) or add_group(viewer, form.told(), pk=pk).pk],
        )

    return entered(
        request,
        GroupForm,
        save,
        note="Public knowledge only.",
        crumbs=[("Groups", reverse("groups"))],
    )


@entry
def new_ngo(request: SignedIn) -> HttpResponse:
    require(request, "ngo")

    def save(viewer: Any, form: NgoForm, pk: UUID) -> str:
        return reverse(
            "ngo", args=[once(viewer, "ngo", pk) or add_ngo(viewer, form.told(), pk=pk).pk]
        )

    return entered(request, NgoForm, save, crumbs=[("NGOs", reverse("ngos"))])


@entry
def new_incident(request: SignedIn) -> HttpResponse:
    require(request, "incident")

    def save(viewer: Any, form: IncidentForm, pk: UUID) -> str:
        known = once(viewer, "incident", pk)
        return reverse(
            "incident", args=[known or record_incident(viewer, form.content(), pk=pk).pk]
        )

    note = "It stands beside the scores of the group's dossiers and is never netted with them."
    return entered(
        request, IncidentForm, save, note=note, crumbs=[("Incidents", reverse("incidents"))]
    )


@entry
def new_commitment(request: SignedIn) -> HttpResponse:
    require(request, "commitment")

    def save(viewer: Any, form: CommitmentForm, pk: UUID) -> str:
        known = once(viewer, "commitment", pk)
        return reverse(
            "commitment", args=[known or record_commitment(viewer, form.content(), pk=pk).pk]
        )

    return entered(request, CommitmentForm, save, crumbs=[("Commitments", reverse("commitments"))])


def once(viewer: Any, kind: str, pk: UUID) -> UUID | None:
    """The record, if this very page was sent before."""
    return pk if (kind, str(pk)) in sources_shown(viewer, [(kind, str(pk))]) else None
