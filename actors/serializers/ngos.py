"""The shape of an NGO."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from actors.serializers.parts import ExternalIdRow, NameRow, ReferenceInput, ServiceRow, TypeRow
from records.rest.inputs import Rows, Text


class NgoInput(ReferenceInput):
    acronym = Text(max_length=30, allow_blank=True, default="")
    types = Rows(TypeRow, max_length=4)
    contact = serializers.CharField(read_only=True)
    horizon = serializers.CharField(read_only=True)
    service = Rows(ServiceRow, default=list)
    names = Rows(NameRow, default=list)
    external_ids = Rows(ExternalIdRow, default=list)

    def validate_types(self, types: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One of four or several, one of them primary; a single one is primary by itself."""
        if len(types) == 1:
            return [{**types[0], "primary": True}]
        if len({row["type"] for row in types}) < len(types):
            raise serializers.ValidationError("Name each type once.")
        if sum(row["primary"] for row in types) != 1:
            raise serializers.ValidationError("Mark exactly one type as primary.")
        return types
