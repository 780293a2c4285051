"""The shape of sensitivity: every judgement turned once, and whether the conclusion holds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers

from engagements.serializers.scores import HEAD_EXAMPLE, WORDS, Describe, ScoreHead
from records.rest.schema import PROBLEM

DIRECTIONS = ["favourable", "unfavourable"]
READINGS = ["high", "low", "not_available"]


class Change(serializers.Serializer[Any]):
    turned = serializers.CharField(help_text="left_out, kappa, half_lives, rho, slack or a form.")
    to = serializers.JSONField(help_text="The factor or criterion left out, or the value.")


class Conclusion(serializers.Serializer[Any]):
    word = serializers.CharField(allow_null=True)
    holds = serializers.BooleanField(
        help_text="In every variant, and in all but 5% of the drawn weights."
    )
    changes = Change(many=True)


class TurnedOutcome(serializers.Serializer[Any]):
    score = serializers.FloatField(help_text="Before any blocker.")
    sd = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    direction = serializers.ChoiceField(DIRECTIONS, allow_null=True)


class FactorLeftOut(TurnedOutcome):
    factor = serializers.CharField()
    bundle = serializers.CharField()
    weight = serializers.FloatField(help_text="What the others of its bundle share.")
    effect = serializers.FloatField(help_text="In points of the score.")


class TurnedValue(TurnedOutcome):
    value = serializers.FloatField()
    in_force = serializers.BooleanField()


class TurnedCard(serializers.Serializer[Any]):
    index = serializers.FloatField(allow_null=True)
    index_low = serializers.FloatField()
    index_high = serializers.FloatField()
    reading = serializers.ChoiceField(READINGS, help_text="high from 50 on.")


class CriterionLeftOut(TurnedCard):
    criterion = serializers.CharField()
    dimension = serializers.CharField()
    effect = serializers.FloatField(allow_null=True, help_text="In points of the index.")


class TurnedCardValue(TurnedCard):
    value = serializers.FloatField()
    in_force = serializers.BooleanField()


class WeightsDrawn(serializers.Serializer[Any]):
    """Weights drawn from a Dirichlet distribution: alpha = concentration x weight."""

    draws = serializers.IntegerField()
    seed = serializers.IntegerField()
    concentration = serializers.FloatField()
    p5 = serializers.FloatField()
    p50 = serializers.FloatField()
    p95 = serializers.FloatField()
    share_changed = serializers.FloatField(help_text="Draws that end in another conclusion.")


class Form(serializers.Serializer[Any]):
    arithmetic = serializers.FloatField(allow_null=True)
    geometric = serializers.FloatField(allow_null=True)


_DRAWN = {
    "draws": 1000,
    "seed": 1949,
    "concentration": 50.0,
    "p5": 56.1,
    "p50": 58.3,
    "p95": 60.4,
    "share_changed": 0.0,
}
_OUTCOME: dict[str, Any] = {
    "score": 58.31,
    "sd": 16.53,
    "low": 31.13,
    "high": 85.5,
    "direction": None,
}
_CARD_OUTCOME = {"index": 39.43, "index_low": 24.79, "index_high": 69.9, "reading": "low"}
_CONCLUSION: dict[str, Any] = {"word": None, "holds": True, "changes": []}
_HALF_LIVES: dict[str, Any] = {"value": 0.5, "in_force": False}

_SUCCESS = HEAD_EXAMPLE | {
    "computed_at": None,
    "blocked": False,
    "conclusion": _CONCLUSION,
    "base": _OUTCOME,
    "leave_one_out": [
        {"factor": "GR4", "bundle": "armed_group", "weight": 0.35, "effect": -2.1, **_OUTCOME}
    ],
    "weights": _DRAWN,
    "kappa": [{"value": 2.0, "in_force": True, **_OUTCOME}],
    "half_lives": [_HALF_LIVES | _OUTCOME],
    "rho": [{"value": 0.3, "in_force": True, **_OUTCOME}],
    "form": {"arithmetic": 58.31, "geometric": 57.2},
}
_CARD = HEAD_EXAMPLE | {
    "computed_at": None,
    "conclusion": _CONCLUSION | {"word": "low"},
    "base": _CARD_OUTCOME,
    "leave_one_out": [
        {"criterion": "S1", "dimension": "sanctions", "effect": 1.1, **_CARD_OUTCOME}
    ],
    "weights": _DRAWN,
    "half_lives": [_HALF_LIVES | _CARD_OUTCOME],
    "slack": [{"value": 0.35, "in_force": True, **_CARD_OUTCOME}],
    "form": {"arithmetic": 48.75, "geometric": 39.43},
}


@extend_schema_serializer(examples=[OpenApiExample("Turned", value=_SUCCESS, response_only=True)])
class SuccessSensitivity(ScoreHead):
    """Success factors with each judgement turned; figures are those before any blocker."""

    blocked = serializers.BooleanField()
    conclusion = Conclusion()
    base = TurnedOutcome()
    leave_one_out = FactorLeftOut(many=True)
    weights = WeightsDrawn()
    kappa = TurnedValue(many=True)
    half_lives = TurnedValue(many=True, help_text="Times as long; empty for readers of months.")
    rho = TurnedValue(many=True)
    form = Form()


@extend_schema_serializer(examples=[OpenApiExample("Turned", value=_CARD, response_only=True)])
class CardSensitivity(ScoreHead):
    """The integration index with each judgement turned."""

    conclusion = Conclusion()
    base = TurnedCard()
    leave_one_out = CriterionLeftOut(many=True)
    weights = WeightsDrawn(allow_null=True)
    half_lives = TurnedCardValue(many=True, help_text="Times as long; empty for readers of months.")
    slack = TurnedCardValue(many=True, help_text="lambda of the mutual reinforcement; 1 is off.")
    form = Form()


_ANSWERS = {"scorecards": CardSensitivity, "success-factors": SuccessSensitivity}


def sensitivity_schema(resource: Any) -> Describe:
    """Gives the door of this resource its entry in the schema."""

    def of(door: Any) -> Any:
        def get(self: Any, request: Any, **kwargs: Any) -> Any:
            return door.get(self, request, **kwargs)

        return extend_schema(
            tags=[resource.title],
            operation_id=f"sensitivity_{resource.name}".replace("-", "_"),
            summary="Each judgement of the method turned once: does the conclusion hold?",
            description="",
            parameters=[
                OpenApiParameter(name, str, description=WORDS[name])
                for name in ("clearance", "as_of")
            ],
            responses={200: _ANSWERS[resource.name], "default": PROBLEM},
        )(get)

    return of
