from __future__ import annotations

from django.db import models

from actors.models.groups import ArmedGroup
from actors.models.reference import (
    CODES,
    GradeField,
    Interval,
    grade_constraint,
    interval_constraints,
)
from records.models.records import GuardedRecord, guarded_constraints, one_of


class ContextFact(GuardedRecord, Interval):
    """A dated fact of a context: intensity, peace process, restriction, leader change, split.

    `armed_group` narrows it to one group; without it the fact holds for all groups there.
    """

    kind = "context_fact"

    fact = models.CharField(max_length=20, choices=CODES["context_fact_kinds"].choices())
    value = models.CharField(max_length=60)
    armed_group = models.ForeignKey(
        ArmedGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="context_facts"
    )
    source = models.CharField(max_length=300, blank=True)
    grade = GradeField()

    class Meta:
        verbose_name = "fact of the context"
        ordering = ["begun_first", "id"]
        indexes = [models.Index(fields=["context", "fact"], name="contextfact_by_context")]
        constraints = [
            *guarded_constraints("contextfact"),
            *interval_constraints("contextfact"),
            grade_constraint("contextfact"),
            one_of("contextfact", "fact", CODES["context_fact_kinds"].values()),
        ]
