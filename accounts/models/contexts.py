from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from records.fields import CodesField
from records.models.records import LEVELS, Record


class Context(Record):
    """A country or conflict setting, as a delegation sees it: the compartment of work."""

    kind = "context"

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    countries = CodesField(help_text="ISO 3166 two-letter codes.")
    floor = models.PositiveSmallIntegerField(default=1, choices=LEVELS)

    class Meta:
        ordering = ["name"]
        constraints = [
            CheckConstraint(condition=Q(floor__range=(1, 4)), name="context_floor_is_1_to_4")
        ]

    def __str__(self) -> str:
        return self.code


class Role(models.TextChoices):
    DELEGATE = "delegate", "field delegate"
    HEAD = "head", "head of delegation"
    ANALYST = "analyst", "analyst"
    AUDITOR = "auditor", "auditor"
    ADMINISTRATOR = "administrator", "administrator"


ORGANISATION_WIDE = (Role.AUDITOR, Role.ADMINISTRATOR)


class Membership(models.Model):
    """(context, role, clearance) of one person. Auditor and administrator stand in no context."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    context = models.ForeignKey(
        Context, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=15, choices=Role.choices)
    clearance = models.PositiveSmallIntegerField(default=3, choices=LEVELS)
    began_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True, help_text="Last day of the membership.")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["user", "context"], name="membership_once_per_context"),
            CheckConstraint(
                condition=Q(context=None, role__in=ORGANISATION_WIDE)
                | (Q(context__isnull=False) & ~Q(role__in=ORGANISATION_WIDE)),
                name="membership_role_fits_its_scope",
            ),
            CheckConstraint(
                condition=Q(clearance__range=(1, 4)) & (~Q(role="delegate") | Q(clearance__gte=3)),
                name="membership_clearance_fits_its_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.clearance}"
