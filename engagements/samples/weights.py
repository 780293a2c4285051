"""A draft weight set: a proposal of one head that waits for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from accounts.models import User
from engagements.samples.seed import fixed_id, months_before, noon
from scorecards.models import WeightSet
from scorecards.services.weights import active_weight_set, content_of, draft_weight_set

WHY = (
    "In Valdoria trust is won and lost within a season: what the interaction tells should weigh "
    "more, and a reading of trust should fade sooner. To be tried on our dossiers before we decide."
)


def add_draft(today: date) -> WeightSet:
    """Rosa's proposal: more weight on the interaction, taken from the environment."""
    base = active_weight_set()
    told = content_of(WeightSet.objects.get(pk=base.pk))
    content = replace(
        told,
        version="1.1.0",
        rationale=WHY,
        bundles={**told.bundles, "environment": 0.15, "interaction": 0.3},
        half_lives={**told.half_lives, "QI1": 4.0},
    )
    row = draft_weight_set(base, content, User.objects.get(pk=fixed_id("user", "rosa")))
    WeightSet.objects.filter(pk=row.pk).update(created_at=noon(months_before(today, 1)))
    return row
