"""What `/methods/` answers, for the description of the API."""

from __future__ import annotations

from rest_framework import serializers


class AuthorBody(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class MethodRow(serializers.Serializer):
    """A weight set: one version of the method. `author` is null for the shipped default."""

    id = serializers.UUIDField()
    version = serializers.CharField()
    state = serializers.ChoiceField(choices=["draft", "active", "retired"])
    shipped = serializers.BooleanField()
    based_on = serializers.UUIDField(allow_null=True)
    author = AuthorBody(allow_null=True)
    reason = serializers.CharField()
    checksum = serializers.CharField(help_text="sha256 of the parameters as canonical JSON.")
    created_at = serializers.DateTimeField()
    activated_at = serializers.DateTimeField(allow_null=True, help_text="The last time.")


class MethodCriterion(serializers.Serializer):
    """A criterion with its five anchors; `half_life` in months."""

    criterion = serializers.CharField()
    labels = serializers.DictField(child=serializers.CharField())
    title = serializers.CharField()
    question = serializers.CharField()
    dimension = serializers.CharField()
    block = serializers.CharField(allow_null=True)
    anchors = serializers.ListField(child=serializers.CharField())
    weight = serializers.FloatField()
    half_life = serializers.FloatField()
    na_allowed = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]
    trace = serializers.CharField()


class MethodFactor(serializers.Serializer):
    """A success factor: `share` inside its bundle, `weight` in the score, `half_life` in months."""

    factor = serializers.CharField()
    labels = serializers.DictField(child=serializers.CharField())
    question = serializers.CharField()
    bundle = serializers.CharField()
    hypotheses = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(choices=["computed", "judged"])
    share = serializers.FloatField()
    weight = serializers.FloatField()
    half_life = serializers.FloatField(allow_null=True)
    ratings = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]
    trace = serializers.CharField()


class MethodBody(MethodRow):
    """A weight set with every parameter, the criteria and the factors."""

    parameters = serializers.DictField()
    criteria = MethodCriterion(many=True)
    factors = MethodFactor(many=True)
