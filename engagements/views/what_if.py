"""What if, and how much of it is judgement: two pages beside the dossier. Nothing is stored."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements.access import dossier_for
from engagements.forms.what_if import WhatIfForm
from engagements.models import Dossier
from engagements.selectors.scores import reading_of
from engagements.selectors.sensitivity_page import sensitivity_page
from engagements.selectors.what_if import Asking, moved_factors
from engagements.views.doors import SignedIn, page, signed_in
from engagements.views.dossiers import topic_words
from scorecards.charts.conditions import BUNDLES


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: SignedIn, pk: UUID) -> HttpResponse:
    """The sliders, and what the score would be; from within the page the answer alone."""
    found = dossier_for(request.viewer, pk)
    asking = Asking(reading_of(request.viewer, found, None, None))
    weighted = [part for part in asking.before.factors if part.weight]
    form = WhatIfForm(
        request.POST if request.method == "POST" else None,
        dossier=found,
        present={part.factor: part.mean for part in weighted},
        unknown={part.factor for part in weighted if not part.evidence_count},
        today=timezone.localdate(),
        may_suppose=asking.may_suppose,
    )
    fits = form.is_bound and form.is_valid()
    answer = asking.answer(form.means, form.meeting) if fits else asking.answer({})
    shown = _beside(found, "What if") | {
        "form": form,
        "answer": answer,
        "asked": fits and bool(form.means or form.meeting),
        "moved": moved_factors(answer),
        "bundles": [(BUNDLES[code], lines) for code, lines in form.bundles()],
    }
    within = bool(request.headers.get("HX-Request"))
    name = "what_if_within" if within else "what_if"
    refused = form.is_bound and not fits
    return render(request, f"engagements/{name}.html", shown, status=422 if refused else 200)


@page
def sensitivity(request: SignedIn, pk: UUID) -> HttpResponse:
    """Every judgement of the method turned once: does the conclusion hold?"""
    found = dossier_for(request.viewer, pk)
    parts = sensitivity_page(request.viewer, found)
    answer = parts[0][1].answer
    shown = _beside(found, "Sensitivity") | {
        "page": parts,
        "day": answer["as_of"],
        "clearance": answer["clearance"],
        "coarse": not answer["half_lives"],
    }
    return render(request, "engagements/sensitivity.html", shown)


def _beside(found: Dossier, name: str) -> dict[str, Any]:
    """The way to a page that stands beside a dossier."""
    group = found.engagement.armed_group
    return {
        "dossier": found,
        "topic": topic_words(found),
        "crumbs": [
            ("Groups", reverse("groups")),
            (group.name, reverse("group", args=[group.pk])),
            (topic_words(found), reverse("dossier", args=[found.pk])),
            (name, None),
        ],
    }
