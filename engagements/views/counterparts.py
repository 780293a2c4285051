"""Add a counterpart to an armed group, by code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from actors.access import counterparts_visible_to, groups_visible_to
from actors.services.people import create_counterpart
from engagements.forms.counterparts import CounterpartForm
from engagements.views.doors import SignedIn
from engagements.views.entries import entered, entry, require

NOTE = "Counterparts stand by code, here and everywhere. Who they are is not written on this page."


@entry
def new_counterpart(request: SignedIn, pk: UUID) -> HttpResponse:
    require(request, "counterpart")
    group = get_object_or_404(groups_visible_to(request.viewer), pk=pk)

    def save(viewer: Any, form: CounterpartForm, pk: UUID) -> str:
        if not counterparts_visible_to(viewer).filter(pk=pk).exists():
            create_counterpart(viewer, form.told() | {"armed_group": group}, pk=pk)
        return reverse("group", args=[group.pk])

    crumbs = [("Groups", reverse("groups")), (group.name, reverse("group", args=[group.pk]))]
    return entered(request, CounterpartForm, save, note=NOTE, crumbs=crumbs)
