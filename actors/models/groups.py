from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone

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
from records.fields import CodesField, PartialDateField, partial_date_constraint
from records.models.records import one_of


class ArmedGroup(ReferenceRecord):
    """An organised armed actor outside state control; every alias leads to this one record."""

    kind = "armed_group"

    countries = CodesField(help_text="ISO 3166 two-letter codes.")
    structure = models.CharField(
        max_length=3, default="UNK", choices=CODES["group_structures"].choices()
    )
    motive = CodesField()
    active_from = PartialDateField(null=True)
    active_from_grade = GradeField()
    active_to = PartialDateField(null=True)
    default_level = models.PositiveSmallIntegerField(
        default=3, help_text="Level that a new record about this group starts with."
    )
    note = models.TextField(blank=True, help_text="Public knowledge only.")

    class Meta:
        verbose_name = "armed group"
        ordering = ["name", "id"]
        constraints = [
            *reference_constraints("armedgroup"),
            one_of("armedgroup", "structure", CODES["group_structures"].values()),
            partial_date_constraint("armedgroup", "active_from"),
            partial_date_constraint("armedgroup", "active_to"),
            grade_constraint("armedgroup", "active_from_grade"),
            CheckConstraint(
                condition=Q(default_level__range=(1, 4)), name="armedgroup_default_level_is_1_to_4"
            ),
        ]


class GroupName(Interval):
    """A name of the group, dated and sourced; `folded` is what a search compares."""

    group = models.ForeignKey(ArmedGroup, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    folded = FoldedField()
    kind = models.CharField(max_length=20, choices=CODES["name_kinds"].choices())
    language = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            *interval_constraints("groupname"),
            one_of("groupname", "kind", CODES["name_kinds"].values()),
        ]

    def __str__(self) -> str:
        return self.name


class Lineage(Interval):
    """Where a group comes from or belongs: `group` is <relation> of/from/into `other`."""

    group = models.ForeignKey(ArmedGroup, on_delete=models.CASCADE, related_name="lineage")
    relation = models.CharField(max_length=20, choices=CODES["lineage_relations"].choices())
    other = models.ForeignKey(ArmedGroup, on_delete=models.PROTECT, related_name="lineage_of")
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["begun_first", "pk"]
        constraints = [
            *interval_constraints("lineage"),
            one_of("lineage", "relation", CODES["lineage_relations"].values()),
            CheckConstraint(condition=~Q(group=F("other")), name="lineage_is_to_another_group"),
        ]

    def __str__(self) -> str:
        return self.relation


class Listing(Interval):
    """A list or law that names the group, from and to: a fact with a source, never a label.

    `created_at` is when it was entered: scores tell a new fact from a corrected one by it.
    """

    group = models.ForeignKey(ArmedGroup, on_delete=models.CASCADE, related_name="listings")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    list = models.CharField(max_length=20, choices=CODES["listing_lists"].choices())
    source = models.CharField(max_length=300, blank=True)
    grade = GradeField()

    class Meta:
        ordering = ["begun_first", "pk"]
        constraints = [
            *interval_constraints("listing"),
            grade_constraint("listing"),
            one_of("listing", "list", CODES["listing_lists"].values()),
        ]

    def __str__(self) -> str:
        return self.list


class ExternalId(models.Model):
    """The id of a group or an NGO in an outside register."""

    group = models.ForeignKey(
        ArmedGroup, null=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    ngo = models.ForeignKey(
        "actors.Ngo", null=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    scheme = models.CharField(max_length=20, choices=CODES["external_id_schemes"].choices())
    value = models.CharField(max_length=200)
    release = models.CharField(max_length=40, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            CheckConstraint(
                condition=Q(group=None, ngo__isnull=False) | Q(group__isnull=False, ngo=None),
                name="externalid_of_a_group_or_an_ngo",
            ),
            UniqueConstraint(fields=["group", "scheme", "value"], name="externalid_once_per_group"),
            UniqueConstraint(fields=["ngo", "scheme", "value"], name="externalid_once_per_ngo"),
            one_of("externalid", "scheme", CODES["external_id_schemes"].values()),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"
