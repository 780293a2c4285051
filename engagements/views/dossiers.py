"""The dossier: its page, the evidence behind each number, its scores as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import may, may_in
from engagements.access import dossier_for
from engagements.details import CODES
from engagements.models import Dossier
from engagements.selectors import scores
from engagements.selectors.dossier_page import FACTOR_NAMES, scores_of, timeline_of
from engagements.selectors.evidence_page import KINDS, evidence_page
from engagements.selectors.reviews import setbacks_of
from engagements.selectors.stages import stage_marks, stage_panel
from engagements.selectors.validity import card_validity
from engagements.services.recompute import ask_again
from engagements.views.doors import Shown, SignedIn, page, seen_by
from engagements.views.movement import moving_of
from engagements.views.violations import violations_shown
from records.dates import NotADate, PartialDate
from scorecards.charts.conditions import BUNDLES
from scorecards.scoring.method import HYPOTHESES


@page
def dossier(request: SignedIn, pk: UUID) -> HttpResponse:
    found = dossier_for(request.viewer, pk)
    shown = _shown(request, found) | {
        "crumbs": [*trail(found), (topic_words(found), None)],
        **seen_by(request.viewer, found),
    }
    return render(request, "engagements/dossier.html", shown)


@page
def dossier_scores(request: SignedIn, pk: UUID) -> HttpResponse:
    """The part of the page that waits for a recompute; 204 while there is nothing new to draw."""
    found = dossier_for(request.viewer, pk)
    if scores.state_now(request.viewer, found) == scores.PENDING:
        return HttpResponse(status=204)
    return render(request, "engagements/dossier_scores.html", _shown(request, found))


def _shown(request: SignedIn, found: Dossier) -> Shown:
    shown = scores_of(request.viewer, found)
    return {
        "dossier": found,
        "topic": topic_words(found),
        "scores": shown,
        **violations_shown(request, found, shown.card),
        "moving": moving_of(request, found),
        "setbacks": setbacks_of(request.viewer, found),
        "timeline": timeline_of(request.viewer, found, stage_marks(request.viewer, found)),
        "stage": stage_panel(request.viewer, found, shown.card["stage"]),
        "structure": found.engagement.armed_group.get_structure_display(),
        "hypotheses": HYPOTHESES,
        "meetings_url": f"{reverse('meetings')}?dossier={found.pk}",
        "names": FACTOR_NAMES,
        "scorecard_evidence": reverse("evidence", args=[found.pk, "scorecard"]),
        "factor_evidence": reverse("evidence", args=[found.pk, "success-factors"]),
        "bundles": BUNDLES.items(),
        "may_retry": may(request.viewer, "u", found),
        "may_assess": _may_assess(request, found),
    }


def _may_assess(request: SignedIn, found: Dossier) -> bool:
    return may_in(request.viewer, "c", "assessment", found.context_id, level=found.level)


@login_required
@require_POST
def recompute(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask once more for a recompute that was given up."""
    ask_again(request.viewer, dossier_for(request.viewer, pk))
    return redirect("dossier", pk)


@page
def evidence(request: SignedIn, pk: UUID, kind: str) -> HttpResponse:
    """The list that a number on the dossier rests on, with the sum shown; also as of a day."""
    if kind not in KINDS:
        raise Http404
    found = dossier_for(request.viewer, pk)
    chosen = {name: request.GET[name] for name in KINDS[kind] if name in request.GET}
    try:
        shown = evidence_page(request.viewer, found, kind, chosen, _day(request))
    except ValidationError:
        raise Http404 from None
    if shown is None:
        raise Http404
    context = {
        "dossier": found,
        "topic": topic_words(found),
        "validity": card_validity(found.engagement.armed_group.structure),
        "page": shown,
        "crumbs": [*trail(found), (topic_words(found), reverse("dossier", args=[pk]))],
    }
    return render(request, f"scorecards/evidence_{kind.replace('-', '_')}.html", context)


@page
def scores_json(request: SignedIn, pk: UUID) -> JsonResponse:
    """Both scores and their evidence as the API shows them, up to level 4 for this session."""
    found = dossier_for(request.viewer, pk)
    try:
        asked = {"clearance": _clearance(request), "as_of": _day(request)}
        return JsonResponse(scores.everything_json(request.viewer, found, **asked))
    except ValidationError as wrong:
        errors = {field: " ".join(sentences) for field, sentences in wrong.message_dict.items()}
        return JsonResponse({"errors": errors}, status=400)


def _clearance(request: SignedIn) -> int | None:
    text = request.GET.get("clearance")
    if text is None:
        return None
    if text not in ("1", "2", "3", "4"):
        raise ValidationError({"clearance": "Write a clearance from 1 to 4."})
    return int(text)


def _day(request: SignedIn) -> Any:
    if not (text := request.GET.get("as_of", "")):
        return None
    try:
        when = PartialDate.parse(text)
    except NotADate as wrong:
        raise ValidationError({"as_of": str(wrong)}) from None
    return when.last


def trail(found: Dossier) -> list[tuple[str, str | None]]:
    group = found.engagement.armed_group
    return [("Groups", reverse("groups")), (group.name, reverse("group", args=[group.pk]))]


def topic_words(found: Dossier) -> str:
    return CODES["norms"].label(found.norm)
