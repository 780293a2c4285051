from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

LEVELS = [(1, "open"), (2, "restricted"), (3, "confidential"), (4, "strictly confidential")]

CURRENT, WITHDRAWN, DELETED = "current", "withdrawn", "deleted"
RECORD_STATES = [(CURRENT, "current"), (WITHDRAWN, "withdrawn"), (DELETED, "deleted")]


class Record(models.Model):
    """A row with an address of its own: random public id, version, who and when.

    `first_digest` is the digest of what was first sent under this id: the same send again is
    recognised by it, also after a later edit.
    """

    kind: ClassVar[str]  # its name in the rights matrix and in the API

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    first_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        # Neutral on purpose: this text reaches logs and error pages.
        return f"{self._meta.verbose_name} {self.pk}"


class GuardedRecord(Record):
    """A record that belongs to a context (a compartment of work) and has a level 1-4."""

    # Points up the ladder by name: the context is what every right hangs on.
    context = models.ForeignKey("accounts.Context", on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=3, choices=LEVELS)
    state = models.CharField(max_length=10, default=CURRENT, choices=RECORD_STATES)

    class Meta:
        abstract = True

    @property
    def compartment(self) -> UUID | None:
        return self.context_id


def guarded_constraints(model: str) -> list[Any]:
    """The rules of every guarded table, in the database."""
    return [
        models.CheckConstraint(
            condition=models.Q(level__range=(1, 4)), name=f"{model}_level_is_1_to_4"
        ),
        models.CheckConstraint(
            condition=models.Q(state__in=[CURRENT, WITHDRAWN, DELETED]),
            name=f"{model}_state_is_known",
        ),
    ]


def one_of(model: str, field: str, values: Any, *, blank: bool = False) -> models.CheckConstraint:
    """The field holds one of the codes (or nothing, where `blank`)."""
    allowed = [*values, ""] if blank else [*values]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": allowed}), name=f"{model}_{field}_is_on_its_list"
    )
