"""What can be corrected on a page: for each kind of record its form, its rows and its service."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from actors.access import (
    counterparts_visible_to,
    facts_visible_to,
    groups_visible_to,
    ngos_visible_to,
    services_visible_to,
)
from actors.services.people import change_counterpart
from engagements import access
from engagements.forms.commitments import CommitmentForm
from engagements.forms.context_facts import FactForm, ServiceForm
from engagements.forms.counterparts import CounterpartForm
from engagements.forms.dealings_changed import DossierCorrection, EngagementCorrection
from engagements.forms.incidents import IncidentForm
from engagements.forms.promises import CloseForm, SettleForm
from engagements.forms.reference import GroupForm, NgoForm
from engagements.services.actors import correct_group, correct_ngo
from engagements.services.claims import settle
from engagements.services.commitments import change_commitment
from engagements.services.dated import change_fact, change_service
from engagements.services.engagements import change_dossier, change_engagement
from engagements.services.follow_ups import close_follow_up, drop_follow_up, reopen_follow_up
from engagements.services.incidents import change_incident
from engagements.views.corrections import Correction, Trail


def _trail(*steps: tuple[str, str]) -> Trail:
    return [*steps, ("Correct", None)]


def _page(name: str, pk: Any) -> str:
    return reverse(name, args=[pk])


def _group_trail(group: Any) -> Trail:
    return _trail(("Groups", reverse("groups")), (group.name, _page("group", group.pk)))


def _ngo_trail(ngo: Any) -> Trail:
    return _trail(("NGOs", reverse("ngos")), (ngo.name, _page("ngo", ngo.pk)))


def _promises(row: Any) -> str:
    """The promises made with that group."""
    held = row.interaction or row.claim.interaction  # a follow-up may follow a claim
    return f"{reverse('promises')}?armed_group={held.engagement.armed_group_id}"


incident = Correction(
    IncidentForm,
    lambda viewer: access.incidents_visible_to(viewer, verb="u").select_related(
        "armed_group", "context"
    ),
    lambda viewer, row, form, version, reason: change_incident(
        viewer, row.pk, form.corrected(), version=version, reason=reason
    ),
    lambda row: _page("incident", row.pk),
    lambda row: _trail(
        ("Incidents", reverse("incidents")),
        (str(row.get_category_display()), _page("incident", row.pk)),
    ),
).view

commitment = Correction(
    CommitmentForm,
    lambda viewer: access.commitments_visible_to(viewer, verb="u"),
    lambda viewer, row, form, version, reason: change_commitment(
        viewer, row.pk, form.corrected(), version=version, reason=reason
    ),
    lambda row: _page("commitment", row.pk),
    lambda row: _trail(
        ("Commitments", reverse("commitments")), (row.title, _page("commitment", row.pk))
    ),
).view

group = Correction(
    GroupForm,
    lambda viewer: groups_visible_to(viewer, verb="u"),
    lambda viewer, row, form, version, reason: correct_group(
        viewer, row, form.corrected(), version=version, reason=reason
    ),
    lambda row: _page("group", row.pk),
    _group_trail,
    note="Public knowledge only.",
).view

ngo = Correction(
    NgoForm,
    lambda viewer: ngos_visible_to(viewer, verb="u"),
    lambda viewer, row, form, version, reason: correct_ngo(
        viewer, row, form.corrected(), version=version, reason=reason
    ),
    lambda row: _page("ngo", row.pk),
    _ngo_trail,
).view

fact = Correction(
    FactForm,
    lambda viewer: facts_visible_to(viewer, verb="u").select_related("armed_group", "context"),
    lambda viewer, row, form, version, reason: change_fact(
        viewer, row.pk, form.content(), version=version, reason=reason
    ),
    lambda row: _page("context", row.context_id),
    lambda row: _trail(
        ("Contexts", reverse("contexts")), (row.context.name, _page("context", row.context_id))
    ),
    note="Something that no longer holds is ended, not withdrawn: give the last day.",
).view

service = Correction(
    ServiceForm,
    lambda viewer: (
        services_visible_to(viewer, verb="u")
        .filter(ngo__in=ngos_visible_to(viewer))
        .select_related("ngo", "context")
    ),
    lambda viewer, row, form, version, reason: change_service(
        viewer, row.pk, form.content(), version=version, reason=reason
    ),
    lambda row: _page("ngo", row.ngo_id),
    lambda row: _ngo_trail(row.ngo),
).view

counterpart = Correction(
    CounterpartForm,
    lambda viewer: counterparts_visible_to(viewer, verb="u").select_related("armed_group"),
    lambda viewer, row, form, version, reason: change_counterpart(
        viewer, row, form.told(), version=version, reason=reason
    ),
    lambda row: _page("group", row.armed_group_id),
    lambda row: _group_trail(row.armed_group),
).view

engagement = Correction(
    EngagementCorrection,
    lambda viewer: access.engagements_visible_to(viewer, verb="u").select_related(
        "armed_group", "lead"
    ),
    lambda viewer, row, form, version, reason: change_engagement(
        viewer, row.pk, form.content(), version=version, reason=reason
    ),
    lambda row: _page("group", row.armed_group_id),
    lambda row: _group_trail(row.armed_group),
    note="What it is about stays: for another NGO, group or context open another engagement.",
).view

dossier = Correction(
    DossierCorrection,
    lambda viewer: access.dossiers_visible_to(viewer, verb="u").select_related(
        "engagement__armed_group"
    ),
    lambda viewer, row, form, version, reason: change_dossier(
        viewer, row.pk, **form.told(), version=version, reason=reason
    ),
    lambda row: _page("dossier", row.pk),
    lambda row: [
        (row.engagement.armed_group.name, _page("group", row.engagement.armed_group_id)),
        (str(row.get_norm_display()), _page("dossier", row.pk)),
        ("Correct", None),
    ],
).view

claim = Correction(
    SettleForm,
    lambda viewer: access.claims_visible_to(viewer, verb="u").select_related(
        "interaction__engagement", "settled_by"
    ),
    lambda viewer, row, form, version, reason: settle(
        viewer,
        row.pk,
        form.cleaned_data["state"],
        by=form.chosen("by") if form.cleaned_data["state"] != "open" else None,
        version=version,
    ),
    _promises,
    lambda row: [("Promises", reverse("promises")), ("Settle", None)],
).view


def _close(viewer: Any, row: Any, form: Any, version: int, reason: str) -> None:
    told = form.cleaned_data
    if told["state"] == "open":
        reopen_follow_up(viewer, row.pk, version=version)
    elif told["state"] == "dropped":
        drop_follow_up(viewer, row.pk, done_note=told["done_note"], version=version)
    else:
        note, day = told["done_note"], told["done_on"]
        close_follow_up(viewer, row.pk, done_note=note, done_on=day, version=version)


follow_up = Correction(
    CloseForm,
    lambda viewer: access.follow_ups_visible_to(viewer, verb="u").select_related(
        "interaction__engagement", "claim__interaction__engagement"
    ),
    _close,
    _promises,
    lambda row: [("Promises", reverse("promises")), ("Close", None)],
).view
