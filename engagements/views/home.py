"""Home: three lists, no charts first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import grants_for
from engagements.selectors.due import pressing
from engagements.selectors.home import coming, drafts_at_hand, moved_since, of_context
from engagements.selectors.reviews import reviews_waiting
from engagements.services.visits import note_visit
from engagements.views.doors import SignedIn, page

SINCE = "home_since"


@page
def home(request: SignedIn) -> HttpResponse:
    viewer, context = request.viewer, _context(request)
    since = _since(request)
    shown = {
        "drafts": drafts_at_hand(viewer),
        "due": pressing(viewer, today=timezone.localdate(), of=of_context(context)),
        "reviews": reviews_waiting(viewer, of=of_context(context)),
        "moved": moved_since(viewer, since, context=context),
        "since": since,
        "coming": coming(viewer, context=context),
        "works": bool(viewer.grants),
        "may_log": bool(grants_for(viewer, "c", "interaction")),
    }
    return render(request, "engagements/home.html", shown)


def _context(request: SignedIn) -> UUID | None:
    """The context chosen in the bar; any other text is no choice."""
    chosen = request.GET.get("context", "")
    return next((g.context_id for g in request.viewer.grants if str(g.context_id) == chosen), None)


def _since(request: SignedIn) -> datetime:
    """The visit before this one. It stays the same for the length of a session, so that a second
    look at the page does not empty the list.
    """
    kept = request.session.get(SINCE)
    if kept is None:
        assert request.viewer.user is not None
        kept = note_visit(request.viewer.user).isoformat()
        request.session[SINCE] = kept
    return datetime.fromisoformat(kept)
