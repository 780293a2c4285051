"""The registers of commitments, incidents and watching, and the pages of the first two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import grants_for, reads_in_full
from engagements import access
from engagements.filters.nouns import COMMITMENT_FILTERS, INCIDENT_FILTERS, OBSERVATION_FILTERS
from engagements.forms.filters import CommitmentFilter, IncidentFilter, ObservationFilter
from engagements.selectors.commitment_page import (
    by_signing,
    commitment_lines,
    commitment_page,
    commitments_in,
)
from engagements.selectors.keyset import count_words, leaf_of
from engagements.selectors.meeting_list import choices_of, words_for
from engagements.selectors.places import is_coarse, quarter_words, shown_date, shown_day
from engagements.selectors.record_acts import record_acts
from engagements.views.doors import SignedIn, page, seen_by
from engagements.views.lists import Told, pager, told_by
from records.problems import Problem
from records.rest.filters import Filter, condition_of

GROUND = ("armed_group", "context")
Rows = Callable[[Any, Iterable[Any]], list[Any]]


@page
def commitments(request: SignedIn) -> HttpResponse:
    told = told_by(request, span="signed_on")
    shown = _register(
        request,
        told,
        commitments_in(request.viewer),
        COMMITMENT_FILTERS,
        by_signing(request.viewer),
        "commitment",
        commitment_lines,
    )
    shown |= _panel(request, told, CommitmentFilter)
    shown["may_add"] = bool(grants_for(request.viewer, "c", "commitment"))
    shown["crumbs"] = [("Home", reverse("home")), ("Commitments", None)]
    return render(request, "engagements/commitment_list.html", shown)


@page
def commitment(request: SignedIn, pk: UUID) -> HttpResponse:
    found = access.commitments_visible_to(request.viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    shown = {
        "commitment": found,
        "page": commitment_page(request.viewer, found),
        **seen_by(request.viewer, found),
        "in_full": reads_in_full(request.viewer, found),
        "acts": record_acts(request.viewer, found, "commitment"),
        "crumbs": [("Commitments", reverse("commitments")), (found.title, None)],
    }
    return render(request, "engagements/commitment_page.html", shown)


@page
def incidents(request: SignedIn) -> HttpResponse:
    told = told_by(request, span="occurred_on")
    rows = access.incidents_visible_to(request.viewer).select_related("armed_group")
    shown = _register(
        request,
        told,
        rows.defer("place_detail", "description", "source"),
        INCIDENT_FILTERS,
        shown_day(request.viewer, "occurred_on_first", "incident"),
        "incident",
        _incident_lines,
    )
    shown |= _panel(request, told, IncidentFilter)
    shown["watching_url"] = _beside(told, reverse("observations"))
    shown["may_add"] = bool(grants_for(request.viewer, "c", "incident"))
    shown["crumbs"] = [("Home", reverse("home")), ("Incidents", None)]
    return render(request, "engagements/incident_list.html", shown)


def _incident_lines(viewer: Any, rows: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(str(shown_date(row.occurred_on, coarse=is_coarse(viewer, row))), row) for row in rows]


@page
def incident(request: SignedIn, pk: UUID) -> HttpResponse:
    rows = access.incidents_visible_to(request.viewer).select_related("armed_group", "context")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    visible = access.commitments_visible_to(request.viewer).filter(incidents=found)
    shown = {
        "incident": found,
        "when": shown_date(found.occurred_on, coarse=is_coarse(request.viewer, found)),
        "commitments": list(visible),
        **seen_by(request.viewer, found),
        "in_full": reads_in_full(request.viewer, found),
        "acts": record_acts(request.viewer, found, "incident"),
        "crumbs": [
            (found.armed_group.name, reverse("group", args=[found.armed_group_id])),
            ("Incidents", f"{reverse('incidents')}?armed_group={found.armed_group_id}"),
            (str(found.get_category_display()), None),
        ],
    }
    return render(request, "engagements/incident_page.html", shown)


@page
def observations(request: SignedIn) -> HttpResponse:
    """How much was watched, by quarter: of one group in one context when the address says so."""
    told = told_by(request, span="quarter")
    rows = access.observations_visible_to(request.viewer)
    rows = rows.select_related("armed_group", "context").defer("source")
    shown = _register(
        request, told, rows, OBSERVATION_FILTERS, F("quarter"), "observation", _watched_lines
    )
    shown |= _panel(request, told, ObservationFilter)
    shown["may_add"] = bool(grants_for(request.viewer, "c", "observation"))
    shown["add_url"] = _beside(told, reverse("new_observation"))
    shown["crumbs"] = [("Incidents", reverse("incidents")), ("Watching", None)]
    return render(request, "engagements/observation_list.html", shown)


def _beside(told: Told, address: str) -> str:
    """Another page, for the same group and context."""
    named = {name: told.filters[name] for name in GROUND if name in told.filters}
    return f"{address}?{urlencode(named)}" if named else address


def _watched_lines(viewer: Any, rows: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(quarter_words(row.quarter), row) for row in rows]


def _register(
    request: SignedIn,
    told: Told,
    rows: QuerySet[Any],
    filters: Mapping[str, Filter],
    sort: Combinable,
    noun: str,
    lines: Rows,
) -> dict[str, Any]:
    """The page of rows that the address asks for, or a sentence on what cannot be read in it."""
    try:
        rows = rows.filter(condition_of(filters, told.filters, request.viewer))
    except Problem as wrong:
        return {"wrong": str(wrong.detail)}
    leaf = leaf_of(rows, sort=sort, name=f"{noun}s", cursor=told.cursor)
    return {
        "rows": lines(request.viewer, leaf.rows),
        **pager(leaf, told, count_words(rows, noun)),
    }


def _panel(request: SignedIn, told: Told, panel: type[forms.Form]) -> dict[str, Any]:
    return {
        "form": panel(told.for_form, choices=choices_of(request.viewer)),  # type: ignore[call-arg]
        "applied": [
            (_chip(request, name, text), told.without(name)) for name, text in told.filters.items()
        ],
        "action": request.path,
        "clear_url": request.path,
    }


def _chip(request: SignedIn, name: str, text: str) -> str:
    words = text.replace("..", " to ").strip() if name.endswith("_on") else ""
    return words or words_for(request.viewer, name, text.split(","))
