"""The shape of a move and its parts, for the schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers

from engagements.serializers.scores import MethodUsed, ScoredDossier, Source
from records.rest.schema import PROBLEM

PARTS = ("corrections", "ageing", "new_facts", "method", "blocked")


class Side(serializers.Serializer[Any]):
    """One end of the move, unrounded. `published_at` is null for what was worked out now."""

    as_of = serializers.DateField(help_text="The day to which the facts were aged.")
    score = serializers.FloatField()
    uncapped = serializers.FloatField()
    blocked = serializers.FloatField(help_text="score - uncapped: what a blocker takes away.")
    published_at = serializers.DateTimeField(allow_null=True)
    entered_by = serializers.DateTimeField(help_text="Records entered by then take part.")
    method = MethodUsed()
    engine = serializers.CharField()
    inputs_digest = serializers.CharField()


class MovementLine(serializers.Serializer[Any]):
    text = serializers.CharField()
    part = serializers.ChoiceField(PARTS)
    factor = serializers.CharField(allow_null=True)
    points = serializers.FloatField()
    grade = serializers.CharField(allow_null=True)
    source = Source(allow_null=True)  # type: ignore[assignment]


class NewReading(serializers.Serializer[Any]):
    """points = 100 omega w (u - mean_aged) / total_weight.

    For a reader of pseudonymised records, level 3 and up comes `grouped`, one row for each.
    """

    points = serializers.FloatField()
    u = serializers.FloatField(required=False)
    w = serializers.FloatField(required=False)
    mean_aged = serializers.FloatField(help_text="The factor's mean without the new readings.")
    total_weight = serializers.FloatField(help_text="kappa + all weights, the new ones included.")
    grade = serializers.CharField(allow_null=True, required=False)
    observed_on = serializers.CharField(allow_null=True, required=False)
    source = Source(allow_null=True, required=False)  # type: ignore[assignment]
    grouped = serializers.BooleanField(required=False)
    evidence_count = serializers.IntegerField(required=False)
    weight_sum = serializers.FloatField(required=False)
    mean = serializers.FloatField(allow_null=True, required=False)


class FactorMoved(serializers.Serializer[Any]):
    """One factor's parts in points. `records`: new ones behind a computed factor; `left`: those
    that went out of its window.
    """

    factor = serializers.CharField()
    bundle = serializers.CharField()
    kind = serializers.ChoiceField(["computed", "judged"])
    corrections = serializers.FloatField()
    ageing = serializers.FloatField()
    new_facts = serializers.FloatField()
    method = serializers.FloatField()
    facts = NewReading(many=True)
    records = Source(many=True)
    left = Source(many=True)


_METHOD = {"id": "5b1f7a90-6c2e-4f3d-8e4b-7a9d0c1e2f44", "version": "1.0.0"}
_SIDE = {
    "as_of": "2025-11-22",
    "score": 50.236,
    "uncapped": 50.236,
    "blocked": 0.0,
    "published_at": "2025-11-22T09:30:00Z",
    "entered_by": "2025-11-22T09:30:00Z",
    "method": _METHOD,
    "engine": "1.0.0",
    "inputs_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_SOURCE = {
    "kind": "interaction",
    "id": "9d0a5d0e-7c3f-4f44-9a51-2f8f0f6f1a55",
    "href": "/api/v1/interactions/9d0a5d0e-7c3f-4f44-9a51-2f8f0f6f1a55/",
}
_EXAMPLE = {
    "dossier": {
        "id": "6f1d0f52-34c1-4c3a-8b0e-1c7f2e0b9a11",
        "ngo": {"id": "0b6a2f6e-8d13-4d9e-9f25-5d5b8a1f0c22", "name": "Lantern Dialogue"},
        "armed_group": {"id": "c1e9d4aa-2b57-45a7-8a10-9e6c3f7d4b33", "name": "River Front"},
        "norm": "GEN",
    },
    "clearance": 3,
    "since": "2025-11-22",
    "until": "2026-11-22",
    "from": _SIDE,
    "to": _SIDE
    | {"as_of": "2026-11-22", "score": 58.314, "uncapped": 58.314, "published_at": None},
    "corrections": 0.0,
    "ageing": -0.846,
    "new_facts": 8.924,
    "method": 0.0,
    "blocked": 0.0,
    "remainder": 0.0,
    "note": None,
    "lines": [
        {
            "text": "+5.1 Top command committed: Norm dialogue, 2026-11-12 (A1)",
            "part": "new_facts",
            "factor": "GR4",
            "points": 5.075,
            "grade": "A1",
            "source": _SOURCE,
        }
    ],
    "factors": [
        {
            "factor": "GR4",
            "bundle": "armed_group",
            "kind": "judged",
            "corrections": 0.0,
            "ageing": 0.661,
            "new_facts": 5.075,
            "method": 0.0,
            "facts": [
                {
                    "points": 5.075,
                    "u": 1.0,
                    "w": 1.0,
                    "mean_aged": 0.4686,
                    "total_weight": 3.665,
                    "grade": "A1",
                    "observed_on": "2026-11-12",
                    "source": _SOURCE,
                }
            ],
            "records": [],
            "left": [],
        }
    ],
}


class _Parts(serializers.Serializer[Any]):
    """The five parts add up to `to.score` - `from.score`; figures are unrounded."""

    dossier = ScoredDossier()
    clearance = serializers.IntegerField(help_text="What lies above it takes no part.")
    since = serializers.DateField()
    until = serializers.DateField()
    to = Side()
    corrections = serializers.FloatField(help_text="Edits, regrades and withdrawals since.")
    ageing = serializers.FloatField(help_text="The same facts, older.")
    new_facts = serializers.FloatField(help_text="Entered since, whatever their date.")
    method = serializers.FloatField(help_text="Another weight set.")
    blocked = serializers.FloatField(help_text="Change of the cap's line.")
    remainder = serializers.FloatField(help_text="What is left unexplained: below 1e-9.")
    note = serializers.CharField(allow_null=True, help_text="Said where nothing was published.")
    lines = MovementLine(many=True, help_text="At most three, the largest first.")
    factors = FactorMoved(many=True)


# `from` is a word of the language, so the field cannot be written as an attribute.
Moved = extend_schema_serializer(
    examples=[OpenApiExample("A move", value=_EXAMPLE, response_only=True)]
)(type("Movement", (_Parts,), {"from": Side(), "__doc__": _Parts.__doc__}))

_DAYS = {
    "since": "From the end of this day: the score published by then at that clearance.",
    "until": "To the end of this day; today if not said. Analysts choose the last day of a month.",
    "clearance": "The clearance to read at, 1 to 4: one's own if not said, never above it.",
}
movement_schema = extend_schema(
    tags=["Success factors"],
    operation_id="movement_success_factors",
    summary="Why the score moved between two days",
    description="",
    parameters=[
        OpenApiParameter(name, str, description=text, required=name == "since")
        for name, text in _DAYS.items()
    ],
    responses={200: Moved, "default": PROBLEM},
)
