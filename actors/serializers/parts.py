"""Rows inside NGOs, armed groups and contexts, and what their serializers share."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.access import visible_contexts
from accounts.models import Context
from actors.access import groups_visible_to
from actors.models.reference import CODES
from records.rest.inputs import (
    CodeInput,
    Dated,
    GradeInput,
    LevelInput,
    RecordInput,
    Row,
    Text,
)


def contexts_of(viewer: Any) -> Any:
    return visible_contexts(viewer, Context.objects.all())


def words(most: int) -> Text:
    """A short free text that may be left out."""
    return Text(max_length=most, allow_blank=True, default="")


class NameRow(Dated):
    name = Text(max_length=200)
    kind = CodeInput(CODES["name_kinds"])
    language = words(12)
    source = words(300)  # type: ignore[assignment]


class ExternalIdRow(Row):
    scheme = CodeInput(CODES["external_id_schemes"])
    value = Text(max_length=200)
    release = words(40)
    checked_on = serializers.DateField(allow_null=True, default=None)


class TypeRow(Row):
    type = CodeInput(CODES["ngo_types"])
    primary = serializers.BooleanField(default=False)


class ServiceRow(Dated):
    id = serializers.UUIDField(required=False)
    context = RecordInput(contexts_of)  # type: ignore[assignment]
    kind = CodeInput(CODES["ngo_service_kinds"])
    source = words(300)  # type: ignore[assignment]
    grade = GradeInput(default="")
    level = LevelInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["begun"] is None:
            raise serializers.ValidationError({"from": "Say from when, if only the year."})
        return super().validate(attrs)


class LineageRow(Dated):
    relation = CodeInput(CODES["lineage_relations"])
    group = RecordInput(groups_visible_to)
    source = words(300)  # type: ignore[assignment]


class ListingRow(Dated):
    list = CodeInput(CODES["listing_lists"])
    source = words(300)  # type: ignore[assignment]
    grade = GradeInput(default="")


class FactRow(Dated):
    id = serializers.UUIDField(required=False)
    kind = CodeInput(CODES["context_fact_kinds"])
    value = Text(max_length=60)
    armed_group = RecordInput(groups_visible_to, allow_null=True, default=None)
    source = words(300)  # type: ignore[assignment]
    grade = GradeInput(default="")
    level = LevelInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        known = CODES["context_fact_kinds"][attrs["kind"]].extra["values_from"]
        if known and attrs["value"] not in CODES[known]:
            choices = ", ".join(map(str, CODES[known].values()))
            raise serializers.ValidationError({"value": f"Choose one of {choices}."})
        return super().validate(attrs)


class Known(Row):
    """What every record tells of itself: passed over when sent, like `id`."""

    id = serializers.UUIDField(read_only=True)
    state = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class ReferenceInput(Known):
    """NGOs and armed groups: on the reference list (no context, level 1) or known in a context."""

    name = Text(max_length=200)
    note = Text(max_length=5000, allow_blank=True, default="")
    context = RecordInput(contexts_of, allow_null=True, required=False)  # type: ignore[assignment]
    level = LevelInput(allow_null=True, default=None)
