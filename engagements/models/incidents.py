from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q

from actors.models import ArmedGroup
from actors.models.reference import GradeField, grade_constraint
from engagements.models.commitments import Commitment
from engagements.models.dossiers import CODES
from records.fields import PartialDateField, SealedTextField, partial_date_constraint
from records.models.records import GuardedRecord, guarded_constraints, one_of


class Incident(GuardedRecord):
    """A violation reported of an armed group: shown beside the scores, never netted with them."""

    kind = "incident"

    armed_group = models.ForeignKey(ArmedGroup, on_delete=models.PROTECT, related_name="incidents")
    category = models.CharField(max_length=32, choices=CODES["violation_categories"].choices())
    occurred_on = PartialDateField()
    place_country = models.CharField(max_length=2, blank=True)
    place_admin1 = models.CharField(max_length=100, blank=True)
    place_detail = SealedTextField()
    attribution = models.CharField(
        max_length=12, default="unknown", choices=CODES["attributions"].choices()
    )
    standard = models.CharField(
        max_length=10, default="alleged", choices=CODES["incident_standards"].choices()
    )
    response = models.CharField(
        max_length=10, default="none", choices=CODES["group_responses"].choices()
    )
    child_victim = models.BooleanField(default=False)
    victims = models.PositiveIntegerField(null=True, blank=True)
    grade = GradeField()
    description = SealedTextField()
    source = SealedTextField()
    commitments = models.ManyToManyField(Commitment, blank=True, related_name="incidents")

    class Meta:
        verbose_name = "incident"
        ordering = ["-occurred_on_first", "-id"]
        indexes = [
            models.Index(
                fields=["context", "armed_group", "-occurred_on_first"], name="incident_by_group"
            )
        ]
        constraints = [
            *guarded_constraints("incident"),
            partial_date_constraint("incident", "occurred_on"),
            grade_constraint("incident"),
            one_of("incident", "category", CODES["violation_categories"].values()),
            one_of("incident", "attribution", CODES["attributions"].values()),
            one_of("incident", "standard", CODES["incident_standards"].values()),
            one_of("incident", "response", CODES["group_responses"].values()),
        ]


class Observation(GuardedRecord):
    """The watching effort behind rates: location-months watched in one quarter."""

    kind = "observation"

    armed_group = models.ForeignKey(
        ArmedGroup, on_delete=models.PROTECT, related_name="observations"
    )
    quarter = models.DateField(help_text="First day of the quarter.")
    location_months = models.DecimalField(max_digits=7, decimal_places=2)
    source = SealedTextField()

    class Meta:
        verbose_name = "observation effort"
        ordering = ["-quarter", "id"]
        constraints = [
            *guarded_constraints("observation"),
            CheckConstraint(
                condition=Q(location_months__gte=0), name="observation_effort_is_not_negative"
            ),
            CheckConstraint(
                condition=Q(quarter__month__in=[1, 4, 7, 10], quarter__day=1),
                name="observation_quarter_is_its_first_day",
            ),
        ]
