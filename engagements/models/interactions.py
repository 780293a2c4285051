from __future__ import annotations

from uuid import UUID, uuid4

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from actors.models import Counterpart
from actors.models.reference import CODES as ACTOR_CODES
from actors.models.reference import GradeField, grade_constraint
from engagements.models.dossiers import CODES, Engagement
from engagements.models.plans import Plan
from records.fields import (
    CodesField,
    PartialDateField,
    SealedJSONField,
    SealedTextField,
    partial_date_constraint,
)
from records.models.records import GuardedRecord, guarded_constraints, one_of

LEVEL_CODES = ACTOR_CODES["organisational_levels"]


class Interaction(GuardedRecord):
    """A logged meeting, message or failed meeting with one armed group. The pages say "meeting".

    Codes, dates and numbers are readable columns; every free text is sealed. `details` holds
    the coded answers of the folded blocks, `details_words` their texts under the same keys.
    """

    kind = "interaction"

    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="interactions"
    )
    plan = models.OneToOneField(
        Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="interaction"
    )
    joint = models.UUIDField(null=True, blank=True)
    held_on = PartialDateField()
    held = models.BooleanField(default=True)
    type = models.CharField(max_length=10, choices=CODES["interaction_types"].choices())
    channel = models.CharField(max_length=16, blank=True, choices=CODES["channels"].choices())
    place_country = models.CharField(max_length=2, blank=True)
    place_admin1 = models.CharField(max_length=100, blank=True)
    place_detail = SealedTextField()
    highest_level = models.CharField(max_length=3, blank=True, choices=LEVEL_CODES.choices())
    levels = CodesField()
    outcome = models.SmallIntegerField(null=True, blank=True, choices=CODES["outcomes"].choices())
    trust = models.PositiveSmallIntegerField(
        null=True, blank=True, choices=CODES["trust"].choices()
    )
    summary = SealedTextField()
    grade = GradeField(default="B2")
    details = models.JSONField(default=dict, blank=True)
    details_words = SealedJSONField()

    class Meta:
        verbose_name = "meeting"
        ordering = ["-held_on_first", "-id"]
        indexes = [
            models.Index(fields=["-held_on_first", "-id"], name="interaction_newest"),
            models.Index(
                fields=["engagement", "-held_on_first", "-id"], name="interaction_by_engagement"
            ),
            models.Index(
                fields=["context", "-held_on_first", "-id"], name="interaction_by_context"
            ),
            models.Index(fields=["updated_at", "id"], name="interaction_by_change"),
        ]
        constraints = [
            *guarded_constraints("interaction"),
            partial_date_constraint("interaction", "held_on"),
            grade_constraint("interaction"),
            one_of("interaction", "type", CODES["interaction_types"].values()),
            one_of("interaction", "channel", CODES["channels"].values(), blank=True),
            one_of("interaction", "highest_level", LEVEL_CODES.values(), blank=True),
            CheckConstraint(
                condition=Q(outcome=None) | Q(outcome__range=(-2, 5)),
                name="interaction_outcome_on_the_ladder",
            ),
            CheckConstraint(
                condition=Q(trust=None) | Q(trust__range=(0, 4)), name="interaction_trust_is_0_to_4"
            ),
            CheckConstraint(
                condition=Q(held=False, outcome=None)
                | (Q(held=True, outcome__isnull=False) & ~Q(channel="") & ~Q(highest_level="")),
                name="interaction_held_has_its_six_answers",
            ),
            CheckConstraint(
                condition=~Q(type="cancel") | Q(held=False),
                name="interaction_cancelled_is_not_held",
            ),
        ]


class InteractionTopic(models.Model):
    """A norm that the meeting touched; at most three on the form, any number from elsewhere."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="topic_rows"
    )
    norm = models.CharField(max_length=3, choices=CODES["norms"].choices())

    class Meta:
        ordering = ["norm"]
        constraints = [
            UniqueConstraint(fields=["interaction", "norm"], name="topic_once_per_interaction"),
            one_of("topic", "norm", [code for code in CODES["norms"].values() if code != "GEN"]),
        ]
        indexes = [models.Index(fields=["norm", "interaction"], name="topic_by_norm")]

    def __str__(self) -> str:
        return self.norm


class InteractionPart(models.Model):
    """A child row of an interaction: it is read, changed and sealed with it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Children keep the order in which they were sent.
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    interaction: models.ForeignKey[Interaction, Interaction]

    @property
    def compartment(self) -> UUID | None:
        return self.interaction.context_id


class Participant(InteractionPart):
    """The edge between a meeting and a counterpart: shown where both ends may be read."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="participants"
    )
    counterpart = models.ForeignKey(
        Counterpart, on_delete=models.PROTECT, related_name="participations"
    )
    mandate = models.CharField(max_length=6, blank=True, choices=CODES["mandate_answers"].choices())
    same_as_last = models.BooleanField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            UniqueConstraint(
                fields=["interaction", "counterpart"], name="participant_once_per_interaction"
            ),
            one_of("participant", "mandate", CODES["mandate_answers"].values(), blank=True),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Reading(InteractionPart):
    """A saved reading of a judged success factor: what counts in the score, once per factor."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="readings")
    factor = models.CharField(max_length=4)
    rating = models.PositiveSmallIntegerField()
    note = SealedTextField()

    class Meta:
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["interaction", "factor"], name="reading_once_per_factor"),
            CheckConstraint(condition=Q(rating__range=(0, 4)), name="reading_is_0_to_4"),
        ]

    def __str__(self) -> str:
        return self.factor


class EvidenceNote(InteractionPart):
    """Something seen that bears on a criterion: a candidate for the next assessment."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="evidence")
    criterion = models.CharField(max_length=4)
    rating = models.PositiveSmallIntegerField(null=True)
    seen = SealedTextField()

    class Meta:
        ordering = ["position"]
        constraints = [
            CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(0, 4)), name="evidence_is_0_to_4"
            )
        ]

    def __str__(self) -> str:
        return self.criterion


class PracticalItem(InteractionPart):
    """A practical thing agreed, delivered or failed, by our side or theirs."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="practical_items"
    )
    item = SealedTextField()
    progress = models.CharField(max_length=10, choices=CODES["practical_item_states"].choices())
    side = models.CharField(max_length=6, choices=CODES["sides"].choices())

    class Meta:
        ordering = ["position"]
        constraints = [
            one_of("practicalitem", "progress", CODES["practical_item_states"].values()),
            one_of("practicalitem", "side", CODES["sides"].values()),
        ]

    def __str__(self) -> str:
        return self.progress
