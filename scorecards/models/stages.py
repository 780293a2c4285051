from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone

from records.codes import load
from records.fields import SealedTextField
from records.models.records import GuardedRecord, guarded_constraints, one_of
from scorecards.models.assessments import Assessment

CODES = load("scorecards")
PROPOSED, MADE, LAPSED = "proposed", "made", "lapsed"


class StageMove(GuardedRecord):
    """A move of a dossier on the stage ladder (section 2.6), made or proposed to a second person.

    `level` is the lowest clearance whose facts call for it. `made_at` orders the moves;
    `moved_on` is the day from which the dossier stands there. Without an author a rule made it.
    """

    kind = "stage_move"

    # Points up the ladder by name: what moves lies in engagements.
    dossier = models.ForeignKey(
        "engagements.Dossier", on_delete=models.CASCADE, related_name="stage_moves"
    )
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=20, choices=CODES["move_reasons"].choices())
    progress = models.CharField(max_length=8, default=MADE, choices=CODES["move_states"].choices())
    moved_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    assessment = models.ForeignKey(
        Assessment, null=True, on_delete=models.PROTECT, related_name="stage_moves"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_on = models.DateField(null=True)
    note = SealedTextField()

    class Meta:
        verbose_name = "stage move"
        ordering = ["-moved_on", "-made_at", "id"]
        indexes = [
            models.Index(fields=["dossier", "-moved_on", "-made_at"], name="stagemove_by_dossier")
        ]
        constraints = [
            *guarded_constraints("stagemove"),
            one_of("stagemove", "reason", CODES["move_reasons"].values()),
            one_of("stagemove", "progress", CODES["move_states"].values()),
            CheckConstraint(
                condition=Q(before__range=(0, 6), after__range=(0, 6)),
                name="stagemove_is_between_stages_0_and_6",
            ),
            CheckConstraint(condition=~Q(before=F("after")), name="stagemove_leads_somewhere_else"),
            CheckConstraint(
                condition=Q(confirmed_by=None) | Q(author=None) | ~Q(confirmed_by=F("author")),
                name="stagemove_second_person_is_another",
            ),
            CheckConstraint(
                condition=~Q(reason="risen", after__gte=4, progress=MADE)
                | Q(confirmed_by__isnull=False),
                name="stagemove_high_rise_is_confirmed",
            ),
        ]


class StageMoveEvidence(models.Model):
    """A record behind a move, by the condition that it speaks for."""

    move = models.ForeignKey(StageMove, on_delete=models.CASCADE, related_name="evidence")
    gate = models.CharField(max_length=40)
    # As in the API: interaction, incident, commitment, assessment, context_fact, dossier.
    kind = models.CharField(max_length=20)
    record = models.UUIDField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(
                fields=["move", "gate", "record"], name="stagemoveevidence_once_per_record"
            )
        ]
        indexes = [models.Index(fields=["record"], name="stagemoveevidence_by_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"
