"""The shape of a counterpart: a code and a rank band, never a name."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from actors.access import groups_visible_to
from actors.models.reference import CODES
from actors.serializers.parts import Known, contexts_of, words
from records.rest.inputs import CodeInput, LevelInput, PartialDateInput, RecordInput, Text


class CounterpartInput(Known):
    armed_group = RecordInput(groups_visible_to)
    code = Text(max_length=30)
    role = words(120)
    level = CodeInput(CODES["organisational_levels"], default="UNK", help_text="Rank band.")
    active_from = PartialDateInput(allow_null=True, default=None)
    active_to = PartialDateInput(allow_null=True, default=None)
    context = RecordInput(contexts_of, required=False)  # type: ignore[assignment]
    sensitivity = LevelInput(
        allow_null=True, default=None, help_text="The level of this record, 1 to 4."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        begun, ended = attrs.get("active_from"), attrs.get("active_to")
        if begun and ended and ended.last < begun.first:
            sentence = "The end lies before the beginning. Check both dates."
            raise serializers.ValidationError({"active_to": sentence})
        return attrs
