"""Raise what stands in a record together with it: nothing is less confidential than its ground.

Each answers with the dossiers whose scores may move; whoever calls marks them.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from accounts.models import Context
from actors.models import ArmedGroup, ContextFact, Counterpart, Ngo, NgoService
from engagements.models import (
    Blocker,
    Claim,
    Commitment,
    Dossier,
    Engagement,
    FollowUp,
    Incident,
    Interaction,
    Observation,
    Plan,
)
from engagements.selectors.touched import dossiers_bound_by
from scorecards.models import Assessment


def raise_dossiers(dossiers: QuerySet[Dossier], level: int) -> set[UUID]:
    """The dossiers and what is said of them. A commitment may bind other dossiers too."""
    own = list(dossiers.values_list("pk", flat=True))
    bound = Commitment.objects.filter(level__lt=level, dossiers__in=own).distinct()
    commitments = list(bound)
    touched = set(own).union(*map(dossiers_bound_by, commitments))
    _raise(Dossier, Q(pk__in=own), level)
    for model in (Assessment, Blocker):
        _raise(model, Q(dossier__in=own), level)
    _raise(Commitment, Q(pk__in=[one.pk for one in commitments]), level)
    return touched


def raise_engagements(engagements: QuerySet[Engagement], level: int) -> set[UUID]:
    """The engagements with their dossiers, plans, meetings, and what was said in these."""
    own = list(engagements.values_list("pk", flat=True))
    held = Interaction.objects.filter(engagement__in=own).values("pk")
    touched = raise_dossiers(Dossier.objects.filter(engagement__in=own), level)
    _raise(Engagement, Q(pk__in=own), level)
    _raise(Plan, Q(engagement__in=own), level)
    steps = Q(interaction__in=held) | Q(claim__interaction__in=held)
    _raise(FollowUp, steps, level)
    _raise(Claim, Q(interaction__in=held), level)
    _raise(Interaction, Q(engagement__in=own), level)
    return touched


def raise_dealings(actor: ArmedGroup | Ngo, level: int) -> set[UUID]:
    """What is recorded of an armed group or an NGO: it names the actor."""
    if isinstance(actor, Ngo):
        _raise(NgoService, Q(ngo=actor), level)
        return raise_engagements(Engagement.objects.filter(ngo=actor), level)
    for model in (Counterpart, ContextFact, Incident, Observation):
        _raise(model, Q(armed_group=actor), level)
    return raise_engagements(Engagement.objects.filter(armed_group=actor), level)


def raise_context(context: Context, level: int) -> set[UUID]:
    """Everything in a context whose floor was raised."""
    kinds = (ArmedGroup, Ngo, NgoService, Counterpart, ContextFact, Incident, Observation)
    for model in kinds:
        _raise(model, Q(context=context), level)
    return raise_engagements(Engagement.objects.filter(context=context), level)


def _raise(model: type[Model], which: Q, level: int) -> None:
    rows: Any = model._default_manager.filter(which, level__lt=level)
    rows.update(level=level, version=F("version") + 1, updated_at=timezone.now())
