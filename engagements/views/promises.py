"""Promises of both sides."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from actors.access import groups_visible_to
from actors.models import ArmedGroup
from engagements.selectors.due import ledger
from engagements.views.doors import SignedIn, page


@page
def promises(request: SignedIn) -> HttpResponse:
    group = _group(request)
    of = Q(interaction__engagement__armed_group=group) if group else None
    today = timezone.localdate()
    shown = {
        "sides": [
            ("Ours", ledger(request.viewer, "ours", today=today, of=of)),
            ("Theirs", ledger(request.viewer, "theirs", today=today, of=of)),
        ],
        "group": group,
        "reads_text": any(grant.role != "analyst" for grant in request.viewer.grants),
        "crumbs": [("Home", reverse("home")), ("Promises", None)],
    }
    return render(request, "engagements/promises.html", shown)


def _group(request: SignedIn) -> ArmedGroup | None:
    try:
        pk = UUID(request.GET.get("armed_group", ""))
    except ValueError:
        return None
    return groups_visible_to(request.viewer).filter(pk=pk).first()
