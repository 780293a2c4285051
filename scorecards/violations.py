"""The violations panel in the API's shape: names and rounding (section 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from accounts.access import COARSE_FROM
from scorecards.rounding import rounded
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.violations import (
    Category,
    Comparison,
    Counts,
    Effort,
    Panel,
    Periods,
    by_month,
    reading_of,
    violations_panel,
)

BY_MONTH = "violations_by_month"
NO_COMPARISON = {
    "incidents_older": 0,
    "incidents_newer": 0,
    "rate_older": None,
    "rate_newer": None,
    "probability_lower": None,
    "trend": None,
}
# A dossier that has never been scored: every name is there, and no value.
NO_PANEL: Mapping[str, Any] = {
    "pattern": None,
    "pattern_in": [],
    "categories": [],
    "overall": NO_COMPARISON,
    "periods": None,
    "effort": {"older": 0.0, "newer": 0.0, "quarters": []},
    "reading": None,
}


def violations_results(
    facts: DossierFacts, as_of: date, index: float | None
) -> dict[str, dict[str, Any]]:
    """The panel, and the panel for a reader of months: neither enters the index, and what the
    second says never moves on the day of an incident.
    """
    coarse = by_month(facts.incidents, COARSE_FROM)
    full = violations_panel(facts.incidents, facts.observations, as_of)
    months = violations_panel(coarse, facts.observations, as_of)
    return {"violations": panel_shape(full, index), BY_MONTH: panel_shape(months, index)}


def panel_for(
    facts: DossierFacts, as_of: date, index: float | None, periods: Periods, *, coarse: bool
) -> dict[str, Any]:
    """The panel compared in periods that a reader picked, worked out now."""
    incidents = by_month(facts.incidents, COARSE_FROM) if coarse else facts.incidents
    panel = violations_panel(incidents, facts.observations, as_of, periods)
    return panel_shape(panel, index)


def panel_shape(panel: Panel, index: float | None) -> dict[str, Any]:
    return {
        "pattern": bool(panel.pattern),
        "pattern_in": [asdict(sign) for sign in panel.pattern],
        "categories": [_category(one) for one in panel.categories],
        "overall": _comparison(panel.overall),
        "periods": {
            name: {"from": period.first.isoformat(), "to": period.last.isoformat()}
            for name, period in (("older", panel.periods.older), ("newer", panel.periods.newer))
        },
        "effort": _effort(panel.effort),
        "reading": reading_of(index, panel.overall.trend),
    }


def _category(one: Category) -> dict[str, Any]:
    return {
        "category": one.category,
        **_counts(one.counts),
        "quarters": [
            {"quarter": first.isoformat()[:7], **_counts(counts)}
            for first, counts in one.quarters.items()
        ],
        **_comparison(one.comparison),
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "counts": dict(counts.standards),
        "attributions": dict(counts.attributions),
        "responses": dict(counts.responses),
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "incidents_older": found.incidents_older,
        "incidents_newer": found.incidents_newer,
        "rate_older": rounded(found.rate_older),
        "rate_newer": rounded(found.rate_newer),
        "probability_lower": rounded(found.probability_lower),
        "trend": found.trend,
    }


def _effort(effort: Effort) -> dict[str, Any]:
    return {
        "older": rounded(effort.older),
        "newer": rounded(effort.newer),
        "quarters": [
            {"quarter": first.isoformat()[:7], "location_months": rounded(months)}
            for first, months in effort.quarters.items()
        ],
    }
