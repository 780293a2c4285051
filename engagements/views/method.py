"""The method in words: its formulas, the parameters in force, what is judgement, examples."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from engagements.selectors.dossiers_by_name import dossiers_by_name
from engagements.selectors.method_page import method_page
from engagements.selectors.weight_sets import active_set
from engagements.views.doors import SignedIn, page
from scorecards.services.weights import method_of


@page
def method(request: SignedIn) -> HttpResponse:
    row = active_set()
    shown = {
        "set": row,
        "page": method_page(method_of(row)),
        "dossiers": dossiers_by_name(request.viewer),
    }
    return render(request, "scorecards/method.html", shown)
