from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, ProtectedError, Q, UniqueConstraint
from django.utils import timezone


class WeightSet(models.Model):
    """One version of the method: its parameters, who set them and why (section 3.6).

    A draft is its author's to edit. Once a set was active it never changes again: a trigger in
    the database sees to that, because stored scores name it. The shipped default never was a draft.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    parameters = models.JSONField()
    checksum = models.CharField(max_length=80)
    rationale = models.TextField()
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    shipped = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    # Counts the edits of a draft: whoever saves says which one they saw.
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["state"], condition=Q(state="active"), name="weightset_one_active"
            ),
            CheckConstraint(
                condition=Q(state__in=["draft", "active", "retired"]),
                name="weightset_state_is_known",
            ),
            CheckConstraint(
                condition=~Q(shipped=True, state="draft"), name="weightset_shipped_is_no_draft"
            ),
            CheckConstraint(
                condition=Q(shipped=True, author=None) | Q(shipped=False, author__isnull=False),
                name="weightset_has_an_author_or_shipped",
            ),
            CheckConstraint(condition=~Q(rationale=""), name="weightset_says_why"),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Only a draft can go: stored scores name the others."""
        if not self.is_draft:
            raise ProtectedError("A weight set that was in force is kept.", {self})
        return super().delete(*args, **kwargs)


class Activation(models.Model):
    """When a weight set came into force, and who put it there. Never changed."""

    weight_set = models.ForeignKey(WeightSet, on_delete=models.PROTECT, related_name="activations")
    activated_at = models.DateTimeField(default=timezone.now)
    # Nobody: the shipped default, stored at first need.
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-activated_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.weight_set_id} {self.activated_at:%Y-%m-%d}"
