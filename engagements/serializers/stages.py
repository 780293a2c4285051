"""The shape of the stage of a scorecard and of the moves that led to it, for the schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from records.rest.schema import PROBLEM


class Condition(serializers.Serializer[Any]):
    code = serializers.CharField()
    kind = serializers.CharField()
    met = serializers.BooleanField(allow_null=True, help_text="Null: not assessed or not known.")
    text = serializers.CharField()


class Proposal(serializers.Serializer[Any]):
    level = serializers.IntegerField()
    name = serializers.CharField()
    since = serializers.CharField()
    move = serializers.UUIDField()


class Stage(serializers.Serializer[Any]):
    """Stage 0 to 6 (section 2.6). Commitments stand beside it and are no rung."""

    level = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    since = serializers.CharField(
        allow_null=True, help_text="A day, or a month for readers of months; null: as opened."
    )
    missing_for_next = serializers.ListField(child=serializers.CharField())
    next_conditions = Condition(many=True)
    pulling_down = Condition(many=True, help_text="What holds today; some need time to count.")
    frozen = serializers.BooleanField(help_text="No contact for twelve months.")
    flags = serializers.ListField(child=serializers.CharField())
    provisional = serializers.BooleanField(help_text="Inherited or placed by hand.")
    reason = serializers.CharField(allow_null=True)
    move = serializers.UUIDField(allow_null=True)
    proposed = Proposal(allow_null=True)


class MoveEvidence(serializers.Serializer[Any]):
    gate = serializers.CharField()
    kind = serializers.CharField()
    id = serializers.UUIDField()
    href = serializers.CharField(allow_null=True)


class Move(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    reason = serializers.CharField()
    state = serializers.ChoiceField(["proposed", "made", "withdrawn"])
    moved_on = serializers.CharField()
    author = serializers.UUIDField(allow_null=True, required=False)
    confirmed_by = serializers.UUIDField(allow_null=True, required=False)
    evidence = MoveEvidence(many=True)


class Moves(serializers.Serializer[Any]):
    dossier = serializers.UUIDField()
    clearance = serializers.IntegerField()
    results = Move(many=True)


class Confirmation(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, help_text="Sealed.")


def moves_schema(door: Any) -> Any:
    def get(self: Any, request: Any, **kwargs: Any) -> Any:
        return door.get(self, request, **kwargs)

    return extend_schema(
        tags=["Scorecards"],
        operation_id="stage_scorecards",
        summary="Moves on the stage ladder, newest first",
        description="",
        responses={200: Moves, "default": PROBLEM},
    )(get)


def confirm_schema(door: Any) -> Any:
    def post(self: Any, request: Any, **kwargs: Any) -> Any:
        return door.post(self, request, **kwargs)

    return extend_schema(
        tags=["Scorecards"],
        operation_id="confirm_stage_scorecards",
        summary="Confirm a proposed rise; somebody else than the author of its assessment",
        description="",
        request=Confirmation,
        responses={200: Moves, "default": PROBLEM},
    )(post)
