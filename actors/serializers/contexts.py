"""The shape of a context with its dated facts."""

from __future__ import annotations

from rest_framework import serializers

from actors.serializers.parts import FactRow
from records.rest.inputs import CountriesInput, LevelInput, Row, Rows, Text


class ContextInput(Row):
    id = serializers.UUIDField(read_only=True)
    code = serializers.CharField(read_only=True)
    name = Text(max_length=120)
    countries = CountriesInput(default=list)
    floor = LevelInput()
    facts = Rows(FactRow, default=list)
    version = serializers.IntegerField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
