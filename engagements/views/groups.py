"""Armed groups: the list with its search, and the file of one group."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import grants_for
from actors.access import groups_visible_to
from engagements.selectors.group_file import group_file
from engagements.selectors.group_list import group_rows, groups_found
from engagements.selectors.keyset import count_words, leaf_of
from engagements.selectors.record_acts import record_acts
from engagements.views.doors import SignedIn, page, seen_by
from engagements.views.lists import Told, pager
from engagements.views.searches import keep_search, kept_search

SEARCH = "search"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: SignedIn) -> HttpResponse:
    """The list. A search is posted, so that its words never stand in an address."""
    if request.method == "POST":
        words = request.POST.get("words", "").strip()
        found = keep_search(request, words) if words else None
        return redirect(f"{reverse('groups')}?{SEARCH}={found}" if found else "groups")
    search = request.GET.get(SEARCH, "")
    words = kept_search(request, search)
    shown: dict[str, Any] = {
        "words": words,
        "expired": bool(search) and not words,
        "may_add": bool(grants_for(request.viewer, "c", "armed_group")),
        "crumbs": [("Home", reverse("home")), ("Groups", None)],
    }
    try:
        shown |= _rows(request, words, {SEARCH: search} if words else {})
    except ValidationError as wrong:
        shown["wrong"] = " ".join(wrong.messages)
    return render(request, "engagements/group_list.html", shown)


def _rows(request: SignedIn, words: str, filters: dict[str, str]) -> dict[str, Any]:
    rows = groups_found(request.viewer, words)
    cursor = request.GET.get("at", "")
    leaf = leaf_of(rows, sort=F("name"), name="groups", cursor=cursor, descending=False)
    told = Told(request.path, filters, cursor, {})
    return {
        "rows": group_rows(request.viewer, list(leaf.rows), words),
        **pager(leaf, told, count_words(rows, "group")),
    }


@page
def group(request: SignedIn, pk: UUID) -> HttpResponse:
    found = groups_visible_to(request.viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    shown = {
        "group": found,
        "file": group_file(request.viewer, found),
        "today": timezone.localdate(),
        **seen_by(request.viewer, found),
        "acts": record_acts(request.viewer, found, "group"),
        "may_meet": bool(grants_for(request.viewer, "c", "counterpart")),
        "may_engage": bool(grants_for(request.viewer, "c", "engagement")),
        "may_report": bool(grants_for(request.viewer, "c", "incident")),
        "crumbs": [("Groups", reverse("groups")), (found.name, None)],
    }
    return render(request, "engagements/group_file.html", shown)
