"""Two to five dossiers side by side, or one at two dates: one page, to read and to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import coarse_contexts
from engagements.access import dossier_for
from engagements.models import Dossier
from engagements.selectors.compare import MOST, Column, columns_of, offered, parts_of, warnings_of
from engagements.views.doors import SignedIn, page

TOO_MANY = "Choose at most five dossiers: more do not fit beside each other."
ONE_DATE = "Several dossiers are compared on one day. Leave the second date empty."
NOT_THERE = "A dossier in the address is not there, or not yours to see; the others stand below."
NOT_A_DAY = "Write a day as 2026-05-17."
CHOOSE = "Choose two to five dossiers, or one dossier and a date."


@dataclass
class Asked:
    """What the address asks for, with what is wrong with it in sentences."""

    dossiers: list[Dossier] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    chosen: list[tuple[Dossier, date | None]] = field(default_factory=list)


@page
def compare(request: SignedIn) -> HttpResponse:
    asked = _asked(request)
    columns = _columns(request, asked)
    shown = {
        "columns": [(column, _earlier(asked, n)) for n, column in enumerate(columns)],
        "parts": parts_of(columns),
        "labels": [str(number) for number, _ in enumerate(columns, start=1)],
        "warnings": warnings_of(columns),
        "faults": asked.faults,
        "hint": CHOOSE,
        "offered": [
            (one, one in asked.dossiers) for one in offered(request.viewer, asked.dossiers)
        ],
        "by_month": bool(coarse_contexts(request.viewer, "interaction")),
        "days": [*asked.days, "", ""][:2],
        "crumbs": [("Groups", reverse("groups")), ("Compare", None)],
    }
    return render(
        request,
        "scorecards/compare.html",
        shown,
        status=422 if asked.faults and not columns else 200,
    )


def _asked(request: SignedIn) -> Asked:
    asked = Asked(days=[text.strip() for text in request.GET.getlist("at")[:2]])
    wanted = list(dict.fromkeys(text for text in request.GET.getlist("dossier") if text))
    if len(wanted) > MOST:
        asked.faults.append(TOO_MANY)
    for text in wanted[:MOST]:
        found = _dossier(request, text)
        if found is not None and found not in asked.dossiers:
            asked.dossiers.append(found)
        elif found is None and NOT_THERE not in asked.faults:
            asked.faults.append(NOT_THERE)
    asked.chosen = _chosen(asked)
    return asked


def _dossier(request: SignedIn, text: str) -> Dossier | None:
    """Hidden, absent and misspelt look alike."""
    try:
        return dossier_for(request.viewer, UUID(text))
    except (ValueError, Http404):
        return None


def _chosen(asked: Asked) -> list[tuple[Dossier, date | None]]:
    days = [_day(text, asked) for text in asked.days]
    told = [day for day in days if day is not None]
    if len(asked.dossiers) == 1 and told:
        two = days if len(days) == 2 else [*days, None]
        return [(asked.dossiers[0], day) for day in two] if two[0] != two[1] else []
    if len(asked.dossiers) < 2:
        return []
    if len(told) > 1:
        asked.faults.append(ONE_DATE)
    return [(dossier, told[0] if told else None) for dossier in asked.dossiers]


def _day(text: str, asked: Asked) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        asked.faults.append(NOT_A_DAY)
        return None


def _columns(request: SignedIn, asked: Asked) -> list[Column]:
    try:
        return columns_of(request.viewer, asked.chosen)
    except ValidationError as wrong:
        asked.faults += wrong.messages
        return []


def _earlier(asked: Asked, number: int) -> str:
    """The address with this column one place further to the front; none for the first."""
    if number == 0:
        return ""
    return f"{reverse('compare')}?{urlencode(_swapped(asked, number))}"


def _swapped(asked: Asked, number: int) -> Sequence[tuple[str, str]]:
    ids = [str(one.pk) for one in asked.dossiers]
    days = [*asked.days, "", ""][:2] if len(ids) == 1 else asked.days
    order = days if len(ids) == 1 else ids
    order[number - 1], order[number] = order[number], order[number - 1]
    return [*(("dossier", pk) for pk in ids), *(("at", day) for day in days)]
