"""How far a dossier's conclusions depend on what is judgement (section 3.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors.scores import Reading, reading_of, unstored_head
from scorecards.models.snapshots import SCORECARD
from scorecards.scoring.card_sensitivity import card_sensitivity
from scorecards.scoring.sensitivity import sensitivity
from scorecards.variants import card_sensitivity_result, sensitivity_result


def sensitivity_json(
    viewer: Viewer,
    dossier: Dossier,
    kind: str,
    clearance: int | None = None,
    *,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Every variant of a score (`kind`: scorecard or success_factors) and whether its conclusion
    holds in them. Raises as `scorecard_json`.
    """
    return turned(reading_of(viewer, dossier, clearance, as_of), kind)


def turned(read: Reading, kind: str) -> dict[str, Any]:
    """The same from a reading at hand."""
    day = read.as_of or timezone.localdate()
    result = _card(read, day) if kind == SCORECARD else _success(read, day)
    return unstored_head(read, kind, day) | result


def _success(read: Reading, day: date) -> dict[str, Any]:
    found = sensitivity(read.facts, day, read.method)
    return sensitivity_result(replace(found, half_lives=()) if read.is_coarse else found)


def _card(read: Reading, day: date) -> dict[str, Any]:
    """Without the half-lives for a reader of months: two rates of fading tell an age to the day."""
    found = card_sensitivity(read.facts, day, read.method)
    return card_sensitivity_result(replace(found, half_lives=()) if read.is_coarse else found)
