"""What can be corrected on a page: for each kind of record its form, its rows and its service."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from engagements import access
from engagements.forms.commitments import CommitmentForm
from engagements.forms.incidents import IncidentForm
from engagements.services.commitments import change_commitment
from engagements.services.incidents import change_incident
from engagements.views.corrections import Correction, Trail


def _incident_trail(found: Any) -> Trail:
    return [
        ("Incidents", reverse("incidents")),
        (str(found.get_category_display()), reverse("incident", args=[found.pk])),
        ("Correct", None),
    ]


incident = Correction(
    IncidentForm,
    lambda viewer: access.incidents_visible_to(viewer, verb="u").select_related(
        "armed_group", "context"
    ),
    lambda viewer, row, form, version, reason: change_incident(
        viewer, row.pk, form.corrected(), version=version, reason=reason
    ),
    lambda row: reverse("incident", args=[row.pk]),
    _incident_trail,
).view


commitment = Correction(
    CommitmentForm,
    lambda viewer: access.commitments_visible_to(viewer, verb="u"),
    lambda viewer, row, form, version, reason: change_commitment(
        viewer, row.pk, form.corrected(), version=version, reason=reason
    ),
    lambda row: reverse("commitment", args=[row.pk]),
    lambda row: [
        ("Commitments", reverse("commitments")),
        (row.title, reverse("commitment", args=[row.pk])),
        ("Correct", None),
    ],
).view
