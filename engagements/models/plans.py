from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q

from engagements.models.dossiers import CODES, Engagement
from records.fields import CodesField, SealedJSONField, SealedTextField
from records.models.records import GuardedRecord, guarded_constraints, one_of


class Plan(GuardedRecord):
    """A meeting to come. Its day and place are sealed: a future place and time is an ambush."""

    kind = "plan"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="plans")
    # The first day of the month stays readable, so that lists can be cut without opening days.
    planned_month = models.DateField()
    planned_on = SealedTextField()
    place = SealedTextField()
    objective = SealedTextField()
    offer = SealedTextField()
    bottom_line = SealedTextField()
    red_lines = SealedTextField()
    objections = CodesField()
    stakeholders = SealedJSONField()
    speaker = SealedTextField()
    progress = models.CharField(
        max_length=10, default="planned", choices=CODES["plan_states"].choices()
    )
    compared = models.CharField(max_length=6, blank=True, choices=CODES["plan_compared"].choices())

    class Meta:
        verbose_name = "planned meeting"
        ordering = ["planned_month", "id"]
        constraints = [
            *guarded_constraints("plan"),
            one_of("plan", "progress", CODES["plan_states"].values()),
            one_of("plan", "compared", CODES["plan_compared"].values(), blank=True),
            CheckConstraint(condition=Q(planned_month__day=1), name="plan_month_is_its_first_day"),
        ]
