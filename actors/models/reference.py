"""What NGOs and armed groups share: a place on the reference list, names, outside ids."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models

from records.codes import load
from records.fields import PartialDateField, partial_date_constraint
from records.models.records import CURRENT, LEVELS, RECORD_STATES, Record

CODES = load("actors")

GRADE = r"^[A-F][1-6]$"


class ReferenceRecord(Record):
    """Known to the whole organisation (no context, level 1), or born inside one context."""

    context = models.ForeignKey(
        "accounts.Context", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.PositiveSmallIntegerField(default=1, choices=LEVELS)
    state = models.CharField(max_length=10, default=CURRENT, choices=RECORD_STATES)
    name = models.CharField(max_length=200)

    class Meta:
        abstract = True

    @property
    def compartment(self) -> UUID | None:
        return self.context_id


def reference_constraints(model: str) -> list[Any]:
    """A row of the reference list is level 1; a row of a context has a level 1-4."""
    return [
        models.CheckConstraint(
            condition=models.Q(context=None, level=1)
            | models.Q(context__isnull=False, level__range=(1, 4)),
            name=f"{model}_level_fits_its_list",
        ),
        models.CheckConstraint(
            condition=models.Q(state__in=[code for code, _ in RECORD_STATES]),
            name=f"{model}_state_is_known",
        ),
    ]


def grade_constraint(model: str, field: str = "grade") -> models.CheckConstraint:
    """Two characters, source and content ("B2"), or nothing."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__regex": GRADE}) | models.Q(**{field: ""}),
        name=f"{model}_{field}_is_a_grade",
    )


class GradeField(models.CharField):
    """Reliability of the source (A-F) and credibility of the content (1-6); "" = not graded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 2, "blank": True, "default": "", **kwargs})


class Interval(models.Model):
    """Something that held from one partial date to another, either of them perhaps unknown."""

    begun = PartialDateField(null=True)
    ended = PartialDateField(null=True)

    class Meta:
        abstract = True


def interval_constraints(model: str) -> list[models.CheckConstraint]:
    return [
        partial_date_constraint(model, "begun"),
        partial_date_constraint(model, "ended"),
        models.CheckConstraint(
            condition=models.Q(begun_first=None)
            | models.Q(ended_first=None)
            | ~models.Q(ended_precision="day", begun_precision="day")
            | models.Q(ended_first__gte=models.F("begun_first")),
            name=f"{model}_ends_after_it_begins",
        ),
    ]
