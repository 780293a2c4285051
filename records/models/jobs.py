from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Job(models.Model):
    """Work that was promised in the transaction that made it necessary. This row is the truth.

    `slot` is "topic:key" while the job waits and null afterwards: its uniqueness means one
    waiting job per topic and key, however often it is asked for.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    slot = models.CharField(max_length=110, null=True, unique=True)  # noqa: DJ001 - null = not waiting
    state = models.CharField(max_length=10, default=State.WAITING, choices=State.choices)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    # A paused holder whose lease ran out must not write: it checks this number.
    fence = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["topic", "key"], name="job_by_key"),
            models.Index(
                fields=["topic", "due_at"], condition=Q(state="waiting"), name="job_waiting"
            ),
            models.Index(
                fields=["topic", "lease_until"], condition=Q(state="running"), name="job_running"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", slot__isnull=False)
                | (~Q(state="waiting") & Q(slot__isnull=True)),
                name="job_slot_is_held_while_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}:{self.key} {self.state}"
