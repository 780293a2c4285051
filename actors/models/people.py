from __future__ import annotations

from django.db import models

from actors.models.groups import ArmedGroup
from actors.models.reference import CODES
from records.fields import PartialDateField, SealedTextField, partial_date_constraint
from records.models.records import GuardedRecord, guarded_constraints, one_of


class Counterpart(GuardedRecord):
    """A person of an armed group by code and rank band; the name, if held at all, lies apart."""

    kind = "counterpart"

    armed_group = models.ForeignKey(
        ArmedGroup, on_delete=models.PROTECT, related_name="counterparts"
    )
    code = models.CharField(max_length=30, help_text="A pseudonym code, never a name.")
    role = models.CharField(max_length=120, blank=True)
    # The API calls this `level`; here that word is the record's sensitivity.
    rank = models.CharField(max_length=3, choices=CODES["organisational_levels"].choices())
    active_from = PartialDateField(null=True)
    active_to = PartialDateField(null=True)

    class Meta:
        verbose_name = "counterpart"
        ordering = ["code", "id"]
        # Codes are not unique in the database: "already taken" would betray a hidden person.
        constraints = [
            *guarded_constraints("counterpart"),
            one_of("counterpart", "rank", CODES["organisational_levels"].values()),
            partial_date_constraint("counterpart", "active_from"),
            partial_date_constraint("counterpart", "active_to"),
        ]


class Identity(GuardedRecord):
    """Who a counterpart is. Level 4 unless a head decides otherwise; never leaves by token."""

    kind = "identity"

    counterpart = models.OneToOneField(
        Counterpart, on_delete=models.CASCADE, related_name="identity"
    )
    name = SealedTextField()
    contact = SealedTextField()
    note = SealedTextField()

    class Meta:
        verbose_name = "identity"
        constraints = guarded_constraints("identity")
