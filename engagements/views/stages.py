"""The stage ladder of a dossier: its moves, and the confirmation by a second person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from engagements.access import dossier_for
from engagements.selectors.stages import moves_of
from engagements.services.stages import confirm_rise
from engagements.views.doors import SignedIn, page, seen_by
from engagements.views.dossiers import topic_words, trail


@page
def stage_moves(request: SignedIn, pk: UUID) -> HttpResponse:
    """Every move of the dossier on the ladder, newest first."""
    found = dossier_for(request.viewer, pk)
    shown = {
        "dossier": found,
        "moves": moves_of(request.viewer, found),
        "crumbs": [
            *trail(found),
            (topic_words(found), reverse("dossier", args=[pk])),
            ("Steps on the ladder", None),
        ],
        **seen_by(request.viewer, found),
    }
    return render(request, "engagements/stage_moves.html", shown)


@login_required
@require_POST
def confirm(request: SignedIn, pk: UUID) -> HttpResponse:
    """Confirm the proposed rise, or say on the dossier's page why it was not confirmed."""
    found = dossier_for(request.viewer, pk)
    try:
        move = confirm_rise(request.viewer, found, note=request.POST.get("note", ""))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    except PermissionDenied as refused:
        if not str(refused):
            raise
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Confirmed: the dossier stands at stage {move.after}.")
    return redirect("dossier", pk)
