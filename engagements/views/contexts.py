"""Contexts with their dated facts, and the years of service of NGOs in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.access import may_in, visible_contexts
from accounts.models import Context
from actors.access import ngos_visible_to
from engagements.forms.context_facts import FactForm, ServiceForm
from engagements.selectors.context_page import fact_lines
from engagements.services.dated import record_fact, record_service
from engagements.views.doors import SignedIn, page
from engagements.views.entries import entered, entry, once, require


@page
def contexts(request: SignedIn) -> HttpResponse:
    rows = visible_contexts(request.viewer, Context.objects.all()).order_by("name")
    crumbs = [("Home", reverse("home")), ("Contexts", None)]
    return render(request, "engagements/context_list.html", {"contexts": rows, "crumbs": crumbs})


@page
def context(request: SignedIn, pk: UUID) -> HttpResponse:
    found = _context(request, pk)
    shown = {
        "context": found,
        "facts": fact_lines(request.viewer, found),
        "may_add": may_in(request.viewer, "c", "context_fact", found.pk),
        "crumbs": [("Contexts", reverse("contexts")), (found.name, None)],
    }
    return render(request, "engagements/context_page.html", shown)


@entry
def new_fact(request: SignedIn, pk: UUID) -> HttpResponse:
    found = _context(request, pk)
    if not may_in(request.viewer, "c", "context_fact", found.pk):
        raise PermissionDenied

    def save(viewer: Any, form: FactForm, pk: UUID) -> str:
        if not once(viewer, "context_fact", pk):
            record_fact(viewer, found, form.content(), pk=pk)
        return reverse("context", args=[found.pk])

    note = "Facts feed the conditions of every dossier that they touch."
    crumbs = [("Contexts", reverse("contexts")), (found.name, reverse("context", args=[found.pk]))]
    return entered(request, FactForm, save, note=note, crumbs=crumbs)


@entry
def new_service(request: SignedIn, pk: UUID) -> HttpResponse:
    require(request, "context_fact")
    ngo = get_object_or_404(ngos_visible_to(request.viewer), pk=pk)

    def save(viewer: Any, form: ServiceForm, pk: UUID) -> str:
        if not once(viewer, "ngo_service", pk):
            record_service(viewer, ngo, form.chosen("context"), form.content(), pk=pk)
        return reverse("ngo", args=[ngo.pk])

    note = "Years of useful work count among the conditions of its dossiers there (factor NG3)."
    crumbs = [("NGOs", reverse("ngos")), (ngo.name, reverse("ngo", args=[ngo.pk]))]
    return entered(request, ServiceForm, save, note=note, crumbs=crumbs)


def _context(request: SignedIn, pk: UUID) -> Context:
    rows = visible_contexts(request.viewer, Context.objects.all())
    return get_object_or_404(rows, pk=pk)
