"""The shape of the violations panel, for the schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

READINGS = (
    "high_falling", "high_rising", "low_falling", "low_rising", "no_clear_trend",
    "index_not_available", "no_effort",
)  # fmt: skip


class Comparison(serializers.Serializer[Any]):
    """Credible or verified incidents per location-month watched, (n + .5) / effort."""

    incidents_older = serializers.IntegerField()
    incidents_newer = serializers.IntegerField()
    rate_older = serializers.FloatField(allow_null=True, help_text="null if nobody watched.")
    rate_newer = serializers.FloatField(allow_null=True, help_text="null if nobody watched.")
    probability_lower = serializers.FloatField(
        allow_null=True, help_text="That the newer rate is the lower one; null without effort."
    )
    trend = serializers.ChoiceField(["falling", "rising", "no_clear_trend"], allow_null=True)


class _Counted(serializers.Serializer[Any]):
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="By standard of proof."
    )
    attributions = serializers.DictField(child=serializers.IntegerField())
    responses = serializers.DictField(child=serializers.IntegerField())


class QuarterCounts(_Counted):
    quarter = serializers.CharField(help_text="Its first month, like 2026-07.")


class CategoryOfViolation(_Counted, Comparison):
    category = serializers.CharField()
    quarters = QuarterCounts(many=True)


class PatternIn(serializers.Serializer[Any]):
    category = serializers.CharField()
    incidents = serializers.IntegerField(help_text="Credible or verified, in the last 12 months.")
    ordered = serializers.IntegerField(help_text="Of these, ordered by top or senior command.")


class Days(serializers.Serializer[Any]):
    to = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField()} | super().get_fields()


class ComparedPeriods(serializers.Serializer[Any]):
    older = Days()
    newer = Days()


class WatchedQuarter(serializers.Serializer[Any]):
    quarter = serializers.CharField(help_text="Its first month, like 2026-07.")
    location_months = serializers.FloatField()


class Effort(serializers.Serializer[Any]):
    """Location-months watched: in each period, and by quarter."""

    older = serializers.FloatField()
    newer = serializers.FloatField()
    quarters = WatchedQuarter(many=True)


class Violations(serializers.Serializer[Any]):
    """What happened, beside the index and never netted with it."""

    pattern = serializers.BooleanField(allow_null=True)
    pattern_in = PatternIn(many=True)
    categories = CategoryOfViolation(many=True)
    overall = Comparison()
    periods = ComparedPeriods(allow_null=True)
    effort = Effort()
    reading = serializers.ChoiceField(READINGS, allow_null=True)


_COUNTS_EXAMPLE = {
    "counts": {"credible": 6, "verified": 2},
    "attributions": {"tolerated": 3, "unknown": 5},
    "responses": {"denial": 2, "none": 6},
}
_COMPARISON_EXAMPLE = {
    "incidents_older": 6,
    "incidents_newer": 2,
    "rate_older": 0.2708,
    "rate_newer": 0.125,
    "probability_lower": 0.8786,
    "trend": "falling",
}
VIOLATIONS_EXAMPLE = {
    "pattern": False,
    "pattern_in": [],
    "categories": [
        {
            "category": "murder",
            **_COUNTS_EXAMPLE,
            "quarters": [{"quarter": "2026-07", **_COUNTS_EXAMPLE}],
            **_COMPARISON_EXAMPLE,
        }
    ],
    "overall": _COMPARISON_EXAMPLE,
    "periods": {
        "older": {"from": "2024-11-22", "to": "2025-11-21"},
        "newer": {"from": "2025-11-22", "to": "2026-11-22"},
    },
    "effort": {
        "older": 24.0,
        "newer": 20.0,
        "quarters": [{"quarter": "2026-07", "location_months": 5.0}],
    },
    "reading": "low_falling",
}
