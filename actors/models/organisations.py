from __future__ import annotations

from django.db import models
from django.db.models import Q, UniqueConstraint

from actors.models.names import FoldedField
from actors.models.reference import (
    CODES,
    GradeField,
    Interval,
    ReferenceRecord,
    grade_constraint,
    interval_constraints,
    reference_constraints,
)
from records.models.records import GuardedRecord, guarded_constraints, one_of


class Ngo(ReferenceRecord):
    """An NGO, typed by the four-category matrix."""

    kind = "ngo"

    acronym = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True, help_text="Public knowledge only.")

    class Meta:
        verbose_name = "NGO"
        ordering = ["name", "id"]
        constraints = reference_constraints("ngo")

    @property
    def primary_type(self) -> NgoType | None:
        return next((row for row in self.types.all() if row.primary), None)


class NgoType(models.Model):
    """One of the four categories that the NGO belongs to; one of them is primary."""

    ngo = models.ForeignKey(Ngo, on_delete=models.CASCADE, related_name="types")
    type = models.CharField(max_length=3, choices=CODES["ngo_types"].choices())
    primary = models.BooleanField(default=False)

    class Meta:
        ordering = ["-primary", "type"]
        constraints = [
            UniqueConstraint(fields=["ngo", "type"], name="ngotype_once_each"),
            UniqueConstraint(
                fields=["ngo"], condition=Q(primary=True), name="ngotype_one_is_primary"
            ),
            one_of("ngotype", "type", CODES["ngo_types"].values()),
        ]

    def __str__(self) -> str:
        return self.type


class NgoName(Interval):
    """A name of the NGO, its present one included; `folded` is what a search compares."""

    ngo = models.ForeignKey(Ngo, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    folded = FoldedField()
    kind = models.CharField(max_length=20, choices=CODES["name_kinds"].choices())
    language = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            *interval_constraints("ngoname"),
            one_of("ngoname", "kind", CODES["name_kinds"].values()),
        ]

    def __str__(self) -> str:
        return self.name


class NgoService(GuardedRecord, Interval):
    """A service of the NGO in a context, by years: its record of useful work (factor NG3)."""

    kind = "context_fact"

    ngo = models.ForeignKey(Ngo, on_delete=models.CASCADE, related_name="services")
    service = models.CharField(max_length=30, choices=CODES["ngo_service_kinds"].choices())
    source = models.CharField(max_length=300, blank=True)
    grade = GradeField()

    class Meta:
        verbose_name = "service"
        ordering = ["begun_first", "id"]
        constraints = [
            *guarded_constraints("ngoservice"),
            *interval_constraints("ngoservice"),
            grade_constraint("ngoservice"),
            one_of("ngoservice", "service", CODES["ngo_service_kinds"].values()),
            models.CheckConstraint(
                condition=Q(begun_first__isnull=False), name="ngoservice_has_a_beginning"
            ),
        ]
