"""The shape of what-if: what is asked, and what is answered."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers

from actors.models.reference import CODES as ACTOR_CODES
from engagements.details import CODES
from engagements.serializers.interactions import (
    PRECISIONS,
    InteractionInput,
    ItemRow,
    ReadingRow,
)
from engagements.serializers.parts import Flag, words
from engagements.serializers.scores import SUCCESS_EXAMPLE, WORDS, SuccessFactors
from records.dates import NotADate, PartialDate
from records.rest.inputs import CodeInput, CodesInput, GradeInput, LevelInput, Row, Rows, Text
from records.rest.schema import PROBLEM

LEVELS = ACTOR_CODES["organisational_levels"]
MOVES_NOTHING = "This moves no score: leave it out."


@extend_schema_field({"type": "object", "additionalProperties": {"type": "number"}})
class MeansInput(serializers.Field):
    """Factor -> mean; which factors and numbers fit is for the method in force to say."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if type(data) is not dict:
            raise serializers.ValidationError('Write factors and their means, as {"GR4": 0.9}.')
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class SupposedItemRow(ItemRow):
    item = words(4000)
    side = CodeInput(CODES["sides"], default="ours")


class SupposedInput(Row):
    """The fields of an interaction that scores read, under their names there."""

    held_on = Text(max_length=10, required=False, help_text="Today, if not said.")
    date_precision = serializers.ChoiceField(PRECISIONS, required=False)
    held = Flag(default=True)
    type = CodeInput(CODES["interaction_types"])
    highest_level = CodeInput(LEVELS, allow_null=True, default=None)
    levels = CodesInput(LEVELS, default=list)
    topics = CodesInput(CODES["norms"], default=list)
    outcome = CodeInput(CODES["outcomes"], allow_null=True, default=None)
    readings = Rows(ReadingRow, default=list)
    practical_items = Rows(SupposedItemRow, default=list)
    grade = GradeInput(default="B2")
    level = LevelInput(
        allow_null=True, default=None, help_text="If not said, it counts at every clearance."
    )

    def to_internal_value(self, data: Any) -> Any:
        if type(data) is dict:
            logged = set(InteractionInput().fields) - set(self.fields)
            if idle := [name for name in data if name in logged]:
                raise serializers.ValidationError(dict.fromkeys(idle, MOVES_NOTHING))
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        precision = attrs.pop("date_precision", None)
        if "held_on" in attrs:
            try:
                attrs["held_on"] = PartialDate.parse(attrs["held_on"], precision)
            except NotADate as error:
                raise serializers.ValidationError({"held_on": str(error)}) from None
        return attrs


_ASKED = {
    "factors": {"GR4": 0.9},
    "interaction": {
        "type": "norm",
        "highest_level": "L1",
        "outcome": 2,
        "readings": [{"factor": "GR4", "rating": 3}],
    },
}


@extend_schema_serializer(examples=[OpenApiExample("What if", value=_ASKED, request_only=True)])
class WhatIfInput(Row):
    factors = MeansInput(required=False, allow_null=True, help_text="Factor -> mean, 0 to 1.")
    interaction = SupposedInput(required=False, allow_null=True)


class SpreadShape(serializers.Serializer[Any]):
    """Where the score lies when each factor is drawn from its Beta(a, b)."""

    draws = serializers.IntegerField()
    seed = serializers.IntegerField(help_text="The same question draws the same numbers.")
    p5 = serializers.FloatField()
    p50 = serializers.FloatField()
    p95 = serializers.FloatField()
    above_50 = serializers.FloatField(help_text="Share of the draws, 0 to 1.")
    histogram = serializers.ListField(
        child=serializers.IntegerField(), help_text="Draws by bars of five points from 0 to 100."
    )


class RelativeLikelihood(serializers.Serializer[Any]):
    """A scale of judgement, not a forecast: show it with its label or not at all."""

    value = serializers.FloatField(help_text="0.15 at a score of 50; 20 points double the odds.")
    label = serializers.CharField()  # type: ignore[assignment]


class Before(serializers.Serializer[Any]):
    means = serializers.DictField(child=serializers.FloatField(), help_text="Factor -> mean.")
    score = serializers.FloatField()
    sd = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    direction = serializers.ChoiceField(["favourable", "unfavourable"], allow_null=True)
    relative_likelihood = RelativeLikelihood()
    spread = SpreadShape()


_SPREAD = {
    "draws": 2000,
    "seed": 1949,
    "p5": 31.4,
    "p50": 58.3,
    "p95": 84.9,
    "above_50": 0.69,
    "histogram": [
        0, 0, 2, 9, 26, 61, 104, 151, 190, 214,
        231, 238, 222, 191, 150, 108, 60, 30, 9, 4,
    ],
}  # fmt: skip
_LIKELIHOOD = {"value": 0.1904, "label": "relative likelihood, no time horizon"}
_ANSWER = SUCCESS_EXAMPLE | {
    "computed_at": None,
    "relative_likelihood": _LIKELIHOOD,
    "spread": _SPREAD,
    "before": {
        "means": {"GR4": 0.6136},
        "score": 58.3144,
        "sd": 16.5267,
        "low": 31.128,
        "high": 85.5007,
        "direction": None,
        "relative_likelihood": _LIKELIHOOD,
        "spread": _SPREAD,
    },
    "note": "A planning aid, not a forecast: what the score would be if this were so.",
}


@extend_schema_serializer(
    examples=[OpenApiExample("What it would be", value=_ANSWER, response_only=True)]
)
class WhatIf(SuccessFactors):
    """Success factors as they would be. Stored nowhere, so `computed_at` is null."""

    relative_likelihood = RelativeLikelihood()
    spread = SpreadShape()
    before = Before()
    note = serializers.CharField()


def what_if_schema(door: Any) -> Any:
    def post(self: Any, request: Any, **kwargs: Any) -> Any:
        return door.post(self, request, **kwargs)

    return extend_schema(
        tags=["Success factors"],
        operation_id="what_if_success_factors",
        summary="With factors moved by hand, or a meeting supposed; stored nowhere",
        description="",
        parameters=[
            OpenApiParameter(name, str, description=WORDS[name]) for name in ("clearance", "as_of")
        ],
        request=WhatIfInput,
        responses={200: WhatIf, "default": PROBLEM},
    )(post)
