"""The page of a meeting, and what saving it did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import because
from engagements.access import interactions_visible_to
from engagements.forms.answers import answers_of_json
from engagements.forms.meeting import MeetingForm
from engagements.forms.told import differences
from engagements.models import Interaction
from engagements.selectors.effects import effects_of
from engagements.selectors.meeting_form import form_room
from engagements.selectors.meeting_page import MeetingShown, meeting_page
from engagements.selectors.readers import readers_sentence
from engagements.selectors.record_acts import record_acts
from engagements.services.content import as_json, content_of
from engagements.services.hidden import said_as_seen
from engagements.views.doors import Shown, SignedIn, page
from engagements.views.drafts import draft_lines

_WITH = (
    "engagement__armed_group",
    "engagement__ngo",
    "engagement__context",
    "context",
    "created_by",
    "plan",
)


def _meeting(request: SignedIn, pk: UUID, *, verb: str = "r") -> Interaction:
    rows = interactions_visible_to(request.viewer, verb=verb).select_related(*_WITH)
    parts = ("participants__counterpart", "readings", "evidence", "practical_items", "topic_rows")
    rows = rows.prefetch_related(*parts, "follow_ups", "engagement__ngo__types")
    return get_object_or_404(rows, pk=pk)


@page
def meeting(request: SignedIn, pk: UUID) -> HttpResponse:
    found = _meeting(request, pk)
    shown = meeting_page(request.viewer, found)
    mine = request.user == found.created_by
    return render(
        request,
        "engagements/meeting_page.html",
        {
            "shown": shown,
            "meeting": found,
            "crumbs": _trail(found),
            "because": because(request.viewer, found),
            "level": found.level,
            "readers": readers_sentence(found.context_id, found.level) if mine else "",
            "versions": _versions(request, found, shown),
            "acts": record_acts(request.viewer, found, "meeting"),
        },
    )


def _trail(found: Interaction) -> list[tuple[str, str | None]]:
    group = found.engagement.armed_group
    return [
        ("Groups", reverse("groups")),
        (group.name, reverse("group", args=[group.pk])),
        ("Meeting", None),
    ]


def _versions(request: SignedIn, found: Interaction, shown: MeetingShown) -> list[Shown]:
    """Earlier versions, newest first: who replaced each, why, and what that changed."""
    if not shown.versions:
        return []
    room = form_room(request.viewer, found.engagement, today=timezone.localdate())

    def form(said: dict[str, Any]) -> MeetingForm:
        answers = answers_of_json(said_as_seen(request.viewer, found, said))
        return MeetingForm(answers, room, today=timezone.localdate(), stored=found, judged=False)

    after, lines = form(as_json(content_of(found))), []
    for version in shown.versions:
        before = form(dict(version.words))
        lines.append({"version": version, "changes": differences(before, after)})
        after = before
    return lines


@page
def saved(request: SignedIn, pk: UUID) -> HttpResponse:
    """After saving: what the note touched, and what that did to the scores."""
    found = _meeting(request, pk, verb="u")
    shown = _effects_shown(request, found) | {
        "readings": meeting_page(request.viewer, found).readings,
        "drafts": draft_lines(request),
    }
    return render(request, "engagements/meeting_saved.html", shown)


@page
def effects(request: SignedIn, pk: UUID) -> HttpResponse:
    """The part of that page which waits for the recompute."""
    found = _meeting(request, pk, verb="u")
    return render(request, "engagements/meeting_effects.html", _effects_shown(request, found))


def _effects_shown(request: SignedIn, found: Interaction) -> Shown:
    touched = effects_of(request.viewer, found)
    pending = any(effect.state == "pending" for effect in touched)
    return {"meeting": found, "effects": touched, "pending": pending}
