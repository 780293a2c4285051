"""The list of meetings, filtered by what stands in the address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from engagements.filters.interactions import INTERACTION_FILTERS
from engagements.forms.filters import MeetingFilter
from engagements.selectors.keyset import count_words, leaf_of
from engagements.selectors.meeting_list import choices_of, meeting_rows, meetings_in, words_for
from engagements.selectors.places import shown_day
from engagements.views.doors import SignedIn, page
from engagements.views.lists import Told, pager, told_by
from records.problems import Problem
from records.rest.filters import condition_of

LABELS = {
    "armed_group": "Armed group",
    "ngo": "NGO",
    "context": "Context",
    "held_on": "Date",
    "type": "Type",
    "topic": "Topic",
    "outcome": "How it ended",
    "highest_level": "Highest level met",
    "channel": "How you met",
    "state": "State",
    "dossier": "Feeds the dossier",
    "counterpart": "Counterpart",
    "ngo_type": "Type of NGO",
    "level": "Level",
}


@page
def meetings(request: SignedIn) -> HttpResponse:
    told = told_by(request, span="held_on")
    viewer = request.viewer
    shown: dict[str, Any] = {"leaf": None, "wrong": ""}
    try:
        rows = meetings_in(viewer).filter(condition_of(INTERACTION_FILTERS, told.filters, viewer))
        leaf = leaf_of(
            rows,
            sort=shown_day(viewer, "held_on_first", "interaction"),
            name="meetings",
            cursor=told.cursor,
        )
        shown |= {
            "rows": meeting_rows(viewer, leaf.rows),
            **pager(leaf, told, count_words(rows, "meeting")),
        }
    except Problem as wrong:
        shown["wrong"] = str(wrong.detail)
    return render(request, "engagements/meeting_list.html", shown | _panel(request, told))


def _panel(request: SignedIn, told: Told) -> dict[str, Any]:
    return {
        "form": MeetingFilter(told.for_form, choices=choices_of(request.viewer)),
        "applied": [
            (f"{LABELS.get(name, name)}: {_words(request, name, text)}", told.without(name))
            for name, text in told.filters.items()
        ],
        "action": request.path,
        "clear_url": request.path,
        "crumbs": [("Home", reverse("home")), ("Meetings", None)],
    }


def _words(request: SignedIn, name: str, text: str) -> str:
    if name == "held_on":
        return text.replace("..", " to ").strip()
    return words_for(request.viewer, name, text.split(","))
