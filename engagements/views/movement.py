"""Why a dossier's conditions moved: the part of its page, and the page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from engagements.access import dossier_for
from engagements.details import CODES
from engagements.forms.movement import PeriodForm
from engagements.models import Dossier
from engagements.selectors.movement import Period, is_coarse_here, since_default
from engagements.selectors.movement_page import (
    Moved,
    MovedInFull,
    moved_in_full,
    moved_of,
    shown_period,
)
from engagements.views.doors import SignedIn, page

M = TypeVar("M", Moved, MovedInFull)


@dataclass(frozen=True, slots=True)
class Moving:
    """The two days as they were typed, and the move between them; none for days that are wrong.

    `kept` is what else was chosen on the page: it stays chosen.
    """

    form: PeriodForm
    kept: list[tuple[str, str]]
    moved: Moved | None = None
    full: MovedInFull | None = None


def moving_of(request: SignedIn, found: Dossier) -> Moving:
    """For the dossier's page: the split over the days asked for."""
    form, period = _asked(request, found)
    told = _told(form, period, lambda days: moved_of(request.viewer, found, days))
    return Moving(form, _kept(request), moved=told)


@page
def movement(request: SignedIn, pk: UUID) -> HttpResponse:
    """Every factor's parts, and the records behind them."""
    found = dossier_for(request.viewer, pk)
    form, period = _asked(request, found)
    told = _told(form, period, lambda days: moved_in_full(request.viewer, found, days))
    group, topic = found.engagement.armed_group, CODES["norms"].label(found.norm)
    shown = {
        "dossier": found,
        "topic": topic,
        "moving": Moving(form, _kept(request), full=told),
        "evidence": reverse("evidence", args=[pk, "success-factors"]),
        "crumbs": [
            ("Groups", reverse("groups")),
            (group.name, reverse("group", args=[group.pk])),
            (topic, reverse("dossier", args=[pk])),
            ("Why it moved", None),
        ],
    }
    return render(request, "engagements/movement.html", shown)


def _asked(request: SignedIn, found: Dossier) -> tuple[PeriodForm, Period | None]:
    """The form with what was typed, or with the default; no period where it is no day."""
    default = Period(since_default(request.viewer, found))
    by_month = is_coarse_here(request.viewer, found)
    typed = {name: request.GET.get(name, "").strip() for name in ("since", "until")}
    data = {**typed, "since": typed["since"] or default.since.isoformat()}
    form = PeriodForm(data, by_month=by_month)
    return form, shown_period(form.cleaned_data, default) if form.is_valid() else None


def _kept(request: SignedIn) -> list[tuple[str, str]]:
    return [
        (name, str(text))
        for name, texts in request.GET.lists()
        for text in texts
        if name not in PeriodForm.base_fields
    ]


def _told(form: PeriodForm, period: Period | None, tell: Callable[[Period], M]) -> M | None:
    if period is None:
        return None
    try:
        return tell(period)
    except ValidationError as wrong:
        form.refuse(wrong)
        return None
