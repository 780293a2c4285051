from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from actors.models import ArmedGroup, Ngo
from records.codes import load
from records.fields import PartialDateField, SealedTextField, partial_date_constraint
from records.models.records import GuardedRecord, guarded_constraints, one_of

CODES = load("engagements")


class Engagement(GuardedRecord):
    """One NGO's dealings with one armed group in one context."""

    kind = "engagement"

    ngo = models.ForeignKey(Ngo, on_delete=models.PROTECT, related_name="engagements")
    armed_group = models.ForeignKey(
        ArmedGroup, on_delete=models.PROTECT, related_name="engagements"
    )
    status = models.CharField(
        max_length=12, default="active", choices=CODES["engagement_statuses"].choices()
    )
    started_on = PartialDateField(null=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "engagement"
        ordering = ["id"]
        constraints = [
            *guarded_constraints("engagement"),
            UniqueConstraint(
                fields=["ngo", "armed_group", "context"],
                name="engagement_once_per_ngo_group_and_context",
            ),
            one_of("engagement", "status", CODES["engagement_statuses"].values()),
            partial_date_constraint("engagement", "started_on"),
        ]


class Dossier(GuardedRecord):
    """The scored unit: an engagement x a norm topic; GEN is the law as a whole."""

    kind = "dossier"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="dossiers")
    norm = models.CharField(max_length=3, default="GEN", choices=CODES["norms"].choices())
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "dossier"
        ordering = ["norm", "id"]
        constraints = [
            *guarded_constraints("dossier"),
            UniqueConstraint(fields=["engagement", "norm"], name="dossier_once_per_topic"),
            one_of("dossier", "norm", CODES["norms"].values()),
            CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="dossier_closes_after_it_opens",
            ),
        ]


class Blocker(GuardedRecord):
    """Why a score may not stand high: raised by hand, or the lifting of one that arose itself."""

    kind = "blocker"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="blockers")
    reason = models.CharField(max_length=20, choices=CODES["blocker_reasons"].choices())
    raised_on = models.DateField(null=True, blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = SealedTextField()

    class Meta:
        verbose_name = "blocker"
        ordering = ["-raised_on", "id"]
        constraints = [
            *guarded_constraints("blocker"),
            one_of("blocker", "reason", CODES["blocker_reasons"].values()),
            CheckConstraint(
                condition=Q(raised_on__isnull=False) | Q(lifted_on__isnull=False),
                name="blocker_is_raised_or_lifted",
            ),
            CheckConstraint(
                condition=Q(raised_on=None) | Q(lifted_on=None) | Q(lifted_on__gte=F("raised_on")),
                name="blocker_is_lifted_after_it_is_raised",
            ),
        ]
