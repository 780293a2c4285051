from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from engagements.models.dossiers import CODES
from engagements.models.interactions import Interaction
from records.fields import SealedTextField
from records.models.records import GuardedRecord, guarded_constraints, one_of


class Claim(GuardedRecord):
    """One line of what was said: a demand, offer, refusal, promise or fact, ours or theirs."""

    kind = "claim"

    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="claims")
    claim = models.CharField(max_length=8, choices=CODES["claim_kinds"].choices())
    side = models.CharField(max_length=6, choices=CODES["sides"].choices())
    text = SealedTextField()
    basis = models.CharField(max_length=10, blank=True, choices=CODES["knowledge_bases"].choices())
    due_on = models.DateField(null=True, blank=True)
    settlement = models.CharField(
        max_length=8, default="open", choices=CODES["claim_states"].choices()
    )
    settled_by = models.ForeignKey(
        Interaction, null=True, blank=True, on_delete=models.PROTECT, related_name="settled_claims"
    )

    class Meta:
        verbose_name = "claim"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["settlement", "due_on"], name="claim_open_by_due")]
        constraints = [
            *guarded_constraints("claim"),
            one_of("claim", "claim", CODES["claim_kinds"].values()),
            one_of("claim", "side", CODES["sides"].values()),
            one_of("claim", "settlement", CODES["claim_states"].values()),
            CheckConstraint(
                condition=Q(settlement__in=["open", "unclear"]) | Q(settled_by__isnull=False),
                name="claim_settled_by_a_meeting",
            ),
        ]


class FollowUp(GuardedRecord):
    """Something to be done after a meeting: its next step, or the follow-up of a claim."""

    kind = "follow_up"

    interaction = models.ForeignKey(
        Interaction, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    is_next_step = models.BooleanField(default=False)
    what = SealedTextField()
    who = SealedTextField()
    side = models.CharField(max_length=6, default="ours", choices=CODES["sides"].choices())
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    progress = models.CharField(
        max_length=8, default="open", choices=CODES["follow_up_states"].choices()
    )
    done_on = models.DateField(null=True, blank=True)
    done_note = SealedTextField()

    class Meta:
        verbose_name = "follow-up"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["progress", "due_on"], name="followup_open_by_due")]
        constraints = [
            *guarded_constraints("followup"),
            one_of("followup", "side", CODES["sides"].values()),
            one_of("followup", "progress", CODES["follow_up_states"].values()),
            UniqueConstraint(
                fields=["interaction"],
                condition=Q(is_next_step=True),
                name="followup_one_next_step_per_interaction",
            ),
            CheckConstraint(
                condition=~Q(progress="done") | Q(done_on__isnull=False),
                name="followup_done_has_its_day",
            ),
            CheckConstraint(
                condition=Q(interaction__isnull=False) | Q(claim__isnull=False),
                name="followup_follows_something",
            ),
        ]
