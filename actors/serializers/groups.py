"""The shape of an armed group."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from actors.models.reference import CODES
from actors.serializers.parts import (
    ExternalIdRow,
    LineageRow,
    ListingRow,
    NameRow,
    ReferenceInput,
)
from records.rest.inputs import (
    CodeInput,
    CodesInput,
    CountriesInput,
    GradeInput,
    LevelInput,
    PartialDateInput,
    Rows,
)


class GroupInput(ReferenceInput):
    names = Rows(NameRow, default=list)
    countries = CountriesInput(default=list)
    structure = CodeInput(CODES["group_structures"], default="UNK")
    motive = CodesInput(CODES["group_motives"], default=list)
    active_from = PartialDateInput(allow_null=True, default=None)
    active_from_grade = GradeInput(default="")
    active_to = PartialDateInput(allow_null=True, default=None)
    lineage = Rows(LineageRow, default=list)
    listings = Rows(ListingRow, default=list)
    external_ids = Rows(ExternalIdRow, default=list)
    default_level = LevelInput(default=3)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        begun, ended = attrs.get("active_from"), attrs.get("active_to")
        if begun and ended and ended.last < begun.first:
            sentence = "The group ends before it begins. Check both dates."
            raise serializers.ValidationError({"active_to": sentence})
        return attrs
