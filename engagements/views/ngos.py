"""NGOs: the four-category matrix with them in it, and the page of one."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import grants_for
from actors.access import ngos_visible_to
from engagements.selectors.ngo_page import matrix_of, ngo_page
from engagements.selectors.record_acts import record_acts
from engagements.views.doors import SignedIn, page, seen_by


@page
def ngos(request: SignedIn) -> HttpResponse:
    shown = {
        "ngos": matrix_of(request.viewer),
        "may_add": bool(grants_for(request.viewer, "c", "ngo")),
        "crumbs": [("Home", reverse("home")), ("NGOs", None)],
    }
    return render(request, "engagements/ngo_matrix.html", shown)


@page
def ngo(request: SignedIn, pk: UUID) -> HttpResponse:
    found = ngos_visible_to(request.viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    shown = {
        "ngo": found,
        "page": ngo_page(request.viewer, found),
        **seen_by(request.viewer, found),
        "acts": record_acts(request.viewer, found, "ngo"),
        "may_serve": bool(grants_for(request.viewer, "c", "context_fact")),
        "may_engage": bool(grants_for(request.viewer, "c", "engagement")),
        "crumbs": [("NGOs", reverse("ngos")), (found.name, None)],
    }
    return render(request, "engagements/ngo_page.html", shown)
